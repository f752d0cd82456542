"""Run a rule on a landscape and keep what happened: ``minimize``, ``follow`` and ``Trajectory``."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from optlib.trace import inplace

DIVERGED = 1e8  # every landscape of the course lives within ±10; beyond this nobody comes back
KEEP = ("all", "path", "last")
# From so many coordinates on, a sweep is worth recording. Recording takes some milliseconds whatever
# the sweep; measured on two cores, processor time without and with it, Adam, RMSProp and Momentum:
# 0.5 to 0.6 at 1,000 coordinates and 50 steps, 0.9 to 1.0 at 5,000, 1.4 to 2.5 from 16,000 on.
LARGE = 5000


@dataclass(frozen=True, eq=False)
class Trajectory:
    """What a run left behind, time first.

    ``x`` and ``f`` hold the start and every point after it (steps + 1 entries), ``g``, ``dx`` and
    the fields of ``state`` one entry a step: ``dx[k] = x[k + 1] - x[k]``, computed from ``g[k]``
    and leaving ``state`` as in ``state.m[k]``. What was not kept is None; with ``keep="last"``
    every array has a single entry, the last. ``slow_because`` says why a large sweep could not be
    recorded and took the slower way, to the same end; it is None otherwise.
    """

    x: np.ndarray
    f: np.ndarray
    g: np.ndarray | None = None
    dx: np.ndarray | None = None
    state: Any = None
    slow_because: str | None = None

    @property
    def steps(self):
        """The number of steps kept."""
        return len(self.x) - 1

    @property
    def diverged(self):
        """Whether the run left for infinity: a bool, or one per run of a sweep."""
        return (self._lost()).any(axis=0)[()]

    @property
    def diverged_at(self):
        """The step at which it was lost (−1: never): an int, or one per run of a sweep."""
        lost = self._lost()
        return np.where(lost.any(axis=0), lost.argmax(axis=0), -1)[()]

    def steps_to(self, tolerance):
        """The first step with ``f <= tolerance`` (−1: never): an int, or one per run of a sweep."""
        there = self.f <= tolerance
        return np.where(there.any(axis=0), there.argmax(axis=0), -1)[()]

    def _lost(self):
        return ~(np.abs(self.x) <= DIVERGED).all(axis=-1) | ~np.isfinite(self.f)


def check_numbers(name, value):
    """Return a value as a float array, or raise ValueError naming it."""
    try:
        return np.asarray(value, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(f"{name} = {value!r}; expected numbers") from None


def check_finite(name, value):
    """Return a value as a float array of finite numbers, or raise ValueError naming it."""
    numbers = check_numbers(name, value)
    if not np.isfinite(numbers).all():
        raise ValueError(f"{name} = {value!r}; expected finite numbers")
    return numbers


def check_start(x0, dim):
    """Return a start as a float array whose last axis is ``dim``, or raise ValueError."""
    x = check_finite("x0", x0)
    if x.ndim == 0 and dim == 1:
        x = x[None]
    if x.ndim == 0 or x.shape[-1] != dim:
        raise ValueError(f"x0 has shape {x.shape}; expected a last axis of length {dim}")
    return x


def check_count(name, value):
    """Return a whole number >= 0, or raise ValueError naming it."""
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < 0:
        raise ValueError(f"{name} = {value!r}; expected a whole number >= 0")
    return int(value)


def spread(opt, x):
    """Repeat the start so that every value of an array of hyperparameters has a run of its own."""
    shape = x.shape
    for name, value in vars(opt).items():
        if isinstance(value, np.ndarray):
            try:
                shape = np.broadcast_shapes(shape, value.shape)
            except ValueError:
                raise ValueError(
                    f"{type(opt).__name__}: {name} has shape {value.shape}; "
                    f"expected one that broadcasts against x of shape {shape}"
                ) from None
    if shape[-1:] != x.shape[-1:]:
        raise ValueError(
            f"{type(opt).__name__}: hyperparameters stretch x from {x.shape} to {shape}; "
            f"expected the last axis, the dimension, to stay {x.shape[-1]} (use value[:, None])"
        )
    return np.array(np.broadcast_to(x, shape))


def minimize(surface, opt, x0, steps, *, noise=None, keep="all"):
    """Descend ``surface`` with ``opt`` from ``x0`` for ``steps`` steps and return the Trajectory.

    ``x_{t} = x_{t-1} + Δx_t`` with ``Δx_t`` from ``opt.update(g_t, state, t, x_{t-1})`` and
    ``g_t = ∇f(x_{t-1})``, plus ``noise[t-1]`` where noise is given.

    ``x0`` has the dimension as its last axis; leading axes, and array-valued hyperparameters, are
    runs side by side. ``noise`` has steps as its first axis and broadcasts against x.
    ``keep`` is "all", "path" (x and f) or "last" (one point, so memory does not grow with steps).
    A run that diverges is not an error: see ``Trajectory.diverged``. A large sweep of last points
    is recorded and run in place, several times as fast; one that cannot be says why in
    ``Trajectory.slow_because``.
    Raises ValueError for a start, a shape, a count or a ``keep`` that cannot be used.
    """
    steps = check_count("steps", steps)
    if keep not in KEEP:
        raise ValueError(f"keep = {keep!r}; expected one of {', '.join(KEEP)}")
    x = spread(opt, check_start(x0, surface.dim))
    if noise is not None:
        noise = check_noise(noise, steps, x.shape)

    def gradient(x, t):
        g = surface.grad(x)
        return g if noise is None else g + noise[t - 1]

    if keep != "last" or noise is not None or x.size < LARGE:
        return _run(surface.f, gradient, opt, x, steps, keep)
    try:
        recorded = inplace.record(surface, opt)
    except (TypeError, RecursionError) as reason:  # what cannot be recorded is run as written
        run = _run(surface.f, gradient, opt, x, steps, keep)
        return replace(run, slow_because=str(reason))
    x = inplace.last_points(recorded, opt, x, steps)
    return Trajectory(x[None], surface.f(x)[None])


def follow(opt, gradients, x0=0.0):
    """Feed ``opt`` a fixed list of gradients, wherever it is, and return the Trajectory.

    ``gradients`` has time first; ``x0`` broadcasts against one of them. ``f`` is zero throughout.
    This is how two implementations are compared: the same gradients, step by step.
    Raises ValueError for gradients or a start that cannot be used.
    """
    gradients = check_numbers("gradients", gradients)
    if gradients.ndim == 0:
        raise ValueError("gradients is a single number; expected time as the first axis")
    shape = gradients.shape[1:] or (1,)
    gradients = gradients.reshape(len(gradients), *shape)
    start = check_finite("x0", x0)
    try:
        start = np.broadcast_to(start, shape)
    except ValueError:
        raise ValueError(f"x0 has shape {start.shape}; expected one that fits {shape}") from None
    x = spread(opt, start)

    def gradient(x, t):
        return np.broadcast_to(gradients[t - 1], x.shape)

    return _run(lambda x: np.zeros(x.shape[:-1]), gradient, opt, x, len(gradients), "all")


def check_noise(noise, steps, shape):
    """Return noise as an array with one entry a step that broadcasts against x."""
    noise = check_numbers("noise", noise)
    if noise.ndim == 0 or len(noise) < steps:
        raise ValueError(f"noise has shape {noise.shape}; expected a first axis of {steps} steps")
    try:
        fits = np.broadcast_shapes(noise.shape[1:], shape) == shape
    except ValueError:
        fits = False
    if not fits:
        raise ValueError(
            f"noise has shape {noise.shape}; expected ({steps}, ...) broadcasting against {shape}"
        )
    return noise


def _run(f, gradient, opt, x, steps, keep):
    """The loop itself: ask for the gradient, ask the rule for the step, take it."""
    state = opt.init(x)
    kept = {"x": [x], "f": [f(x)], "g": [], "dx": [], "state": []}
    with np.errstate(all="ignore"):  # a diverging run overflows: that is marked, not announced
        for t in range(1, steps + 1):
            g = gradient(x, t)
            dx, state = opt.update(g, state, t, x)
            x = x + dx
            if keep == "last":
                continue
            kept["x"].append(x)
            kept["f"].append(f(x))
            if keep == "all":
                kept["g"].append(g)
                kept["dx"].append(dx)
                kept["state"].append(state)
        if keep == "last":
            return Trajectory(x[None], f(x)[None])
    path = np.array(kept["x"]), np.array(kept["f"])
    if keep == "path":
        return Trajectory(*path)
    g = np.array(kept["g"]).reshape(steps, *x.shape)
    dx = np.array(kept["dx"]).reshape(steps, *x.shape)
    columns = (np.array([getattr(s, name) for s in kept["state"]]) for name in state._fields)
    return Trajectory(*path, g, dx, type(state)(*columns))
