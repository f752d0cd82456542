"""The parameters of rules and landscapes: their ranges, and clear errors outside them."""

from numbers import Number

import numpy as np

NON_NEGATIVE = ("a finite number >= 0", lambda value: value >= 0)
DECAY = ("a number in [0, 1)", lambda value: (value >= 0) & (value < 1))
RANGES = {
    "lr": NON_NEGATIVE,
    "beta1": DECAY,
    "beta2": DECAY,
    "eps": NON_NEGATIVE,
    "weight_decay": NON_NEGATIVE,
}
FINITE = ("a finite number", lambda value: True)


def check_parameter(owner, name, value):
    """Return a parameter ready for broadcasting, or raise ValueError/TypeError naming it.

    Numbers and arrays are checked against ``RANGES`` (other names: finite). Symbols pass
    unchecked: SymPy's for derivations, ``optlib.trace``'s for JavaScript and LaTeX.
    """
    expected, in_range = RANGES.get(name, FINITE)
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
