"""The parameters of rules and landscapes: one table of what they are called, and their ranges."""

from collections.abc import Callable
from numbers import Number
from typing import NamedTuple

import numpy as np


class Range(NamedTuple):
    """The numbers that a parameter may be: in words, and as a condition on an array."""

    expected: str
    holds: Callable


FINITE = Range("a finite number", lambda value: True)
NON_NEGATIVE = Range("a finite number >= 0", lambda value: value >= 0)
DECAY = Range("a number in [0, 1)", lambda value: (value >= 0) & (value < 1))


class Parameter(NamedTuple):
    """One row of the table: how a parameter is written, what it is and what it may be.

    ``unit`` is in [x], the unit of a coordinate, and [f], that of the loss; "1" is a pure number.
    """

    letter: str
    latex: str
    label: str
    unit: str
    range: Range = FINITE

    @property
    def title(self):
        """Letter and label together, such as "η, learning rate"."""
        return ", ".join(filter(None, (self.letter, self.label)))


PARAMETERS = {
    "lr": Parameter("η", r"\eta", "learning rate", "[x] or [x]²/[f], by the rule", NON_NEGATIVE),
    "beta1": Parameter("β₁", r"\beta_1", "memory of m", "1", DECAY),
    "beta2": Parameter("β₂", r"\beta_2", "memory of v", "1", DECAY),
    "eps": Parameter("ε", r"\varepsilon", "", "[f]/[x]", NON_NEGATIVE),
    "weight_decay": Parameter("λ", r"\lambda", "weight decay", "1/[x]", NON_NEGATIVE),
    "curvature": Parameter("λ", r"\lambda", "curvature", "[f]/[x]²"),
    "kappa": Parameter("κ", r"\kappa", "steepness across", "[f]/[x]²"),
    "angle": Parameter("", r"\text{angle}", "angle, degrees", "degrees"),
    "tilt": Parameter("", r"\text{tilt}", "tilt", "[f]/[x]"),
    "noise": Parameter("σ", r"\sigma", "noise", "[f]/[x]", NON_NEGATIVE),
}


def title(name):
    """What a parameter is called beside a dial; one that is not in the table, by its own name."""
    return PARAMETERS[name].title if name in PARAMETERS else name


def check_parameter(owner, name, value):
    """Return a parameter ready for broadcasting, or raise ValueError/TypeError naming it.

    Numbers and arrays are checked against the table (other names: finite). Symbols pass
    unchecked: SymPy's for derivations, ``optlib.trace``'s for JavaScript and LaTeX.
    """
    expected, in_range = PARAMETERS[name].range if name in PARAMETERS else FINITE
    if isinstance(value, (str, bytes)) or not hasattr(type(value), "__mul__"):
        raise TypeError(f"{owner}: {name} = {value!r}; expected {expected}")
    if not isinstance(value, (Number, np.ndarray, list, tuple)):
        return value
    try:
        numbers = np.asarray(value, dtype=float)
    except (TypeError, ValueError, OverflowError):
        raise TypeError(f"{owner}: {name} = {value!r}; expected {expected}") from None
    good = np.isfinite(numbers) & in_range(numbers)
    if not np.all(good):
        bad = value if numbers.ndim == 0 else numbers[~good].flat[0]
        raise ValueError(f"{owner}: {name} = {bad}; expected {expected}")
    return value if isinstance(value, Number) else numbers
