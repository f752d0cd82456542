"""The numbers of live figures: traced JavaScript in Chromium against NumPy and real libraries.

`pytest -s tests/test_live_numbers.py` prints the worst differences. Both sides do the same IEEE
arithmetic; what differs is the last bit of powers, roots of it, sines and logarithms.
"""

import re
from dataclasses import fields

import numpy as np
import pytest
from references import difference, load

from optlib import optimizers, surfaces
from optlib.descent import DIVERGED, minimize
from optlib.live import Descent, script
from optlib.live.functions import Sources
from optlib.live.noise import normals
from optlib.live.spec import spec as spec_of
from optlib.trace import trace_rule, trace_surface

ONE_CALL = 1e-12  # one update or one evaluation, relative
PATH = 1e-9  # a trajectory, relative to its size, at least to 1
STATES, STEPS = 200, 100

RANDOM = {
    "lr": lambda rng, n: 10.0 ** rng.uniform(-4, 0, n),
    "beta1": lambda rng, n: rng.uniform(0, 0.99, n),
    "beta2": lambda rng, n: 1 - 10.0 ** rng.uniform(-3, 0, n),
    "eps": lambda rng, n: 10.0 ** rng.uniform(-8, -1, n),
    "weight_decay": lambda rng, n: rng.uniform(0, 0.5, n),
}
SETTINGS = (  # what a reader's sliders pass through
    {"lr": 1e-3, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8},
    {"lr": 0.01, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8},
    {"lr": 0.05, "beta1": 0.5, "beta2": 0.9, "eps": 1e-4},
    {"lr": 0.1, "beta1": 0.0, "beta2": 0.99, "eps": 1e-8},
    {"lr": 0.3, "beta1": 0.9, "beta2": 0.9, "eps": 1e-2},
    {"lr": 1.0, "beta1": 0.8, "beta2": 0.5, "eps": 1e-1},
)


@pytest.fixture(scope="module")
def js(browser):
    """A function that evaluates JavaScript in a page that has `Live`, and nothing else."""
    context = browser.new_context()
    page = context.new_page()
    page.add_script_tag(content=script())
    yield page.evaluate
    context.close()


def relative(found, expected):
    """The largest difference as a share of what is expected (where that is 0: absolute)."""
    found, expected = np.asarray(found, dtype=float), np.asarray(expected, dtype=float)
    assert found.shape == expected.shape
    size = np.where(expected == 0, 1, np.abs(expected))
    return float((np.abs(found - expected) / size).max())


def names_of(rule):
    return [field.name for field in fields(rule)]


# one call -----------------------------------------------------------------------------------------

UPDATE = """([source, cases]) => {
    const rule = Live.compile(source);
    return cases.map(([hp, g, s, t, x]) => {
        const dx = rule(hp, g, s, t, x);
        return [dx, ...Object.values(s)];
    });
}"""


@pytest.mark.parametrize("rule", optimizers.ALL, ids=lambda rule: rule.__name__)
def test_one_update_from_random_states(js, rule):
    rng, n = np.random.default_rng(11), STATES
    hp = {name: RANDOM[name](rng, n) for name in names_of(rule)}
    g = rng.normal(size=n) * 10.0 ** rng.uniform(-4, 2, n)
    x, t = rng.normal(size=n), rng.integers(1, 1000, n)
    opt = rule(**hp)
    state = opt.init(x)
    state = type(state)(
        *(
            rng.normal(size=n) if name == "m" else 10.0 ** rng.uniform(-6, 2, n)
            for name in state._fields
        )
    )
    dx, after = opt.update(g, state, t, x)
    cases = [
        [
            {name: hp[name][i] for name in hp},
            g[i],
            {name: value[i] for name, value in state._asdict().items()},
            int(t[i]),
            x[i],
        ]
        for i in range(n)
    ]
    found = js(UPDATE, [trace_rule(rule()).js, cases])
    off = relative(found, np.transpose([dx, *after]))
    print(f"\none update  {rule.__name__:16} {off:.1e}")
    assert off <= ONE_CALL


@pytest.mark.parametrize("surface", surfaces.ALL, ids=lambda surface: surface.__name__)
def test_one_evaluation_at_random_points(js, surface):
    rng = np.random.default_rng(12)
    plain = surface()
    parameters = {
        field.name: getattr(plain, field.name) * rng.uniform(0.5, 1.5) + 0.1
        for field in fields(plain)
    }
    s = surface(**parameters)
    low, high = np.transpose(s.domain)
    x = rng.uniform(1.5 * low, 1.5 * high, size=(STATES, s.dim))
    found = js(
        "([source, p, points]) => { const run = Live.compile(source);"
        " return points.map((x) => { const g = []; return [run(p, x, g), ...g]; }); }",
        [trace_surface(plain).js, parameters, x.tolist()],
    )
    off = relative(found, np.column_stack([s.f(x), s.grad(x)]))
    print(f"\none evaluation  {surface.__name__:12} {off:.1e}")
    assert off <= ONE_CALL


