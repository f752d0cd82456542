"""The measurements of chapter 5: on paths known by hand, and the facts that the chapter asserts."""

import numpy as np
import pytest

from optlib import Adam, GradientDescent, LaProp, RMSPropMomentum, follow, minimize
from optlib import experiments as ex
from optlib.surfaces import Bowl, Tent


def test_turn_of_a_path_drawn_by_hand():
    path = np.array([2.0, 1.0, -0.5, -1.5, -1.0, -0.2, 0.3])
    assert ex.turn_of(path) == (2, 1, 1.5, 3)


@pytest.mark.parametrize(
    "path, expected",
    [
        ([2.0, 1.0, 0.5], (-1, -1, -1)),  # never crosses
        ([2.0, -1.0, -2.0], (1, -1, -1)),  # never turns
        ([2.0, -1.0, -2.0, -1.0], (1, 1, -1)),  # never comes back
    ],
)
def test_what_was_not_seen_is_minus_one(path, expected):
    crossing, turning, depth, back = ex.turn_of(np.array(path))
    assert (crossing, turning, back) == expected
    assert np.isnan(depth) == (turning < 0)


def test_a_start_on_the_floor_counts_as_crossed_at_once():
    assert ex.turn_of(np.array([0.0, 1.0]))[0] == 0


def test_turn_measures_every_start_alone():
    starts = [1.5, 2.0, 2.5]
    together = ex.turn(Adam(0.1), starts)
    alone = [ex.turn(Adam(0.1), start) for start in starts]
    for k, one in enumerate(alone):
        for a, b in zip(together, one, strict=True):
            assert a[k] == b[0]


def test_turn_refuses_starts_that_are_not_positive():
    with pytest.raises(ValueError, match=r"starts = \[-1\.\]; expected numbers > 0"):
        ex.turn(Adam(0.1), -1.0)


def test_mean_turn_refuses_runs_that_are_too_short():
    with pytest.raises(ValueError, match="steps = 30; expected enough"):
        ex.mean_turn(Adam(0.1), steps=30)


def test_starts_lie_inside_one_step():
    starts = ex.starts_across(2.0, 0.1, 50)
    assert len(starts) == 50
    assert 2.0 < starts.min() < starts.max() < 2.1
    assert np.mean(starts) == pytest.approx(2.05)


# The experiment


def test_adam_and_rmsprop_with_momentum_at_the_same_rate():
    adam = ex.turn(Adam(0.01, eps=1e-10), ex.RACE_START)
    rms = ex.turn(RMSPropMomentum(0.01, eps=1e-10), ex.RACE_START)
    assert (adam.crossing[0], adam.turning[0], adam.back[0]) == (200, 22, 73)
    assert (rms.crossing[0], rms.turning[0], rms.back[0]) == (22, 17, 27)
    assert rms.depth[0] > 10 * adam.depth[0]


def test_at_equal_arrival_speed_adam_turns_later_goes_further_and_takes_longer_home():
    adam = ex.mean_turn(Adam(0.1, eps=1e-10))
    rms = ex.mean_turn(RMSPropMomentum(0.01, eps=1e-10))
    assert adam.turning > rms.turning + 3
    assert adam.depth > 1.05 * rms.depth
    assert adam.back > 1.9 * rms.back


def test_which_goes_further_from_one_start_is_luck():
    def further(start):
        adam = ex.turn(Adam(0.1, eps=1e-10), start).depth[0]
        return adam > ex.turn(RMSPropMomentum(0.01, eps=1e-10), start).depth[0]

    assert further(2.0)
    assert not further(1.995)


def test_after_a_long_approach_adam_turns_when_the_two_slopes_balance():
    turning = np.floor(np.log(11) / -np.log(0.9))
    for beta2 in (0.9, 0.99, 0.999, 0.9999):
        rule = Adam(0.1, beta2=beta2, eps=1e-10)
        assert set(ex.turn(rule, ex.starts_across(400.0, 0.1, 5), 6000).turning) == {turning}


def test_the_slow_return_is_the_memory_and_the_late_turn_the_order():
    table = {
        (order.__name__, beta2): ex.mean_turn(order(0.1, beta2=beta2, eps=1e-10), start=10.0)
        for order in (Adam, LaProp)
        for beta2 in (0.9, 0.999)
    }
    for order in ("Adam", "LaProp"):  # memory: more than twice as long home
        assert table[order, 0.999].back > 2.5 * table[order, 0.9].back
    for beta2 in (0.9, 0.999):  # order: hardly matters for the way home
        assert table["Adam", beta2].back == pytest.approx(table["LaProp", beta2].back, rel=0.05)
    assert table["Adam", 0.9].turning == table["LaProp", 0.9].turning + 5
    assert table["Adam", 0.999].turning == table["LaProp", 0.999].turning


