"""The dials of a live figure: sliders, what they turn, and the goal a reader may aim for."""

from collections.abc import Callable
from dataclasses import dataclass
from inspect import Parameter, Signature

import numpy as np

from optlib.parameters import title

SCALES = ("linear", "log", "decay")
TAKEN = (
    "start",
    "step",
    "shown",
    "hidden",
    "surface",
    "gradients",
)  # what a figure's values hold besides


@dataclass(frozen=True)
class Slider:
    """A native range input from ``low`` to ``high`` in ``ticks`` equal moves of its scale.

    Scales: "linear"; "log" (equal ratios); "decay" for β near 1 (equal ratios of 1 − β).
    ``value`` is where it stands at first, by default the value of what it turns.
    """

    low: float
    high: float
    scale: str = "linear"
    label: str | None = None
    value: float | None = None
    ticks: int = 200

    def __post_init__(self):
        if self.scale not in SCALES:
            raise ValueError(f"slider: scale = {self.scale!r}; expected one of {SCALES}")
        numbers = all(isinstance(end, (int, float, np.number)) for end in (self.low, self.high))
        if not (numbers and -np.inf < self.low < self.high < np.inf):
            raise ValueError(
                f"slider: low, high = {self.low}, {self.high}; expected finite low < high"
            )
        if self.scale == "log" and self.low <= 0:
            raise ValueError(f"slider: low = {self.low} on a log scale; expected a number > 0")
        if not isinstance(self.ticks, int) or self.ticks < 1:
            raise ValueError(f"slider: ticks = {self.ticks!r}; expected a whole number >= 1")
        if self.scale == "decay" and self.high >= 1:
            raise ValueError(f"slider: high = {self.high} on a decay scale; expected a number < 1")


@dataclass(frozen=True)
class Switch:
    """A yes or no, as a box to tick; its values are 0 and 1.

    ``value`` is where it stands at first, by default the value of what it turns.
    """

    label: str
    value: float | None = None

    def __post_init__(self):
        if self.value not in (None, 0, 1):
            raise ValueError(f"switch: value = {self.value!r}; expected 0 or 1")


@dataclass(frozen=True)
class Goal:
    """Something to reach by turning dials: a sentence, and the condition that says "reached".

    ``when`` is a function of named numbers (see ``optlib.live.values.NAMES``) with a true or false
    result; it counts at the first step where it holds, or with ``at="end"`` at the last point only.
    ``only`` is the label of the rule that has to reach it, or a list of them.
    """

    text: str
    when: Callable
    at: str = "first"
    only: str | list | None = None

    def __post_init__(self):
        if self.at not in ("first", "end"):
            raise ValueError(f"goal: at = {self.at!r}; expected 'first' or 'end'")


@dataclass(frozen=True)
class Control:
    """A dial with its name, its label and its first value: what the page needs to know."""

    name: str
    slider: Slider
    label: str
    value: float
    switch: bool = False

    def spec(self):
        """The control as data for the page."""
        s = self.slider
        return {
            "name": self.name,
            "label": self.label,
            "low": float(s.low),
            "high": float(s.high),
            "scale": s.scale,
            "ticks": s.ticks,
            "value": float(self.value),
            "switch": self.switch,
        }

    @property
    def owner(self):
        """What it turns: a rule's label, "surface", or None for all rules."""
        return split_name(self.name)[0]

    @property
    def rank(self):
        """The order in which dials are obeyed: shared ones, the landscape's, a rule's own."""
        return {None: 0, "surface": 1}.get(self.owner, 2)

    def check(self, value):
        """Return a value for this control as a float, or raise ValueError naming it."""
        if self.switch:
            if value not in (0, 1):
                raise ValueError(f"values: {self.name} = {value!r}; expected 0 or 1")
            return float(value)
        good = isinstance(value, (int, float, np.number)) and not isinstance(value, bool)
        low, high = self.slider.low, self.slider.high
        if not good or not low - 1e-12 <= value <= high + 1e-12:
            raise ValueError(
                f"values: {self.name} = {value!r}; expected a number from {low:g} to {high:g}"
            )
        return float(value)


def split_name(name):
    """Split "Adam.beta1" into ("Adam", "beta1") and "lr" into (None, "lr")."""
    owner, dot, field = name.rpartition(".")
    return (owner if dot else None), field


def bare(name):
    """The name by which functions know a control: "Momentum.beta1" is ``beta1``."""
    return split_name(name)[1]


def make_control(name, given, found):
    """Build a control from a tuple, a Slider or a Switch; ``found`` is what it turns, as it is."""
    if name in TAKEN:
        raise ValueError(f"sliders: {name}; expected another name, a figure has {name} already")
    switch = isinstance(given, Switch)
    if switch:
        given = Slider(0, 1, label=given.label, value=given.value, ticks=1)
    elif not isinstance(given, Slider):
        if not isinstance(given, tuple) or not 2 <= len(given) <= 3:
            raise ValueError(
                f"sliders: {name} = {given!r}; expected (low, high), (low, high, scale), "
                "Slider or Switch"
            )
        given = Slider(*given)
    value = given.value if given.value is not None else found
    owner, field = split_name(name)
    if value is None or (found is None and (owner or name == "noise")):
        raise ValueError(
            f"sliders: {name} turns nothing here; expected a field of a rule, 'Label.field', "
            "'surface.field', 'noise', or a Slider with a value of its own"
        )
    label = given.label or title(field)
    if owner and owner != "surface" and not given.label:
        label = f"{label} ({owner})"
    if not given.low <= value <= given.high:
        raise ValueError(
            f"sliders: {name} starts at {value:g}; expected {given.low:g} to {given.high:g}"
        )
    if switch and value not in (0, 1):
        raise ValueError(f"sliders: {name} starts at {value:g}; expected 0 or 1")
    return Control(name, given, label, value, switch)


def scaled(rules, dial, field="lr"):
    """Derived hyperparameters: the ``field`` of every rule that has it, times a dial.

    ``scaled({"GD": GradientDescent(lr=0.01)}, "h")`` is ``{"GD.lr": lambda h: 0.01 * h}``. Raises
    ValueError if no rule has the field.
    """

    def times(own):
        def product(*given, **named):
            (value,) = (*given, *named.values())
            return own * value

        # A derived function reads what its parameters are called.
        product.__signature__ = Signature([Parameter(dial, Parameter.POSITIONAL_OR_KEYWORD)])
        return product

    found = {
        f"{label}.{field}": times(getattr(rule, field))
        for label, rule in rules.items()
        if hasattr(rule, field)
    }
    if not found:
        raise ValueError(f"scaled: no rule has {field!r}; expected a field of {', '.join(rules)}")
    return found