@pytest.mark.parametrize("seed", [0, 1, 2, 12345, 2**32 - 1])
def test_the_page_draws_the_same_noise(js, seed):
    found = js("([seed, n]) => Array.from(Live.normals(seed, n))", [seed, 2000])
    expected = normals(seed, 2000)
    assert relative(found, expected) <= ONE_CALL
    assert abs(expected.mean()) < 0.1 and abs(expected.std() - 1) < 0.05


# trajectories -------------------------------------------------------------------------------------

SIMULATE = """([ruleSource, surfaceSource, state, p, start, steps, limit, settings]) => {
    const rule = Live.compile(ruleSource), surface = Live.compile(surfaceSource);
    return settings.map((hp) => {
        const run = Live.simulate({rule, hp, state, surface, p, start, steps, noise: null, limit});
        const spell = (v) => Number.isFinite(v) ? v : null;
        return {x: run.x.map((column) => Array.from(column, spell)), at: run.divergedAt};
    });
}"""


def start_of(surface):
    """A start with no special numbers, well inside the picture."""
    low, high = np.transpose(surface.domain)
    return low + (high - low) * np.array([0.173, 0.841][: surface.dim])


def jittered(surface):
    """The same landscape, whose gradient is asked one unit in the last place beside the point."""
    rng = np.random.default_rng(0)

    def grad(self, x):
        return surface.grad(np.nextafter(x, np.where(rng.random(x.shape) < 0.5, -9e9, 9e9)))

    return type("Jittered", (type(surface),), {"grad": grad})(**vars(surface))


def apart(a, b, until):
    """How far two paths come apart before step ``until``, relative to their size, at least 1."""
    a, b = a[:until], b[:until]
    with np.errstate(all="ignore"):
        return float((np.abs(a - b) / np.maximum(1, np.abs(a))).max(initial=0))


def own_runs(surface, rule, settings, start):
    """NumPy's run for each setting (second axis), and four that differ in last places (third)."""
    hp = {name: np.array([s[name] for s in settings])[:, None, None] for name in names_of(rule)}
    up, down = np.nextafter(start, np.inf), np.nextafter(start, -np.inf)
    starts = np.array([start, up, down])
    run = minimize(surface, rule(**hp), starts, STEPS, keep="path")
    beside = minimize(jittered(surface), rule(**hp), starts[:2], STEPS, keep="path")
    shape = (STEPS + 1, len(settings), -1, surface.dim)
    x = [
        np.broadcast_to(r.x.reshape(shape), (*shape[:2], n, shape[3]))
        for r, n in ((run, 3), (beside, 2))
    ]
    at = [np.broadcast_to(r.diverged_at, (len(settings), n)) for r, n in ((run, 3), (beside, 2))]
    return np.concatenate(x, axis=2), np.concatenate(at, axis=1)


def compare(js, rule, surface, settings):
    """For each setting: how far NumPy is from itself, the page from NumPy, and divergence."""
    traced, ground, start = trace_rule(rule()), trace_surface(surface), start_of(surface)
    found = js(
        SIMULATE,
        [
            traced.js,
            ground.js,
            traced.start,
            ground.parameters,
            start.tolist(),
            STEPS,
            DIVERGED,
            settings,
        ],
    )
    x, at = own_runs(surface, rule, settings, start)
    for k, run in enumerate(found):
        until = min((a for a in at[k] if a >= 0), default=STEPS + 1)
        own = max(apart(x[:, k, 0], x[:, k, i], until) for i in range(1, x.shape[2]))
        off = apart(x[:, k, 0], np.array(run["x"], dtype=float).T, until)
        yield settings[k], own, off, run["at"] == at[k, 0]


def test_trajectories_agree_where_numpy_agrees_with_itself(js):
    """Where one unit in the last place moves NumPy's own run by more, it is chaos, not a bug."""
    total, qualified, wrong = 0, 0, []
    print()
    for rule in optimizers.ALL:
        settings = [{name: s.get(name, 0.1) for name in names_of(rule)} for s in SETTINGS]
        rows = [
            (rule.__name__, surface.__name__, *row)
            for surface in surfaces.ALL
            for row in compare(js, rule, surface(), settings)
        ]
        calm = [row for row in rows if row[3] <= PATH]
        total, qualified = total + len(rows), qualified + len(calm)
        wrong += [row for row in calm if row[4] > PATH or not row[5]]
        worst, share = max(row[4] for row in calm), len(calm) / len(rows)
        print(f"{STEPS} steps  {rule.__name__:16} worst {worst:.1e}, {share:4.0%} of {len(rows)}")
    print(f"{STEPS} steps  {qualified} of {total} settings qualified: {qualified / total:.1%}")
    assert wrong == []
    assert qualified / total >= 0.8


# real libraries -----------------------------------------------------------------------------------

