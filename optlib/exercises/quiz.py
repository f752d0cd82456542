"""Quizzes that explain every answer, without a kernel and, for choices, without JavaScript.

A choice is a native radio button whose explanation CSS shows when it is chosen; a number is checked
by one line of JavaScript in the page. Text may hold `code` between backticks; mathematics is
written in Unicode, because formulas between dollar signs are not rendered inside outputs.
"""

import hashlib
import json
import math
import re
from dataclasses import dataclass, field
from html import escape

from optlib.pictures import style

# The answer's range stands first; then hints, each with its own range. A form with method="dialog"
# goes nowhere when Enter is pressed, and an <output> empties itself when its form is reset.
CHECK = (
    "const t=this.querySelector('[type=text]').value.trim().replace(',','.')"
    ".replace('\N{MINUS SIGN}','-'),x=Number(t),"
    "s=JSON.parse(this.dataset.says),h=s.find(([a,b])=>x>=a&&x<=b),"
    "o=this.querySelector('output');o.className=h===s[0]?'says right':'says';"
    "o.value=!t?'':isNaN(x)?'That is not a number.':h?h[2]:x<s[0][0]?'Too small.':'Too large.'"
)
STYLE = """
.quiz { margin: 1rem 0; }
.quiz fieldset { border: 1px solid var(--grid, #d9dee5); border-radius: 6px; margin: 0 0 1rem;
  min-width: 0; padding: .8rem 1rem; }
.quiz legend { float: left; font-size: 1em; font-weight: 600; margin: 0 0 .4rem; padding: 0;
  width: 100%; }
.quiz label, .quiz .number { align-items: baseline; border-radius: 4px; clear: both; display: flex;
  gap: .6rem; margin: 0; padding: .3rem; }
.quiz label { cursor: pointer; }
.quiz .number { flex-wrap: wrap; }
.quiz .number label { padding: 0; }
.quiz [type=radio] { accent-color: currentcolor; flex: none; height: 1rem; margin: 0; outline: 0;
  position: relative; top: .15rem; width: 1rem; }
.quiz [type=text], .quiz button { background: none; border: 1px solid; border-radius: 4px;
  color: inherit; font: inherit; padding: .2rem .6rem; }
.quiz [type=text] { width: 6rem; }
.quiz .number span { white-space: nowrap; }
.quiz output { display: block; }
.quiz label:has([type=radio]:focus-visible), .quiz [type=text]:focus-visible,
.quiz button:focus-visible { outline: 2px solid var(--sym-g, #1d55d9); outline-offset: 1px; }
.quiz .says:not(:empty) { border-left: 3px solid var(--bad, #b3261e); display: block;
  margin: .1rem 0 .5rem .75rem; padding: .1rem 0 .1rem .9rem; }
.quiz .right.right { border-color: var(--good, #17703a); }
@media screen { @supports selector(:has(a)) {
  .quiz label:not(:has(:checked)) + p.says { display: none; } } }
"""
ENTER = "event.key==='Enter'&&this.onchange()"  # a notebook keeps Enter from the field's own change
PRESS = "this.closest('fieldset').onchange()"
COLOURS = ("grid", "good", "bad", "sym-g")


def _text(where, value):
    """Return a text, or raise ValueError when it is empty or holds a formula nobody renders."""
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{where} = {value!r}; expected a sentence")
    if re.search(r"\$[^$]+\$", value):
        raise ValueError(f"{where} = {value!r}; expected Unicode: $…$ is not rendered in a quiz")
    return value


