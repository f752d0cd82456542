"""Quizzes as a reader meets them: by mouse and by keyboard, in Chromium, without a kernel."""

import json
import re
from xml.etree import ElementTree

import pytest

from optlib.exercises.quiz import Answer, Number, Question, quiz
from optlib.pictures import style

CHOICE = Question(
    "What does the average say after one reading of 20.0, with `β` = 0.9?",
    [
        Answer("18.0", because="0.9 is the weight of the past."),
        Answer("2.0", correct=True, because="A tenth of 20.0."),
        Answer("x < 20", because="True, but not what it says."),
    ],
)
NUMBER = Number(
    "How many steps back is the half-life at β = 0.9?",
    answer=6.58,
    tolerance=0.05,
    because="ln ½ / ln 0.9.",
    hints={10: "That is 1/(1 − β).", -1: "Steps are counted from 0."},
    unit="steps",
)


@pytest.fixture(params=["light", "dark"])
def page(request, new_page, tmp_path):
    """A page with a quiz of both kinds, and the same quiz again below."""
    html = quiz(CHOICE, NUMBER)._repr_html_()
    file = tmp_path / "quiz.html"
    file.write_text(
        f'<!doctype html><html lang="en" data-theme="{request.param}"><meta charset="utf8">'
        f'<meta name="viewport" content="width=device-width"><title>Quiz</title>'
        f"<style>{style.css()} body {{ background: var(--paper); color: var(--ink) }}</style>"
        f"<main><h1>Quiz</h1><div id='one'>{html}</div><div id='two'>{html}</div></main>"
    )
    page = new_page(theme=request.param, width=360)
    page.goto(file.as_uri())
    return page


def shown(page, part="#one"):
    return page.locator(f"{part} .says:visible").all_inner_texts()


def test_an_explanation_is_shown_for_the_answer_that_is_chosen(page):
    assert shown(page) == []
    for label, said in {
        "18.0": "Not this. 0.9 is the weight of the past.",
        "2.0": "Right. A tenth of 20.0.",
        "x < 20": "Not this. True, but not what it says.",
    }.items():
        page.locator("#one").get_by_label(label, exact=True).check()
        assert shown(page) == [said]
    assert shown(page, "#two") == [], "the same quiz further down keeps its own answers"


def test_the_keyboard_chooses_and_enter_leaves_the_page_alone(page):
    address = page.url
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    assert shown(page) == ["Right. A tenth of 20.0."]
    page.keyboard.press("Enter")
    assert page.url == address and shown(page) == ["Right. A tenth of 20.0."]


def test_a_number_is_judged_when_it_is_entered(page):
    field = page.locator("#one input[type=text]")
    for typed, said in [
        ("6.58", "Right. ln ½ / ln 0.9."),
        (" 6,6 ", "Right. ln ½ / ln 0.9."),
        ("10", "Not this. That is 1/(1 − β)."),
        ("−1", "Not this. Steps are counted from 0."),
        ("6.4", "Too small."),
        ("1e3", "Too large."),
        ("many", "That is not a number."),
    ]:
        field.fill(typed)
        field.press("Enter")
        assert shown(page) == [said]


def test_enter_judges_also_in_a_notebook_that_keeps_it_for_itself(page):
    page.evaluate("document.addEventListener('keydown', e => e.preventDefault(), true)")
    field = page.locator("#one input[type=text]")
    field.evaluate("e => { e.value = '10' }")
    field.press("Enter")
    assert shown(page) == ["Not this. That is 1/(1 − β)."]


def test_a_number_is_judged_by_the_button_and_forgotten_when_cleared(page):
    page.locator("#one input[type=text]").fill("10")
    page.locator("#one").get_by_role("button", name="Check").click()
    page.locator("#one").get_by_label("18.0").check()
    assert len(shown(page)) == 2
    page.locator("#one").get_by_role("button", name="Clear my answers").click()
    assert shown(page) == []
    assert page.locator("#one input[type=text]").input_value() == ""
    assert page.locator("#one :checked").count() == 0


