"""Live figures in Chromium: named states and links, what is kept in values, and what may fail."""

import re

import pytest
from conftest import serve

from optlib import Adam
from optlib.live import Descent, Series, Switch, script
from optlib.live.markup import css, detach_functions, functions_script
from optlib.surfaces import Slope
from tools.small_figures import paths, phase

READY = "document.querySelectorAll('[data-live]:not([data-live-ready])').length === 0"
TWO_FRAMES = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
POLICY = "default-src 'self'; style-src 'self' 'unsafe-inline'; script-src 'self'"


def parts(**changes):
    """A figure with quantities to switch off and a box to tick."""
    return Descent(
        **{
            "surface": Slope(),
            "optimizers": {"Adam": Adam(lr=0.1)},
            "start": (0.0,),
            "steps": 40,
            "sliders": {"twice": Switch("twice the gradient", value=0), "beta1": (0, 0.99)},
            "panels": (
                Series(
                    {"m": lambda m, twice: m * (1 + twice), "√v": lambda v: v**0.5},
                    ylim=(0, 3),
                    switches=True,
                    colours={"m": "m", "√v": "v"},
                    guides={"1": 1.0},
                ),
            ),
            "name": "parts",
            "title": "Parts of Adam",
            "alt": "Two curves rise from zero to one over forty steps.",
            **changes,
        }
    )


def named(**changes):
    """Two rules in a ravine with states by name."""
    return paths(
        name="ravine",
        formerly="live-old-ravine",
        states={"hot": {"lr": 0.5, "step": 7}, "alone": {"shown": ["Adam"]}},
        **changes,
    )


@pytest.fixture
def opened(tmp_path, new_page):
    """A function that writes a page, opens it and waits until its figures are ready."""

    def open_page(html, link=""):
        (tmp_path / "page.html").write_text(html, encoding="utf8")
        page = new_page()
        page.goto((tmp_path / "page.html").as_uri() + link)
        page.wait_for_function(READY)
        return page

    return open_page


def with_prose(figure, prose):
    """A page of a figure far below some text."""
    text = f'<div id="prose">{prose}</div><div style="height: 3000px"></div>'
    return figure.to_html().replace("</h1>", f"</h1>{text}")


def values(page, figure="[data-live]"):
    page.evaluate(TWO_FRAMES)
    return page.evaluate("(q) => document.querySelector(q).live.get().values", figure)


# states and links ---------------------------------------------------------------------------------


@pytest.mark.parametrize("link", ["#ravine/hot", "#live-old-ravine/hot", "#ravine?lr=0.5&step=7"])
def test_a_link_opens_its_state(opened, link):
    fig = named()
    page = opened(with_prose(fig, ""), link)
    assert values(page) == fig.first | {"lr": 0.5, "step": 7}
    assert page.evaluate("scrollY") > 1000, "a link from elsewhere leads to the figure"


def test_an_old_id_leads_to_the_figure(opened):
    page = opened(with_prose(named(), ""), "#live-old-ravine")
    page.wait_for_function("scrollY > 1000")


def test_a_link_in_the_text_sets_the_figure_and_stays_where_it_is(opened):
    fig = named()
    prose = (
        '<a href="#ravine/hot">hot</a> <a href="#ravine/alone">alone</a> <a href="#ravine">it</a>'
    )
    page = opened(with_prose(fig, prose))
    page.locator("text=hot").click()
    assert values(page) == fig.first | {"lr": 0.5, "step": 7}
    assert page.evaluate("[scrollY, location.hash]") == [0, "#ravine/hot"]
    page.locator("text=alone").press("Enter")
    assert values(page) == fig.first | {"shown": ["Adam"]}, "a state starts from the first values"
    assert page.evaluate("[scrollY, location.hash]") == [0, "#ravine/alone"]
    page.locator('[href="#ravine"]').click()
    page.wait_for_function("scrollY > 1000")
    assert values(page)["shown"] == ["Adam"], "a figure's name alone only leads there"


def test_states_are_shown_by_name(opened):
    fig = named()
    page = opened(fig.to_html())
    assert page.evaluate("document.querySelector('[data-live]').live.states") == ["hot", "alone"]
    page.evaluate("document.querySelector('[data-live]').live.show('hot')")
    assert values(page)["lr"] == 0.5
    said = page.evaluate("""() => { try { document.querySelector('[data-live]').live.show('cold'); }
        catch (error) { return error.message; } }""")
    assert said == "no state cold; there are hot, alone"


