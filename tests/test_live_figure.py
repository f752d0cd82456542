"""A live figure as Python sees it: values, runs, observers, markup, and clear errors."""

import os
import re
import subprocess
import sys
import warnings

import numpy as np
import pytest
from bs4 import BeautifulSoup
from conftest import ROOT

from optlib.descent import minimize
from optlib.live import Arrow, Ball, Cloud, Descent, Goal, Loss, Map, Phase, Series, Slider
from optlib.optimizers import Adam, GradientDescent, Momentum, MomentumState
from optlib.surfaces import Bowl, Quadratic
from tools.small_figures import KINDS, ball, cloud, menu, paths, series

ALT = "A sentence that says what is to be seen."


class Centred(Momentum):
    """A rule that cannot be traced: it looks at all coordinates at once."""

    def update(self, g, state, t, x):
        return -self.lr * (g - np.mean(g)), state


def one(**changes):
    """A small figure; ``changes`` are what a test is about."""
    return Descent(
        **{
            "surface": Quadratic(),
            "optimizers": {"GD": GradientDescent(lr=0.05)},
            "start": (1.0, 1.0),
            "steps": 5,
            "panels": ("loss",),
            "title": "One",
            "alt": ALT,
            **changes,
        }
    )


# values and runs ----------------------------------------------------------------------------------


def test_runs_are_there_at_once_and_are_those_of_minimize():
    fig = paths()
    assert list(fig.runs) == ["Momentum", "Adam"]
    expected = minimize(Quadratic(kappa=10.0), Adam(lr=0.02), (-1.5, 1.2), 80)
    assert np.array_equal(fig.runs["Adam"].x, expected.x)
    assert fig.values == {
        "lr": 0.02,
        "Momentum.beta1": 0.8,
        "Adam.beta2": 0.999,
        "start": [-1.5, 1.2],
        "step": 80,
        "shown": ["Momentum", "Adam"],
    }


def test_a_partial_assignment_leaves_the_rest():
    fig = paths()
    fig.values = {"lr": 0.1}
    fig.values = {"Momentum.beta1": 0.5}
    assert fig.values["lr"] == 0.1 and fig.values["Momentum.beta1"] == 0.5
    expected = minimize(Quadratic(kappa=10.0), Momentum(lr=0.1, beta1=0.5), (-1.5, 1.2), 80)
    assert np.array_equal(fig.runs["Momentum"].x, expected.x)
    assert fig.optimizers["Momentum"].lr == 0.02, "the figure does not change what it was given"


def test_every_sort_of_dial_moves_the_runs():
    fig = ball()
    fig.values = {"surface": "two valleys", "surface.tilt": 0.0, "start": [0.3]}
    assert fig.runs["GD"].x[0] == 0.3 and fig.runs["GD"].x[-1] > 0
    fig.values = {"surface": "bowl"}
    assert np.array_equal(fig.runs["GD"].x, minimize(Bowl(), GradientDescent(lr=0.05), 0.3, 70).x)
    fig.values = {"surface": "tent", "surface.tilt": 0.5}  # a field that the tent does not have
    assert np.isfinite(fig.runs["GD"].x).all()


def test_noise_is_a_dial_and_the_same_for_every_rule():
    fig = menu()
    fig.values = {"noise": 0.0}
    quiet = fig.runs["GD"].x
    fig.values = {"noise": 2.0}
    noisy = fig.runs["GD"]
    assert not np.allclose(noisy.x, quiet)
    added = [fig.runs[label].g[0] for label in fig.labels]
    assert np.array_equal(*added), "from one start both meet the same noise"
    fig.values = {"noise": 0.0}
    assert np.array_equal(fig.runs["GD"].x, quiet)


def test_a_derived_rate_follows_its_sliders():
    fig = series()
    fig.values = {"h": 0.5, "beta1": 0.75}
    expected = minimize(fig.surfaces[0], Momentum(lr=0.125, beta1=0.75), 0.0, 90)
    assert np.allclose(fig.runs["Momentum"].x, expected.x)
    assert fig.runs["GD"].x[1] == -0.1, "the other rule has a rate of its own"


def test_only_what_matters_computes_anew():
    fig = paths()
    before = fig.runs
    fig.values = {"step": 3, "shown": ["Adam"]}
    assert fig.runs is before
    fig.values = {"lr": fig.values["lr"]}
    assert fig.runs is before


def test_observers_hear_of_values_and_runs():
    fig, heard = paths(), []
    fig.observe(lambda change: heard.append((change["name"], change["new"])), ["values", "runs"])
    fig.values = {"lr": 0.3}
    names = [name for name, _ in heard]
    assert sorted(names) == ["runs", "values"]
    assert dict(heard)["values"]["lr"] == 0.3
    assert dict(heard)["runs"]["Adam"] is fig.runs["Adam"]


