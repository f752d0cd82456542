"""The dials of a live figure: sliders, what they turn, and the goal a reader may aim for."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

LABELS = {
    "lr": "η, learning rate",
    "beta1": "β₁, memory of m",
    "beta2": "β₂, memory of v",
    "eps": "ε",
    "weight_decay": "λ, weight decay",
    "kappa": "κ, steepness across",
    "angle": "angle, degrees",
    "tilt": "tilt",
    "curvature": "λ, curvature",
    "noise": "σ, noise",
}
SCALES = ("linear", "log", "decay")
TAKEN = ("start", "step", "shown", "surface", "gradients")  # what a figure's values hold besides


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
class Goal:
    """Something to reach by turning dials: a sentence, and the condition that says "reached".

    ``when`` is a function of named numbers (see ``optlib.live.figure.NAMES``) with a true or false
    result; it counts at the first step where it holds, or with ``at="end"`` at the last point only.
    """

    text: str
    when: Callable
    at: str = "first"

    def __post_init__(self):
        if self.at not in ("first", "end"):
            raise ValueError(f"goal: at = {self.at!r}; expected 'first' or 'end'")


@dataclass(frozen=True)
class Control:
    """A slider with its name, its label and its first value: what the page needs to know."""

    name: str
    slider: Slider
    label: str
    value: float

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
    """Build a control from a tuple or a Slider; ``found`` is the present value of what it turns."""
    if name in TAKEN:
        raise ValueError(f"sliders: {name}; expected another name, a figure has {name} already")
    if not isinstance(given, Slider):
        if not isinstance(given, tuple) or not 2 <= len(given) <= 3:
            raise ValueError(
                f"sliders: {name} = {given!r}; expected (low, high), (low, high, scale) or Slider"
            )
        given = Slider(*given)
    value = given.value if given.value is not None else found
    owner, field = split_name(name)
    if value is None or (found is None and (owner or name == "noise")):
        raise ValueError(
            f"sliders: {name} turns nothing here; expected a field of a rule, 'Label.field', "
            "'surface.field', 'noise', or a Slider with a value of its own"
        )
    label = given.label or LABELS.get(field, field)
    if owner and owner != "surface" and not given.label:
        label = f"{label} ({owner})"
    if not given.low <= value <= given.high:
        raise ValueError(
            f"sliders: {name} starts at {value:g}; expected {given.low:g} to {given.high:g}"
        )
    return Control(name, given, label, value)
