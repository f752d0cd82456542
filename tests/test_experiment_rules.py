"""The rules made for one experiment are what their names say, measured against the library's."""

import numpy as np
import pytest

from optlib import Adam, RMSProp, debias, follow
from optlib.exercises.mistakes import AdamOnlyMCorrected, AdamUncorrected
from optlib.experiments import (
    PAIRINGS,
    AdamAfterSilence,
    Average,
    FromFirst,
    FromOne,
    OpenAdam,
    WarmedUp,
    mean_turn,
)

G = np.random.default_rng(4).standard_normal(200)


@pytest.mark.parametrize(
    ("fix_m", "fix_v", "same"),
    [(1.0, 1.0, Adam), (1.0, 0.0, AdamOnlyMCorrected), (0.0, 0.0, AdamUncorrected)],
)
def test_adam_with_its_corrections_on_and_off(fix_m, fix_v, same):
    ours = follow(OpenAdam(0.1, fix_m=fix_m, fix_v=fix_v), G).dx
    np.testing.assert_allclose(ours, follow(same(0.1), G).dx, rtol=1e-12)


def test_a_silence_is_so_many_gradients_of_zero():
    heard = follow(Adam(1.0), np.append(np.zeros(50), G)).dx[50:]
    np.testing.assert_allclose(follow(AdamAfterSilence(1.0, silence=50.0), G).dx, heard)


def test_an_average_goes_nowhere_and_holds_the_drifting_signal():
    run = follow(Average(beta1=0.9, drift=0.5), np.ones(300))
    assert not run.dx.any()
    t = np.arange(1, 301)
    np.testing.assert_allclose(run.state.s[:, 0], 1 + 0.5 * t)
    late = run.state.s[-1, 0] - debias(run.state.m, 0.9, 300)[-1, 0]
    assert late == pytest.approx(0.5 * 0.9 / 0.1)


@pytest.mark.parametrize("size", [0.01, 1.0, 100.0])
def test_a_start_at_the_first_square_makes_the_first_step_the_rate(size):
    step = -follow(FromFirst(0.1, beta2=0.99), np.full(100, size)).dx
    np.testing.assert_allclose(step, 0.1)


def test_a_start_at_one_is_right_for_gradients_of_size_one_only():
    first = [-follow(FromOne(0.1, beta2=0.99), [size]).dx[0, 0] for size in (0.01, 1.0, 100.0)]
    np.testing.assert_allclose(first, np.array([0.001, 0.1, 1.0]), rtol=0.01)


def test_a_warm_up_multiplies_the_steps_until_it_is_over():
    warmed, plain = (follow(rule, G).dx[:, 0] for rule in (WarmedUp(0.1, warm=50), RMSProp(0.1)))
    np.testing.assert_allclose(warmed / plain, np.minimum(np.arange(1, 201) / 50, 1))


def test_the_pairings_are_as_fair_as_they_say():
    same, equal = PAIRINGS["same η"], PAIRINGS["equal arrival speed"]
    assert len({rule.lr for rule, _ in same}) == 1
    crossings = [mean_turn(rule, 10.0, width).crossing for rule, width in equal]
    assert crossings[0] == pytest.approx(crossings[1], rel=0.1)