def test_a_run_that_diverges_is_marked():
    fig = paths()
    fig.values = {"lr": 1.0, "Momentum.beta1": 0.99}
    assert fig.runs["Momentum"].diverged and not fig.runs["Adam"].diverged


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"rate": 1.0}, "values: rate = 1.0; expected one of lr, Momentum.beta1"),
        ({"lr": 2.0}, "values: lr = 2.0; expected a number from 0.001 to 1"),
        ({"lr": 0.0}, "values: lr = 0.0; expected a number from 0.001 to 1"),
        ({"lr": float("nan")}, "values: lr = nan; expected a number from 0.001 to 1"),
        ({"lr": float("inf")}, "values: lr = inf; expected a number from 0.001 to 1"),
        ({"lr": "0.1"}, "values: lr = '0.1'; expected a number"),
        ({"lr": None}, "values: lr = None; expected a number"),
        ({"lr": True}, "values: lr = True; expected a number"),
        ({"start": [1.0, 2.0, 3.0]}, "values: start = [1.0, 2.0, 3.0]; expected 2 finite numbers"),
        (
            {"start": [[1.0, 2.0]] * 2},
            "values: start = [[1.0, 2.0], [1.0, 2.0]]; expected 2 finite",
        ),
        ({"start": [1.0, float("nan")]}, "values: start = [1.0, nan]; expected 2 finite numbers"),
        ({"start": "here"}, "values: start = 'here'; expected 2 finite numbers"),
        ({"step": 81}, "values: step = 81; expected a whole number from 0 to 80"),
        ({"step": -1}, "values: step = -1; expected a whole number from 0 to 80"),
        ({"step": 1.5}, "values: step = 1.5; expected a whole number from 0 to 80"),
        ({"shown": ["Momentum", "SGD"]}, "values: shown = ['Momentum', 'SGD']; expected a list of"),
        (
            {"shown": "Momentum"},
            "values: shown = 'Momentum'; expected a list of labels from Momentum",
        ),
        ({"shown": 3}, "values: shown = 3; expected a list of labels from Momentum, Adam"),
    ],
)
def test_a_value_that_cannot_be_is_refused_and_changes_nothing(given, said):
    fig = paths()
    values, runs = fig.values, fig.runs
    with pytest.raises(ValueError, match=re.escape(said)):
        fig.values = given
    assert fig.values == values and fig.runs is runs


def test_a_landscape_that_is_not_on_the_menu_is_refused():
    said = "values: surface = 'moon'; expected one of two valleys, bowl, tent"
    with pytest.raises(ValueError, match=said):
        ball().values = {"surface": "moon"}


# errors of those who write a figure ---------------------------------------------------------------


