"""The run: what is kept, what is marked, how runs go side by side, what bad input is told."""

import tracemalloc

import numpy as np
import pytest

from optlib import (
    Adam,
    GradientDescent,
    Momentum,
    Nesterov,
    RMSProp,
    Trajectory,
    debias,
    ema,
    follow,
    minimize,
)
from optlib.descent import DIVERGED
from optlib.optimizers import ALL
from optlib.surfaces import Bowl, Quadratic, Rosenbrock, Slope

RAVINE = Quadratic(kappa=20.0)
START = (1.5, -1.0)


# What is kept


def test_a_run_is_the_loop_anyone_would_write():
    opt = Momentum(lr=0.02, beta1=0.8)
    run = minimize(RAVINE, opt, START, 50)
    x, m = np.array(START), np.zeros(2)
    for k in range(50):
        g = RAVINE.grad(x)
        m = 0.8 * m + g
        np.testing.assert_allclose(run.g[k], g, rtol=1e-12)
        np.testing.assert_allclose(run.dx[k], -0.02 * m, rtol=1e-12)
        np.testing.assert_allclose(run.state.m[k], m, rtol=1e-12)
        np.testing.assert_allclose(run.x[k], x, rtol=1e-12)
        np.testing.assert_allclose(run.f[k], RAVINE.f(x), rtol=1e-12)
        x = x - 0.02 * m
    np.testing.assert_allclose(run.x[50], x, rtol=1e-12)
    assert run.steps == 50


def test_t_runs_from_one():
    seen = []

    class Counting(GradientDescent):
        def update(self, g, state, t, x):
            seen.append(t)
            return super().update(g, state, t, x)

    minimize(RAVINE, Counting(), START, 4)
    assert seen == [1, 2, 3, 4]


@pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.__name__)
def test_shapes_have_time_first(rule):
    run = minimize(RAVINE, rule(), START, 7)
    assert run.x.shape == (8, 2) and run.f.shape == (8,)
    assert run.g.shape == run.dx.shape == (7, 2)
    assert type(run.state) is rule.State
    assert all(field.shape == (7, 2) for field in run.state)


def test_keeping_the_path_keeps_the_points_alone():
    everything = minimize(RAVINE, Adam(lr=0.1), START, 30)
    path = minimize(RAVINE, Adam(lr=0.1), START, 30, keep="path")
    np.testing.assert_array_equal(path.x, everything.x)
    np.testing.assert_array_equal(path.f, everything.f)
    assert path.g is path.dx is path.state is None
    assert path.steps == 30


def test_keeping_the_last_point_keeps_one():
    everything = minimize(RAVINE, Adam(lr=0.1), START, 30)
    last = minimize(RAVINE, Adam(lr=0.1), START, 30, keep="last")
    np.testing.assert_array_equal(last.x, everything.x[-1:])
    np.testing.assert_array_equal(last.f, everything.f[-1:])
    assert last.g is last.dx is last.state is None


def peak(steps, keep):
    """Bytes held at the worst moment of a sweep of a thousand runs."""
    opt = Adam(lr=np.logspace(-4, 0, 1000)[:, None])
    tracemalloc.start()
    try:
        minimize(RAVINE, opt, START, steps, keep=keep)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_does_not_grow_with_the_steps_when_the_last_point_is_kept():
    peak(10, "last")  # whatever is allocated once
    few, many = peak(20, "last"), peak(400, "last")
    print(f"\n1000 runs of Adam: {few / 1e3:.0f} kB for 20 steps, {many / 1e3:.0f} kB for 400")
    assert many < 1.5 * few, "twenty times the steps; what is left is Python's own litter"
    assert peak(400, "path") > 10 * many, "as it does when the path is"


@pytest.mark.parametrize("keep", ["all", "path", "last"])
def test_no_steps_leave_the_start(keep):
    run = minimize(RAVINE, Adam(), START, 0, keep=keep)
    np.testing.assert_array_equal(run.x, [START])
    assert run.steps == 0 and not run.diverged
    if keep == "all":
        assert run.g.shape == run.dx.shape == (0, 2)


def test_a_run_repeats_to_the_bit_and_leaves_its_start_alone():
    start = np.array(START)
    one, other = (minimize(Rosenbrock(), Nesterov(lr=1e-4), start, 200) for _ in range(2))
    np.testing.assert_array_equal(one.x, other.x)
    np.testing.assert_array_equal(start, START)


# Side by side


def test_many_starts_are_many_runs():
    starts = np.array([[1.5, -1.0], [0.5, 0.5], [-2.0, 1.0]])
    together = minimize(RAVINE, Adam(lr=0.1), starts, 25)
    assert together.x.shape == (26, 3, 2) and together.f.shape == (26, 3)
    for i, start in enumerate(starts):
        np.testing.assert_array_equal(together.x[:, i], minimize(RAVINE, Adam(lr=0.1), start, 25).x)


