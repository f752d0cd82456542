"""Pictures of the chapters: what is drawn is what was run, nothing is cut off, text says it too."""

import re
from xml.etree import ElementTree

import numpy as np
import pytest

from optlib import Adam, GradientDescent, Momentum, Nesterov, RMSPropMomentum, minimize, surfaces
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


@pytest.mark.parametrize(
    "label, name",
    [
        ("Adam", "Adam"),
        ("AdamW", "AdamW"),
        ("GD", "GradientDescent"),
        ("gradient descent, η = 0.1", "GradientDescent"),
        ("RMSProp with momentum", "RMSPropMomentum"),
        ("RMSProp + Nesterov", "RMSPropNesterov"),
        ("RMSProp (ρ = 0.9)", "RMSProp"),
        ("m̂", "m_hat"),
        ("Δx", "dx"),
    ],
)
def test_a_label_finds_its_colour(label, name):
    assert plots.colours_of([label])[label] == plots.NAMES[name]


def test_labels_without_a_name_get_different_colours_and_colours_can_be_given():
    found = plots.colours_of(["β = 0.9", "β = 0.5", "mine"], {"mine": "theory"})
    assert len(set(found.values())) == 3 and found["mine"] == style.SYMBOLS["theory"]
    with pytest.raises(ValueError, match="colours\\['mine'\\] = 'red'"):
        plots.colours_of(["mine"], {"mine": "red"})


# Paths


def test_paths_draw_the_points_of_the_run(figures):
    plots.paths(RAVINE, runs(), ALT)
    lines = {line.get_label(): line.get_xydata() for line in figures[0].axes[0].lines}
    assert lines["GD"] == pytest.approx(runs()["GD"].x)


def test_a_diverged_run_is_drawn_until_it_leaves_and_says_when_it_was_lost(figures):
    picture = plots.paths(RAVINE, runs(), ALT)
    run = runs()["Nesterov, too fast"]
    said = f"Nesterov, too fast, diverged at step {run.diverged_at}"
    assert run.diverged and said in texts(picture)
    drawn = next(x for x in figures[0].axes[0].lines if x.get_label() == said).get_xydata()
    assert 2 <= len(drawn) < run.diverged_at and np.isfinite(drawn).all()
    assert np.abs(drawn[:-1]).max() <= 6, "all but the last point lie near the picture"


def test_in_one_dimension_a_path_lies_on_the_curve(figures):
    well = surfaces.DoubleWell()
    run = minimize(well, Momentum(lr=0.02), 1.9, 20)
    plots.paths(well, {"Momentum": run}, ALT)
    drawn = figures[0].axes[0].lines[1].get_xydata()
    assert drawn[:, 0] == pytest.approx(run.x[:, 0]) and drawn[:, 1] == pytest.approx(run.f)


def test_what_cannot_be_drawn_is_refused_by_name():
    sweep = minimize(RAVINE, GradientDescent(lr=np.array([[0.1], [0.2]])), START, 3)
    with pytest.raises(ValueError, match=r"runs\['GD'\].x has shape \(4, 2, 2\)"):
        plots.paths(RAVINE, {"GD": sweep}, ALT)
    with pytest.raises(ValueError, match="runs is empty"):
        plots.losses({}, ALT)
    with pytest.raises(ValueError, match="alt = "):
        plots.paths(RAVINE, runs(), "short")


# Curves


def test_losses_are_logarithmic_and_survive_divergence(figures):
    picture = plots.losses(runs(200), ALT)
    ax = figures[0].axes[0]
    assert ax.get_yscale() == "log"
    f = runs(200)["GD"].f
    drawn = ax.lines[0].get_ydata()
    assert drawn[f > plots.LOWEST] == pytest.approx(f[f > plots.LOWEST])
    high = runs()["GD"].f[0] * 1e3
    assert np.nanmax(ax.lines[2].get_ydata()) <= high
    assert any("diverged at step" in text for text in texts(picture))


def test_losses_above_a_minimum_that_is_not_zero(figures):
    well = surfaces.DoubleWell()
    lowest = float(well.f(well.minima[0]))
    run = minimize(well, GradientDescent(lr=0.1), -1.9, 50)
    plots.losses({"GD": run}, ALT, lowest=lowest)
    assert figures[0].axes[0].lines[0].get_ydata()[0] == pytest.approx(run.f[0] - lowest)


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


def test_runs_differ_by_more_than_colour(figures):
    plots.lines([0, 1], {k: [0, 1] for k in "abcd"}, ALT)
    plots.paths(RAVINE, runs(), ALT)
    curves, map_ = figures[0].axes[0], figures[1].axes[0]
    assert len({str(line._unscaled_dash_pattern) for line in curves.lines}) == 4
    assert len({x.get_marker() for x in map_.lines if not x.get_label().startswith("_")}) == 3


def test_stems_stand_where_their_number_is(figures):
    plots.stems(0.9 ** np.arange(5), ALT)
    ax = figures[0].axes[0]
    assert ax.lines[0].get_xdata() == pytest.approx(np.arange(5))
    assert ax.lines[0].get_ydata() == pytest.approx(0.9 ** np.arange(5))
    with pytest.raises(ValueError, match="expected a plain sequence"):
        plots.stems({"w": []}, ALT)