def test_choices_work_without_javascript_and_fit_a_phone(browser, tmp_path):
    file = tmp_path / "quiz.html"
    file.write_text(f'<meta charset="utf8">{quiz(CHOICE, NUMBER)._repr_html_()}')
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 600})
    page = context.new_page()
    page.goto(file.as_uri())
    page.get_by_label("2.0", exact=True).check()
    visible = page.locator(".says:visible").all_inner_texts()
    assert visible == ["Right. A tenth of 20.0.", "ln ½ / ln 0.9."]
    boxes = [element.bounding_box() for element in page.locator("fieldset").all()]
    context.close()
    assert max(box["x"] + box["width"] for box in boxes) <= 360


def test_every_question_is_a_group_with_a_name_and_every_input_has_a_label(page):
    assert page.locator("#one").get_by_role("group").count() == 2
    assert page.locator("#one").get_by_role("radio").count() == 3
    assert page.locator("#one").get_by_role("textbox", name="Your number").count() == 1


def test_every_target_is_at_least_24_pixels_high(page):
    for target in page.locator("label:has(input[type=radio]), button, input[type=text]").all():
        assert target.bounding_box()["height"] >= 24


def test_html_is_the_same_every_time_and_escapes_what_authors_write():
    html = quiz(CHOICE, NUMBER)._repr_html_()
    assert html == quiz(CHOICE, NUMBER)._repr_html_()
    assert "x &lt; 20" in html and "<code>β</code>" in html
    ElementTree.fromstring(html)


def test_style_is_small():
    assert len(re.search(r"<style>.*?</style>", quiz(CHOICE)._repr_html_(), re.S)[0]) < 2_000


def test_the_right_range_comes_first():
    fieldset = ElementTree.fromstring(quiz(NUMBER)._repr_html_()).find("fieldset")
    low, high, text = json.loads(fieldset.get("data-says"))[0]
    assert (low, high) == pytest.approx((6.53, 6.63)) and text == "Right. ln ½ / ln 0.9."


def test_plain_text_has_the_questions_but_not_the_answers_reasons():
    plain = quiz(CHOICE, NUMBER)._repr_mimebundle_()["text/plain"]
    assert "1. What does" in plain and "b) 2.0" in plain and "2. How many" in plain
    assert "A tenth" not in plain


WRONG = Answer("no", because="Because.")


@pytest.mark.parametrize(
    "make, message",
    [
        (lambda: quiz(), "no questions"),
        (lambda: quiz("Why?"), "'Why\\?' is no question"),
        (lambda: Answer("2.0"), "because of the answer '2.0'"),
        (lambda: Answer("", because="x"), "text = ''"),
        (lambda: Answer("$x^2$", because="x"), r"\$…\$ is not rendered"),
        (lambda: Question("Why?", [Answer("a", True, because="b")]), "'Why\\?' has 1 answers"),
        (lambda: Question("Why?", [WRONG, Answer("a", because="b")]), "has 0 correct answers"),
        (lambda: Question("Why?", [WRONG, WRONG]), "has the answer 'no' twice"),
        (
            lambda: Question("Why?", [Answer(t, True, because="b") for t in "ab"]),
            "has 2 correct answers",
        ),
        (lambda: Number("How?", 1, 0.1), "because of the question 'How\\?'"),
        (lambda: Number("How?", 1, 0, because="x"), "tolerance = 0"),
        (lambda: Number("How?", float("nan"), 1, because="x"), "answer = nan"),
        (lambda: Number("How?", 1, 0.1, because="x", hints={1.05: "y"}), "within two tolerances"),
        (lambda: Number("How?", 1, 0.1, because="x", hints={3: ""}), r"hints\[3\] = ''"),
    ],
)
def test_a_bad_question_is_refused_by_name(make, message):
    with pytest.raises(ValueError, match=message):
        make()
