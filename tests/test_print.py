"""A page on paper, as Chromium prints it: what stands there, in which order, and what does not."""

import io
import re
import unicodedata

import pytest
from pypdf import PdfReader

PAGES = [
    "00_welcome", "01_gradient_descent", "02_momentum", "03_adaptive", "04_bias_correction",
    "05_adam",
]  # fmt: skip


def printed(page):
    """Print a page; return the text of each sheet, and how far down each is filled, 0 to 1."""
    page.wait_for_function(
        "[...document.querySelectorAll('[data-live]')].every(e => 'liveReady' in e.dataset)"
    )
    reader = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    texts, filled = [], []
    for sheet in reader.pages:
        height, lowest = float(sheet.mediabox.height), [1.0]

        def look(text, cm, tm, font, size, height=height, lowest=lowest):
            if text.strip():
                y = cm[1] * tm[4] + cm[3] * tm[5] + cm[5]
                lowest.append(y / height)

        texts.append(sheet.extract_text(visitor_text=look))
        filled.append(1 - min(lowest))
    return texts, filled


def squeezed(texts):
    """All text without blanks and ligatures: a PDF says where letters stand, not where words end."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", "".join(texts)))


def test_a_chapter_on_paper_has_its_number_its_values_and_its_answers_last(site, new_page):
    page = new_page(theme="dark")
    page.goto(f"{site}/chapters/04_bias_correction.html")
    question = page.locator(".quiz legend").first.inner_text()
    hints = page.locator("#exercises .admonition.dropdown p:not(.admonition-title)")
    plain = hints.evaluate_all("""all => all.map(e => [...e.childNodes]
        .filter(n => n.nodeType === 3).map(n => n.textContent.trim())
        .sort((a, b) => b.length - a.length)[0])""")
    plain = [words for words in plain if len(words) > 25]  # else no words of its own
    reasons = page.locator(".quiz .says.right").all_text_contents()
    assert plain and reasons
    texts, _ = printed(page)
    text = squeezed(texts)
    assert text.startswith("4.Biascorrection:theghostofzero")
    end = text.index("Hintsandanswers")
    assert text.index("Exercises") < text.index("Furtherreading") < end
    assert text.index(squeezed([question])) < end
    for answer in (*plain, *reasons):
        assert text.count(squeezed([answer])) == 1
        assert text.index(squeezed([answer])) > end, answer
    assert "Hint11,attheend." in text[:end]
    for nothing in ("Clicktohide", "Clicktoshow", "Showthesource", "Reset", "Copylink"):
        assert nothing not in text, nothing
    values = page.evaluate(
        "[...document.querySelectorAll('[data-live]')].map(e => e.live.get().values.step)"
    )
    assert len(values) > 3
    for step in values:
        assert f"Drawnwithstep{step}of" in text
    assert page.locator(".print-values").count() == 0, "the page is as it was"
    assert page.locator(".print-answers").count() == 0
    assert page.locator("#exercises .admonition.dropdown p:not(.admonition-title)").count() > 0


def test_the_values_on_paper_are_those_the_reader_set(site, new_page):
    page = new_page()
    page.goto(f"{site}/chapters/04_bias_correction.html")
    root = page.locator("[data-live]").first
    root.evaluate("e => e.live.set({step: 7})")
    texts, _ = printed(page)
    assert "Drawnwithstep7of" in squeezed(texts)


@pytest.mark.parametrize("stem", PAGES)
def test_no_sheet_is_left_half_empty(site, new_page, stem):
    """A figure is not cut, so some room may stay before one, but less than half a sheet of it."""
    page = new_page()
    page.goto(f"{site}/chapters/{stem}.html")
    _, filled = printed(page)
    assert min(filled[:-1]) > 0.45, [round(x, 2) for x in filled]


def test_the_cheat_sheet_is_one_sheet(site, new_page):
    page = new_page()
    page.goto(f"{site}/chapters/cheat_sheet.html")
    rules = page.locator("td b, td strong").all_inner_texts()
    texts, _ = printed(page)
    assert len(texts) == 1
    text = squeezed(texts)
    assert all(squeezed([rule]) in text for rule in rules)
    assert len(rules) > 10 and "Numbersworthknowing" in text
