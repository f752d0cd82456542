"""What there is to know of each rule, read off its code: the rows of the cheat sheet."""

from dataclasses import fields
from typing import NamedTuple

import numpy as np

from optlib.optimizers import ALL
from optlib.parameters import PARAMETERS
from optlib.trace.latex import letter, to_latex

SCALED = 10.0  # so many times the loss, and so the gradient
UNITS = {SCALED: "[x]²/[f]", 1.0: "[x]"}  # of η, by what the step becomes when the loss is scaled


class RuleRow(NamedTuple):
    """One rule: its name and class, LaTeX of its equation, of its state and of its defaults.

    ``defaults`` maps names to numbers; ``unit`` is that of η, or "" in a rule without.
    """

    name: str
    rule: type
    equation: str
    state: tuple
    defaults: dict
    unit: str
    source: str

    @property
    def settings(self):
        """LaTeX of the defaults: ``[r"\\eta = 0.1", …]``."""
        return [f"{PARAMETERS[name].latex} = {latex(v)}" for name, v in self.defaults.items()]


def latex(number):
    """A default as LaTeX: 0.001, and from there down powers of ten."""
    digits, power = f"{number:e}".split("e")
    if number >= 1e-3 or number == 0:
        return f"{number:g}"
    factor = "" if float(digits) == 1 else rf"{float(digits):g} \cdot "
    return rf"{factor}10^{{{int(power)}}}"


def rate_unit(rule):
    """The unit of a rule's η, found by scaling the loss: "[x]²/[f]", "[x]", or "" without an η."""
    settings = {field.name: field.default for field in fields(rule)}
    if "lr" not in settings:
        return ""
    opt = rule(**settings | {"eps": 0.0} if "eps" in settings else settings)
    x = np.zeros(1)
    step, scaled = (opt.update(g * np.ones(1), opt.init(x), 1, x)[0] for g in (1.0, SCALED))
    return UNITS[float(np.round(scaled / step, 9)[0])]


def source_of(rule):
    """Where a rule was published, from the end of its docstring."""
    return " ".join(rule.__doc__.partition("Source: ")[2].split()).removesuffix(".")


def rule_rows():
    """Return a ``RuleRow`` for each rule of the course, in the order of ``optimizers.ALL``."""
    return [
        RuleRow(
            name=rule.__name__,
            rule=rule,
            equation=to_latex(rule()),
            state=tuple(letter(f"s.{key}") for key in rule.State._fields),
            defaults={field.name: field.default for field in fields(rule)},
            unit=rate_unit(rule),
            source=source_of(rule),
        )
        for rule in ALL
    ]
