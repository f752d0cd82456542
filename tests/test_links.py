"""Links: within the book, to states of figures, and out of it."""

import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from bs4 import BeautifulSoup
from conftest import serve
from sphinx.errors import ExtensionError
from test_book_build import build, small, write_notebook  # noqa: F401 (a fixture)

from book import links

STATES = {"critical": {"lr": 0.1}, "too-hot": {"lr": 2}}


def figure(name, states=(), formerly=None):
    """The markup of a live figure, as far as links know it."""
    data = json.dumps({"id": name, "formerly": formerly, "states": {s: {} for s in states}})
    return (
        f'<figure class="live" data-live id="{name}">'
        f'<script type="application/json" class="live-data">{data}</script></figure>'
    )


def show(html):
    """A code cell that shows `html`."""
    return [f"from IPython.display import HTML\nHTML({html!r})"]


# within the book ---------------------------------------------------------------------------------


def references(soup):
    """Return every address a page refers to."""
    for tag in soup.find_all(True):
        for attribute in ("href", "src", "poster", "action", "data"):
            if address := tag.get(attribute):
                yield address


def test_every_link_within_the_book_leads_somewhere(book):
    pages = sorted([*book.glob("*.html"), *book.glob("chapters/**/*.html")])
    soups, figures = {}, {}
    for path in pages:
        name, html = path.relative_to(book).as_posix(), path.read_text(encoding="utf8")
        soups[name] = BeautifulSoup(html, "html.parser")
        figures[name] = links.figures_in(html)
    ids = {name: {tag["id"] for tag in soup.find_all(id=True)} for name, soup in soups.items()}
    broken, looked_at = [], 0
    for name, soup in soups.items():
        for address in references(soup):
            parts = urlsplit(address)
            if parts.scheme or parts.netloc:
                continue
            looked_at += 1
            target = name
            if parts.path:
                # The page for what is not found may stand anywhere: it counts from the book's root.
                path = unquote(parts.path).removeprefix("/") if name == "404.html" else parts.path
                target = os.path.normpath(os.path.join(os.path.dirname(name), unquote(path)))
            if not (book / target).exists() or target.startswith(".."):
                broken.append(f"{name} -> {address}")
            elif parts.fragment and target in ids and unquote(parts.fragment) not in ids[target]:
                wrong = links.complaint(links.parse(target, parts.fragment), figures)
                if wrong:
                    broken.append(f"{name} -> {address}: {wrong}")
    assert broken == []
    assert looked_at > 500


# to states of figures ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fragment", "figure", "state", "values"),
    [
        ("phase", "phase", "", ""),
        ("phase/critical", "phase", "critical", ""),
        ("phase?lr=0.1&step=3", "phase", "", "lr=0.1&step=3"),
        ("phase/too%20hot", "phase", "too hot", ""),
    ],
)
def test_a_fragment_names_a_figure_and_a_state_or_values(fragment, figure, state, values):
    target = links.parse("chapters/a", fragment)
    assert (target.figure, target.state, target.values) == (figure, state, values)
    assert target.fragment == fragment


@pytest.mark.parametrize(
    ("fragment", "page", "complaint"),
    [
        ("phase/critical", "a", ""),
        ("phase?lr=3", "a", ""),
        ("old-phase/critical", "a", ""),
        ("phase/criticl", "a", "the figure 'phase' has no state 'criticl'; expected critical"),
        ("phas/critical", "a", "a has no figure 'phas'; expected phase, old-phase"),
        ("phase/critical", "b", "b has no figure 'phase'; there is one on a"),
        ("still/on", "b", "the figure 'still' has no state 'on'; it has none"),
    ],
)
def test_what_is_wrong_with_a_link_is_said_with_the_nearest_names(fragment, page, complaint):
    html = {"a": figure("phase", STATES, formerly="old-phase"), "b": figure("still")}
    figures = {name: links.figures_in(text) for name, text in html.items()}
    assert links.complaint(links.parse(page, fragment), figures) == complaint


def test_links_to_states_become_links_of_the_page(small):  # noqa: F811
    (small / "_toc.yml").write_text(
        "format: jb-book\nroot: chapters/00_welcome\nchapters:\n- file: chapters/01_other\n"
    )
    write_notebook(
        small / "chapters" / "00_welcome.ipynb",
        "# Welcome\n\nSet it to [the **critical** β](#phase/critical), to [0.5](#phase?lr=0.5), "
        "to [the figure](#phase), by [its old name](#live-old/too-hot), "
        "or go [elsewhere](01_other.ipynb#other/on) and [to a heading](#a-heading).",
        show(figure("phase", STATES, formerly="live-old")),
        "## A heading",
    )
    write_notebook(
        small / "chapters" / "01_other.ipynb", "# Another page", show(figure("other", ["on"]))
    )
    status, said = build(small)
    assert status == 0, said
    html = (small / "_build/html/chapters/00_welcome.html").read_text(encoding="utf8")
    soup = BeautifulSoup(html, "html.parser")
    live = {a["href"]: a for a in soup.select("article a.live-link")}
    assert list(live) == [
        "#phase/critical", "#phase?lr=0.5", "#phase", "#live-old/too-hot", "01_other.html#other/on",
    ]  # fmt: skip
    assert live["#phase/critical"].find("strong").text == "critical"
    assert "live-link" not in soup.select_one("a[href='#a-heading']")["class"]


def test_a_link_that_names_no_figure_or_state_fails_the_build_twice(small):  # noqa: F811
    write_notebook(
        small / "chapters" / "00_welcome.ipynb",
        "# Welcome\n\n[One](#phase/criticl), [two](#phas/critical).",
        show(figure("phase", STATES)),
    )
    for _ in range(2):
        status, said = build(small)
        assert status != 0
        assert (
            "chapters/00_welcome: the link '#phase/criticl': "
            "the figure 'phase' has no state 'criticl'; expected critical" in said
        )
        assert (
            "the link '#phas/critical': chapters/00_welcome has no figure 'phas'; expected phase"
            in said
        )


def test_a_figure_with_the_id_of_a_heading_is_refused():
    section = '<section id="phase"><h2>Phase</h2></section>'
    links.check_ids(figure("phase"), "chapters/a")
    with pytest.raises(ExtensionError, match="chapters/a: the id phase is a live figure's and"):
        links.check_ids(section + figure("phase"), "chapters/a")


# out of the book ---------------------------------------------------------------------------------


def test_a_link_out_of_the_book_that_leads_nowhere_is_reported(small, tmp_path_factory):  # noqa: F811
    web: Path = tmp_path_factory.mktemp("web")
    (web / "here.html").write_text("<title>Here</title>")
    with serve(web) as address:
        write_notebook(
            small / "chapters" / "00_welcome.ipynb",
            f"# Welcome\n\n[Here]({address}/here.html), [gone]({address}/gone.html).",
        )
        done = subprocess.run(
            [sys.executable, "-m", "book.check_links"],
            cwd=small,
            capture_output=True,
            text=True,
            timeout=300,
        )
    assert done.returncode == 1, done.stdout + done.stderr
    assert f"[broken] {address}/gone.html" in done.stdout
    assert "here.html" not in done.stdout
