"""Rules made for one experiment, and measurements that chapters, figures and tests share."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from optlib.averages import ema
from optlib.descent import check_count, minimize
from optlib.optimizers import (
    Adadelta,
    AdaGrad,
    Adam,
    GradientDescent,
    MomentsState,
    Momentum,
    Nesterov,
    Optimizer,
    RMSProp,
    RMSPropMomentum,
    RMSPropNesterov,
)
from optlib.surfaces import Quadratic, Tent

RACE_START = 1.995  # from exactly 2 with η = 0.01, rounding decides on which side step 200 lands
RACE = {  # rates a factor 75 apart, chosen for one arrival time: η has other units in each
    "Gradient descent": GradientDescent(0.01),
    "Momentum": Momentum(1e-3),
    "Nesterov": Nesterov(1e-3),
    "AdaGrad": AdaGrad(0.075),
    "RMSProp": RMSProp(0.01),
    "RMSProp with momentum": RMSPropMomentum(1e-3),
    "RMSProp with Nesterov": RMSPropNesterov(1e-3),
    "Adadelta": Adadelta(),
    "Adam": Adam(0.01),
}
PAIRINGS = {  # two comparisons, fair in different ways: each rule with the width of its last steps
    "same η": ((Adam(0.01, eps=1e-10), 0.01), (RMSPropMomentum(0.01, eps=1e-10), 0.1)),
    "equal arrival speed": ((Adam(0.1, eps=1e-10), 0.1), (RMSPropMomentum(0.01, eps=1e-10), 0.1)),
}


# Rules


class AverageState(NamedTuple):
    s: np.ndarray  # the signal that is averaged
    m: np.ndarray


@dataclass(frozen=True, eq=False)
class Average(Optimizer):
    """Go nowhere and keep an average of what arrives: ``s = g + δ t``, ``m ← β m + (1 − β) s``.

    ``drift`` δ, in the units of g, is what the signal s gains each step; ``Δx = 0``.
    """

    beta1: float = 0.9
    drift: float = 0.0
    State = AverageState

    def update(self, g, state, t, x):
        s = g + self.drift * t
        return 0 * g, AverageState(s, ema(state.m, s, self.beta1))


@dataclass(frozen=True, eq=False)
class OpenAdam(Adam):
    """Adam with a switch for each correction: 1 divides out the start at zero, 0 leaves it in.

    Formula: ``m``, ``v`` as in Adam, ``m̂ = m / (1 − β₁ᵗ)`` if ``fix_m`` is 1, else ``m``;
    ``v̂`` likewise with ``fix_v``; ``Δx = −η m̂ / (√v̂ + ε)``.
    """

    fix_m: float = 1.0
    fix_v: float = 1.0

    def update(self, g, state, t, x):
        m, v = ema(state.m, g, self.beta1), ema(state.v, g**2, self.beta2)
        m_hat = m / (1 - self.beta1**t) ** self.fix_m
        v_hat = v / (1 - self.beta2**t) ** self.fix_v
        return -self.lr * m_hat / (np.sqrt(v_hat) + self.eps), MomentsState(m, v)


@dataclass(frozen=True, eq=False)
class AdamAfterSilence(Adam):
    """Adam after ``silence`` gradients of zero: they leave m = v = 0, only t has moved on."""

    silence: float = 10_000.0

    def update(self, g, state, t, x):
        return super().update(g, state, t + self.silence, x)


class FromFirst(RMSProp):
    """RMSProp whose average of squares starts at the first square: ``v₁ = g₁²``; ε = 0."""

    def update(self, g, state, t, x):
        v = np.where(t < 2, g**2, ema(state.v, g**2, self.beta2))
        return -self.lr * g / np.sqrt(v), self.State(v)


class FromOne(RMSProp):
    """RMSProp whose average of squares starts at 1, as in TensorFlow 1."""

    def init(self, x):
        return self.State(np.ones_like(x, dtype=float))


@dataclass(frozen=True, eq=False)
class WarmedUp(RMSProp):
    """RMSProp with a learning rate that rises over the first ``warm`` steps: ``η min(t/T, 1)``."""

    warm: float = 100.0

    def update(self, g, state, t, x):
        dx, state = super().update(g, state, t, x)
        return dx * np.minimum(t / self.warm, 1), state


# Measurements


def momentum_rate(eta_lambda, beta):
    """The factor per step, in the long run, of momentum on a quadratic: the larger ``|r|``.

    Formula: the roots r of ``r² − (1 + β − ηλ) r + β``. Arrays broadcast.

    Source: Polyak (1964).
    """
    trace = 1 + beta - eta_lambda
    root = np.sqrt(np.asarray(trace**2 - 4 * beta, dtype=complex))
    return np.maximum(np.abs(trace + root), np.abs(trace - root)) / 2


class Turn(NamedTuple):
    """How a run passed the kink at 0 and came back: arrays, one entry per start.

    ``crossing`` is the first step with x <= 0, ``turning`` the steps from there to the lowest
    point, ``back`` the steps from there until x > 0 again (each −1 where it was not seen);
    ``depth`` is how far below 0 the run went (in [x]; nan where it was not seen).
    """

    crossing: np.ndarray
    turning: np.ndarray
    depth: np.ndarray
    back: np.ndarray


def turn_of(x):
    """Measure the first excursion of one path ``x``, a list of positions, beyond 0.

    The lowest point is the first at which the path stops going down.
    """
    below = np.flatnonzero(x <= 0)
    if not len(below):
        return -1, -1, np.nan, -1
    crossing = below[0]
    rises = np.flatnonzero(np.diff(x[crossing:]) > 0)
    if not len(rises):
        return crossing, -1, np.nan, -1
    lowest = crossing + rises[0]
    above = np.flatnonzero(x[lowest:] > 0)
    return crossing, lowest - crossing, -x[lowest], above[0] if len(above) else -1


def turn(rule, starts, steps=1500, surface=None):
    """Run ``rule`` on the tent from each of ``starts`` and measure how it turns: a ``Turn``.

    ``starts`` in [x], any number or list of numbers > 0; ``surface`` another landscape of one
    dimension with its minimum at 0. Raises ValueError for starts that are not positive.
    """
    starts = np.atleast_1d(np.asarray(starts, dtype=float))
    if starts.ndim != 1 or not (starts > 0).all():
        raise ValueError(f"starts = {starts}; expected numbers > 0")
    run = minimize(surface or Tent(), rule, starts[:, None], steps, keep="path")
    columns = np.array([turn_of(x) for x in run.x[..., 0].T], dtype=float).T
    crossing, turning, depth, back = columns
    return Turn(crossing.astype(int), turning.astype(int), depth, back.astype(int))


def starts_across(start, width, count=200):
    """Return ``count`` starts evenly across one arrival step: ``start + width (i + ½) / count``.

    A run lands beyond the kink by anything between nothing and a whole step, as its start has it;
    averages over these starts are free of that luck.
    """
    return start + width * (np.arange(check_count("count", count)) + 0.5) / count


def mean_turn(rule, start=2.0, width=0.1, count=200, steps=1500):
    """Average ``turn`` over starts one arrival step ``width`` wide: a ``Turn`` of four numbers."""
    result = turn(rule, starts_across(start, width, count), steps)
    if min(result.crossing.min(), result.turning.min(), result.back.min()) < 0:
        raise ValueError(f"steps = {steps}; expected enough for every start to turn and come back")
    return Turn(*(float(np.mean(column)) for column in result))


def paper_bound(beta1, beta2):
    """The bound that the paper on Adam states for one step, in units of η.

    Formula: ``(1 − β₁) / √(1 − β₂)`` where that exceeds 1, else 1.

    Source: Kingma and Ba (2015), section 2.1. It does not hold: see ``sharp_bound``.
    """
    return np.maximum((1 - beta1) / np.sqrt(1 - beta2), 1.0)


def sharp_bound(beta1, beta2):
    """The least upper bound of one step of Adam in units of η, long after the start, ε = 0.

    Formula: ``(1 − β₁) / √((1 − β₂)(1 − β₁²/β₂))``; infinite where ``β₁² >= β₂``.

    Source: Cauchy–Schwarz on the weights of m and v.
    """
    room = 1 - np.asarray(beta1, dtype=float) ** 2 / beta2
    with np.errstate(divide="ignore", invalid="ignore"):
        bound = (1 - beta1) / np.sqrt((1 - beta2) * room)
    return np.where(room > 0, bound, np.inf)[()]


def growing(growth, steps):
    """Gradients that grow by the factor ``growth`` each step and end at 1: ``growth^(k − steps)``.

    Time is the first axis; an array of factors adds axes behind it.
    """
    k = np.arange(1, check_count("steps", steps) + 1)
    return np.asarray(growth, dtype=float) ** (k - steps).reshape(-1, *[1] * np.ndim(growth))


def turned_start(start, angle):
    """Turn a start by ``angle`` degrees, as ``Quadratic(angle=…)`` turns its ravine."""
    cos, sin = np.cos(np.deg2rad(angle)), np.sin(np.deg2rad(angle))
    return np.array([cos * start[0] - sin * start[1], sin * start[0] + cos * start[1]])


def steps_at_angle(rule, angle, kappa=100.0, start=(1.0, 1.0), tolerance=1e-6, steps=2000):
    """Turn ravine and start together and count steps: ``(first, last)`` to f <= tolerance.

    ``first`` is when the loss first is there, ``last`` when it comes there to stay; −1: never.
    """
    run = minimize(Quadratic(kappa, angle), rule, turned_start(start, angle), steps, keep="path")
    above = np.flatnonzero(run.f > tolerance)
    last = 0 if not len(above) else int(above[-1]) + 1
    return int(run.steps_to(tolerance)), last if last <= steps else -1


def steps_to_stay(surface, rule, start, tolerance=0.05, steps=3000):
    """Count the steps from which on f <= tolerance up to ``steps``, for the best of many runs.

    ``rule`` may hold arrays of hyperparameters: one run each. ``steps + 1``: none is there to stay.
    """
    f = minimize(surface, rule, start, steps, keep="path").f
    above = ~(f <= tolerance)  # so that a run that is lost (NaN) counts as above
    return int(np.where(above, np.arange(1, steps + 2)[:, None], 0).max(axis=0).min())
