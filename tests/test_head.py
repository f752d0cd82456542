"""What pages say of themselves, and the page for those who are lost."""

import re
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from test_site import PAGES, TOC

from book import head
from tools.server import serve

GITHUB = "https://github.com/Some/course"


@pytest.mark.parametrize(
    "baseurl, repository, address",
    [
        ("", "", ""),
        (None, None, ""),
        ("https://a.org/book", GITHUB, "https://a.org/book/"),
        ("", GITHUB, "https://some.github.io/course/"),
        ("", GITHUB + ".git", "https://some.github.io/course/"),
        ("", "https://github.com/some/some.github.io", "https://some.github.io/"),
        ("", "https://gitlab.com/some/course", ""),
    ],
)
def test_where_the_book_lives_is_said_once(baseurl, repository, address):
    assert head.base_url(baseurl, repository) == address


def test_a_description_is_a_pages_opening_in_plain_text():
    body = (
        "<h1>Title</h1><p>Short.</p><p>A rate of <span class='katex'><math><mi>η</mi></math>"
        "<span class='katex-html'>η</span></span> &amp; more is enough, but not beyond 2.</p>"
        "<p>Never reached.</p>"
    )
    assert (
        head.description(body, "Title")
        == "Short. A rate of η & more is enough, but not beyond 2." + " Never reached."
    )
    assert head.description("<h1>Title</h1>", "Title") == "Title"


def test_a_long_description_ends_with_a_sentence_or_a_word():
    assert head.shortened("One two. Three four? Five six seven.", 30) == "One two. Three four?"
    assert head.shortened("One two three four five six", 15) == "One two three…"
    assert head.shortened("Short.", 15) == "Short."


def test_every_page_says_what_it_is_about_and_no_two_say_the_same(book):
    found = {}
    for name in [*PAGES, "404.html", "index.html"]:
        soup = BeautifulSoup((book / name).read_text(encoding="utf8"), "html.parser")
        (tag,) = soup.select('meta[name="description"]')
        found[name] = tag["content"]
        assert 15 <= len(tag["content"]) <= head.LENGTH + 1, name
        assert "\\" not in tag["content"] and "$" not in tag["content"], name
        if name != "index.html":
            assert soup.select_one('meta[property="og:title"]')["content"] in soup.title.string
            assert len(soup.select('meta[name="viewport"]')) == 1
    del found["index.html"]
    assert len(set(found.values())) == len(found)


def test_every_page_of_the_course_says_how_to_cite_it(book):
    for name in TOC:
        soup = BeautifulSoup((book / f"{name}.html").read_text(encoding="utf8"), "html.parser")
        (line,) = soup.select("article .cite-this")
        words = " ".join(line.get_text().split())
        title = " ".join(soup.select_one("h1").find_all(string=True, recursive=False)).strip()
        assert (
            title in words and re.search(r"\(20\d\d\)", words) and "From Momentum to Adam" in words
        )


def test_addresses_wait_for_a_repository(book):
    html = (book / "chapters" / "02_momentum.html").read_text(encoding="utf8")
    assert 'rel="canonical"' not in html and "og:url" not in html and "og:image" not in html
    assert "Source of this page" not in html
    assert not (book / "sitemap.xml").exists()


def test_with_an_address_all_that_needs_one_is_there(tmp_path):
    config = SimpleNamespace(
        html_baseurl="https://some.github.io/course/",
        html_title="A course",
        author="Some",
        copyright="2026",
        html_theme_options={"repository_url": GITHUB, "repository_branch": "main"},
    )
    env = SimpleNamespace(found_docs={"chapters/a"}, doc2path=lambda n, base: f"{n}.ipynb")
    context = {"title": "The page", "body": "<p>What is it about?</p>", "metatags": ""}
    head.complete(SimpleNamespace(config=config, env=env), "chapters/a", context)
    address = "https://some.github.io/course/chapters/a.html"
    tags = BeautifulSoup(context["metatags"], "html.parser")
    assert tags.select_one('[property="og:url"]')["content"] == address
    picture = tags.select_one('[property="og:image"]')["content"]
    assert picture == "https://some.github.io/course/_static/preview.png"
    foot = BeautifulSoup(context["body"], "html.parser").select_one(".cite-this")
    links = [a["href"] for a in foot.select("a")]
    assert links == [address, f"{GITHUB}/blob/main/chapters/a.ipynb"]
    head.write_sitemap(tmp_path, config.html_baseurl, ["chapters/a", "chapters/b"])
    urls = ElementTree.parse(tmp_path / "sitemap.xml").getroot()
    assert [url[0].text for url in urls] == [address, address.replace("/a.", "/b.")]
    head.write_sitemap(tmp_path, "", ["chapters/a"])
    assert not (tmp_path / "sitemap.xml").exists()


def test_links_from_the_root_work_at_any_depth():
    page = '<a href="chapters/a.html"><a href="#top"><img src="data:x"><a href="https://a.org">'
    assert head.from_the_root(page, "https://a.org/course/") == page.replace(
        "chapters/a", "/course/chapters/a"
    )
    assert 'href="/chapters/a.html"' in head.from_the_root(page, "")


@pytest.mark.parametrize("theme, width", [("light", 1280), ("dark", 360)])
def test_who_is_lost_finds_a_styled_page_with_search_and_a_way_back(book, new_page, theme, width):
    page = new_page(theme=theme, width=width)
    with serve(book) as address:
        answer = page.goto(f"{address}/some/where/else.html")
        assert answer.status == 404
        assert all("404" in problem for problem in page.problems)
        page.problems.clear()
        assert page.evaluate("getComputedStyle(document.body).fontFamily") != "Times New Roman"
        assert page.evaluate("[...document.styleSheets].every(s => s.cssRules.length > 0)")
        page.locator("article input[type=search]").fill("momentum")
        page.locator("article button[type=submit]").click()
        page.wait_for_url("**/search.html?q=momentum*")
        page.go_back()
        page.problems.clear()
        page.locator("article a", has_text="first page").click()
        page.wait_for_url(f"**/{PAGES[0]}")