def test_that_a_link_was_copied_is_announced(opened):
    page = opened(named().to_html())
    page.evaluate("navigator.clipboard.writeText = async () => {}")
    page.locator("[data-do=link]").click()
    told = page.locator("[data-told]")
    page.wait_for_function("document.querySelector('[data-told]').textContent === 'Copied'")
    assert told.get_attribute("role") == "status"
    page.wait_for_function("document.querySelector('[data-do=link]').textContent === 'Copy link'")
    assert told.text_content() == ""


# values hold everything ---------------------------------------------------------------------------


def test_quantities_switched_off_are_values(opened, new_page):
    fig = parts()
    page = opened(fig.to_html())
    line = page.locator("[id$=line-1] path")
    assert values(page)["hidden"] == [] and line.is_visible()
    page.locator(".live-switches input").nth(1).click()
    assert values(page)["hidden"] == ["√v"] and not line.is_visible()
    fig.values = values(page)
    link = page.evaluate(
        "() => { const { live } = document.querySelector('[data-live]');"
        " return Live.writeLink(live.spec, live.values); }"
    )
    other = new_page()
    other.goto(page.url + link)
    other.wait_for_function(READY)
    assert values(other)["hidden"] == ["√v"]
    assert not other.locator(".live-switches input").nth(1).is_checked()
    page.locator("[data-do=reset]").click()
    assert values(page)["hidden"] == [] and line.is_visible()
    with pytest.raises(ValueError, match=re.escape("values: hidden = ['v']; expected a list of")):
        fig.values = {"hidden": ["v"]}


def test_a_box_is_ticked_by_mouse_and_by_keyboard(opened):
    page = opened(parts().to_html())
    box, line = page.locator("[data-control=twice]"), page.locator("[id$=line-0] path")
    before = line.get_attribute("d")
    box.click()
    assert values(page)["twice"] == 1 and line.get_attribute("d") != before
    box.press("Space")
    assert values(page)["twice"] == 0 and line.get_attribute("d") == before
    box.click()
    page.locator("[data-do=reset]").click()
    page.evaluate(TWO_FRAMES)
    assert not box.is_checked()


# what is drawn again ------------------------------------------------------------------------------


def test_what_does_not_change_is_not_drawn_again(opened):
    page = opened(paths().to_html())
    drawn = page.evaluate(
        """async () => {
            const { live } = document.querySelector('[data-live]'), seen = [];
            const watch = new MutationObserver((list) => seen.push(...list.map(({ target }) =>
                target.closest('[id*=run-], [class^=live-]')?.id.replace(/.*-run/, 'run')
                    || target.getAttribute('class') || target.id)));
            watch.observe(document.querySelector('.live-panels'),
                { attributes: true, subtree: true, childList: true });
            const moved = async (values) => {
                seen.length = 0;
                live.set(values);
                await null;
                return [...new Set(seen)].sort();
            };
            return [await moved({}), await moved({ 'Adam.beta2': 0.9 }), await moved({ step: 60 })];
        }"""
    )
    assert drawn[0] == []
    assert "run-1" in drawn[1] and "run-0" not in drawn[1], "Momentum knows no β₂"
    assert {"run-0", "run-1", "live-cursor"} <= set(drawn[2])


# what may fail ------------------------------------------------------------------------------------


def page_of(*figures, scripts, head=""):
    bodies = "".join(figures)
    tags = "".join(f'<script src="{name}"></script>' for name in scripts)
    return f"<!doctype html><meta charset=utf-8>{head}<style>{css()}</style>{bodies}{tags}"


