"""Live figures in Chromium: moved by mouse, touch and keyboard, and what they draw and say."""

import functools
import itertools
import re
import warnings

import numpy as np
import pytest
from bs4 import BeautifulSoup
from test_live_figure import Centred
from test_site import violations

from optlib import Adam, Momentum, Nesterov
from optlib.live import Arrow, Descent, Map, Series
from optlib.pictures import style
from optlib.surfaces import Flat
from tools.server import serve
from tools.small_figures import KINDS, arrows, ball, cloud, paths

HANDLES = ("paths", "arrows", "menu", "ball", "phase")
READY = "document.querySelector('[data-live]')?.dataset.liveReady === ''"
AT_ONCE = """(() => {  // what is said once the hand rests is said at once
    const later = window.setTimeout.bind(window);
    window.setTimeout = (act, ms, ...rest) => later(act, ms === 250 ? 0 : ms, ...rest);
})()"""
TWO_FRAMES = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


@functools.cache
def made(kind):
    """One figure of a kind, made once; its first values are put back by whoever moves it."""
    return KINDS[kind]()


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """A folder with a page for every kind of panel."""
    folder = tmp_path_factory.mktemp("live")
    for kind in KINDS:
        (folder / f"{kind}.html").write_text(made(kind).to_html(), encoding="utf8")
    return folder


@pytest.fixture(scope="module")
def address(pages):
    with serve(pages) as url:
        yield url


@pytest.fixture
def open_figure(address, new_page):
    """A function that opens the page of a kind of figure and waits until it is alive."""

    def opened(kind, link="", **options):
        page = new_page(**options)
        page.add_init_script(AT_ONCE)
        page.goto(f"{address}/{kind}.html{link}")
        page.wait_for_function(READY)
        return page

    return opened


# what a page shows --------------------------------------------------------------------------------


def live(page):
    """What ``root.live.get()`` says, once what was asked for is drawn."""
    page.evaluate(TWO_FRAMES)
    return page.evaluate("document.querySelector('[data-live]').live.get()")


def picture(page):
    """Every panel as it is drawn now, with the browser's own spelling of styles."""
    page.evaluate(TWO_FRAMES)
    return page.evaluate("""[...document.querySelectorAll('.live-panel svg')].map((svg) => {
        const copy = svg.cloneNode(true);
        for (const node of copy.querySelectorAll('[style]')) {
            const spelled = [...node.style].sort()
                .map((name) => `${name}: ${node.style.getPropertyValue(name)}`);
            node.removeAttribute('style');
            node.setAttribute('data-style', spelled.join('; '));
        }
        return copy.outerHTML.replaceAll(' data-style=""', '');
    })""")


def says(page):
    page.evaluate(TWO_FRAMES)
    page.wait_for_function("document.querySelector('.live-says').textContent !== ''")
    return page.locator(".live-says").text_content()


def place(axis, values):
    """The coordinates at which an axis shows values."""
    u = np.asarray(values, dtype=float)
    if axis["scale"] == "log":
        u = np.log10(np.maximum(u, axis["low"] * 1e-3))
    return np.clip(axis["a"] * u + axis["b"], -5000, 5000)


def data(page):
    """What Python gave the page."""
    return page.evaluate("JSON.parse(document.querySelector('.live-data').textContent)")


def points(page, panel, gid):
    """The points of a line of a panel."""
    d = page.evaluate(
        "([k, gid]) => document.querySelector(`[data-panel='${k}'] [id$='-${gid}'] path`)"
        ".getAttribute('d')",
        [panel, gid],
    )
    return np.array(
        [[float(u) for u in pair] for pair in re.findall(r"[ML] ?(-?[\d.]+) (-?[\d.]+)", d)]
    )


def follows(drawn, expected):
    """Whether a line goes through all points in order, drawing those that stand still once."""
    k = 0
    for point in expected:
        here = np.abs(drawn[k] - point).max() <= 0.0501
        if not here:
            k += 1
            if k == len(drawn) or np.abs(drawn[k] - point).max() > 0.0501:
                return False
    return k == len(drawn) - 1


