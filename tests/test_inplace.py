"""Large sweeps run in place: that they are the runs one would get one by one, to the last bit."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pytest

from optlib import Adam, Momentum, minimize, optimizers, surfaces
from optlib.descent import LARGE
from optlib.optimizers import Optimizer
from optlib.surfaces import Beale, Rosenbrock, Surface, Tent
from optlib.trace import Node, inplace

RUNS, STEPS = 600, 40
STARTS = np.random.default_rng(0).uniform(-1.5, 1.5, size=(RUNS, 2))


def both(surface, opt, x0, steps=STEPS):
    """The ends of a sweep run in place, and of the same runs kept whole: step by step."""
    x0 = np.asarray(x0)
    recorded = inplace.record(surface, opt)
    with np.errstate(all="ignore"):
        plain = minimize(surface, opt, x0, steps, keep="path").x
    return inplace.last_points(recorded, opt, plain[0], steps), plain[-1]


@pytest.mark.parametrize("Surface", [s for s in surfaces.ALL if s not in (Tent, surfaces.Hinge)])
@pytest.mark.parametrize("Rule", optimizers.ALL)
def test_every_rule_ends_where_it_ends_step_by_step(Rule, Surface):
    surface = Surface()
    rates = {"lr": np.geomspace(1e-3, 1, RUNS)[:, None]} if hasattr(Rule(), "lr") else {}
    quick, plain = both(surface, Rule(**rates), STARTS[:, : surface.dim])
    np.testing.assert_array_equal(quick, plain)


def test_hyperparameters_of_every_shape_and_runs_on_several_axes():
    lr = np.geomspace(1e-3, 1e-1, 20)[:, None, None]
    beta1 = np.linspace(0, 0.95, 30)[:, None]
    eps = np.array([1e-8, 1e-2])  # one for each coordinate
    opt = Adam(lr=lr, beta1=beta1, eps=eps)
    quick, plain = both(Rosenbrock(), opt, (-1.2, 1.0))
    assert quick.shape == (20, 30, 2)
    np.testing.assert_array_equal(quick, plain)


def test_blocks_meet_without_a_gap(monkeypatch):
    monkeypatch.setattr(inplace, "BLOCK", 14)  # seven runs at a time: 600 leave a rest of five
    np.testing.assert_array_equal(*both(Beale(), Momentum(lr=1e-3), STARTS))


def test_minimize_takes_the_quick_way_for_a_large_sweep(monkeypatch):
    taken = []
    real = inplace.last_points
    monkeypatch.setattr(inplace, "last_points", lambda *a: taken.append(a) or real(*a))
    opt = Adam(lr=np.geomspace(1e-3, 1, LARGE)[:, None])
    run = minimize(Rosenbrock(), opt, (-1.2, 1.0), STEPS, keep="last")
    assert len(taken) == 1 and run.slow_because is None
    slow = minimize(Rosenbrock(), opt, (-1.2, 1.0), STEPS, keep="path")
    np.testing.assert_array_equal(run.x, slow.x[-1:])
    np.testing.assert_array_equal(run.f, slow.f[-1:])
    minimize(Rosenbrock(), Adam(), (-1.2, 1.0), STEPS, keep="last")
    assert len(taken) == 1, "a single run is not worth recording"


def test_a_start_is_left_as_it_was():
    starts = np.tile(STARTS, (LARGE // STARTS.size + 1, 1))
    x0 = starts.copy()
    minimize(Rosenbrock(), Adam(lr=0.1), x0, STEPS, keep="last")
    np.testing.assert_array_equal(x0, starts)


# What no rule of the course does, but a reader's may


class Memory(NamedTuple):
    a: np.ndarray
    b: np.ndarray


@dataclass(frozen=True, eq=False)
class Swapping(Optimizer):
    """Its two memories change places at every step."""

    lr: float = 0.01
    State = Memory

    def update(self, g, state, t, x):
        return -self.lr * (g + state.a), Memory(state.b, state.a + g)


@dataclass(frozen=True, eq=False)
class Crossing(Swapping):
    """Both memories are what the other was, and nothing else."""

    def update(self, g, state, t, x):
        return -self.lr * (g + state.a - state.b), Memory(state.b, state.a)


@dataclass(frozen=True, eq=False)
class Twins(Swapping):
    """Both memories hold one and the same array."""

    def update(self, g, state, t, x):
        m = 0.9 * state.a + 0.1 * g
        return -self.lr * (m + state.b), Memory(m, m)


@dataclass(frozen=True, eq=False)
class Remembering(Swapping):
    """It remembers a gradient as it came, and the step's number."""

    def update(self, g, state, t, x):
        return -self.lr * (g - 0.5 * state.a) / (1 + state.b), Memory(g, 0 * g + t)


