"""One colour per symbol and per optimiser, in light and in dark: the only palette of the course.

Python draws with the light colour; on a page the same colour is a CSS variable, so every picture
follows the reader's theme. ``css()`` writes the variables, ``svg`` replaces the colours by them.
"""

from dataclasses import dataclass

import matplotlib as mpl


@dataclass(frozen=True)
class Colour:
    """A named colour with its value on a light and on a dark page."""

    name: str
    light: str
    dark: str

    @property
    def css(self):
        """The colour as CSS: the page's variable, or the light value where there is none."""
        return f"var(--{self.name}, {self.light})"


def _palette(prefix, **colours):
    return {key: Colour(f"{prefix}-{key.lower()}", *pair) for key, pair in colours.items()}


INK = {
    "ink": Colour("ink", "#1f2530", "#e6e9ef"),
    "muted": Colour("muted", "#5a6472", "#a3adbb"),
    "grid": Colour("grid", "#d9dee5", "#39414d"),
    "land": Colour("land", "#7688a3", "#6c7f9c"),
    "paper": Colour("paper", "#ffffff", "#14181e"),
    "good": Colour("good", "#17703a", "#4ade80"),
    "bad": Colour("bad", "#b3261e", "#ff8a80"),
}
OPTIMIZERS = _palette(
    "opt",
    GradientDescent=("#59626f", "#aab4c2"),
    Momentum=("#b45309", "#fbab3c"),
    Nesterov=("#a21868", "#f472b6"),
    AdaGrad=("#47790d", "#a3d94a"),
    RMSProp=("#0b7268", "#2dd4bf"),
    CenteredRMSProp=("#0c718c", "#38c6e8"),
    RMSPropMomentum=("#1b55d8", "#6ea8ff"),
    RMSPropNesterov=("#4338ca", "#a5a8fc"),
    Adadelta=("#6f5536", "#d6b98c"),
    Adam=("#c8201f", "#ff7b72"),
    AdamW=("#a3123d", "#fd9fab"),
    AMSGrad=("#7e22ce", "#c98bfc"),
    NAdam=("#86198f", "#ea7ff5"),
    LaProp=("#5e3bb0", "#bba3fb"),
)
SYMBOLS = _palette(
    "sym",
    x=("#1f2531", "#e6e9f0"),
    g=("#1d55d9", "#6ea8fe"),
    m=("#b4530a", "#fbab3d"),
    m_hat=("#8a3f07", "#ffc879"),
    v=("#0b7269", "#2dd4c0"),
    v_hat=("#07544d", "#83ead9"),
    dx=("#c8201e", "#ff7b73"),
    theory=("#7a1fc8", "#c98bfd"),
)
COLOURS = {c.name: c for group in (INK, OPTIMIZERS, SYMBOLS) for c in group.values()}
BY_LIGHT = {c.light: c for c in COLOURS.values()}
# what the dark makes of a film with light paper: light turned round, hues kept; white becomes #141414
FILM = "invert(0.92) hue-rotate(180deg)"
SPARE = ("Momentum", "RMSPropMomentum", "RMSProp", "Nesterov", "AMSGrad", "AdaGrad")


def colour_of(opt, taken=()):
    """The colour of an optimiser: its own, or for a rule of the reader's a spare one."""
    own = OPTIMIZERS.get(type(opt).__name__)
    return own if own and own not in taken else spare(taken)


def spare(taken=()):
    """A colour for what has none of its own, if possible one that is not ``taken``."""
    free = [OPTIMIZERS[name] for name in SPARE if OPTIMIZERS[name] not in taken]
    return free[0] if free else INK["muted"]


def find(asked):
    """The colour of a rule (``Adam(lr=0.1)``), of its class (``Adam``), or of a name ("m_hat").

    Raises ValueError for what has no colour.
    """
    named = INK | SYMBOLS | OPTIMIZERS
    kind = asked if isinstance(asked, type) else type(asked)
    name = asked if isinstance(asked, str) else kind.__name__
    if name not in named:
        raise ValueError(f"colour = {asked!r}; expected a rule or one of {', '.join(named)}")
    return named[name]


DARK_NOTEBOOKS = (  # JupyterLab, Visual Studio Code, Colab
    '[data-jp-theme-light="false"]',
    ".vscode-dark",
    'html[theme="dark"]',
)


def dark(selector, names):
    """CSS that gives ``selector`` the dark values of the named colours in a dark notebook.

    An output carries it, because a notebook does not load the book's ``css()``.
    """
    return in_the_dark(selector, "; ".join(f"--{name}: {COLOURS[name].dark}" for name in names))


def in_the_dark(selector, rules):
    """CSS with ``rules`` for ``selector`` on the screen of a dark notebook."""
    return f"@media screen {{ :is({', '.join(DARK_NOTEBOOKS)}) {selector} {{ {rules} }} }}"


def css():
    """CSS custom properties for every colour: light by default, dark under the themes in use.

    ``--film`` is the filter that a film with light paper needs there; in the light there is none.
    Print is always light. Served are the book (``html[data-theme]``), JupyterLab
    (``data-jp-theme-light``) and pages that follow the system.
    """
    light = "; ".join(f"--{c.name}: {c.light}" for c in COLOURS.values())
    dark = "; ".join([*(f"--{c.name}: {c.dark}" for c in COLOURS.values()), f"--film: {FILM}"])
    system = ":root:not([data-theme]):not(:has([data-jp-theme-light]))"
    return (
        f":root {{ {light} }}\n"
        f'@media screen {{ html[data-theme="dark"], [data-jp-theme-light="false"] {{ {dark} }} }}\n'
        f"@media screen and (prefers-color-scheme: dark) {{ {system} {{ {dark} }} }}\n"
    )


RC = {
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "savefig.facecolor": "none",
    "axes.edgecolor": INK["muted"].light,
    "axes.labelcolor": INK["ink"].light,
    "axes.titlecolor": INK["ink"].light,
    "axes.titlesize": 11,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.labelsize": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": False,
    "grid.color": INK["grid"].light,
    "grid.linewidth": 0.8,
    "text.color": INK["ink"].light,
    "xtick.color": INK["muted"].light,
    "ytick.color": INK["muted"].light,
    "xtick.labelcolor": INK["ink"].light,
    "ytick.labelcolor": INK["ink"].light,
    "xtick.labelsize": 9,
    "ytick.labelsize": 9,
    "lines.linewidth": 1.8,
    "lines.solid_capstyle": "round",
    "legend.frameon": False,
    "legend.fontsize": 9,
    "font.family": "sans-serif",
    "font.size": 10,
    "figure.figsize": (4.8, 3.2),
    "svg.fonttype": "none",
    "svg.hashsalt": "from-momentum-to-adam",
}


def use():
    """Draw with the course's fonts, lines and colours inside ``with use():``."""
    return mpl.rc_context(RC)