def assert_drawn(page, fig):
    """What the page has and draws is what Python computes for the same values."""
    shown = live(page)
    fig.values = shown["values"]
    for label, run in fig.runs.items():
        assert np.allclose(shown["runs"][label]["x"], run.x, rtol=1e-7, atol=1e-9), label
        assert np.allclose(shown["runs"][label]["f"], run.f, rtol=1e-7, atol=1e-9), label
    spec = data(page)
    step, steps = shown["values"]["step"], np.arange(fig.steps + 1)
    drawn = 0
    for k, panel in enumerate(spec["panels"]):
        if panel["surface"] not in (None, fig.model.surface_index(fig.values)):
            continue
        for n, run in enumerate(fig.runs.values()):
            if panel["kind"] == "map" and panel["surface"] in (None, 0):
                gid, x, y = f"run-{n}", run.x[: step + 1, 0], run.x[: step + 1, 1]
            elif panel["kind"] == "ball":
                gid, x, y = f"run-{n}", run.x[: step + 1, 0], run.f[: step + 1]
            elif panel["kind"] == "loss":
                gid, x, y = f"run-{n}", steps, run.f
            elif panel["kind"] == "series" and spec["id"].endswith("at-once"):
                gid, x, y = "line-0", steps, run.x[:, 0]
            elif panel["kind"] == "series" and not panel["named"]:
                lr = list(fig.resolve()[1].values())[n].lr
                gid, x, y = f"line-{n}", steps[1:], -run.dx[:, 0] / lr
            else:
                continue
            expected = np.column_stack([place(panel["x"], x), place(panel["y"], y)])
            assert follows(points(page, k, gid), expected), (panel["kind"], gid)
            drawn += 1
    if "phase" in fig.id or "every-setting" in fig.id:
        box = page.locator(".live-handle").get_attribute("transform")
        xy = [float(u) for u in re.findall(r"-?[\d.]+", box)]
        values = fig.values["lr"], fig.values["beta1"]
        expected = [place(spec["panels"][0][axis], v) for axis, v in zip("xy", values, strict=True)]
        assert np.allclose(xy, expected, atol=0.0501)
    return drawn


def slide(page, name, how, share=0.75):
    """Move a slider by mouse, touch or keyboard."""
    slider = page.locator(f'[data-control="{name}"]')
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    x, y = box["x"] + share * box["width"], box["y"] + box["height"] / 2
    if how == "keyboard":
        slider.focus()
        for key in ("ArrowRight", "ArrowRight", "PageUp" if share > 0.5 else "PageDown"):
            page.keyboard.press(key)
    elif how == "touch":
        page.touchscreen.tap(x, y)
    else:
        page.mouse.move(box["x"] + 0.5 * box["width"], y)
        page.mouse.down()
        page.mouse.move(x, y, steps=5)
        page.mouse.up()


def set_ticks(page, ticks):
    """Put sliders at ticks, with the events that a hand causes."""
    page.evaluate(
        """(ticks) => { for (const [name, tick] of Object.entries(ticks)) {
            const input = document.querySelector(`[data-control="${name}"]`);
            input.value = tick;
            input.dispatchEvent(new Event("input", {bubbles: true}));
        } }""",
        ticks,
    )


def ring(page, index=0):
    """The middle of a handle on the screen."""
    handle = page.locator(".live-panel:not([hidden]) .live-ring").nth(index)
    handle.scroll_into_view_if_needed()
    box = handle.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


# opening ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_comes_alive_from_a_file_with_the_runs_of_python(pages, new_page, kind):
    page = new_page()
    page.add_init_script(AT_ONCE)
    page.goto((pages / f"{kind}.html").as_uri())
    page.wait_for_function(READY)
    fig = made(kind)
    assert_drawn(page, fig)
    shown = live(page)["values"]
    assert {k: shown[k] for k in fig.first} == fig.first
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
    assert len(ids) == len(set(ids))
    for label in fig.labels:
        assert f"{label}: " in says(page)
    assert page.evaluate("document.documentElement.outerHTML").count("NaN") == (
        page.evaluate("document.scripts[document.scripts.length - 1].text").count("NaN")
    ), "nothing but the script spells NaN"