def wrong_series(**changes):
    return {"panels": (Series({"q": lambda x: x}, **changes),)}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"start": (1.0,)}, "start = (1.0,); expected 2 finite numbers"),
        ({"start": [(1.0, 2.0)]}, "start = [(1.0, 2.0)]; expected 2 finite numbers"),
        ({"start": (1.0, np.inf)}, "start = (1.0, inf); expected 2 finite numbers"),
        ({"steps": -1}, "steps = -1; expected a whole number"),
        ({"steps": 2.5}, "steps = 2.5; expected a whole number"),
        ({"step": 6}, "step = 6; expected a whole number from 0 to 5"),
        ({"alt": "x.png"}, "alt = 'x.png'; expected a sentence"),
        ({"title": ""}, "title = ''; expected"),
        ({"surface": {}}, "surface = {}; expected a landscape"),
        ({"surface": {"a": Quadratic(), "b": Bowl()}}, "landscapes of [1, 2] dimensions"),
        ({"optimizers": {}}, "optimizers = {}; expected a dict of label: rule"),
        ({"optimizers": [Adam()]}, "expected a dict of label: rule"),
        ({"noise": -1.0}, "noise = -1.0; expected a finite number >= 0"),
        ({"noise": float("nan")}, "noise = nan; expected a finite number >= 0"),
        ({"colours": {"GD": "Sgd"}}, "colours: GD = 'Sgd'; expected one of"),
        ({"colours": {"Adam": "Adam"}}, "colours: Adam; expected a label of GD"),
        ({"goal": "win"}, "goal = 'win'; expected Goal(text, when)"),
        ({"goal": Goal("Win.", lambda speed: speed > 1)}, "goal: when reads speed; expected names"),
        ({"panels": ("chart",)}, "panels: 'chart'; expected one of map, loss, ball"),
        ({"panels": (3,)}, "panels: 3; expected a name or an object"),
        ({"panels": ()}, "panels = (); expected at least one"),
        ({"sliders": {"lr": (0.01, 0.1, "root")}}, "scale = 'root'; expected one of"),
        ({"sliders": {"lr": (0.0, 0.1, "log")}}, "low = 0.0 on a log scale; expected a number > 0"),
        ({"sliders": {"lr": (0.1, 0.01)}}, "low, high = 0.1, 0.01; expected finite low < high"),
        ({"sliders": {"lr": (0.0, np.inf)}}, "low, high = 0.0, inf; expected finite low < high"),
        ({"sliders": {"lr": ("a", 1)}}, "low, high = a, 1; expected finite low < high"),
        ({"sliders": {"lr": 0.1}}, "sliders: lr = 0.1; expected (low, high)"),
        ({"sliders": {"lr": (0.1, 1.0)}}, "sliders: lr starts at 0.05; expected 0.1 to 1"),
        (
            {"sliders": {"lr": Slider(0, 1, value=np.nan)}},
            "sliders: lr starts at nan; expected 0 to 1",
        ),
        (
            {"sliders": {"lr": (-1, 1)}},
            "sliders: lr reaches -1: GradientDescent: lr = -1.0; expected",
        ),
        ({"sliders": {"beta1": (0, 0.9)}}, "sliders: beta1 turns nothing here; expected a field"),
        ({"sliders": {"Adam.lr": (0, 0.9)}}, "sliders: Adam.lr; expected a label of GD"),
        ({"sliders": {"start": Slider(0, 1, value=0.5)}}, "sliders: start; expected another name"),
        (
            {"sliders": {"GD.beta1": Slider(0, 1, value=0.5)}},
            "sliders: GD.beta1 turns nothing here",
        ),
        ({"sliders": {"surface.tilt": (0, 0.9)}}, "sliders: surface.tilt turns nothing here"),
        ({"sliders": {"noise": (0, 0.9)}}, "sliders: noise turns nothing here"),
        (
            {"derived": {"GD.beta1": lambda: 1.0}},
            "derived: GD.beta1; expected 'Label.field' of a rule",
        ),
        ({"derived": {"GD.lr": lambda h: h}}, "derived: GD.lr reads h; expected names of sliders"),
        (
            {"sliders": {"h": Slider(0, 2, value=1)}, "derived": {"GD.lr": lambda h: 1 - h}},
            "derived: GD.lr at h = 2: GradientDescent: lr = -1.0; expected a finite number >= 0",
        ),
        ({"panels": (Phase(lambda x, y: x),)}, "no slider called 'lr' here"),
        (
            wrong_series(guides={"a": lambda lr, b: b}),
            "series: a reads lr, b; expected names among",
        ),
        ({"panels": (Series({"q": lambda m: m}),)}, "series: q reads m; expected names among"),
        ({"panels": (Cloud(lambda speed: speed),)}, "cloud: variance reads speed; expected names"),
        ({"panels": (Map(arrows={"Adam": []}),)}, "arrows: 'Adam'; expected a label of GD"),
        (
            {"panels": (Map(arrows={"GD": [Arrow("a", tail=lambda x: x, head=lambda m: m)]}),)},
            "arrows: a reads m; expected names among",
        ),
    ],
)
def test_a_figure_that_cannot_be_says_what_is_wrong(changes, said):
    with pytest.raises(ValueError, match=re.escape(said)):
        one(**changes)


@pytest.mark.parametrize("rule", [Adam, "Adam", 3])
def test_a_rule_must_be_an_instance(rule):
    with pytest.raises(TypeError, match=r"optimizers: A = .*; expected a rule such as Adam"):
        one(optimizers={"A": rule})


@pytest.mark.parametrize(
    "make",
    [
        lambda: Goal("Win.", lambda f: f < 1, at="once"),
        lambda: Slider(0.5, 1.0, "decay"),
        lambda: Slider(0.5, 0.9, ticks=0),
    ],
)
def test_errors_of_dials_by_themselves(make):
    with pytest.raises(ValueError, match=r"^(goal|slider): .* = .*; expected"):
        make()


def test_a_level_that_is_infinite_at_first_draws_nothing_and_is_no_error():
    fig = one(
        sliders={"b": Slider(0, 1, value=1.0)},
        panels=(
            Series({"x": lambda x: x}, guides={"1/(1-b)": lambda b: 1 / (1 - b)}),
            Cloud(lambda b: 1 / (1 - b), burn=0),
        ),
    )
    fig.values = {"b": 0.5}
    assert "data-live" in fig.to_html()


# markup -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_is_the_same_every_time(kind):
    first = KINDS[kind]()
    moved = KINDS[kind]()
    moved.values = {"start": [0.1] * moved.model.dim}
    assert first.to_html() == KINDS[kind]().to_html() == moved.to_html()