FOLLOW = """([sources, start, records]) => {
    const follow = (rule, {hp, change, gradients, x0}) => {
        const x = x0.slice(), memory = x.map(() => ({...start})), path = [x.slice()];
        gradients.forEach((g, k) => {
            if (change && k + 1 === change[0]) hp = {...hp, lr: change[1]};
            g.forEach((gi, i) => {
                x[i] += rule(hp, gi, memory[i], k + 1, x[i]);
            });
            path.push(x.map((u) => Number.isFinite(u) ? u : 1e300));
        });
        return path;
    };
    return sources.map((source) => records.map((r) => follow(Live.compile(source), r)));
}"""


def away(js, sources, start, records):
    """How far each version of a rule's JavaScript ends up from each library's points."""
    sent = [
        {
            "hp": r.hyperparameters,
            "change": r.change and list(r.change),
            "gradients": r.gradients.tolist(),
            "x0": r.x[0].tolist(),
        }
        for r in records
    ]
    found = js(FOLLOW, [sources, start, sent])
    return np.array(
        [
            [
                difference(np.array(path), record)
                for path, record in zip(paths, records, strict=True)
            ]
            for paths in found
        ]
    )


@pytest.mark.parametrize("rule", optimizers.ALL, ids=lambda rule: rule.__name__)
def test_the_page_visits_the_points_that_the_libraries_visited(js, rule):
    traced = trace_rule(rule())
    records = [record for record in load() if record.rule == rule.__name__]
    off = away(js, [traced.js], traced.start, records)[0]
    print(f"\nlibraries  {rule.__name__:16} {off.max():.1e} over {len(off)} records")
    assert [r.name for r, d in zip(records, off, strict=True) if not d < 1e-10] == []


SIGN = re.compile(r"(?<= )[+-](?= )|-(?=[a-z_])")
UNSEEN = {"CenteredRMSProp": 1}  # its m enters only as m², so −m goes the same way


@pytest.mark.parametrize("rule", optimizers.ALL, ids=lambda rule: rule.__name__)
def test_any_flipped_sign_in_the_page_is_seen(js, rule):
    """Every sign of the JavaScript, flipped by itself, misses what the libraries recorded."""
    traced = trace_rule(rule())
    records = [r for r in load() if r.rule == rule.__name__ and len(r.gradients) < 1000]
    signs = list(SIGN.finditer(traced.js))
    flipped = [
        traced.js[: s.start()] + ("-" if s[0] == "+" else "+") + traced.js[s.end() :] for s in signs
    ]
    off = away(js, flipped, traced.start, records).max(axis=1)
    unseen = [js for js, d in zip(flipped, off, strict=True) if d < 1e-8]
    assert len(signs) >= 1 and len(unseen) == UNSEEN.get(rule.__name__, 0), unseen


# a whole figure -----------------------------------------------------------------------------------


def test_the_figures_model_computes_what_its_python_side_computes(js):
    """Dials of every sort at once: shared, one rule's, the landscape's, noise, derived, a menu."""
    fig = Descent(
        {"ravine": surfaces.Quadratic(kappa=8.0, angle=20.0), "banana": surfaces.Rosenbrock(b=3.0)},
        {
            "Momentum": optimizers.Momentum(lr=0.02),
            "Adam": optimizers.Adam(lr=0.05),
            "GD": optimizers.GradientDescent(lr=0.02),
        },
        start=(-1.5, 1.2),
        steps=60,
        noise=0.3,
        panels=("loss",),
        sliders={
            "lr": (1e-3, 0.1, "log"),
            "Adam.lr": (1e-3, 0.3, "log"),
            "beta1": (0, 0.95),
            "noise": (0, 1),
            "Adam.beta2": (0.5, 0.999, "decay"),
        },
        derived={"Momentum.lr": lambda lr, beta1: lr * (1 - beta1)},
        title="All dials at once",
        alt="Loss of three rules against the step, falling.",
    )
    spec = spec_of(fig, [], Sources())
    for values in (
        {},
        {"lr": 0.05, "Adam.lr": 0.2, "beta1": 0.3},
        {"surface": "banana", "lr": 0.005, "start": [0.7, 1.1], "noise": 0.0},
        {"surface": "ravine", "noise": 0.8, "Adam.beta2": 0.7, "lr": 0.02},
    ):
        fig.values = values
        found = js(
            "([spec, values]) => { const runs = Live.makeModel(spec).shot(values).runs;"
            " return Object.fromEntries(Object.entries(runs).map(([label, run]) => [label,"
            "  {x: run.x.map((u) => Array.from(u)), f: Array.from(run.f),"
            "   g: run.g.map((u) => Array.from(u))}])); }",
            [spec, dict(fig.values)],
        )
        assert not any(run.diverged for run in fig.runs.values())
        for label, run in fig.runs.items():
            assert np.allclose(np.transpose(found[label]["x"]), run.x, rtol=1e-9, atol=1e-12)
            assert np.allclose(np.transpose(found[label]["g"]), run.g, rtol=1e-8, atol=1e-12)
            assert np.allclose(found[label]["f"], run.f, rtol=1e-8, atol=1e-12)