def test_figures_on_one_page_do_not_disturb_each_other(tmp_path, new_page):
    first, second = made("paths"), made("phase")
    page_of_both = first.to_html().replace("</main>", second._html + "</main>")
    (tmp_path / "both.html").write_text(page_of_both, encoding="utf8")
    page = new_page()
    page.goto((tmp_path / "both.html").as_uri())
    page.wait_for_function("document.querySelectorAll('[data-live-ready]').length === 2")
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
    assert len(ids) == len(set(ids))
    before = picture(page)
    page.locator(f"#{second.id} [data-control=beta1]").press("PageUp")
    after = picture(page)
    assert before[:2] == after[:2] and before[2:] != after[2:]


@pytest.mark.parametrize("kind", KINDS)
def test_without_javascript_there_is_the_picture_and_no_dials(address, new_page, kind):
    page = new_page(java_script_enabled=False)
    page.goto(f"{address}/{kind}.html")
    assert page.locator(".live-panel svg").first.is_visible()
    assert page.locator(".live-panel svg path").count() > 5
    for hidden in (".live-controls", ".live-says", ".live-runs input", ".live-goal span"):
        for element in page.locator(hidden).all():
            assert not element.is_visible(), hidden
    assert page.locator("input:visible, button:visible, select:visible").count() == 0


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("kind", KINDS)
def test_axe_finds_nothing_also_on_a_phone(open_figure, axe, kind, theme):
    page = open_figure(kind, theme=theme, width=1280 if theme == "light" else 360)
    says(page)
    assert violations(page, axe) == []
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    expected = getattr(style.INK["paper"], theme)
    assert paper == f"rgb({', '.join(str(int(expected[i : i + 2], 16)) for i in (1, 3, 5))})"
    page.set_viewport_size({"width": 360, "height": 800})
    needs, has = page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    )
    assert needs <= has == 360


# moving -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["mouse", "touch", "keyboard"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_slider_moves_the_figure(open_figure, kind, how):
    page = open_figure(kind, has_touch=how == "touch")
    fig = made(kind)
    name = {"by_hand": "beta2", "cloud": "lr"}.get(kind, fig.controls[0].name)
    before, drawn = live(page)["values"], picture(page)
    slide(page, name, how, share=0.62)
    after = live(page)["values"]
    assert after[name] != before[name]
    assert {k: v for k, v in after.items() if k != name} == {
        k: v for k, v in before.items() if k != name
    }
    assert picture(page) != drawn
    assert_drawn(page, fig)
    text = page.locator(f'[data-control="{name}"] + output').text_content()
    assert float(text.replace("−", "-")) == pytest.approx(after[name], rel=0.06)


@pytest.mark.parametrize("how", ["mouse", "touch", "keyboard", "click"])
@pytest.mark.parametrize("kind", HANDLES)
def test_a_handle_moves_the_figure(open_figure, kind, how):
    page = open_figure(kind, has_touch=how == "touch")
    fig, drawn = made(kind), picture(page)
    moved = ("lr", "beta1") if kind == "phase" else ("start",)
    before, (x, y) = live(page)["values"], ring(page)
    if how == "keyboard":
        page.locator(".live-panel:not([hidden]) .live-handle").first.focus()
        for key in ("ArrowLeft", "ArrowLeft", "Shift+ArrowLeft", "ArrowUp"):
            page.keyboard.press(key)
    elif how == "mouse":
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x - 30, y - 25)  # in one go: out of the handle's own area
        page.mouse.up()
        live(page)
        page.mouse.move(x - 26, y - 25)  # let go: this is no drag any more
    elif how == "touch":
        finger = page.context.new_cdp_session(page)
        for kind_of, dx in (("touchStart", 0), ("touchMove", 10), ("touchMove", 30)):
            finger.send(
                "Input.dispatchTouchEvent",
                {"type": kind_of, "touchPoints": [{"x": x - dx, "y": y - dx}]},
            )
        finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    else:
        inwards = -60 if kind in ("arrows", "ball") else 60
        page.mouse.click(x + inwards, y + 20)
    after = live(page)["values"]
    assert all(after[name] != before[name] for name in moved)
    if kind != "phase":
        assert (after["start"][0] < before["start"][0]) == (how != "click" or inwards < 0)
    if how in ("mouse", "touch"):
        at = ring(page)
        assert abs(at[0] - (x - 30)) < 1.5, "the handle is where it was dropped"
    assert picture(page) != drawn
    assert_drawn(page, fig)