def test_a_rate_for_each_coordinate_is_a_single_run():
    run = minimize(RAVINE, GradientDescent(lr=np.array([1.0, 0.05])), START, 1)
    np.testing.assert_allclose(run.x[-1], [0, 0], atol=1e-15)


def test_in_one_dimension_a_number_is_a_start():
    run = minimize(Bowl(), GradientDescent(lr=0.5), 2.0, 3)
    np.testing.assert_allclose(run.x, [[2], [1], [0.5], [0.25]])


# Divergence is a mark, not an error


def test_a_run_that_leaves_for_infinity_is_marked_with_its_step():
    run = minimize(RAVINE, GradientDescent(lr=0.2), START, 2000)  # stable below 2/κ = 0.1
    assert run.diverged
    before, after = np.abs(run.x[run.diverged_at - 1 :][:2]).max(axis=-1)
    assert before <= DIVERGED < after
    assert not np.isfinite(run.x[-1]).all(), "and it went on to the very end"


def test_a_run_that_stays_is_not_marked():
    run = minimize(RAVINE, GradientDescent(lr=0.05), START, 100)
    assert not run.diverged and run.diverged_at == -1


def test_each_run_of_a_sweep_has_its_own_mark():
    lr = np.array([0.05, 0.2, 0.09, 3.0])
    run = minimize(RAVINE, GradientDescent(lr=lr[:, None]), START, 300)
    np.testing.assert_array_equal(run.diverged, [False, True, False, True])
    at = run.diverged_at
    assert at[0] == at[2] == -1 and 0 < at[3] < at[1]
    for i, rate in enumerate(lr):
        assert at[i] == minimize(RAVINE, GradientDescent(lr=rate), START, 300).diverged_at


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_gradient_that_is_no_number_is_a_divergence_too(bad):
    run = follow(GradientDescent(lr=0.1), [1.0, bad, 1.0])
    assert run.diverged and run.diverged_at == 2


def test_a_height_that_is_no_number_is_a_divergence_too():
    x = np.zeros((3, 1))
    assert Trajectory(x, np.array([1.0, np.nan, 1.0])).diverged_at == 1


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("keep", ["all", "path", "last"])
def test_a_diverging_run_raises_no_warning(keep):
    assert minimize(Rosenbrock(), Momentum(lr=1.0), (-1.2, 1.0), 100, keep=keep).diverged


# How long it took


def test_steps_to_counts_the_steps_until_the_loss_is_low_enough():
    run = minimize(Bowl(), GradientDescent(lr=0.5), 2.0, 10)  # f = 2, 1/2, 1/8, …
    assert [run.steps_to(f) for f in (3.0, 2.0, 0.5, 0.4, 0.125, 1e-9)] == [0, 0, 1, 2, 2, -1]


def test_steps_to_has_one_answer_for_each_run_of_a_sweep():
    opt = GradientDescent(lr=np.array([1.0, 0.5, 0.01, 5.0])[:, None])
    run = minimize(Bowl(), opt, 2.0, 10)
    np.testing.assert_array_equal(run.steps_to(0.2), [1, 2, -1, -1])


# Following a fixed list


def test_following_feeds_the_list_wherever_x_is():
    g = np.random.default_rng(0).normal(size=(20, 3))
    run = follow(RMSProp(lr=0.1), g, x0=[1.0, 2.0, 3.0])
    np.testing.assert_array_equal(run.g, g)
    np.testing.assert_array_equal(run.x[0], [1, 2, 3])
    v, x = np.zeros(3), np.array([1.0, 2.0, 3.0])
    for k in range(20):
        v = 0.9 * v + 0.1 * g[k] ** 2
        x = x - 0.1 * g[k] / (np.sqrt(v) + 1e-8)
        np.testing.assert_allclose(run.x[k + 1], x, rtol=1e-12)
    assert not run.f.any()


def test_following_plain_numbers_is_one_coordinate():
    run = follow(Adam(lr=1.0), [3.0, 3.0, 3.0])
    assert run.x.shape == (4, 1)
    np.testing.assert_allclose(run.state.m[:, 0], 3 * (1 - 0.9 ** np.arange(1, 4)))
    np.testing.assert_allclose(debias(ema(0.0, 3.0, 0.9), 0.9, 1), 3.0)


def test_following_can_sweep():
    run = follow(GradientDescent(lr=np.array([[1.0], [2.0]])), [1.0, 1.0])
    np.testing.assert_array_equal(run.x[-1], [[-2.0], [-4.0]])


def test_gradients_that_cannot_be_followed_are_named():
    with pytest.raises(ValueError, match="gradients is a single number; expected time"):
        follow(Adam(), 3.0)
    with pytest.raises(ValueError, match="gradients = 'steep'; expected numbers"):
        follow(Adam(), "steep")


# Noise


