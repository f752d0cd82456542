"""A quiz written as text: ``ask``, for notebooks, where a question should read like one.

    ask('''
    A run zig-zags while its loss falls steadily. What do you know?
    - η is above 2/λmax. | Above 2/λmax each crossing lands further out.
    + η lies between 1/λmax and 2/λmax. | The factor across is negative and smaller than 1 in size.

    A bowl has curvature λ = 10. Below which learning rate does gradient descent arrive?
    = 0.2 ± 0.002 | 2/λ = 0.2: above it the factor 1 − ηλ is below −1.
    ~ 0.1 | That is 1/λ, which arrives in a single step.
    ''')

A blank line ends a question. ``+`` is its right answer and ``-`` a wrong one, ``|`` stands before
the reason. ``=`` is a number with its tolerance, and perhaps a unit, and ``~`` a wrong number that
people arrive at. A line that begins with none of these marks goes on with the one before.
"""

import re

from optlib.exercises.quiz import Answer, Number, Question, quiz

MARKED = re.compile(r"([-+=~]) +(.*)")


def ask(text):
    """Return the quiz that a text describes.

    Raises ValueError for an answer without a reason, for a question with answers of both kinds, and
    for what ``quiz`` refuses.
    """
    return quiz(*(_question(block) for block in re.split(r"\n\s*\n", text.strip("\n"))))


def _question(block):
    """The question of one block: its text, then its marked lines."""
    asked, *rest = _joined(block)
    answers = [_answer(line) for line in rest]
    marks = {mark for mark, *_ in answers}
    if marks and marks <= {"+", "-"}:
        choices = [Answer(said, mark == "+", because=why) for mark, said, why in answers]
        return Question(asked, choices)
    if [mark for mark, *_ in answers][:1] == ["="] and marks <= {"=", "~"}:
        (_, said, why), *wrong = answers
        answer, tolerance, unit = _number(said)
        hints = {float(said): why for _, said, why in wrong}
        return Number(asked, answer, tolerance, because=why, hints=hints, unit=unit)
    raise ValueError(f"{asked!r} has the marks {sorted(marks)}; expected + and -, or = and then ~")


def _joined(block):
    """The block's lines, each with the lines that go on with it."""
    lines = []
    for line in block.splitlines():
        if lines and not MARKED.match(line.strip()):
            lines[-1] += " " + line.strip()
        else:
            lines.append(line.strip())
    return lines


def _answer(line):
    """The mark of an answer, what it says, and the reason."""
    mark, rest = MARKED.fullmatch(line).groups()
    said, bar, why = rest.partition(" | ")
    if not bar:
        raise ValueError(f"{line!r} has no reason; expected one after ' | '")
    return mark, said.strip(), why.strip()


def _number(said):
    """The number, its tolerance and its unit: ``0.2 ± 0.002 steps``."""
    found = re.fullmatch(r"(\S+) ± (\S+) ?(.*)", said)
    if not found:
        raise ValueError(f"= {said}; expected a number with its tolerance, as in '0.2 ± 0.002'")
    return float(found[1]), float(found[2]), found[3]
