"""The diagnosis of a rule that somebody wrote: every known mistake is named, and where it shows."""

from dataclasses import dataclass, field, make_dataclass

import numpy as np
import pytest

from optlib import Adam, GradientDescent, Momentum, follow, optimizers
from optlib.exercises.diagnose import diagnose
from optlib.exercises.mistakes import (
    MISTAKES,
    SETTINGS,
    START,
    AdamTFrozen,
    gradients,
    mistake,
    settings_of,
)


def name(value):
    return getattr(value, "__name__", str(value))


def run(rule, settings=SETTINGS):
    """What a learner hands in who wrote this rule."""
    return follow(rule(**settings_of(rule, settings)), gradients(), START)


@pytest.mark.parametrize("rule", optimizers.ALL, ids=name)
def test_the_rule_itself_passes_as_a_run_as_points_and_as_steps(rule):
    right = run(rule)
    for answer in (right, right.x, right.dx, right.dx.tolist(), right.dx.astype(np.float32)):
        found = diagnose(rule, answer)
        assert found.passed and found.mistake is None, found.message


@pytest.mark.parametrize("rule", optimizers.ALL, ids=name)
def test_every_mistake_is_named_with_the_step_where_it_shows(rule):
    right = run(rule).dx
    for wrong in MISTAKES[rule]:
        answer = run(wrong)
        found = diagnose(rule, answer.x)
        assert not found.passed and found.mistake is wrong
        assert found.message.startswith(wrong.diagnosis)
        at = found.step - 1
        assert np.allclose(answer.dx[:at], right[:at], rtol=0, atol=1e-5), wrong
        assert np.isclose(found.expected, right[at]).any()
        assert np.isclose(found.got, answer.dx[at], equal_nan=True).any()
        assert not np.isclose(found.got, found.expected, rtol=0, atol=1e-7)
        assert diagnose(rule, answer.dx).mistake is wrong, "steps are as good as points"


def test_a_message_has_the_step_and_both_numbers():
    found = diagnose(Adam, run(AdamTFrozen))
    assert found.step == 2, "one step never sees a frozen t"
    assert found.message == (
        f"{AdamTFrozen.diagnosis} It first shows in step 2: the rule moves by "
        f"{found.expected:.6g}, and you by {found.got:.6g}."
    )


def test_other_settings_are_compared_with_other_settings():
    settings = SETTINGS | {"lr": 0.2, "eps": 0.5}
    assert diagnose(Adam, run(Adam, settings), settings).passed
    assert not diagnose(Adam, run(Adam, settings)).passed
    assert diagnose(Adam, run(AdamTFrozen, settings), settings).mistake is AdamTFrozen


def test_what_nobody_foresaw_is_told_by_its_numbers():
    steps = run(Adam).dx
    steps[6, 1] += 0.5
    found = diagnose(Adam, steps)
    assert found.mistake is None and found.step == 7
    assert found.got == pytest.approx(found.expected + 0.5)
    assert found.message.startswith("The first 6 steps are right, but in step 7 the rule moves by")
    assert diagnose(Adam, -2.5 * steps).message.startswith("They differ at once: in step 1")


def test_steps_that_are_no_numbers_are_told_so():
    for bad in (np.nan, np.inf):
        steps = run(Adam).dx
        steps[3, 0] = bad
        found = diagnose(Adam, steps)
        assert found.step == 4
        assert f"From step 4 on your steps are not finite numbers ({bad:g})" in found.message


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (None, "is None: does your code return"),
        ("fast", "of type str, does not hold real numbers"),
        ([[1, 2], [3]], "of type list, does not hold real numbers"),
        (np.ones((100, 2)) * 1j, "of type ndarray, does not hold real numbers"),
        (Adam, "of type type, does not hold real numbers"),
        (0.5, "has the shape (): expected an array of 100 steps, shape (100, 2)"),
        (np.ones(100), "has the shape (100,)"),
        (np.ones((2, 100)), "shape (100, 2), one row a step"),
        (np.ones((99, 2)), "has the shape (99, 2)"),
        (np.ones((101, 2)), "points start at [1.0, 1.0]: expected [1.0, -2.0]"),
    ],
    ids=str,
)
def test_what_cannot_be_compared_is_told_in_a_sentence(answer, said):
    found = diagnose(Momentum, answer)
    assert not found.passed and found.mistake is found.step is None
    assert said in found.message and found.message.endswith(".")


def test_a_learners_own_class_is_enough():
    @dataclass(frozen=True, eq=False)
    class Mine(optimizers.Optimizer):
        lr: float = 0.1

        def update(self, g, state, t, x):
            return self.lr * g, state

    assert diagnose(GradientDescent, run(Mine)).mistake is mistake(GradientDescent, "Uphill")


def test_a_rule_without_known_mistakes_is_compared_with_itself():
    Slower = make_dataclass(
        "Slower", [("lr", float, field(default=0.1))], bases=(GradientDescent,), frozen=True
    )
    assert diagnose(Slower, run(GradientDescent)).passed
    assert "no mistake that is known here" in diagnose(Slower, run(Momentum)).message
