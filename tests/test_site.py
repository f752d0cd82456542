"""The built book as a reader meets it: each page, light and dark, wide and narrow, in Chromium."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml
from bs4 import BeautifulSoup
from conftest import ROOT

from tools.server import serve
from tools.weight import FIRST_VISIT, NEXT_PAGE, weights

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# axe does not read MathML and takes a table header that is a formula for an empty one.
RULES = {"empty-table-header": {"enabled": False}}
IMAGE_NAME = re.compile(r"\.(png|jpe?g|svg|gif|webp)$|^(_images/|image|figure|untitled)", re.I)


def toc_files(entry) -> list[str]:
    """Return the files that an entry of the table of contents names, in order."""
    found = [entry[key] for key in ("root", "file") if key in entry]
    for key in ("parts", "chapters", "sections"):
        for child in entry.get(key, []):
            found += toc_files(child)
    return found


TOC = toc_files(yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf8")))
PAGES = [*(f"{name}.html" for name in TOC), "search.html"]
CHAPTERS = [f"{name}.html" for name in TOC if re.search(r"/\d\d_", name)]


@pytest.fixture(scope="session")
def soups(book):
    """Every built page, parsed, by its path below the book's folder."""
    return {
        name: BeautifulSoup((book / name).read_text(encoding="utf8"), "html.parser")
        for name in ["index.html", *PAGES]
    }


def wait_until_alive(page):
    """Wait until every live figure of the page is ready."""
    page.wait_for_function(
        "[...document.querySelectorAll('[data-live]')].every(e => 'liveReady' in e.dataset)"
    )


def violations(page, axe) -> list[str]:
    """Return what axe finds wrong, one line for each element."""
    page.evaluate(axe)
    found = page.evaluate(
        "([tags, rules]) => axe.run(document, {runOnly: tags, rules}).then(r => r.violations)",
        [WCAG, RULES],
    )
    return [
        f"{rule['id']}: {node['html'][:150]} ({node['failureSummary'][:150]})"
        for rule in found
        for node in rule["nodes"]
    ]


# in the browser ----------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_page_is_clean(site, new_page, axe, name, theme, width):
    """No error, no outside request (both by `new_page`), no axe violation, no sideways scroll."""
    page = new_page(theme=theme, width=width)
    page.goto(f"{site}/{name}")
    wait_until_alive(page)
    assert page.evaluate("document.documentElement.dataset.theme") == theme
    needs, has = page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    )
    assert needs <= has, f"the page is {needs} px wide in a window of {has} px"
    assert violations(page, axe) == []


def test_axe_sees_what_it_should(site, new_page, axe):
    page = new_page()
    page.goto(f"{site}/{CHAPTERS[0]}")
    page.evaluate("document.querySelector('article').append(new Image())")
    assert any(line.startswith("image-alt") for line in violations(page, axe))


@pytest.mark.parametrize("name", CHAPTERS)
def test_no_box_behind_outputs_in_dark_mode(site, new_page, name):
    page = new_page(theme="dark")
    page.goto(f"{site}/{name}")
    boxes = page.evaluate("""() =>
        [...document.querySelectorAll('.cell_output .text_html')]
            .map(e => getComputedStyle(e).backgroundColor)""")
    assert set(boxes) <= {"rgba(0, 0, 0, 0)"}


@pytest.mark.parametrize("name", PAGES)
def test_page_opens_from_a_file(book, new_page, name):
    page = new_page()
    page.goto((book / name).as_uri())
    wait_until_alive(page)
    assert page.locator("h1:visible").count() == 1


def test_the_first_page_leads_to_the_book(book, new_page):
    page = new_page()
    page.goto((book / "index.html").as_uri())
    page.wait_for_url("**/" + PAGES[0])


def test_the_book_works_under_a_sub_path(book, new_page, tmp_path):
    (tmp_path / "some").mkdir()
    (tmp_path / "some" / "where").symlink_to(book)
    with serve(tmp_path) as address:
        page = new_page()
        page.goto(f"{address}/some/where/")
        page.wait_for_url("**/" + PAGES[0])
        for name in PAGES[1 : len(TOC)]:
            page.locator(".prev-next-area a.right-next").click()
            page.wait_for_url("**/" + name)
            wait_until_alive(page)
        assert page.requested
        assert all(urlsplit(u).path.startswith("/some/where/") for u in page.requested)


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_printed_page_is_the_article_alone_on_white(site, new_page, name):
    page = new_page(theme="dark")
    page.goto(f"{site}/{name}")
    wait_until_alive(page)
    themes = "dispatchEvent(new Event(kind)), document.documentElement.dataset.theme"
    assert page.evaluate(f"kind => ({themes})", "beforeprint") == "light"
    assert page.evaluate(f"kind => ({themes})", "afterprint") == "dark"
    pdf = page.pdf()
    assert pdf.startswith(b"%PDF-")
    assert len(pdf) > 10_000
    page.emulate_media(media="print")
    for part in (".bd-sidebar-primary", ".bd-header", ".bd-header-article", ".prev-next-footer"):
        for element in page.locator(part).all():
            assert not element.is_visible(), f"{part} is printed"
    assert page.locator("h1:visible").count() == 1


def test_an_animation_is_printed_as_its_last_picture_and_its_words(site, new_page):
    page = new_page()
    page.goto(f"{site}/{CHAPTERS[2]}")
    videos, stills = page.locator(".animation video"), page.locator(".animation img")
    words = page.locator(".animation details p")
    assert videos.count() > 0 and stills.count() == 0
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    for part, printed in ((videos, False), (stills, True), (words, True)):
        assert [e.is_visible() for e in part.all()] == [printed] * videos.count()
    assert all(
        page.evaluate(
            "[...document.querySelectorAll('.animation img')].map(i => "
            "i.decode().then(() => i.naturalWidth > 200))"
            ".reduce(async (all, one) => [...await all, await one], [])"
        )
    )
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    assert stills.count() == 0 and not words.first.is_visible()


