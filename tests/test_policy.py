"""The book under a strict Content-Security-Policy: no code in the html, and everything lives."""

import re

import pytest
from bs4 import BeautifulSoup
from test_site import CHAPTERS, PAGES

from book import policy
from tools.server import serve

FIGURE = '<script type="application/json" class="live-data">{}</script>'


def test_handlers_leave_the_html_and_keep_their_code():
    page = (
        '<p>one</p><fieldset class="q" onchange="check(this, &#x27;a&#x27;)" '
        'onkeyup="check(1)"><button onclick="check(1)">Check</button></fieldset>'
    )
    bare, handlers = policy.move_handlers(page)
    assert handlers == {
        policy.digest("check(this, 'a')"): "check(this, 'a')",
        policy.digest("check(1)"): "check(1)",
    }
    first, second = (policy.digest(code) for code in ("check(this, 'a')", "check(1)"))
    assert bare == (
        f'<p>one</p><fieldset data-on="change:{first} keyup:{second}" class="q">'
        f'<button data-on="click:{second}">Check</button></fieldset>'
    )
    assert policy.move_handlers(bare) == (bare, {})


def test_the_policy_names_the_hash_of_each_inline_script_once():
    page = "<script>let a = 1;</script><script src='b.js'></script>"
    data = FIGURE.format("{}")
    header = policy.header([page + data, page])
    assert header.count("'sha256-") == 1
    # As `printf 'let a = 1;' | openssl dgst -sha256 -binary | base64` gives it.
    assert "'sha256-xY6QKfH9PRsQnLz56nj6MBwiK5oHg+im1Jkpdp1x/Ck='" in header
    assert "unsafe-eval" not in header


@pytest.mark.parametrize("name", [*PAGES, "404.html", "index.html"])
def test_a_page_holds_no_code_but_the_themes_choice_of_light_or_dark(book, name):
    soup = BeautifulSoup((book / name).read_text(encoding="utf8"), "html.parser")
    handlers = [a for tag in soup.find_all(True) for a in tag.attrs if re.fullmatch("on[a-z]+", a)]
    assert handlers == []
    inline = [s for s in soup.find_all("script") if not s.get("src") and not s.get("type")]
    assert len(inline) == (name != "index.html")
    assert all("dataset.theme" in script.string for script in inline)


@pytest.fixture(scope="module")
def strict(book):
    """Address of the built book, served under the strictest policy it lives under."""
    pages = [(book / name).read_text(encoding="utf8") for name in [*PAGES, "404.html"]]
    with serve(book, headers={"Content-Security-Policy": policy.header(pages)}) as address:
        yield address


def eventually(page, question, arg=None, tries=300):
    """Wait until a page answers yes. Playwright's own `wait_for_function` needs `unsafe-eval`."""
    for _ in range(tries):
        if page.evaluate(question, arg):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"never came true: {question}, {arg}; {page.problems}")


ALIVE = "[...document.querySelectorAll('[data-live]')].every(e => 'liveReady' in e.dataset)"
MOVED = """([k, before]) =>
    JSON.stringify(document.querySelectorAll('[data-live]')[k].live.get()) !== before"""
MOVE = """e => {
    e.value = e.value === e.max ? e.min : e.max;
    e.dispatchEvent(new Event('input', { bubbles: true }));
}"""


@pytest.mark.parametrize("name", CHAPTERS)
def test_every_figure_and_quiz_lives_under_the_policy(strict, new_page, name):
    """A refused script or style is a console error, which `new_page` does not let pass."""
    page = new_page()
    page.goto(f"{strict}/{name}")
    eventually(page, ALIVE)
    figures = page.locator("[data-live]").all()
    assert figures
    for k, figure in enumerate(figures):
        before = figure.evaluate("e => JSON.stringify(e.live.get())")
        dial = figure.locator("input[type=range]").first
        dial.evaluate(MOVE)
        eventually(page, MOVED, [k, before])
    for field in page.locator("article fieldset:has(input[type=text])").all():
        field.locator("input[type=text]").fill("1e9")
        field.locator("button").click()
        assert field.locator("output").inner_text() == "Too large."


def test_the_policy_refuses_what_it_should(strict, new_page):
    page = new_page()
    page.goto(f"{strict}/{CHAPTERS[0]}")
    page.wait_for_load_state("networkidle")
    assert page.problems == []
    page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), "
        "{textContent: 'window.ran = true'}))"
    )
    assert page.evaluate("window.ran") is None
    assert any("Content Security Policy" in problem for problem in page.problems)
    page.problems.clear()
