"""Pictures of the chapters: what is drawn is what was run, nothing is cut off, text says it too."""

from xml.etree import ElementTree

import numpy as np
import pytest

from optlib import Adam, GradientDescent, Momentum, Nesterov, minimize, surfaces
from optlib.pictures import plots, style, svg

FLAT = [s for s in surfaces.ALL if s().dim == 2]
RAVINE = surfaces.Quadratic()
START = (-1.5, 1.2)
ALT = "A picture that this test looks at."


@pytest.fixture
def figures(monkeypatch):
    """The matplotlib figures behind the pictures made in a test."""
    seen = []
    monkeypatch.setattr(plots, "picture", lambda f, alt: seen.append(f) or svg.picture(f, alt))
    return seen


def runs(steps=30):
    return {
        "GD": minimize(RAVINE, GradientDescent(lr=0.09), START, steps),
        "Momentum": minimize(RAVINE, Momentum(lr=0.02), START, steps),
        "Nesterov, too fast": minimize(RAVINE, Nesterov(lr=0.2), START, steps),
    }


def texts(picture):
    root = ElementTree.fromstring(picture.svg)
    return ["".join(e.itertext()).strip() for e in root.iter() if e.tag.endswith("}text")]


# Contour levels


@pytest.mark.parametrize("surface", FLAT)
def test_levels_rise_from_just_above_the_floor_to_the_top(surface):
    Z = plots.grid_of(surface(), 101)[2]
    heights = plots.levels(surface())
    assert len(heights) == 14 and (np.diff(heights) > 0).all()
    assert Z.min() < heights[0] and heights[-1] == pytest.approx(Z.max())
    assert (Z < heights[0]).mean() < 0.1, "the floor of the valley shows"
    assert np.interp(np.median(Z), heights, np.arange(14)) > 2, "half the map is not one level"


def test_levels_of_a_parabola_are_nearly_evenly_spaced_ellipses():
    gaps = np.diff(np.sqrt(plots.levels(surfaces.Quadratic(kappa=1.0))))
    assert gaps.max() / gaps.min() < 1.5


@pytest.mark.parametrize("count", [1, 2.5, True, "14"])
def test_a_wrong_count_of_levels_is_named(count):
    with pytest.raises(ValueError, match="count = .*expected a whole number >= 2"):
        plots.levels(RAVINE, count)


def test_a_map_of_one_dimension_is_refused():
    with pytest.raises(ValueError, match="'bowl' has dimension 1; expected 2"):
        plots.levels(surfaces.Bowl())


# Labels and colours


@pytest.mark.parametrize("asked", [Adam, Adam(lr=0.1), "Adam"])
def test_a_label_gets_the_colour_of_the_rule_it_stands_for(asked):
    found = plots.colours_of(["η = 0.1", "mine"], {"η = 0.1": asked, "mine": "theory"})
    assert found == {"η = 0.1": style.OPTIMIZERS["Adam"], "mine": style.SYMBOLS["theory"]}


def test_a_label_says_nothing_about_its_colour():
    assert plots.colours_of(["Adam"])["Adam"] != style.OPTIMIZERS["Adam"]


def test_labels_without_a_colour_get_different_ones_and_what_has_none_is_refused():
    found = plots.colours_of([f"β = {k}" for k in range(len(style.SPARE))])
    assert len(set(found.values())) == len(style.SPARE)
    with pytest.raises(ValueError, match=r"colours\['mine'\]: colour = 'red'; expected a rule or"):
        plots.colours_of(["mine"], {"mine": "red"})


# Runs


def test_a_run_is_visible_until_it_leaves():
    run = runs()["Nesterov, too fast"]
    shown = plots.visible(run.x, RAVINE.domain)
    assert run.diverged and 2 <= len(shown) < run.diverged_at and np.isfinite(shown).all()
    assert np.abs(shown[:-1]).max() <= 6, "all but the last point lie near the picture"
    assert shown == pytest.approx(run.x[: len(shown)])


def test_what_cannot_be_drawn_is_refused_by_name():
    sweep = minimize(RAVINE, GradientDescent(lr=np.array([[0.1], [0.2]])), START, 3)
    with pytest.raises(ValueError, match=r"runs\['GD'\].x has shape \(4, 2, 2\)"):
        plots.check_runs({"GD": sweep})
    with pytest.raises(ValueError, match="runs is empty"):
        plots.check_runs({})
    with pytest.raises(ValueError, match="alt = "):
        plots.lines([1, 2], {"a": [1, 2]}, "short")


# Curves


def test_lines_draw_curves_bands_and_what_theory_says(figures):
    t = np.arange(1, 21)
    many = np.random.default_rng(0).normal(size=(50, 20))
    picture = plots.lines(t, {"β = 0.9": 0.9**t, "seeds": many}, ALT, guides={"limit": 0.5})
    ax = figures[0].axes[0]
    assert ax.lines[0].get_ydata() == pytest.approx(0.9**t)
    assert ax.lines[1].get_ydata() == pytest.approx(np.median(many, axis=0))
    assert len(ax.collections) == 1, "one band"
    assert (ax.lines[2].get_ydata() == 0.5).all()
    assert {"β = 0.9", "seeds", "limit"} <= set(texts(picture))
    with pytest.raises(ValueError, match=r"ys\['y'\] has shape \(3,\)"):
        plots.lines(t, {"y": [1, 2, 3]}, ALT)


def test_curves_differ_by_more_than_colour(figures):
    plots.lines([0, 1], {k: [0, 1] for k in "abcd"}, ALT)
    lines = figures[0].axes[0].lines
    assert len({str(line._unscaled_dash_pattern) for line in lines}) == 4


def test_stems_stand_where_their_number_is(figures):
    plots.stems(0.9 ** np.arange(5), ALT)
    ax = figures[0].axes[0]
    assert ax.lines[0].get_xdata() == pytest.approx(np.arange(5))
    assert ax.lines[0].get_ydata() == pytest.approx(0.9 ** np.arange(5))
    with pytest.raises(ValueError, match="expected a plain sequence"):
        plots.stems({"w": []}, ALT)


# Nothing is cut off


def test_nothing_is_cut_off_and_everything_is_readable_on_a_phone(figures):
    labels = [f"Adam with a long name, η = {k}" for k in range(4)]
    plots.lines([1, 2], dict.fromkeys(labels, [1, 2]), ALT, title="A title", xlabel="x", ylabel="y")
    plots.stems(dict.fromkeys(labels, [1, 2]), ALT, title="A title")
    for figure in figures:
        box = figure.get_tightbbox()
        width, height = figure.get_size_inches()
        assert box.x0 >= -0.01 and box.y0 >= -0.01, box
        assert box.x1 <= width + 0.01 and box.y1 <= height + 0.01, box
        assert width * 72 * 0.94 <= 328, "9 pt is then at least 8.5 CSS pixels at 360"


def test_a_long_legend_makes_the_picture_taller_not_the_plot_smaller(figures):
    for count in (1, 4):
        labels = [f"A curve with a long name, number {k}" for k in range(count)]
        plots.lines([1, 2], dict.fromkeys(labels, [1, 2]), ALT)
    heights = [f.axes[0].get_position().height * f.get_size_inches()[1] for f in figures]
    assert heights[1] == pytest.approx(heights[0], rel=0.05)
