"""SVG for pages: the same every time, small, text as text, colours of the theme, clean ids."""

import re
from xml.etree import ElementTree

import numpy as np
import pytest
from fontTools.pens.recordingPen import RecordingPen
from fontTools.svgLib.path import parse_path
from matplotlib.figure import Figure

from optlib.pictures import style, svg


def draw():
    with style.use():
        figure = Figure(figsize=(4, 3))
        ax = figure.subplots()
        ax.plot([0, 1.23456], [0, 1], color=style.OPTIMIZERS["Adam"].light, gid="run_1")
        ax.plot([], [], color=style.SYMBOLS["m"].light, gid="later")
        ax.imshow(np.eye(3), extent=(0, 1, 0, 1))
        ax.text(0.2, 0.2, "5 < 6 & x₁ −0.5", rotation=30, weight="bold")
        ax.text(0.2, 0.4, "linked", url="#there")
        ax.set(xlabel="x₁", ylabel="loss", xlim=(0, 2))
    return figure


@pytest.fixture
def figure():
    return draw()


def ids_of(text):
    return [e.get("id") for e in ElementTree.fromstring(text).iter() if e.get("id")]


def test_the_same_drawing_gives_the_same_bytes():
    assert svg.render(draw()) == svg.render(draw())


def test_is_well_formed_and_scales_with_its_container(figure):
    root = ElementTree.fromstring(svg.render(figure))
    assert root.get("viewBox") == "0 0 288 216"
    assert root.get("width") is None and root.get("height") is None


def test_ids_are_prefixed_and_only_those_that_are_needed(figure):
    text = svg.render(figure, "fig7")
    ids = ids_of(text)
    assert all(name.startswith("fig7-") for name in ids)
    assert {"fig7-run_1", "fig7-later"} <= set(ids)
    used = set(re.findall(r'(?:url\(|use href=")#([^)"]+)', text))
    assert set(ids) - used == {"fig7-run_1", "fig7-later"}, "matplotlib's automatic ids are gone"
    assert used <= set(ids)


def test_a_named_artist_without_data_stays_for_scripts(figure):
    assert "p-later" in ids_of(svg.render(figure, "p"))


def test_text_is_text_without_fonts_and_without_null_turns(figure):
    text = svg.render(figure)
    assert ">5 &lt; 6 &amp; x₁ −0.5<" in text
    assert "font-family" not in text and "DejaVu" not in text and "rotate(-0" not in text
    assert "rotate(-30)" in text and "font-weight: 700" in text
    assert re.search(r"font-size: 9px", text)


def test_older_matplotlibs_font_shorthand_is_understood():
    old = "font: italic 700 11px 'DejaVu Sans', sans-serif; text-anchor: middle; fill: #1f2530"
    assert svg._style(old) == (
        "font-style: italic; font-weight: 700; font-size: 11px; text-anchor: middle; "
        "fill: var(--ink, #1f2530)"
    )


def test_colours_of_the_palette_become_variables(figure):
    text = svg.render(figure)
    assert "var(--opt-adam, #c8201f)" in text
    bare = re.sub(r"var\([^)]*\)", "", text)
    assert not re.search(r"#[0-9a-f]{6}\b", bare), "a colour that does not follow the theme"


def test_coordinates_are_rounded_and_nothing_is_left_over(figure):
    text = svg.render(figure)
    assert not re.search(r'(?: d| x| y| transform)="[^"]*\d\.\d\d', text)
    for leftover in ("<metadata", "<style", "<!--", "xlink", "<g>"):
        assert leftover not in text


@pytest.mark.parametrize(
    "d",
    [
        "M 10 20.5 L 10.3 20 L 9.8 -3 z M 4 4 L 5 5 C 1 2 3 4 5.5 6 C 2 2 2.5 3 100.5 3 Q 3 3 4 4 z",
        "M 47.5 206.9 L 47.5 206.9 M 0 0 M 1 1 L 0 -0.1 L 1000.4 0",
        "M 1 2 L 3 4 z L 5 6",
    ],
)
def test_a_path_in_steps_is_the_same_path(d):
    def drawn(text):
        pen = RecordingPen()
        parse_path(text, pen)
        return [(name, np.round(points, 9).tolist()) for name, points in pen.value]

    steps = svg._in_steps(d)
    assert drawn(steps) == drawn(d)
    assert len(steps) < len(d)


def test_a_path_with_other_letters_is_left_as_it_is():
    assert svg._in_steps("M 1 2 H 5 V 6") == "M 1 2 H 5 V 6"


def test_images_and_links_carry_a_plain_href(figure):
    text = svg.render(figure)
    assert re.search(r'<image href="data:image/png;base64,[A-Za-z0-9+/=]+"', text)
    assert '<a href="#there"' in text, "a link leads out of the picture: its name is not prefixed"


def test_is_small(figure):
    assert len(svg.render(figure)) < 9_000


def test_picture_says_what_is_to_be_seen():
    with style.use():
        figure = Figure()
        figure.subplots().plot([0, 1])
    picture = svg.picture(figure, 'A line that rises, called "up".')
    html = picture._repr_html_()
    assert 'role="img" aria-label=' in html and '<svg aria-hidden="true"' in html
    assert ElementTree.fromstring(html).get("aria-label") == 'A line that rises, called "up".'
    assert picture._repr_mimebundle_()["text/plain"] == picture.alt


def test_picture_with_links_lets_them_be_reached(figure):
    html = svg.picture(figure, "A line, and a link to elsewhere.")._repr_html_()
    assert 'role="group"' in html and "aria-hidden" not in html


@pytest.mark.parametrize("alt", [None, "", "figure.png", "two words"])
def test_an_alt_text_that_says_nothing_is_refused(figure, alt):
    with pytest.raises(ValueError, match="alt = .*expected a sentence"):
        svg.picture(figure, alt)
