"""Pages that are there at once: what was made light looks and does as what Sphinx wrote.

Every page is opened twice, as Sphinx wrote it (kept in `_build/pages`) and as it is published, and
each kind of element must come out the same: all computed styles, in every state that readers make.
"""

from urllib.parse import urlsplit

import pytest
from test_site import CHAPTERS, PAGES, wait_until_alive

from book import mends

# Every kind of element (its tag and classes and those of its ancestors, once each) with everything
# that it, and what is painted before and after it, is styled with.
STYLES = """() => {
  const kinds = {};
  const keys = [...getComputedStyle(document.body)].filter((key) => !key.startsWith("--"));
  const name = (e) => e.localName + (e.getAttribute("class") ? "." + e.getAttribute("class") : "");
  const all = (e, part) => {
    const style = getComputedStyle(e, part), values = [];
    if (part && (style.content === "none" || style.content === "normal")) return "";
    // What is centred by its margins tells their length only once it has been laid out.
    const centred = !part && e.style.marginInline === "auto";
    for (const key of keys) {
      if (centred && key.startsWith("margin-")) continue;
      values.push(key + ":" + style.getPropertyValue(key));
    }
    return values.join(";").replaceAll(":0% 0%", ":0px 0px");  // the minifier's spelling
  };
  for (const e of document.querySelectorAll("html, body, body *:not(script, style, .katex *)")) {
    const path = [];
    for (let up = e; up && path.length < 4; up = up.parentElement) path.push(name(up));
    const kind = path.join(" < ");
    if (!(kind in kinds)) kinds[kind] = [all(e), all(e, "::before"), all(e, "::after")].join(" | ");
  }
  window.kinds = kinds;
  const digest = (text) => {
    let h = 0;
    for (let k = 0; k < text.length; k++) h = (Math.imul(h, 31) + text.charCodeAt(k)) | 0;
    return h;
  };
  return Object.fromEntries(Object.entries(kinds).map(([kind, text]) => [kind, digest(text)]));
}"""
STILL = """() => Promise.all(
  document.getAnimations().map((a) => a.finished.catch(() => null))).then(() => null)"""


def chapter_menu(page):
    page.locator(".btn.dropdown-toggle, .dropdown-download-buttons > button").first.click()


def tooltip(page):
    page.locator(".theme-switch-button:visible").first.hover()
    page.locator(".tooltip.show").wait_for()


def search_dialog(page):
    page.mouse.move(2, 600)
    page.locator(".tooltip").wait_for(state="detached")
    page.keyboard.press("Control+k")
    page.locator("#pst-search-dialog[open]").wait_for()


def search_dialog_closed(page):
    page.keyboard.press("Escape")
    page.locator("#pst-search-dialog[open]").wait_for(state="detached")


def everything_open(page):
    page.evaluate("document.querySelectorAll('article details').forEach(d => { d.open = true; })")


def quiz_answered(page):
    for field in page.locator("article fieldset:has(input[type=radio])").all()[:3]:
        field.locator("input").first.check()
    for field in page.locator("article fieldset:has(input[type=text])").all()[:1]:
        field.locator("input").fill("1")
        field.locator("button").click()


def walked_by_keyboard(page):
    for _ in range(14):
        page.keyboard.press("Tab")


def scrolled(page):
    page.mouse.wheel(0, 3000)
    page.wait_for_timeout(200)
    page.mouse.wheel(0, -300)
    page.wait_for_timeout(500)


def printed(page):
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")


STATES = (
    walked_by_keyboard,
    chapter_menu,
    tooltip,
    search_dialog,
    search_dialog_closed,
    everything_open,
    quiz_answered,
    scrolled,
    printed,
)


def as_written(page, book):
    """Let a browser page see the book's pages as Sphinx wrote them."""
    kept = book.parent / "pages"

    def answer(route):
        name = urlsplit(route.request.url).path.lstrip("/")
        html = (kept / name).read_text(encoding="utf8")
        html, _ = mends.mend(html)
        route.fulfill(body=html, content_type="text/html")

    page.route("**/*.html*", answer)


def open_both(site, book, new_page, name, theme, width):
    """Return a page as published and as written, both open at `name` and at rest."""
    pages = [new_page(theme=theme, width=width, reduced_motion="reduce") for _ in range(2)]
    as_written(pages[1], book)
    for page in pages:
        page.goto(f"{site}/{name}")
        wait_until_alive(page)
        page.evaluate("document.fonts.ready.then(() => null)")
    return pages


def differences(pages) -> list[str]:
    """Return the kinds of element that come out differently on two pages."""
    now, before = (page.evaluate(STILL) or page.evaluate(STYLES) for page in pages)
    found = [f"only on one page: {kind}" for kind in now.keys() ^ before.keys()]
    for kind in now.keys() & before.keys():
        if now[kind] != before[kind]:
            texts = (page.evaluate("kind => kinds[kind]", kind).split(";") for page in pages)
            changed = [f"{a} (was {b})" for a, b in zip(*texts, strict=False) if a != b]
            found.append(f"{kind}: {'; '.join(changed[:4])}")
    return sorted(found)[:12]


@pytest.mark.parametrize("theme, width", [("light", 1280), ("dark", 360)])
@pytest.mark.parametrize("name", [*PAGES, "404.html"])
def test_a_light_page_looks_as_it_was_written(site, book, new_page, name, theme, width):
    pages = open_both(site, book, new_page, name, theme, width)
    assert len(pages[0].evaluate(STYLES)) > 50
    assert differences(pages) == []


@pytest.mark.parametrize("theme, width", [("light", 360), ("dark", 1280)])
def test_what_readers_make_of_a_page_looks_as_it_was_written(site, book, new_page, theme, width):
    pages = open_both(site, book, new_page, CHAPTERS[1], theme, width)
    found = {}
    for state in STATES:
        for page in pages:
            state(page)
        found[state.__name__] = differences(pages)
    assert found == {state.__name__: [] for state in STATES}