def _html(text):
    """A text as HTML: escaped, backticks as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text, quote=False))


@dataclass(frozen=True)
class Answer:
    """One answer to choose, with the reason why it is right or wrong."""

    text: str
    correct: bool = False
    because: str = field(kw_only=True, default="")

    def __post_init__(self):
        _text("text", self.text)
        _text(f"because of the answer {self.text!r}", self.because)


@dataclass(frozen=True)
class Question:
    """A question with answers to choose from, exactly one of them correct."""

    text: str
    answers: list

    def __post_init__(self):
        _text("text", self.text)
        texts = [answer.text for answer in self.answers]
        if len(texts) < 2:
            raise ValueError(f"{self.text!r} has {len(texts)} answers; expected at least 2")
        twice = sorted({text for text in texts if texts.count(text) > 1})
        if twice:
            raise ValueError(f"{self.text!r} has the answer {twice[0]!r} twice; expected it once")
        correct = sum(answer.correct for answer in self.answers)
        if correct != 1:
            raise ValueError(f"{self.text!r} has {correct} correct answers; expected exactly 1")

    def html(self, number, name):
        """The question as a fieldset; ``name`` ties its radio buttons together."""
        rows = []
        for answer in self.answers:
            verdict, css = ("Right.", "says right") if answer.correct else ("Not this.", "says")
            rows.append(
                f'<label><input type="radio" name="{name}"/><span>{_html(answer.text)}</span>'
                f'</label><p class="{css}" role="status">'
                f"<b>{verdict}</b> {_html(answer.because)}</p>"
            )
        legend = f"<legend>{number}. {_html(self.text)}</legend>"
        return f"<fieldset>{legend}{''.join(rows)}</fieldset>"

    def plain(self, number):
        """The question as plain text."""
        letters = "abcdefghijklmnopqrstuvwxyz"
        rows = [f"   {a}) {answer.text}" for a, answer in zip(letters, self.answers, strict=False)]
        return "\n".join([f"{number}. {self.text}", *rows])


@dataclass(frozen=True)
class Number:
    """A question answered by a number: right within ``answer ± tolerance``.

    ``because`` says why; ``hints`` maps a wrong number that people arrive at to what it is instead.
    """

    text: str
    answer: float
    tolerance: float
    because: str = field(kw_only=True, default="")
    hints: dict = field(kw_only=True, default_factory=dict)
    unit: str = field(kw_only=True, default="")

    def __post_init__(self):
        _text("text", self.text)
        _text(f"because of the question {self.text!r}", self.because)
        if not math.isfinite(self.answer):
            raise ValueError(f"answer = {self.answer!r}; expected a finite number")
        if not (math.isfinite(self.tolerance) and self.tolerance > 0):
            raise ValueError(f"tolerance = {self.tolerance!r}; expected a number > 0")
        for value, hint in self.hints.items():
            _text(f"hints[{value!r}]", hint)
            if abs(value - self.answer) <= 2 * self.tolerance:
                raise ValueError(
                    f"hints[{value!r}] lies within two tolerances of the answer {self.answer!r}; "
                    "expected a number that can be told from it"
                )

    def html(self, number, name):
        """The question as a fieldset with a text field, a button and an output."""
        says = [(self.answer, f"Right. {self.because}")]
        says += [(value, f"Not this. {hint}") for value, hint in self.hints.items()]
        near = self.tolerance
        plain = [[v - near, v + near, text.replace("`", "")] for v, text in says]
        ranges = json.dumps(plain, ensure_ascii=False)
        unit = f"<span>{_html(self.unit)}</span>" if self.unit else ""
        return (
            f'<fieldset data-says="{escape(ranges)}" onchange="{escape(CHECK)}" '
            f'onkeyup="{escape(ENTER)}">'
            f"<legend>{number}. {_html(self.text)}</legend>"
            f'<div class="number"><label><span>Your number</span>'
            f'<input type="text" inputmode="decimal" name="{name}" autocomplete="off"/>{unit}'
            f'</label><button type="button" onclick="{escape(PRESS)}">Check</button></div>'
            '<output class="says"></output>'
            f'<noscript><p class="says right">{_html(self.because)}</p></noscript></fieldset>'
        )

    def plain(self, number):
        """The question as plain text."""
        return f"{number}. {self.text}"


class Quiz:
    """Questions on a page; ``quiz(...)`` makes one."""

    def __init__(self, questions):
        self.questions = questions

    def _repr_html_(self):
        digest = hashlib.sha256(repr(self.questions).encode()).hexdigest()[:8]
        body = "\n".join(
            question.html(number, f"q{digest}-{number}")
            for number, question in enumerate(self.questions, 1)
        )
        css = " ".join(STYLE.split()) + style.dark(".quiz", COLOURS)
        return (
            f'<form class="quiz" method="dialog"><style>{css}</style>\n'
            f'{body}\n<button type="reset">Clear my answers</button></form>'
        )

    def _repr_mimebundle_(self, **kwargs):
        plain = "\n\n".join(q.plain(number) for number, q in enumerate(self.questions, 1))
        return {"text/html": self._repr_html_(), "text/plain": plain}


def quiz(*questions):
    """Put questions on a page, each answer with its explanation.

    Raises ValueError without a question, and (when they are made) for a question without exactly
    one correct answer, with an answer twice, or with an answer that is not explained.
    """
    if not questions:
        raise ValueError("quiz() has no questions; expected at least 1")
    for question in questions:
        if not isinstance(question, (Question, Number)):
            raise ValueError(f"{question!r} is no question; expected a Question or a Number")
    return Quiz(questions)
