"""A quiz written as text is the quiz written out, and what it cannot mean is refused."""

import re

import pytest

from optlib.exercises.quiz import Answer, Number, Question, quiz
from optlib.exercises.quiz_text import ask

TEXT = """
A run zig-zags while its loss
falls steadily. What do you know?
- η is above 2/λmax. | Above it each crossing
lands further out.
+ η - or its half - lies below. | The factor is negative.

Below which learning rate does it arrive?
= 0.2 ± 0.002 steps | 2/λ = 0.2.
~ 0.1 | That is 1/λ.
"""


def test_a_text_is_the_quiz_written_out():
    written = quiz(
        Question(
            "A run zig-zags while its loss falls steadily. What do you know?",
            [
                Answer("η is above 2/λmax.", because="Above it each crossing lands further out."),
                Answer("η - or its half - lies below.", True, because="The factor is negative."),
            ],
        ),
        Number(
            "Below which learning rate does it arrive?",
            0.2,
            0.002,
            because="2/λ = 0.2.",
            hints={0.1: "That is 1/λ."},
            unit="steps",
        ),
    )
    assert ask(TEXT).questions == written.questions
    assert ask(TEXT)._repr_html_() == written._repr_html_()


@pytest.mark.parametrize(
    "text, message",
    [
        ("Which?\n- this\n+ that | because", "'- this' has no reason; expected one after ' | '"),
        ("Which?\n- this | so\n= 2 ± 1 | so", "'Which?' has the marks"),
        ("Which?", "'Which?' has the marks"),
        ("Which?\n~ 3 | so", "'Which?' has the marks"),
        ("Which?\n= 2 | so", "= 2; expected a number with its tolerance"),
        ("Which?\n- this | so\n- that | so", "has 0 correct answers; expected exactly 1"),
    ],
)
def test_what_cannot_be_meant_is_refused(text, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        ask(text)
