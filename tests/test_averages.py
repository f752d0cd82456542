"""The exponential moving average, its weights, and the ghost of the zero it starts from."""

import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from optlib import debias, ema

QUICK = settings(max_examples=30, derandomize=True, deadline=None)
BETAS = st.floats(0, 0.999)
SEEDS = st.integers(0, 2**32 - 1)


def averages(values, beta, start=0.0):
    """The average after each value."""
    seen, average = [], start
    for value in values:
        average = ema(average, value, beta)
        seen.append(average)
    return np.array(seen)


def test_three_steps_by_hand_in_symbols():
    beta, a, b, c = sp.symbols("beta a b c")
    average = ema(ema(ema(0, a, beta), b, beta), c, beta)
    assert sp.expand(average - (1 - beta) * (c + beta * b + beta**2 * a)) == 0


@QUICK
@given(BETAS, SEEDS)
def test_the_weights_fall_by_beta_a_step_and_add_up_to_one_minus_beta_to_the_t(beta, seed):
    values = np.random.default_rng(seed).normal(size=40)
    weights = (1 - beta) * beta ** np.arange(40)[::-1]
    assert averages(values, beta)[-1] == pytest.approx(weights @ values, rel=1e-9, abs=1e-12)
    assert weights.sum() == pytest.approx(1 - beta**40, rel=1e-9)


@QUICK
@given(BETAS, SEEDS)
def test_the_start_keeps_the_weight_beta_to_the_t(beta, seed):
    values = np.random.default_rng(seed).normal(size=25)
    ghost = averages(values, beta, start=1.0) - averages(values, beta, start=0.0)
    np.testing.assert_allclose(ghost, beta ** np.arange(1, 26), rtol=1e-9, atol=1e-14)


@QUICK
@given(BETAS, st.floats(-1e3, 1e3))
def test_a_constant_is_its_own_corrected_average_from_the_first_step_on(beta, value):
    t = np.arange(1, 31)
    corrected = debias(averages(np.full(30, value), beta), beta, t)
    np.testing.assert_allclose(corrected, value, rtol=1e-9)


@QUICK
@given(BETAS, SEEDS)
def test_a_corrected_average_is_an_average_whose_decay_warms_up(beta, seed):
    values = np.random.default_rng(seed).normal(size=30)
    corrected = debias(averages(values, beta), beta, np.arange(1, 31))
    average = 0.0
    for t, value in enumerate(values, 1):
        warm = beta * (1 - beta ** (t - 1)) / (1 - beta**t)
        average = ema(average, value, warm)
        assert corrected[t - 1] == pytest.approx(average, rel=1e-8, abs=1e-10)


def test_with_beta_near_one_the_corrected_average_is_the_running_mean():
    values = np.random.default_rng(0).normal(size=50)
    t = np.arange(1, 51)
    corrected = debias(averages(values, 1 - 1e-7), 1 - 1e-7, t)
    np.testing.assert_allclose(corrected, np.cumsum(values) / t, atol=1e-5)


@pytest.mark.parametrize("beta, steps", [(0.9, 44), (0.99, 459), (0.999, 4603)])
def test_how_long_the_ghost_stays_above_one_percent(beta, steps):
    room = averages(np.ones(steps), beta)
    assert room[-1] > 0.99 > room[-2]


def test_decays_may_be_an_array():
    beta = np.array([0.0, 0.5, 0.9])
    np.testing.assert_allclose(ema(0.0, 1.0, beta), [1.0, 0.5, 0.1])
    np.testing.assert_allclose(debias(ema(0.0, 20.0, beta), beta, 1), 20.0)