def test_under_a_policy_without_eval_figures_live_by_a_script_of_the_page(tmp_path, new_page):
    body, functions = detach_functions(named()._html)
    assert '"functions"' not in body and len(functions) == 4
    (tmp_path / "functions.js").write_text(functions_script(functions), encoding="utf8")
    (tmp_path / "live.js").write_text(script(), encoding="utf8")
    head = f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
    html = page_of(body, parts()._html, scripts=["functions.js", "live.js"], head=head)
    (tmp_path / "page.html").write_text(html, encoding="utf8")
    with serve(tmp_path) as address:
        page = new_page()
        page.goto(f"{address}/page.html")
        for figure in ("#ravine", "#parts"):
            page.locator(f"{figure}[data-live-ready]").wait_for()  # a policy refuses READY too
        page.locator("#ravine [data-control=lr]").press("ArrowRight")
        assert values(page, "#ravine")["lr"] != 0.02
        refused = page.locator("#parts")
        assert "This figure stands still here" in refused.locator(".live-note").text_content()
        assert not refused.locator("input").first.is_visible()
        assert any("parts" in problem for problem in page.problems)
        page.problems.clear()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda html: html.replace('"kind": "series"', '"kind": "chart"'),
        lambda html: html.replace('class="live-data">{', 'class="live-data">{{'),
        lambda html: html.replace("live-data", "other-data"),
        lambda html: html.replace('data-control="beta1"', 'data-control="beta9"'),
    ],
    ids=["unknown panel", "broken data", "no data", "unknown dial"],
)
def test_one_figure_that_fails_leaves_the_others_alive(opened, spoil):
    html, broken = named().to_html(), spoil(parts()._html)
    page = opened(
        html.replace("<main>", "<main>" + broken).replace("</main>", phase()._html + "</main>")
    )
    note = page.locator("#parts .live-note")
    assert "This figure stands still here" in note.text_content() and note.is_visible()
    assert (
        page.locator("#parts svg").is_visible() and page.locator("#parts .live-handle").count() == 0
    )
    assert not page.locator("#parts .live-controls").is_visible()
    page.locator("#ravine [data-control=lr]").press("ArrowRight")
    assert values(page, "#ravine")["lr"] != 0.02
    assert page.evaluate("document.querySelectorAll('[data-live]').length") == 3
    assert [problem for problem in page.problems if "live figure parts" in problem]
    page.problems.clear()


def test_a_draw_that_fails_later_stops_its_own_figure_only(opened):
    page = opened(parts().to_html().replace("</main>", phase()._html + "</main>"))
    page.evaluate("""document.querySelector('#parts').live.drawers.push(({ values }) => {
        if (values.beta1 > 0.95) throw new Error('no such drawing'); })""")
    page.locator("#parts [data-control=beta1]").press("End")
    note = page.locator("#parts .live-note")
    assert note.text_content() == "This figure stands still here: no such drawing."
    other = page.locator("[data-live]:not(#parts)")
    other.locator("[data-control=beta1]").press("Home")
    assert values(page, "[data-live]:not(#parts)")["beta1"] == 0
    page.problems.clear()


# more than once on a page -------------------------------------------------------------------------


def test_two_handouts_may_be_joined_to_one_page(opened):
    first, second = named().to_html(), phase().to_html()
    page = opened(first.replace("</body></html>", re.sub(r"(?s)^.*?<body>", "", second)))
    assert page.evaluate("document.querySelectorAll('[data-live-ready]').length") == 2
    for figure in ("#ravine", "[data-live]:not(#ravine)"):
        page.locator(f"{figure} [data-control=lr]").press("Home")
        assert values(page, figure)["lr"] in (0.001, 0)


def test_a_widget_may_be_seen_twice(opened):
    fig = named()
    page = opened(f"<!doctype html><div id=one></div><div id=two></div><script>{script()}</script>")
    page.evaluate(
        """(html) => {
            window.model = { get: (name) => (name === '_html' ? html : {}), set() {},
                save_changes() {}, on() {}, off() {} };
            window.ends = ['one', 'two'].map((id) =>
                Live.render({ model, el: document.getElementById(id) }));
        }""",
        fig._html,
    )
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(({ id }) => id)")
    assert len(ids) == len(set(ids)) > 20
    page.get_by_label("η, learning rate").nth(1).press("ArrowRight")
    assert values(page, "#two [data-live]")["lr"] != 0.02 == values(page, "#one [data-live]")["lr"]
    assert page.locator("#one [data-do=link]").text_content() == "Copy values"
    page.evaluate("ends[1]()")
    page.locator("#one [data-control=lr]").press("ArrowRight")
    assert values(page, "#one [data-live]")["lr"] != 0.02
