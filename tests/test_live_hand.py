"""The hand on a live figure, and what the figure says: fingers that drag, keys, words, arrival."""

import re

import pytest
from test_live_browser import (  # noqa: F401 (fixtures)
    READY,
    TWO_FRAMES,
    address,
    data,
    live,
    made,
    open_figure,
    pages,
    ring,
    says,
)

from tools.small_figures import ball, paths, series

SCROLLING = "document.body.insertAdjacentHTML('beforeend', '<div style=\"height: 3000px\"></div>')"
PHONE = {"width": 390, "height": 844, "has_touch": True, "is_mobile": True}
DRAGGED = [
    *((kind, ".live-ring") for kind in ("paths", "arrows", "menu", "ball", "phase")),
    ("by_hand", ".live-draw"),
]


def swipe(page, start, by, count=20):
    """A finger put down at ``start``, moved ``by`` in ``count`` steps and lifted, as on a screen."""
    screen = page.context.new_cdp_session(page)

    def event(kind, *points):
        at = [{"x": x, "y": y} for x, y in points]
        screen.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at})

    event("touchStart", start)
    for k in range(1, count + 1):
        event("touchMove", tuple(s + b * k / count for s, b in zip(start, by, strict=True)))
    event("touchEnd")


def middle(page, selector):
    """The middle of something on the screen, which is scrolled to a third of its height."""
    target = page.locator(f".live-panel:not([hidden]) {selector}").first
    target.evaluate("e => scrollTo(0, scrollY + e.getBoundingClientRect().top - innerHeight / 3)")
    page.evaluate(TWO_FRAMES)
    box = target.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


@pytest.mark.parametrize("kind, selector", DRAGGED)
def test_a_finger_drags_downwards_and_the_page_stays(open_figure, kind, selector):  # noqa: F811
    page = open_figure(kind, **PHONE)
    page.evaluate(SCROLLING)
    x, y = middle(page, selector)
    before, scrolled = live(page)["values"], page.evaluate("scrollY")
    swipe(page, (x, y), (1, 100))
    after = live(page)["values"]
    assert page.evaluate("scrollY") == scrolled, "the page stays"
    if kind == "by_hand":
        assert min(after["gradients"]) < min(before["gradients"]), "the bar went down with it"
    elif kind == "ball":
        assert 0 < abs(after["start"][0] - before["start"][0]) < 0.2, "sideways it hardly moved"
    else:
        axes = data(page)["panels"][0]["y"]
        vertical = after["beta1"] if kind == "phase" else after["start"][1]
        ring_at = page.locator(".live-panel:not([hidden]) .live-ring").first.bounding_box()
        lower = ring_at["y"] + ring_at["height"] / 2
        assert lower == pytest.approx(y + 100, abs=2) or vertical == axes["low"]


def test_a_finger_beside_the_ring_scrolls_the_page(open_figure):  # noqa: F811
    page = open_figure("paths", **PHONE)
    page.evaluate(SCROLLING)
    x, y = middle(page, ".live-ring")
    before = live(page)["values"]
    swipe(page, (x + 120, y + 60), (0, -100))
    page.wait_for_function("scrollY > 20")
    assert live(page)["values"] == before


@pytest.mark.parametrize("kind", ["paths", "ball", "phase"])
def test_what_is_touched_is_44_pixels_large(open_figure, kind):  # noqa: F811
    page = open_figure(kind, **PHONE)
    box = page.locator(".live-hit").first.bounding_box()
    assert min(box["width"], box["height"]) >= 43.5
    for button in page.locator(".live button:visible").all():
        assert button.bounding_box()["height"] >= 44


def test_other_buttons_and_other_fingers_do_not_drag(open_figure):  # noqa: F811
    page = open_figure("paths")
    x, y = ring(page)
    before = live(page)["values"]
    for button in ("right", "middle"):
        page.mouse.move(x, y)
        page.mouse.down(button=button)
        page.mouse.move(x + 40, y + 40)
        page.mouse.up(button=button)
    assert live(page)["values"] == before


def test_a_drag_ends_when_the_browser_takes_the_pointer(open_figure):  # noqa: F811
    page = open_figure("paths")
    x, y = ring(page)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 20, y)
    taken = live(page)["values"]
    page.evaluate("document.querySelector('.live-handle').releasePointerCapture(1)")
    page.evaluate(TWO_FRAMES)
    page.mouse.move(x + 80, y + 30)
    page.mouse.up()
    assert live(page)["values"]["start"] == taken["start"]


def test_a_mouse_drags_from_anywhere_in_the_picture(open_figure):  # noqa: F811
    page = open_figure("paths")
    x, y = ring(page)
    page.mouse.move(x + 60, y + 50)
    page.mouse.down()
    page.mouse.move(x + 90, y + 70)
    page.mouse.up()
    at = ring(page)
    assert at == pytest.approx((x + 90, y + 70), abs=1.5)


def test_home_and_end_move_a_handle_to_the_edges(open_figure):  # noqa: F811
    page = open_figure("phase")
    handle = page.locator(".live-handle")
    for key, end in (("Home", "low"), ("End", "high")):
        handle.press(key)
        slider = made("phase").model.control("lr").slider
        assert live(page)["values"]["lr"] == pytest.approx(getattr(slider, end), rel=1e-3, abs=1e-3)


