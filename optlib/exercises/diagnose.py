"""Say of a learner's rule what happened: the answer to a rule is the steps that it computes.

The steps along a fixed list of gradients, with a large ε, are compared with the rule's and with
those of every known mistake of the rule. ``diagnose`` names the mistake, the first step where it
shows, and both numbers.

    run = follow(MyAdam(**settings_of(Adam)), gradients(), START)
    print(diagnose(Adam, run).message)
"""

from dataclasses import dataclass

import numpy as np

from optlib.descent import Trajectory
from optlib.exercises.mistakes import (
    MISTAKES,
    SETTINGS,
    START,
    TOLERANCE,
    gaps,
    steps_of,
    told_apart,
)


@dataclass(frozen=True)
class Diagnosis:
    """What became of an answer: whether it is right, and if not, why, where and by how much.

    ``mistake`` is a class of ``MISTAKES``, or None; ``step`` counts from 1; ``expected`` and
    ``got`` are what the rule and the learner computed there, in the first coordinate that differs.
    ``message`` is for the learner.
    """

    passed: bool
    message: str
    mistake: type | None = None
    step: int | None = None
    expected: float | None = None
    got: float | None = None


def diagnose(rule, answer, settings=SETTINGS):
    """Compare what a learner computed with a rule and its known mistakes: a ``Diagnosis``.

    ``answer`` is a ``Trajectory``, the steps Δx (shape (100, 2)), or the points from ``START`` on
    (shape (101, 2)), made along ``gradients()`` with the hyperparameters ``settings_of(rule,
    settings)``. What cannot be compared is told in the message; nothing is raised.
    """
    right = steps_of(rule, settings)
    steps, trouble = read(answer, right.shape)
    if trouble:
        return Diagnosis(False, trouble)
    apart = np.flatnonzero(gaps(steps, right) > TOLERANCE)
    if not len(apart):
        return Diagnosis(True, f"Right: all {len(right)} steps are those of {rule.__name__}.")
    first = int(apart[0])
    column = int(np.argmax(gaps(steps[first, :, None], right[first, :, None]) > TOLERANCE))
    expected, got = float(right[first, column]), float(steps[first, column])
    wrong = known(rule, steps, settings)
    return Diagnosis(
        False, message(wrong, first + 1, expected, got), wrong, first + 1, expected, got
    )


def known(rule, steps, settings=SETTINGS):
    """The known mistake that computes these steps, or None."""
    if rule not in MISTAKES:
        return None
    for wrong, usual in told_apart(rule).items():
        theirs = usual if settings == SETTINGS else steps_of(wrong, settings)
        if gaps(steps, theirs).max() <= TOLERANCE:
            return wrong
    return None


def message(wrong, step, expected, got):
    """The sentences for a learner whose steps differ from the rule's."""
    numbers = f"the rule moves by {expected:.6g}, and you by {got:.6g}"
    if wrong:
        return f"{wrong.diagnosis} It first shows in step {step}: {numbers}."
    if not np.isfinite(got):
        return (
            f"From step {step} on your steps are not finite numbers ({got:g}): look for a division "
            "by zero, the root of a negative number, or a value that grows without end."
        )
    before = f"The first {step - 1} steps are right, but " if step > 1 else "They differ at once: "
    return f"{before}in step {step} {numbers}; no mistake that is known here computes that."


def read(answer, shape):
    """An answer as steps of a given shape, and an empty text; or None and what is the matter."""
    count, dim = shape
    wanted = f"an array of {count} steps, shape {shape}"
    if answer is None:
        return (
            None,
            f"Your answer is None: does your code return what it computes? Expected {wanted}.",
        )
    if isinstance(answer, Trajectory):
        answer = answer.x
    try:
        numbers = np.asarray(answer)
        if not np.can_cast(numbers.dtype, float, "same_kind"):
            raise TypeError
        numbers = numbers.astype(float)
    except (TypeError, ValueError):
        kind = type(answer).__name__
        return None, f"Your answer, of type {kind}, does not hold real numbers: expected {wanted}."
    if numbers.shape == shape:
        numbers = np.cumsum([START, *numbers], axis=0)
    if numbers.shape != (count + 1, dim):
        hint = ", one row a step" if numbers.shape == shape[::-1] else ""
        return None, f"Your answer has the shape {numbers.shape}: expected {wanted}{hint}."
    if not np.allclose(numbers[0], START):
        return None, f"Your points start at {numbers[0].tolist()}: expected {list(START)}."
    with np.errstate(invalid="ignore"):  # what was infinite leads nowhere
        return np.diff(numbers, axis=0), ""
