"""Search: what is asked for, in whatever spelling, leads to its section, from a file and served."""

import json
import subprocess
from urllib.parse import quote

import pytest

from book import npm
from book.search.build import join
from book.search.sections import formula_text, sections

EPSILON, ETA = "Where ε sits, again", "5. Adam: how long is a step of length η?"
SHEET = "Cheat sheet: every rule on one page"
ROOT = "What the correction does not correct"
FIRST = [
    *[(spelling, EPSILON) for spelling in ("ε", "ϵ", "epsilon", "eps", r"\varepsilon")],
    *[(spelling, ETA) for spelling in ("η", "eta", "lr", "learning rate", "Learning-rates")],
    *[(spelling, SHEET) for spelling in ("β₂", "β2", "β_2", "beta2", "beta_2", r"\beta_{2}")],
    *[(spelling, ROOT) for spelling in ("√v̂", "sqrt v_hat", r"\sqrt{\hat v}")],
    ("momentum", "2. Momentum: a ball that remembers"),
    ("momentun", "2. Momentum: a ball that remembers"),
    ("bias correction", "4. Bias correction: the ghost of zero"),
    ("rms prop", "3. Step sizes that adapt: AdaGrad, RMSProp, Adadelta"),
    ("Nesterov", "Nesterov: look before you add"),
    ("zigzag", "The zig-zag is a sign"),
    ("heavy ball", "A heavy ball: which number is the mass?"),
    ("resurrection", "Adam’s resurrection"),
    ("AMSGrad", SHEET),
    ("further reading", "Further reading"),
]


@pytest.fixture(params=["file", "http"])
def address(request, book, site):
    """Where the book is: as files, and served."""
    return book.as_uri() if request.param == "file" else site


def ask(page, address, query):
    """Open the search page with a question and wait for what it says."""
    page.goto(f"{address}/search.html?q={quote(query)}")
    page.wait_for_selector("#search-says:not(:empty)")


def test_every_spelling_finds_its_section_first_and_shows_a_line_with_it(address, new_page):
    page, wrong = new_page(), []
    for query, expected in FIRST:
        ask(page, address, query)
        hits = page.locator("#search-results li")
        first = hits.first.locator("a").inner_text() if hits.count() else None
        if first != expected:
            wrong.append(f"{query}: {first}; expected {expected}")
        elif not hits.first.locator("p").inner_text().strip():
            wrong.append(f"{query}: no line of text")
    assert wrong == []


def test_a_hit_is_marked_in_its_line_and_its_link_leads_to_the_section(address, new_page):
    page = new_page(width=360)
    ask(page, address, "eps")
    first = page.locator("#search-results li").first
    assert first.locator("mark").count() > 0
    assert all("ε" in t or "eps" in t for t in first.locator("mark").all_inner_texts())
    needs, has = page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    )
    assert needs <= has
    href = first.locator("a").get_attribute("href")
    assert href.startswith("chapters/05_adam.html#")
    first.locator("a").click()
    page.wait_for_url(f"**/{href}")
    heading = page.locator(f"#{href.split('#')[1]} h2")
    assert heading.inner_text().startswith(EPSILON)


def test_from_a_page_the_keyboard_alone_finds_a_section(address, new_page):
    page = new_page()
    page.goto(f"{address}/chapters/01_gradient_descent.html")
    page.keyboard.press("Control+k")
    page.keyboard.type("resurrection")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=resurrection*")
    page.wait_for_selector("#search-results li a")
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('#search-results') !== null"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/05_adam.html#*resurrection*")


def test_results_follow_what_is_typed(address, new_page):
    page = new_page()
    ask(page, address, "Nesterov")
    page.locator(".search-page-body input").fill("AMSGrad")
    page.wait_for_function(
        "document.querySelector('#search-results a')?.textContent.startsWith('Cheat sheet')"
    )


def test_what_is_not_found_is_said_with_a_suggestion(address, new_page):
    page = new_page()
    ask(page, address, "xqzzyw")
    assert "Nothing found for “xqzzyw”" in page.inner_text("#search-says")
    assert page.locator("#search-results li").count() == 0
    ask(page, address, "")
    assert "A word, a rule or a symbol" in page.inner_text("#search-says")


def test_only_the_search_page_loads_the_index(book):
    for page in [*book.glob("chapters/*.html"), book / "search.html"]:
        html = page.read_text(encoding="utf8")
        assert ("search-sections.js" in html) == (page.name == "search.html"), page.name
        assert "searchindex.js" not in html, page.name


# without a browser -------------------------------------------------------------------------------


def in_node(root, expression):
    """Return what `expression` gives in node, once `search.js` has run there, as data."""
    code = (
        f"require({json.dumps(str(root / 'book/static/search.js'))});"
        f"process.stdout.write(JSON.stringify({expression}))"
    )
    done = subprocess.run([npm.NODE, "-e", code], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("β₂ β_2 \\beta_{2} beta2", ["beta2"] * 4),
        ("ε ϵ eps epsilon \\varepsilon", ["epsilon"] * 5),
        ("v̂ \\hat{v} v_hat", ["vhat"] * 3),
        ("βᵗ β^t", ["beta", "beta", "t"]),
        ("ηλ = 0.1", ["eta", "lambda", "0.1"]),
        ("1e-8", ["1e-8"]),
        ("2λx", ["2", "lambda", "x"]),
        ("√v", ["sqrt", "v"]),
        ("Adam’s", ["adam", "s"]),
    ],
)
def test_symbols_have_one_spelling(root, text, terms):
    assert in_node(root, f"Search.terms({json.dumps(text)})") == terms


def test_a_line_is_cut_around_the_densest_hits(root):
    text = " ".join(["momentum", *["x"] * 60, "momentum momentum", *["y"] * 60])
    words = in_node(root, f"Search.excerpt({json.dumps(text)}, new Set(['momentum']))")
    assert [w["text"] for w in words if w["hit"]] == ["momentum", "momentum"]
    assert words[0]["text"] == words[-1]["text"] == "…"


@pytest.mark.parametrize(
    ("tex", "text"),
    [
        (r"\hat m_t=\frac{m_t}{1-\beta^t}", "m̂_t=m_t/(1-βᵗ)"),
        (r"\sqrt{\hat v}+\eps", "√v̂+ε"),
        (r"\beta_{2}^{t-1}", "β₂^(t-1)"),
        (r"\dfrac{\eta}{2}", "η/2"),
    ],
)
def test_formulas_are_read_as_text(tex, text):
    assert formula_text(tex) == text


def test_a_page_falls_apart_into_its_sections_without_what_is_hidden():
    body = """<section id="a"><h1>Title<a class="headerlink" href="#a">#</a></h1><p>One.</p>
    <section id="b"><h2>Inner</h2><p>Two <b>words</b>.</p><svg><text>no</text></svg>
    <details class="hide above-input"><pre>hidden code</pre></details></section></section>"""
    top, inner = sections(body)
    assert (top.id, top.title, top.level, top.text) == ("a", "Title", 1, "One.")
    assert (inner.id, inner.title, inner.level, inner.text) == ("b", "Inner", 2, "Two words.")


def test_the_index_is_a_classic_script_of_all_sections():
    found = [{"id": "t", "title": "T", "level": 1, "text": ""}]
    found.append({"id": "s", "title": "S", "level": 2, "text": "words"})
    script = join({"chapters/x": found})
    rows = json.loads(script.removeprefix("globalThis.SEARCH_SECTIONS=").rstrip(";\n"))
    assert [row["address"] for row in rows] == ["chapters/x.html", "chapters/x.html#s"]
    assert [row["page"] for row in rows] == ["T", "T"]