def test_bars_are_drawn_by_hand(open_figure):
    page = open_figure("by_hand")
    area = page.locator(".live-draw").bounding_box()
    page.mouse.move(area["x"] + 20, area["y"] + 30)
    page.mouse.down()
    page.mouse.move(area["x"] + 120, area["y"] + 30, steps=3)
    page.mouse.up()
    gradients = live(page)["values"]["gradients"]
    changed = [
        k
        for k, (a, b) in enumerate(zip(gradients, made("by_hand").model.gradients, strict=True))
        if a != b
    ]
    assert len(changed) > 5 and changed == list(range(changed[0], changed[-1] + 1))
    assert_drawn(page, made("by_hand"))


def test_a_turned_landscape_has_new_contours(open_figure):
    page = open_figure("arrows")
    contours = """[...document.querySelectorAll('[id$=-contours] path')]
        .map(e => e.getAttribute('d'))"""
    soup = BeautifulSoup(made("arrows").to_html(), "html.parser")
    before = [path.get("d") for path in soup.select("[id$=-contours] path")]
    slide(page, "lr", "keyboard")
    live(page)
    assert page.evaluate(contours) == before, "untouched as long as the landscape is"
    slide(page, "surface.angle", "keyboard")
    live(page)
    assert page.evaluate(contours) != before


def test_labels_of_arrows_do_not_lie_on_each_other(tmp_path, new_page):
    parts = [
        Arrow("memory", tail=lambda x_before: x_before, head=lambda x, lr, g: x + lr * g),
        Arrow("gradient", tail=lambda x, lr, g: x + lr * g, head=lambda x: x),
    ]
    fig = arrows(
        optimizers={"A": Momentum(lr=0.03), "B": Nesterov(lr=0.03)},
        step=1,
        panels=(Map(arrows={"A": parts, "B": parts}),),
    )
    (tmp_path / "labels.html").write_text(fig.to_html(), encoding="utf8")
    page = new_page()
    page.goto((tmp_path / "labels.html").as_uri())
    page.wait_for_function(READY)
    counts = []
    for _ in range(12):
        page.locator('[data-do="forward"]').click()
        page.evaluate(TWO_FRAMES)
        boxes = page.evaluate("""[...document.querySelectorAll('.live-arrow text')]
            .filter((e) => e.getBBox().width > 0)
            .map((e) => { const b = e.getBBox(); return [b.x, b.y, b.width, b.height]; })""")
        counts.append(len(boxes))
        for (x, y, w, h), (u, v, p, q) in itertools.combinations(boxes, 2):
            across = min(x + w, u + p) - max(x, u)
            along = min(y + h, v + q) - max(y, v)
            assert across <= 2 or along <= 2, "they touch at most"
    assert min(counts) >= 2 and max(counts) == 4


def test_arrows_add_up_to_the_last_step(open_figure):
    page = open_figure("arrows")
    page.locator('[data-do="forward"]').click()
    shown = live(page)["values"]
    assert shown["step"] == 10
    fig = made("arrows")
    fig.values = shown
    run = fig.runs["Nesterov"]
    spec = data(page)["panels"][0]
    ends = [
        [float(u) for u in re.findall(r"-?[\d.]+", d)][:4]
        for d in page.evaluate(
            "[...document.querySelectorAll('.live-arrow path')].map(e => e.getAttribute('d'))"
        )
    ]
    tail = [place(spec["x"], run.x[9, 0]), place(spec["y"], run.x[9, 1])]
    head = [place(spec["x"], run.x[10, 0]), place(spec["y"], run.x[10, 1])]
    assert np.allclose(ends[0][:2], tail, atol=0.06) and np.allclose(ends[1][2:], head, atol=0.06)
    assert np.allclose(ends[0][2:], ends[1][:2], atol=0.06)