def test_a_first_visit_and_a_second_page_are_light(site, book, new_page):
    page = new_page()
    visit(page, f"{site}/{CHAPTERS[1]}")
    first = weights(page.requested, site, book)
    page.requested.clear()
    visit(page, f"{site}/{CHAPTERS[2]}")
    second = {
        name: w for name, w in weights(page.requested, site, book).items() if name not in first
    }
    for limit, found in ((FIRST_VISIT, first), (NEXT_PAGE, second)):
        heaviest = sorted(found.items(), key=lambda item: -item[1])[:8]
        assert 0 < sum(found.values()) <= limit, f"{sum(found.values())} bytes: {heaviest}"


def visit(page, address):
    """Open an address and wait until everything that the page asks for has come, fonts too."""
    page.goto(address, wait_until="load")
    wait_until_alive(page)
    page.evaluate("document.fonts.ready.then(() => null)")
    page.wait_for_load_state("networkidle")


# in the files ------------------------------------------------------------------------------------


def test_the_table_of_contents_is_what_is_built(book):
    built = {p.relative_to(book).as_posix() for p in book.glob("*.html")}
    built |= {p.relative_to(book).as_posix() for p in book.glob("chapters/**/*.html")}
    assert built == {*PAGES, "index.html", "404.html"}


def references(soup):
    """Return every address a page refers to."""
    for tag in soup.find_all(True):
        for attribute in ("href", "src", "poster", "action", "data"):
            if address := tag.get(attribute):
                yield address


def test_links_out_of_the_book_are_encrypted(soups):
    assert [
        f"{name} -> {address}"
        for name, soup in soups.items()
        for address in references(soup)
        if urlsplit(address).scheme == "http"
    ] == []


def test_pictures_say_what_one_would_see(soups):
    bad = []
    for name, soup in soups.items():
        for image in soup.select("article img, article [role=img]"):
            text = (image.get("alt") or image.get("aria-label") or "").strip()
            if image.get("aria-labelledby"):
                labels = image["aria-labelledby"].split()
                text = " ".join(soup.find(id=label).get_text() for label in labels)
            if len(text) < 10 or IMAGE_NAME.search(text):
                bad.append(f"{name}: {text!r} in {str(image)[:120]}")
    assert bad == []


CHILDREN = {"msub": 2, "msup": 2, "msubsup": 3, "munder": 2, "mover": 2, "mfrac": 2, "mroot": 2}


def test_formulas_for_screen_readers_are_valid(soups):
    """MathML that Firefox would call invalid, and not read out, where Chromium is silent."""
    assert any(soup.find("msub") for soup in soups.values())
    assert [
        f"{name}: {tag}"
        for name, soup in soups.items()
        for tag in soup.find_all(list(CHILDREN))
        if len(tag.find_all(recursive=False)) != CHILDREN[tag.name]
    ] == []


def test_videos_are_files_with_a_text_and_do_not_start(book, soups):
    bad = []
    for name, soup in soups.items():
        for video in soup.find_all("video"):
            sources = [video.get("src"), *(s.get("src") for s in video.find_all("source"))]
            sound = (
                all(not s.startswith("data:") for s in sources if s)
                and any(sources)
                and video.has_attr("controls")
                and not video.has_attr("autoplay")
                and video.get("preload") == "none"
                and (
                    video.get("aria-label")
                    or video.get("aria-describedby")
                    or video.get("aria-labelledby")
                )
            )
            if not sound:
                bad.append(f"{name}: {str(video)[:200]}")
    assert bad == []
    assert all(path.stat().st_size <= 300_000 for path in book.glob("_videos/*"))


def test_pages_hold_no_module_and_load_live_js_only_where_it_is_needed(soups):
    for name, soup in soups.items():
        assert soup.select("script[type=module], link[rel=modulepreload]") == [], name
        scripts = [s["src"] for s in soup.select("script[src]")]
        live = [s for s in scripts if urlsplit(s).path.endswith("/live.js")]
        assert len(live) == bool(soup.select("[data-live]")), name
        assert len(scripts) == len(set(scripts)), f"{name} loads a script twice"
        assert not any("thebe" in s or "require" in s or "fontawesome" in s for s in scripts), name


def test_every_icon_on_a_page_is_in_the_icon_font(book, soups):
    from fontTools.ttLib import TTFont

    from book import assets

    font = TTFont(book / "_static" / assets.ICON_FONT)
    css = (book / "_static/styles/pydata-sphinx-theme.css").read_text(encoding="utf8")
    codes, glyphs = assets.icon_codes(css), set(font.getBestCmap())
    sizes = {"fa-solid", "fa-lg", "fa-fw"}
    used = {
        name[3:]
        for soup in soups.values()
        for tag in soup.select(".fa-solid, .fas")
        for name in tag["class"]
        if name.startswith("fa-") and name not in sizes
    }
    assert {"bars", "magnifying-glass"} <= used
    assert {icon for icon in used if codes.get(icon) not in glyphs} == set()


def test_stylesheets_ask_only_for_files_that_exist(book):
    missing = []
    for css in (book / "_static").rglob("*.css"):
        for address in re.findall(r'url\(["\']?([^)"\']+)', css.read_text(encoding="utf8")):
            parts = urlsplit(address)
            if parts.scheme == "data" or address.startswith("#"):
                continue
            if parts.scheme or not Path(css.parent / parts.path).exists():
                missing.append(f"{css.name}: {address}")
    assert missing == []