def test_the_page_is_the_same_in_another_process():
    code = "import sys; from tools import small_figures as figures; "
    code += "sys.stdout.write(figures.arrows().to_html() + figures.series().to_html())"
    pages = [
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            capture_output=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf8"},
        ).stdout
        for seed in ("1", "2")
    ]
    assert pages[0] == pages[1] and len(pages[0]) > 10_000


@pytest.mark.parametrize("kind", KINDS)
def test_every_id_begins_with_the_figures_own_and_is_unique(kind):
    fig = KINDS[kind]()
    soup = BeautifulSoup(fig.to_html(), "html.parser")
    ids = [tag["id"] for tag in soup.find_all(id=True)]
    assert len(ids) == len(set(ids)) > 3
    assert all(name == fig.id or name.startswith(f"{fig.id}-") for name in ids)
    for tag in soup.find_all(["label", "output"]):
        assert set(tag.get_attribute_list("for")) <= {None, *ids}
    for reference in re.findall(r"url\(#([^)$]+)\)", fig.to_html()):
        assert reference in ids


def test_text_of_the_author_is_text():
    nasty = '<script>alert("1")</script> & <!--<script>'
    fig = one(
        optimizers={nasty: GradientDescent(lr=0.05)},
        title=f"T {nasty}",
        alt=f"{ALT} {nasty}",
        caption=nasty,
        goal=Goal(nasty, lambda f: f < 1),
        sliders={"lr": Slider(0.01, 0.1, label=nasty)},
    )
    soup = BeautifulSoup(fig.to_html(), "html.parser")
    assert len(soup.find_all("script")) == 2  # the data and live.js
    assert soup.figcaption.text == nasty
    data = soup.find("script", class_="live-data").text
    assert "<" not in data


def test_a_notebook_gets_the_widget_and_the_page_markup():
    bundle = paths()._repr_mimebundle_()
    data = bundle[0] if isinstance(bundle, tuple) else bundle
    assert "application/vnd.jupyter.widget-view+json" in data
    assert data["text/html"].startswith("<figure") and "data-live" in data["text/html"]
    assert data["text/plain"].startswith("Contours of a narrow valley")


def test_the_picture_shows_the_runs_before_any_script():
    soup = BeautifulSoup(paths().to_html(), "html.parser")
    for gid in ("run-0", "run-1"):
        lines = soup.select(f'[id$="-{gid}"] path')
        assert len(lines) == 2
        assert all(len(re.findall(r"-?[\d.]+", line["d"])) > 20 for line in lines)


# a rule that cannot be traced ---------------------------------------------------------------------


def test_an_untraceable_rule_warns_and_computes_in_python():
    said = r"computes in Python: Centred cannot be traced: .*np.mean"
    with pytest.warns(UserWarning, match=said):
        fig = one(optimizers={"Centred": Centred(lr=0.05)}, sliders={"lr": (0.01, 100)})
    fig.values = {"lr": 0.2}
    expected = minimize(Quadratic(), Centred(lr=0.2), (1.0, 1.0), 5)
    assert np.array_equal(fig.runs["Centred"].x, expected.x)
    computed = fig._computed["Centred"]
    assert np.array_equal(np.transpose(computed["x"]), expected.x)
    assert computed["f"] == expected.f.tolist()
    assert np.array_equal(np.transpose(computed["state"]["m"]), expected.state.m)
    assert "computes in Python" in fig.to_html()


def test_what_is_not_finite_reaches_the_page_as_nothing():
    with pytest.warns(UserWarning, match="computes in Python"):
        fig = one(optimizers={"Centred": Centred(lr=0.05)}, sliders={"lr": (0.01, 1e9)}, steps=99)
    fig.values = {"lr": 1e9}
    assert fig.runs["Centred"].diverged
    computed = fig._computed["Centred"]
    numbers = [v for v in computed["f"] + computed["x"][0] if v is not None]
    assert np.isfinite(numbers).all() and None in computed["f"]


def test_a_rule_of_the_readers_own_is_traced_without_a_warning():
    class Mine(Momentum):
        def update(self, g, state, t, x):
            m = self.beta1 * state.m + np.sign(g)
            return -self.lr * m, MomentumState(m)

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fig = one(optimizers={"Mine": Mine(lr=0.01)}, sliders={"lr": (0.001, 0.1)})
    assert fig._computed == {} and "Math.sign" in fig.to_html()


def test_panels_by_name_and_by_hand_are_the_same():
    assert one(panels=("loss",)).to_html() == one(panels=(Loss(),)).to_html()
    assert ball(panels=("ball",)).to_html() == ball(panels=(Ball(),)).to_html()


def test_a_cloud_says_nothing_of_a_theory_it_has_not():
    fig = cloud()
    fig.values = {"lr": 2.5, "surface.curvature": 1.0}  # beyond 2/λ: no finite variance
    assert fig.runs["GD"].diverged