# time ---------------------------------------------------------------------------------------------


def test_play_pause_step_and_scrub(open_figure):
    page = open_figure("paths")
    play = page.locator('[data-do="play"]')
    step = "document.querySelector('[data-live]').live.values.step"
    assert page.evaluate(step) == 80
    play.click()
    assert play.text_content() == "Pause"
    page.wait_for_function(f"{step} > 3 && {step} < 80")
    play.click()
    assert play.text_content() == "Play"
    held = page.evaluate(step)
    page.evaluate(TWO_FRAMES)
    assert page.evaluate(step) == held < 80
    assert_drawn(page, made("paths"))
    page.locator('[data-do="forward"]').click()
    assert live(page)["values"]["step"] == held + 1
    page.locator('[data-do="back"]').click()
    page.locator('[data-do="back"]').click()
    assert live(page)["values"]["step"] == held - 1
    scrubber = page.locator("[data-step]")
    scrubber.press("Home")
    assert live(page)["values"]["step"] == 0
    assert_drawn(page, made("paths"))
    page.locator('[data-do="back"]').click()
    assert live(page)["values"]["step"] == 0
    scrubber.press("End")
    page.keyboard.press("ArrowLeft")
    assert live(page)["values"]["step"] == 79
    play.click()
    page.wait_for_function(f"{step} === 80")
    page.wait_for_function("document.querySelector('[data-do=play]').textContent === 'Play'")


def test_who_asked_for_less_motion_may_still_ask_for_play(open_figure):
    page = open_figure("paths", reduced_motion="reduce")
    assert live(page)["values"]["step"] == 80, "nothing moves by itself"
    page.locator('[data-do="play"]').click()
    page.wait_for_function("document.querySelector('[data-live]').live.values.step < 80")


# state --------------------------------------------------------------------------------------------


def test_reset_brings_back_the_first_picture(open_figure):
    page = open_figure("paths")
    values, drawn, said = live(page)["values"], picture(page), says(page)
    slide(page, "lr", "keyboard")
    page.locator('[data-run="Adam"]').click()
    page.locator(".live-handle").press("ArrowDown")
    page.locator('[data-do="back"]').click()
    assert picture(page) != drawn
    page.locator('[data-do="reset"]').click()
    assert live(page)["values"] == values
    assert picture(page) == drawn and says(page) == said


def test_a_copied_link_restores_the_state(open_figure, address, new_page):
    page = open_figure("ball", permissions=["clipboard-read", "clipboard-write"])
    page.locator("[data-surface]").select_option("bowl")
    slide(page, "lr", "mouse", 0.55)
    page.locator(".live-handle").press("ArrowLeft")
    page.locator('[data-run="GD"]').click()
    page.locator('[data-do="back"]').click()
    state = live(page)
    page.locator('[data-do="link"]').click()
    page.wait_for_function("document.querySelector('[data-do=link]').textContent === 'Copied'")
    link = page.evaluate("navigator.clipboard.readText()")
    assert link.startswith(f"{address}/ball.html#{made('ball').id}?")
    other = new_page()
    other.goto(link)
    other.wait_for_function(READY)
    assert live(other) == state
    assert not other.locator('[data-run="GD"]').is_checked()


def test_without_a_clipboard_the_link_is_in_the_address_bar(pages, new_page):
    page = new_page()
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    page.goto((pages / "paths.html").as_uri())
    page.wait_for_function(READY)
    slide(page, "lr", "keyboard")
    state = live(page)
    page.locator('[data-do="link"]').click()
    page.wait_for_function("location.hash.length > 1")
    page.reload()
    page.wait_for_function(READY)
    assert live(page)["values"] == state["values"] != made("paths").first


