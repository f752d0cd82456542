"""The palette: readable on light and dark paper, nothing missing, nothing twice."""

import re

import pytest

from optlib import optimizers
from optlib.pictures import style

TEXT, GRAPHIC = 4.5, 3.0  # WCAG 2.2: contrast of text (1.4.3) and of graphics (1.4.11)
FAINT = {"grid", "paper"}  # lines behind the drawing, and what it is drawn on


def luminance(colour):
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(a, b):
    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_measured_as_wcag_does():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("colour", style.COLOURS.values(), ids=lambda c: c.name)
def test_every_colour_is_readable_on_both_papers(colour):
    paper = style.INK["paper"]
    wanted = 1.2 if colour.name in FAINT else GRAPHIC if colour.name == "land" else TEXT
    if colour is not paper:
        assert contrast(colour.light, paper.light) >= wanted
        assert contrast(colour.dark, paper.dark) >= wanted


def test_light_values_are_distinct_because_they_are_looked_up():
    assert len(style.BY_LIGHT) == len(style.COLOURS)
    groups = style.INK, style.OPTIMIZERS, style.SYMBOLS
    names = [c.name for group in groups for c in group.values()]
    assert len(names) == len(set(names)) == len(style.COLOURS)


def test_every_colour_is_written_as_the_drawing_spells_it():
    for colour in style.COLOURS.values():
        assert re.fullmatch(r"#[0-9a-f]{6}", colour.light)
        assert re.fullmatch(r"#[0-9a-f]{6}", colour.dark)


def test_every_rule_has_a_colour_of_its_own():
    assert {rule.__name__ for rule in optimizers.ALL} == set(style.OPTIMIZERS)


def test_a_rule_of_the_readers_gets_a_spare_colour_that_is_free():
    class Mine(optimizers.Optimizer):
        pass

    first = style.colour_of(Mine())
    second = style.colour_of(Mine(), taken=(first,))
    assert first != second
    assert style.colour_of(optimizers.Adam()) == style.OPTIMIZERS["Adam"]
    everything = tuple(style.OPTIMIZERS.values())
    assert style.colour_of(Mine(), taken=everything) == style.INK["muted"]


def filtered(colour):
    """A colour as the dark shows it in a film: the page's filter, as CSS defines it."""
    share = float(re.search(r"invert\(([\d.]+)\)", style.FILM)[1])
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    turned = [c * (1 - share) + (1 - c) * share for c in (red, green, blue)]
    grey = 2 * (0.213 * turned[0] + 0.715 * turned[1] + 0.072 * turned[2])  # hue-rotate(180deg)
    parts = (min(1, max(0, grey - c)) for c in turned)
    return "#" + "".join(f"{round(255 * c):02x}" for c in parts)


@pytest.mark.parametrize("colour", style.COLOURS.values(), ids=lambda c: c.name)
def test_every_colour_of_a_film_is_readable_in_the_dark(colour):
    if colour.name not in FAINT:
        wanted = GRAPHIC if colour.name == "land" else TEXT
        paper = filtered(style.INK["paper"].light)
        assert contrast(filtered(colour.light), paper) >= wanted


def test_css_gives_every_variable_a_light_and_a_dark_value():
    css = style.css()
    for colour in style.COLOURS.values():
        assert css.count(f"--{colour.name}: {colour.light}") == 1
        assert css.count(f"--{colour.name}: {colour.dark}") == 2  # by the theme and by the system


@pytest.mark.parametrize(
    "attributes, system, medium, expected",
    [
        ('data-theme="light"', "dark", "screen", "light"),
        ('data-theme="dark"', "light", "screen", "dark"),
        ('data-theme="dark"', "dark", "print", "light"),
        ("", "dark", "screen", "dark"),
        ("", "light", "screen", "light"),
        ("", "dark", "print", "light"),
    ],
)
def test_colours_follow_the_books_theme_else_the_system_and_print_light(
    new_page, attributes, system, medium, expected
):
    page = new_page(theme=system)
    page.set_content(f"<!doctype html><html {attributes}><style>{style.css()}</style></html>")
    page.emulate_media(media=medium, color_scheme=system)
    seen = "getComputedStyle(document.documentElement).getPropertyValue('--opt-adam').trim()"
    assert page.evaluate(seen) == getattr(style.OPTIMIZERS["Adam"], expected)


@pytest.mark.parametrize("mark", ['data-jp-theme-light="false"', 'class="vscode-dark"'])
def test_an_output_brings_dark_colours_to_a_dark_notebook(new_page, mark):
    css = style.dark(".picture", ["ink"])
    page = new_page()
    page.set_content(f"<style>{css}</style><body {mark}><p class=picture>x</p></body>")
    seen = "getComputedStyle(document.querySelector('p')).getPropertyValue('--ink').trim()"
    assert page.evaluate(seen) == style.INK["ink"].dark


def test_drawing_in_style_leaves_no_trace():
    import matplotlib as mpl

    before = mpl.rcParams["axes.edgecolor"]
    with style.use():
        assert mpl.rcParams["axes.edgecolor"] == style.INK["muted"].light
    assert mpl.rcParams["axes.edgecolor"] == before