def test_nine_rules_eight_of_which_arrive_together():
    arrival = {
        label: int(ex.turn(rule, ex.RACE_START).crossing[0]) for label, rule in ex.RACE.items()
    }
    assert len(arrival) == 9
    assert all(190 <= step <= 210 for label, step in arrival.items() if label != "Adadelta")
    assert arrival["Adadelta"] == 370


# Bounds


def test_the_sharp_bound_is_one_where_the_memories_are_equal():
    beta = np.linspace(0.05, 0.95, 10)
    assert ex.sharp_bound(beta, beta) == pytest.approx(np.ones(10))
    assert ex.sharp_bound(0.9, 0.999) == pytest.approx(7.2703, abs=1e-4)
    assert ex.sharp_bound(0.9, 0.8) == np.inf


def test_no_gradients_beat_the_sharp_bound_and_some_come_near():
    rng = np.random.default_rng(0)
    tails = (
        rng.standard_normal((300, 500))
        * np.exp(rng.uniform(-0.3, 0.3, 500))[None] ** np.arange(300)[:, None]
    )
    step = np.abs(follow(Adam(1.0, eps=1e-300), tails).dx)
    assert step[np.isfinite(step)].max() <= ex.sharp_bound(0.9, 0.999)
    near = np.abs(follow(Adam(1.0, eps=1e-300), ex.growing(0.999 / 0.9, 8000)).dx[-1, 0])
    assert ex.paper_bound(0.9, 0.999) * 2 < near < ex.sharp_bound(0.9, 0.999)
    assert near == pytest.approx(ex.sharp_bound(0.9, 0.999), rel=1e-3)


def test_growing_gradients_end_at_one_for_every_factor():
    assert ex.growing(2.0, 4).tolist() == [0.125, 0.25, 0.5, 1.0]
    many = ex.growing(np.array([1.0, 2.0]), 3)
    assert many.shape == (3, 2)
    assert many[:, 1].tolist() == [0.25, 0.5, 1.0]


def test_the_papers_bound_falls_back_to_one():
    assert ex.paper_bound(0.9, 0.999) == pytest.approx(10**0.5)
    assert ex.paper_bound(0.9, 0.9) == 1.0


# The edge, and the angle


@pytest.mark.parametrize("eps, returns", [(1e-12, True), (1e-3, True), (3e-3, False)])
def test_adam_leaves_a_minimum_unless_eps_holds_it(eps, returns):
    run = minimize(Bowl(), Adam(0.1, beta2=0.99, eps=eps), 1.0, 2500, keep="path")
    x = np.abs(run.x[:, 0])
    low = x.argmin()
    assert x[low] < 1e-15
    assert (x[low:].max() > 1e-3) == returns


def test_rotation_costs_adam_steps_and_gradient_descent_none():
    adam = [ex.steps_at_angle(Adam(0.1), angle)[0] for angle in (0, 22.5, 45)]
    gd = [ex.steps_at_angle(GradientDescent(2 / 101), angle)[0] for angle in (0, 22.5, 45)]
    assert adam == [82, 382, 501]
    assert gd == [444] * 3


def test_an_angle_at_which_the_loss_never_settles_says_so():
    assert ex.steps_at_angle(GradientDescent(0.1), 0.0, steps=50) == (-1, -1)


def test_the_tent_is_the_surface_that_is_measured():
    rule = Adam(0.1)
    assert ex.turn(rule, 2.0).depth == ex.turn(rule, 2.0, surface=Tent()).depth


@pytest.mark.parametrize("eta_lambda, beta", [(0.02, 0.5), (0.3, 0.8), (3.8, 0.9), (1.0, 0.0)])
def test_momentums_rate_is_its_polynomials_largest_root(eta_lambda, beta):
    roots = np.roots([1, -(1 + beta - eta_lambda), beta])
    assert np.isclose(ex.momentum_rate(eta_lambda, beta), np.abs(roots).max(), rtol=1e-12)


def test_to_stay_counts_the_last_arrival_of_the_best_run():
    lr = np.array([[0.5], [1.5], [3.0]])  # x is multiplied by 0.5, −0.5 and −2 each step
    arrives = ex.steps_to_stay(Bowl(), GradientDescent(lr[:2]), (1.0,), 0.5 * 0.5**8, 20)
    assert arrives == 4
    assert ex.steps_to_stay(Bowl(), GradientDescent(lr[2:]), (1.0,), 0.1, 20) == 21