HOSTILE = [
    "lr=<script>alert(1)</script>",
    "lr=%3Cscript%3E",
    "lr=1e999",
    "lr=NaN",
    "lr=Infinity",
    "lr=2",
    "lr=-1",
    "lr=",
    "lr",
    "lr=0x",
    "lr=0.1;alert(1)",
    "lr=%",
    "%",
    "lr=%E0%A4%A",
    "start=1",
    "start=1,2,3",
    "start=a,b",
    "start=,",
    "start=1e9,0",
    "start=NaN,NaN",
    "step=-1",
    "step=81",
    "step=1.5",
    "step=x",
    "shown=SGD",
    "shown=<img src=x onerror=alert(1)>",
    "surface=moon",
    "__proto__=1",
    "constructor=1",
    "Adam.beta2=1",
    "unknown=3",
]


def test_hostile_links_are_ignored(open_figure):
    page = open_figure("paths")
    first, drawn = live(page), picture(page)
    for query in HOSTILE:
        page.evaluate("hash => { location.hash = hash; }", f"{made('paths').id}?{query}")
        assert live(page) == first, query
    for link in ("#elsewhere?lr=0.5", "#live-two-rules-in-a-ravin?lr=0.5", "#?lr=0.5", "#%", "#"):
        page.evaluate("hash => { location.hash = hash; }", link)
        assert live(page) == first, link
    assert picture(page) == drawn
    page.evaluate("hash => { location.hash = hash; }", f"{made('paths').id}?lr=0.5&step=7&beta=3")
    assert live(page)["values"] == {**first["values"], "lr": 0.5, "step": 7}


@pytest.mark.parametrize("query", ["lr=%", "lr=<script>alert(1)</script>&step=1e999", "%E0%A4%A"])
def test_a_hostile_link_does_not_keep_a_page_from_coming_alive(open_figure, query):
    page = open_figure("paths", f"#{made('paths').id}?{query}")
    assert live(page)["values"] == made("paths").first


# extremes -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_extremes_leave_no_error_say_so_and_recover(open_figure, kind):
    """Both ends of every slider, in all pairs; errors on the console fail in ``new_page``."""
    page, fig = open_figure(kind), KINDS[kind]()
    calm = page.evaluate("""Object.fromEntries([...document.querySelectorAll('[data-control]')]
        .map(e => [e.dataset.control, Number(e.value)]))""")
    ends = {c.name: (0, c.slider.ticks) for c in fig.controls}
    set_ticks(page, {name: ends[name][0] for name in calm})
    set_ticks(page, calm)  # once moved and back: sliders stand on ticks, contours are the page's
    still, diverged = picture(page), 0
    for first, second in itertools.combinations(calm, 2):
        for a, b in itertools.product(ends[first], ends[second]):
            set_ticks(page, {first: a, second: b})
            shown, drawn = live(page), "".join(picture(page))
            assert not re.search(r'="[^"]*(NaN|Infinity|undefined|null)', drawn)
            said = says(page)
            fig.values = shown["values"]
            for label, run in fig.runs.items():
                lost = re.search(rf"{label}: [^;]*diverge[sd] at step (\d+)", said)
                told = int(lost[1]) if lost else -1
                assert told == run.diverged_at, (shown["values"], said)
                diverged += run.diverged
        set_ticks(page, calm)
        assert picture(page) == still
    assert diverged or kind in ("menu", "by_hand", "series"), "the extremes are extreme"


# words --------------------------------------------------------------------------------------------


