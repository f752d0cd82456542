"""LaTeX macros of the book's formulas, the one place that defines them.

KaTeX knows them at build. JupyterLab and Colab, which bring a MathJax of their own, do not: a
formula that must also read well there spells `\\operatorname{…}` out.
"""

MACROS = {
    r"\E": r"\operatorname{E}",
    r"\Var": r"\operatorname{Var}",
    r"\Cov": r"\operatorname{Cov}",
    r"\sign": r"\operatorname{sign}",
    r"\RMS": r"\operatorname{RMS}",
    r"\diag": r"\operatorname{diag}",
    r"\argmin": r"\operatorname*{arg\,min}",
    r"\R": r"\mathbb{R}",
    r"\d": r"\mathrm{d}",
    r"\eps": r"\varepsilon",
    r"\lr": r"\eta",
}