@dataclass(frozen=True, eq=False)
class Counting(Swapping):
    """Its memories know nothing of the gradient: a number, and one that follows from t."""

    def update(self, g, state, t, x):
        return -self.lr * g / (1 + state.b), Memory(np.full_like(x, 2.0), np.sqrt(t) + 0 * x)


@dataclass(frozen=True, eq=False)
class Whole(Swapping):
    """It starts with whole numbers, of another type than what it will hold."""

    def init(self, x):
        return Memory(np.zeros(x.shape, dtype=int), np.ones(x.shape, dtype=int))

    def update(self, g, state, t, x):
        return -self.lr * (g + state.a) / state.b, Memory(0.5 * state.a + g, state.b)


@dataclass(frozen=True, eq=False)
class Standing(Swapping):
    """It goes nowhere."""

    def update(self, g, state, t, x):
        return np.zeros_like(x), state


def test_memories_may_start_as_whole_numbers():
    np.testing.assert_array_equal(*both(Rosenbrock(), Whole(lr=1e-4), STARTS))


@pytest.mark.parametrize("Rule", [Swapping, Crossing, Twins, Remembering, Counting, Standing])
def test_memories_may_be_wired_in_any_way(Rule):
    class Ones(Rule):
        def init(self, x):
            return Memory(0 * x + 1, 0 * x + 0.25)

    np.testing.assert_array_equal(*both(Rosenbrock(), Ones(lr=1e-4), STARTS))


@dataclass(frozen=True, eq=False)
class Clipped(Swapping):
    """It divides by the gradient's length: no rule for each coordinate by itself."""

    def update(self, g, state, t, x):
        return -self.lr * g / np.linalg.norm(g, axis=-1, keepdims=True), state


@dataclass(frozen=True, eq=False)
class Nested(Surface):
    """A formula too deep to be followed."""

    domain = ((-1.0, 1.0),)

    def f(self, x):
        height = x[..., 0] ** 2
        for _ in range(2000):
            height = height + 0.0
        return height

    def grad(self, x):
        return surfaces.stack(2 * x[..., 0])


@pytest.mark.parametrize(
    "surface, opt, reason",
    [
        (Rosenbrock(), Clipped(), "np.norm: a rule must treat every coordinate by itself"),
        (Tent(), Momentum(), "np.greater cannot be run in place"),
        (Nested(), Momentum(), "recursion"),
    ],
    ids=["a rule that mixes coordinates", "a landscape with a comparison", "a formula too deep"],
)
def test_what_cannot_be_run_in_place_is_run_as_it_is_written(surface, opt, reason):
    with pytest.raises((TypeError, RecursionError)):
        inplace.record(surface, opt)
    starts = np.linspace(0.5, 1.5, 2 * LARGE).reshape(-1, surface.dim)
    run = minimize(surface, opt, starts, STEPS, keep="last")
    slow = minimize(surface, opt, starts, STEPS, keep="path")
    np.testing.assert_array_equal(run.x, slow.x[-1:])
    assert reason in run.slow_because, "a user who wonders finds out"
    assert slow.slow_because is None, "nothing was asked for that could be slow"


def test_a_fault_while_running_is_not_hidden(monkeypatch):
    def broken(*_):
        raise TypeError("a fault of ours")

    monkeypatch.setattr(inplace, "last_points", broken)
    with pytest.raises(TypeError, match="a fault of ours"):
        minimize(Rosenbrock(), Adam(), np.ones((LARGE, 2)), STEPS, keep="last")


# What makes it quick


@dataclass(frozen=True, eq=False)
class Still(Surface):
    """A landscape whose slope is a bare coordinate and a bare number."""

    domain = ((-1.0, 1.0), (-1.0, 1.0))

    def f(self, x):
        return 0.5 * x[..., 0] ** 2 + 3 * x[..., 1]

    def grad(self, x):
        return surfaces.stack(x[..., 0], np.full_like(x[..., 0], 3.0))


def test_a_slope_that_is_a_bare_coordinate_is_copied_not_shared():
    np.testing.assert_array_equal(*both(Still(), Momentum(lr=0.1), STARTS))


def test_adam_needs_four_pieces_of_memory_beside_its_own():
    x = Node("input", "x")
    land, rule = inplace.record(Rosenbrock(), Adam())
    arrays = {name: np.ones(8) for name in ("x", "g", "s.m", "s.v")}
    program = inplace.Program(
        {f"s.{name}": node for name, node in rule.state.items()} | {"x": Node("add", x, rule.dx)},
        arrays,
        {f"hp.{name}": value for name, value in rule.parameters.items()},
    )
    written = {id(out) for _, _, out in program.calls}
    own = {id(array) for array in arrays.values()}
    assert len(written - own) <= 4
    assert {id(arrays[name]) for name in ("x", "s.m", "s.v")} <= written
    assert [f.__name__ for f, _, _ in program.calls].count("positive") == 0, "nothing is copied"