def test_noise_is_added_to_the_gradient_step_by_step():
    noise = np.random.default_rng(0).normal(size=(15, 2))
    run = minimize(RAVINE, GradientDescent(lr=0.01), START, 15, noise=noise)
    np.testing.assert_allclose(run.g, RAVINE.grad(run.x[:-1]) + noise, rtol=1e-12)
    np.testing.assert_allclose(run.dx, -0.01 * run.g, rtol=1e-12)


def test_noise_may_differ_from_run_to_run_and_reach_past_the_end():
    noise = np.random.default_rng(0).normal(size=(50, 3, 2))
    run = minimize(RAVINE, GradientDescent(lr=0.01), np.tile(START, (3, 1)), 15, noise=noise)
    np.testing.assert_allclose(run.g - RAVINE.grad(run.x[:-1]), noise[:15], rtol=1e-9)


@pytest.mark.parametrize("shape", [(), (9, 2), (10, 3), (10, 4, 2)], ids=str)
def test_noise_that_does_not_fit_is_refused_with_its_shape(shape):
    with pytest.raises(ValueError) as error:
        minimize(RAVINE, Adam(), START, 10, noise=np.zeros(shape))
    assert str(error.value).startswith(f"noise has shape {shape}; expected ")


def test_noise_that_is_not_numbers_is_named():
    with pytest.raises(ValueError, match="noise = 'loud'; expected numbers"):
        minimize(RAVINE, Adam(), START, 10, noise="loud")


# Bad input


@pytest.mark.parametrize(
    "x0, said",
    [
        ((1.0, 2.0, 3.0), "x0 has shape (3,); expected a last axis of length 2"),
        (1.0, "x0 has shape (); expected a last axis of length 2"),
        (np.zeros((2, 5)), "x0 has shape (2, 5); expected a last axis of length 2"),
        ((), "x0 has shape (0,); expected a last axis of length 2"),
        ((1.0, np.nan), "x0 = (1.0, nan); expected finite numbers"),
        ((np.inf, 0.0), "x0 = (inf, 0.0); expected finite numbers"),
        ("ab", "x0 = 'ab'; expected numbers"),
        (("a", "b"), "x0 = ('a', 'b'); expected numbers"),
        (((1.0, 2.0), (3.0,)), "x0 = ((1.0, 2.0), (3.0,)); expected numbers"),
        ({"x": 1}, "x0 = {'x': 1}; expected numbers"),
    ],
    ids=str,
)
def test_a_start_that_cannot_be_used_is_named(x0, said):
    with pytest.raises(ValueError) as error:
        minimize(RAVINE, Adam(), x0, 5)
    assert str(error.value) == said


@pytest.mark.parametrize("x0", [np.nan, "abc", None, (1.0, np.inf)], ids=str)
def test_a_start_to_follow_from_has_to_be_numbers_too(x0):
    with pytest.raises(ValueError, match="x0 = .*; expected (finite )?numbers"):
        follow(Adam(), np.ones((3, 2)), x0)


def test_a_start_to_follow_from_has_to_fit_the_gradients():
    with pytest.raises(ValueError, match=r"x0 has shape \(3,\); expected one that fits \(2,\)"):
        follow(Adam(), np.ones((5, 2)), np.zeros(3))


@pytest.mark.parametrize("steps", [-1, 1.5, 10.0, "10", None, True], ids=repr)
def test_a_number_of_steps_that_is_not_whole_is_named(steps):
    with pytest.raises(ValueError) as error:
        minimize(RAVINE, Adam(), START, steps)
    assert str(error.value) == f"steps = {steps!r}; expected a whole number >= 0"


def test_steps_may_be_a_numpy_integer():
    assert minimize(RAVINE, Adam(), START, np.int64(3)).steps == 3


def test_an_unknown_keep_is_named():
    with pytest.raises(ValueError, match="keep = 'some'; expected one of all, path, last"):
        minimize(RAVINE, Adam(), START, 3, keep="some")


def test_a_hyperparameter_that_does_not_broadcast_is_named_with_its_shape():
    with pytest.raises(ValueError) as error:
        minimize(RAVINE, Adam(lr=np.full(7, 0.1)), START, 3)
    assert str(error.value) == (
        "Adam: lr has shape (7,); expected one that broadcasts against x of shape (2,)"
    )
    with pytest.raises(ValueError, match=r"Adam: beta2 has shape \(3, 1\); expected .*\(4, 2\)"):
        minimize(RAVINE, Adam(lr=np.full((4, 1), 0.1), beta2=np.full((3, 1), 0.9)), START, 3)


def test_a_sweep_without_an_axis_for_the_dimension_says_how_to_give_it_one():
    with pytest.raises(ValueError, match=r"expected the last axis.*use value\[:, None\]"):
        minimize(Slope(), Adam(lr=np.logspace(-3, 0, 5)), -1.0, 3)