def test_optimisers_are_switched(open_figure):
    page = open_figure("paths")
    line = page.locator("[data-panel='0'] [id$='-run-1'] path")
    assert "Momentum: " in says(page) and "Adam: " in says(page) and line.is_visible()
    page.locator('[data-run="Adam"]').focus()
    page.keyboard.press("Space")
    assert live(page)["values"]["shown"] == ["Momentum"]
    assert "Adam" not in says(page) and not line.is_visible()
    page.locator('[data-run="Momentum"]').click()
    page.wait_for_function(
        "document.querySelector('.live-says').textContent === 'Nothing is shown.'"
    )
    page.locator('[data-run="Adam"]').click()
    assert live(page)["values"]["shown"] == ["Adam"] and line.is_visible()
    assert_drawn(page, made("paths"))


@pytest.mark.parametrize("kind", ["menu", "ball"])
def test_another_landscape_is_chosen(open_figure, kind):
    page, fig = open_figure(kind), KINDS[kind]()
    drawn = picture(page)
    name = fig.model.surface_names[1]
    page.locator("[data-surface]").select_option(name)
    assert live(page)["values"]["surface"] == name
    assert_drawn(page, fig)
    assert picture(page) != drawn
    if kind == "menu":
        assert [p.is_visible() for p in page.locator(".live-panel").all()] == [False, True]
    page.locator('[data-do="reset"]').click()
    assert live(page)["values"] == fig.first


def test_a_goal_is_reached_and_lost_again(open_figure):
    page = open_figure("paths")
    goal = page.locator(".live-goal")
    says(page)
    fig = paths()
    first = {label: int(run.steps_to(0.01)) for label, run in fig.runs.items()}
    assert 0 < first["Momentum"] <= 40 and not 0 < first["Adam"] <= 40
    assert "Loss below 0.01 within 40 steps." in goal.text_content()
    assert "✓ Reached by Momentum." in goal.text_content()
    assert f"Momentum: loss {fig.runs['Momentum'].f[-1]:.1e}"[:18] in says(page)
    assert f"goal reached at step {first['Momentum']}" in says(page)
    page.locator('[data-control="lr"]').press("Home")
    assert "Not yet." in goal.text_content() or says(page) and "Not yet." in goal.text_content()
    assert "goal reached" not in says(page)


def test_a_goal_at_the_end_asks_for_the_last_point_only(open_figure):
    page, fig = open_figure("ball"), ball()
    said = says(page)
    for label, run in fig.runs.items():
        assert (f"{label}: " in said) and (
            (run.x[-1, 0] < -0.5) == bool(re.search(rf"{label}: [^;]*, goal reached", said))
        )


def corners(page, panel, gid):
    """The corners of a line drawn with upright and level strokes, as pixels."""
    d = page.evaluate(
        "([k, gid]) => document.querySelector(`[data-panel='${k}'] [id$='-${gid}'] path`)"
        ".getAttribute('d')",
        [panel, gid],
    )
    x, y, found = np.nan, np.nan, []
    for letter, numbers in re.findall(r"([MLHV])([-\d. ]+)", d):
        numbers = [float(u) for u in numbers.split()]
        x, y = {"H": (numbers[0], y), "V": (x, numbers[0])}.get(letter, numbers)
        found.append((x, y))
    return np.array(found)


def test_a_histogram_counts_as_numpy_does(open_figure):
    page, fig = open_figure("cloud"), cloud()
    (panel,) = data(page)["panels"]
    for press in ("PageUp", "PageUp", "Home"):
        page.locator('[data-control="lr"]').press(press)
        fig.values = live(page)["values"]
        rest = fig.runs["GD"].x[panel["burn"] :, 0]
        edges = np.linspace(-1.5, 1.5, panel["bins"] + 1)
        density = np.histogram(rest, edges)[0] / len(rest) / np.diff(edges)
        expected = np.column_stack(
            [place(panel["x"], np.repeat(edges, 2)[1:-1]), place(panel["y"], np.repeat(density, 2))]
        )
        assert density.max() > 0
        np.testing.assert_allclose(corners(page, 0, "run-0"), expected, atol=0.0501)
        lr = fig.values["lr"]
        u, variance = np.linspace(-1.5, 1.5, 161), lr / (2 - lr)
        bell = np.exp(-(u**2) / (2 * variance)) / np.sqrt(2 * np.pi * variance)
        expected = np.column_stack([place(panel["x"], u), place(panel["y"], bell)])
        assert follows(points(page, 0, "theory-0"), expected)