def test_the_dotted_line_of_bars_is_the_scrubber_and_a_mark_the_chosen_bar(open_figure):  # noqa: F811
    page = open_figure("by_hand")
    cursor = ".live-panel:has(.live-draw) .live-cursor"
    at_end = page.locator(cursor).get_attribute("d")
    page.locator(".live-draw").press("Home")
    page.evaluate(TWO_FRAMES)
    assert page.locator(cursor).get_attribute("d") == at_end
    mark = page.locator(".live-chosen")
    assert mark.evaluate("e => getComputedStyle(e).visibility") == "visible"
    assert "gradient 1 of" in page.locator(".live-draw").get_attribute("aria-valuetext")
    page.locator("[data-step]").press("Home")
    page.evaluate(TWO_FRAMES)
    assert page.locator(cursor).get_attribute("d") != at_end


def test_panels_have_their_titles_as_names(open_figure):  # noqa: F811
    page = open_figure("paths")
    names = page.evaluate("[...document.querySelectorAll('.live-panel svg')].map(e => e.ariaLabel)")
    assert names == ["Paths on the landscape", "Loss at each step"]


def number(text):
    return float(text.replace("−", "-"))


@pytest.mark.parametrize("kind", ["paths", "ball", "series"])
def test_words_are_about_the_step_that_is_shown(open_figure, kind):  # noqa: F811
    page, fig = open_figure(kind), {"paths": paths, "ball": ball, "series": series}[kind]()
    for step in (5, 2, fig.steps):
        page.evaluate("s => document.querySelector('[data-live]').live.set({step: s})", step)
        said = says(page)
        for label, run in fig.runs.items():
            told = re.search(rf"{label}: (\S+) (\S+) at step {step}\b", said)
            if kind == "series":
                lr = fig.resolve()[1][label].lr
                expected = -run.dx[step - 1, 0] / lr
                assert told[1] != "loss"
            else:
                expected = run.f[step]
                assert told[1] == "loss"
            assert number(told[2].rstrip(",;.")) == pytest.approx(expected, rel=6e-2)


def test_on_a_slope_nobody_speaks_of_a_loss(open_figure):  # noqa: F811
    page = open_figure("series")
    assert "loss" not in says(page)


def test_what_will_diverge_is_told_before_and_after(open_figure):  # noqa: F811
    page, fig = open_figure("paths"), paths()
    high = next(c for c in fig.controls if c.name == "lr").slider.high
    fig.values = {"lr": high}
    label, run = next((key, run) for key, run in fig.runs.items() if run.diverged)
    page.evaluate("v => document.querySelector('[data-live]').live.set(v)", {"lr": high, "step": 1})
    assert re.search(
        rf"{label}: loss \S+ at step 1, diverges at step {run.diverged_at}", says(page)
    )
    page.evaluate("s => document.querySelector('[data-live]').live.set({step: s})", fig.steps)
    assert f"{label}: diverged at step {run.diverged_at}" in says(page)


# Arriving: figures come to life when they come near


@pytest.fixture
def far_apart(tmp_path):
    """A page with two figures, the second five screens below the first."""
    first, second = made("paths"), made("phase")
    spacer = '<div style="height: 5000px"></div>'
    html = first.to_html().replace("</main>", spacer + second._html + "</main>")
    (tmp_path / "far.html").write_text(html, encoding="utf8")
    return (tmp_path / "far.html").as_uri(), first.id, second.id


NEVER_IDLE = "window.requestIdleCallback = () => 0"


def alive(page):
    return page.evaluate("[...document.querySelectorAll('[data-live-ready]')].map(e => e.id)")


def test_a_figure_comes_to_life_when_it_comes_near(far_apart, new_page):
    url, first, second = far_apart
    page = new_page()
    page.add_init_script(NEVER_IDLE)
    page.goto(url)
    page.wait_for_function(READY)
    assert alive(page) == [first]
    page.evaluate("scrollTo(0, 4600)")
    page.wait_for_function("document.querySelectorAll('[data-live-ready]').length === 2")


def test_the_figure_of_a_link_comes_to_life_first(far_apart, new_page):
    url, first, second = far_apart
    page = new_page()
    page.add_init_script(NEVER_IDLE)
    page.goto(f"{url}#{second}?lr=0.5")
    page.wait_for_function(f"'liveReady' in document.getElementById('{second}').dataset")
    values = page.evaluate(f"document.getElementById('{second}').live.values")
    assert values["lr"] == 0.5
    page.wait_for_function("scrollY > 3000")


def test_while_the_reader_rests_the_others_come_to_life_too(far_apart, new_page):
    page = new_page()
    page.goto(far_apart[0])
    page.wait_for_function("document.querySelectorAll('[data-live-ready]').length === 2")


def test_paper_gets_every_figure_alive(far_apart, new_page):
    page = new_page()
    page.add_init_script(NEVER_IDLE)
    page.goto(far_apart[0])
    page.wait_for_function(READY)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert len(alive(page)) == 2