def test_heat_leaves_out_what_is_not_finite_and_marks_a_value():
    x = np.linspace(0, 2, 30)
    Z = x[None, :] + 0 * x[:, None]
    Z[0, 0] = np.inf
    picture = plots.heat(x, x, Z, ALT, contours=(1.0,), label="rate")
    assert "<image" in picture.svg and {"rate", "1"} <= set(texts(picture))
    assert len(picture.svg) < 60_000


# Nothing is cut off


def test_nothing_is_cut_off_and_everything_is_readable_on_a_phone(figures):
    for surface in FLAT:
        run = minimize(surface(), Adam(lr=0.01), [0.5, 0.5], 20)
        labels = [f"Adam with a long name, η = {k}" for k in range(4)]
        plots.paths(surface(), dict.fromkeys(labels, run), ALT, title="A title")
    plots.paths(surfaces.Bowl(), {"GD": minimize(surfaces.Bowl(), GradientDescent(), 1, 5)}, ALT)
    plots.losses(runs(), ALT, title="A title")
    plots.lines([1, 2], {"a": [1, 2]}, ALT, title="A title", xlabel="x", ylabel="y")
    plots.course_map()
    for figure in figures:
        box = figure.get_tightbbox()
        width, height = figure.get_size_inches()
        assert box.x0 >= -0.01 and box.y0 >= -0.01, box
        assert box.x1 <= width + 0.01 and box.y1 <= height + 0.01, box
        assert width * 72 * 0.94 <= 328, "9 pt is then at least 8.5 CSS pixels at 360"


def test_a_long_legend_makes_the_picture_taller_not_the_map_smaller(figures):
    run = runs()["GD"]
    for count in (1, 4):
        labels = [f"GD with a long name, number {k}" for k in range(count)]
        plots.paths(RAVINE, dict.fromkeys(labels, run), ALT)
    heights = [f.axes[0].get_position().height * f.get_size_inches()[1] for f in figures]
    assert heights[1] == pytest.approx(heights[0], rel=0.05)


# Tables


def test_table_is_a_table_for_everybody():
    table = plots.table(
        [["Adam", 1.5, -3], ["RMSProp & co", 2.25e-7, 10]], ["rule", "loss", "steps"], "Two rules"
    )
    root = ElementTree.fromstring(table._repr_html_())
    assert [e.text for e in root.iter("caption")] == ["Two rules"]
    assert [e.get("scope") for e in root.iter("th")] == ["col"] * 3 + ["row"] * 2
    assert [e.text for e in root.iter("td")] == ["1.5", "−3", "2.25e−07", "10"]
    assert all("text-align: right" in e.get("style") for e in root.iter("td"))
    assert str(table).splitlines()[1:] == [
        "rule              loss  steps",
        "Adam               1.5     −3",
        "RMSProp & co  2.25e−07     10",
    ]


def test_a_table_that_does_not_fit_is_refused():
    with pytest.raises(ValueError, match=r"rows\[1\] has 1 cells; expected 2"):
        plots.table([[1, 2], [1]], ["a", "b"], "Caption")
    with pytest.raises(ValueError, match="caption = ''"):
        plots.table([], ["a"], "")


# The map of the course


def test_course_map_names_the_rules_and_links_their_chapters():
    picture = plots.course_map({2: "momentum.html"})
    assert re.findall(r'<a href="([^"]+)"', picture.svg) == ["momentum.html"] * 2
    said = " ".join(texts(picture))
    for name in ("Gradient descent", "Momentum", "AdaGrad", "RMSProp", "Bias correction", "Adam"):
        assert name in said and name.lower() in picture.alt.lower()
    assert 'role="group"' in picture._repr_html_()
    assert 'role="img"' in plots.course_map()._repr_html_()


def test_course_maps_boxes_do_not_touch_and_hold_their_words(figures):
    plots.course_map()
    boxes = [(x - w / 2, x + w / 2, y) for x, y, w, *_ in plots.BOXES.values()]
    for i, (left, right, y) in enumerate(boxes):
        for other in boxes[i + 1 :]:
            assert y != other[2] or right < other[0] or other[1] < left
    ax = figures[0].axes[0]
    patches = [p.get_window_extent() for p in ax.patches if hasattr(p, "get_boxstyle")]
    names = [t.get_window_extent() for t in ax.texts[: 2 * len(plots.BOXES)]]
    patches = [patch for patch in patches for _ in range(2)]
    for box, name in zip(patches, names, strict=True):
        assert box.x0 < name.x0 and name.x1 < box.x1 and box.y0 < name.y0 and name.y1 < box.y1


def test_every_rule_of_the_map_exists():
    assert set(plots.BOXES) - {"bias"} <= set(style.OPTIMIZERS)
    assert plots.colours_of(["RMSProp with momentum"]) == {
        "RMSProp with momentum": style.colour_of(RMSPropMomentum())
    }