def test_bars_stems_and_gauges_have_the_heights_that_numpy_computes(open_figure):
    page, fig = open_figure("by_hand"), made("by_hand")
    bars, stems, gauges = data(page)["panels"]
    page.locator('[data-control="beta1"]').press("PageUp")
    for press in ("End", "PageDown", "Home"):
        page.locator("[data-step]").press(press)
        fig.values = live(page)["values"]
        t, beta1 = fig.values["step"], fig.values["beta1"]
        g = np.array(fig.values["gradients"])
        k = np.arange(1, len(g) + 1)
        upright = [[(x, 0), (x, height)] for x, height in zip(k, g, strict=True)]
        expected = np.concatenate(upright).T
        expected = np.column_stack([place(bars["x"], expected[0]), place(bars["y"], expected[1])])
        np.testing.assert_allclose(corners(page, 0, "bars"), expected, atol=0.0501)

        k = np.arange(1, t + 1)
        weights = (1 - beta1) * beta1 ** (t - k)
        drawn = corners(page, 1, "stems-0").reshape(-1, 2, 2)
        np.testing.assert_allclose(drawn[:, 0, 0], place(stems["x"], k), atol=0.0501)
        np.testing.assert_allclose(drawn[:, 0, 1], place(stems["y"], 0.0), atol=0.0501)
        np.testing.assert_allclose(drawn[:, 1, 1], place(stems["y"], weights), atol=0.0501)

        value = abs(fig.runs["Adam"].dx[max(t, 1) - 1, 0]) / 0.1
        left, right = place(gauges["x"], [gauges["x"]["low"], gauges["x"]["high"]])
        end = np.clip(place(gauges["x"], value), left, right)
        row = place(gauges["y"], 0)
        np.testing.assert_allclose(
            corners(page, 2, "bar-0"), [(left, row), (end, row)], atol=0.0501
        )


def test_what_is_said_of_a_cloud(open_figure):
    page, fig = open_figure("cloud"), cloud()
    measured = fig.runs["GD"].x[100:, 0].var()
    predicted = 0.1 / (2 - 0.1)
    assert f"variance {measured:.3g} measured, predicted {predicted:.3g}" in says(page)
    page.locator('[data-control="lr"]').press("End")
    page.wait_for_function(
        "document.querySelector('.live-says').textContent.includes('no finite one predicted')"
    )


def test_a_figure_that_only_python_can_move_stands_still_on_a_page(tmp_path, new_page):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fig = paths(optimizers={"Momentum": Centred(lr=0.02)}, sliders={"lr": (1e-3, 1, "log")})
    (tmp_path / "still.html").write_text(fig.to_html(), encoding="utf8")
    page = new_page()
    page.goto((tmp_path / "still.html").as_uri())
    page.wait_for_function(READY)
    assert page.locator("input:visible, button:visible, .live-handle").count() == 0
    assert page.locator(".live-note").text_content().startswith("This figure computes in Python")
    drawn = page.locator("[data-panel='0'] [id$='-run-0'] path").get_attribute("d")
    assert len(re.findall(r"-?[\d.]+", drawn)) > 20


@pytest.mark.parametrize(
    "given, sentence",
    [
        ({}, "Adam: m 0 at step 30."),
        ({"gradients": [1.0] * 30}, "Adam: m 0.9576 at step 30."),
    ],
)
def test_without_a_landscape_no_loss_is_told(given, sentence, tmp_path, new_page):
    figure = Descent(
        Flat(),
        {"Adam": Adam(lr=0.01)},
        0.0,
        30,
        panels=(Series({"m": lambda m: m}),),
        title="No landscape",
        alt="An average of gradients against the step.",
        **given,
    )
    path = tmp_path / "flat.html"
    path.write_text(figure.to_html(), encoding="utf8")
    page = new_page()
    page.goto(path.as_uri())
    page.wait_for_function(READY)
    assert says(page) == sentence
