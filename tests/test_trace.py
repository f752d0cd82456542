"""From a rule's own code to JavaScript and LaTeX: what is recorded, and what is refused and why."""

import inspect
import json
import math
import re
import subprocess
from dataclasses import dataclass, fields
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
import sphinxcontrib.katex

from book.npm import NODE
from optlib import optimizers, surfaces, trace
from optlib.optimizers import ALL, Adam, Momentum, MomentumState
from optlib.trace import (
    Node,
    evaluate,
    spell,
    to_latex,
    trace_function,
    trace_rule,
    trace_surface,
)

OTHER = {"lr": 0.37, "beta1": 0.61, "beta2": 0.83, "eps": 0.021, "weight_decay": 0.17}


def other(rule):
    """A rule with hyperparameters that are not its defaults."""
    return rule(**{field.name: OTHER[field.name] for field in fields(rule)})


# what is recorded ---------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.__name__)
def test_a_rules_nodes_compute_what_the_rule_computes(rule):
    traced = trace_rule(rule())  # recorded with the defaults, evaluated with others
    opt, rng = other(rule), np.random.default_rng(5)
    hp = {f"hp.{name}": OTHER[name] for name in traced.parameters}
    for t in (1, 3, 50):
        g, x = rng.normal(size=(2, 200))
        state = type(opt.init(x))(*rng.uniform(0, 3, size=(len(traced.start), 200)))
        inputs = hp | {"g": g, "x": x, "t": t}
        inputs |= {f"s.{key}": value for key, value in state._asdict().items()}
        dx, after = opt.update(g, state, t, x)
        assert np.allclose(evaluate(traced.dx, inputs), dx, rtol=1e-13, atol=0)
        for key, node in traced.state.items():
            assert np.allclose(evaluate(node, inputs), getattr(after, key), rtol=1e-13, atol=0)


@pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.__name__)
def test_a_trace_has_the_rules_own_names_and_start(rule):
    opt, traced = rule(), trace_rule(rule())
    assert traced.parameters == {field.name: getattr(opt, field.name) for field in fields(rule)}
    assert traced.start == {name: 0.0 for name in opt.init(np.zeros(2))._fields}


@pytest.mark.parametrize("surface", surfaces.ALL, ids=lambda surface: surface.__name__)
def test_a_landscapes_nodes_compute_its_height_and_gradient(surface):
    s = surface()
    traced = trace_surface(s)
    low, high = np.transpose(s.domain)
    x = np.random.default_rng(6).uniform(2 * low, 2 * high, size=(200, s.dim))
    inputs = {f"p.{name}": value for name, value in traced.parameters.items()}
    inputs |= {f"x[{i}]": x[:, i] for i in range(s.dim)}
    assert np.allclose(evaluate(traced.f, inputs), s.f(x), rtol=1e-12)
    for node, column in zip(traced.grad, s.grad(x).T, strict=True):
        assert np.allclose(evaluate(node, inputs), column, rtol=1e-12)


def test_common_subexpressions_are_computed_once():
    js = trace_rule(Adam()).js
    assert js.startswith("(hp, g, s, t, x) => {")
    assert js.count("Math.pow(hp.beta1, t)") == 1 == js.count("g * g")


def test_what_a_function_may_use():
    traced = trace_function(
        lambda x, lr: np.clip(np.where((x > 0.5) & ~(lr < 0.1), x, -lr), 0.1, 3) + np.pi
    )
    assert traced.names == ("x", "lr")
    for word in ("?", "&&", "!", "Math.max", "Math.min", repr(math.pi)):
        assert word in traced.js
    assert trace_function(lambda: 0.25).js == "(e) => {  return 0.25; }"


def test_infinity_and_nan_are_spelled_for_javascript():
    spelled = [spell(v) for v in (np.inf, -np.inf, np.nan, True, False, 1e-300, -0.0)]
    assert spelled == ["Infinity", "-Infinity", "NaN", "true", "false", "1e-300", "-0.0"]
    js = trace_function(
        lambda x: np.where(x > 2, np.nan, np.minimum(x, np.inf) + np.maximum(x, -np.inf))
    ).js
    assert "NaN" in js and "Math.min(e.x, Infinity)" in js and "Math.max(e.x, -Infinity)" in js
    assert not re.search(r"\b(inf|nan)\b", js)


class TwoSpeeds(NamedTuple):
    slow: np.ndarray
    fast: np.ndarray


@dataclass(frozen=True)
class Unknown:
    """A rule that optlib has never seen, with names of its own and a start that is not zero."""

    rate: float = 0.1
    mix: float = 0.5

    def init(self, x):
        return TwoSpeeds(np.zeros_like(x), np.ones_like(x))

    def update(self, g, state, t, x):
        slow = 0.99 * state.slow + 0.01 * g
        fast = np.tanh(state.fast - g) * self.mix
        return -self.rate * np.sign(slow) * abs(fast) / t, TwoSpeeds(slow, fast)


def test_a_rule_unknown_to_optlib_traces():
    traced = trace_rule(Unknown(mix=0.25))
    assert traced.parameters == {"rate": 0.1, "mix": 0.25}
    assert traced.start == {"slow": 0.0, "fast": 1.0}
    assert all(text in traced.js for text in ("s.slow", "hp.mix", "Math.tanh", "Math.sign", "/ t"))
    assert r"\operatorname{sign}" in to_latex(Unknown())


# what is refused ----------------------------------------------------------------------------------


def branch(opt, g, s, t, x):
    return (-opt.lr * g if g > 0 else g), s


def norm(opt, g, s, t, x):
    return -opt.lr * g / np.linalg.norm(g), s


def mean(opt, g, s, t, x):
    return -opt.lr * (g - np.mean(g)), s


def method_of_an_array(opt, g, s, t, x):
    return -opt.lr * (g - g.mean()), s


def reduction(opt, g, s, t, x):
    return -opt.lr * g / np.add.reduce(g), s


def unknown_ufunc(opt, g, s, t, x):
    return -opt.lr * np.heaviside(g, 0.5), s


def in_place(opt, g, s, t, x):
    m = s.m
    m *= opt.beta1
    return -opt.lr * (m + g), MomentumState(m + g)


def out(opt, g, s, t, x):
    return np.multiply(g, -opt.lr, out=g), s


def indexing(opt, g, s, t, x):
    return -opt.lr * g[0], s


def assignment(opt, g, s, t, x):
    g[g > 1] = 1
    return -opt.lr * g, s


def loop(opt, g, s, t, x):
    return sum(-opt.lr * u for u in x), s


def length(opt, g, s, t, x):
    return -opt.lr * g / len(x), s


def python_float(opt, g, s, t, x):
    return -opt.lr * float(g), s


def math_module(opt, g, s, t, x):
    return -opt.lr * math.sqrt(g), s


def array_constant(opt, g, s, t, x):
    return -opt.lr * g * np.array([1.0, 2.0, 3.0]), s


def text_constant(opt, g, s, t, x):
    return -opt.lr * g, MomentumState("m")


def step_parity(opt, g, s, t, x):
    return -opt.lr * g * (t % 2), s


def hidden_mix(opt, g, s, t, x):
    return -opt.lr * (g - np.asarray(g).sum()), s


def hidden_branch(opt, g, s, t, x):
    sign = -1 if isinstance(g, Node) else 1
    return sign * opt.lr * g, s


def forgotten_return(opt, g, s, t, x):
    opt.lr * g


def short_state(opt, g, s, t, x):
    return -opt.lr * g, ()


REFUSED = [
    (branch, "a branch, a loop or a conversion on data; use np.where"),
    (norm, "np.norm: a rule must treat every coordinate by itself"),
    (mean, "np.mean: a rule must treat every coordinate by itself"),
    (method_of_an_array, "cannot trace .mean of an array; use NumPy's elementwise functions"),
    (reduction, "np.add.reduce: it mixes coordinates"),
    (unknown_ufunc, "np.heaviside: no JavaScript is known for it"),
    (in_place, "a change in place; write m = m * beta, not m *= beta"),
    (out, "a change in place"),
    (indexing, "a branch, a loop or a conversion on data"),
    (assignment, "a branch, a loop or a conversion on data"),
    (loop, "a branch, a loop or a conversion on data"),
    (length, "a branch, a loop or a conversion on data"),
    (python_float, "a branch, a loop or a conversion on data"),
    (math_module, "a branch, a loop or a conversion on data"),
    (array_constant, "the constant array([1., 2., 3.]); expected a single number"),
    (text_constant, "the constant 'm'; expected a single number"),
    (step_parity, "np.remainder: no JavaScript is known for it"),
    (hidden_mix, "its dx differs from its own; it mixes coordinates, or branches on data"),
    (hidden_branch, "its dx differs from its own; it mixes coordinates, or branches on"),
    (forgotten_return, "expected (dx, state)"),
    (short_state, "expected a state of m"),
]


@pytest.mark.parametrize(("body", "reason"), REFUSED, ids=lambda p: getattr(p, "__name__", ""))
def test_a_rule_that_cannot_be_traced_says_why(body, reason):
    Broken = type("Broken", (Momentum,), {"update": body})
    with pytest.raises(TypeError, match=re.escape(reason)) as error:
        trace_rule(Broken())
    assert "Broken" in str(error.value) and "cannot be traced" in str(error.value)


def test_only_the_replay_sees_a_branch_that_nodes_do_not_take():
    """The branch is on NumPy's side, late: without the replay the trace would be used."""

    def update(opt, g, s, t, x):
        return -opt.lr * g * (1 if isinstance(t, Node) or t < 90 else 2), s

    Late = type("Late", (Momentum,), {"update": update})
    with pytest.raises(TypeError, match="replayed at t = 100"):
        trace_rule(Late())


@pytest.mark.parametrize("state", [{"m": 0.0}, None, 0.0, (0.0,)], ids=repr)
def test_a_state_must_be_a_named_tuple(state):
    Broken = type("Broken", (Momentum,), {"init": lambda self, x: state})
    with pytest.raises(TypeError, match=re.escape(f"{state!r}; expected a NamedTuple")):
        trace_rule(Broken())


def test_a_state_must_start_alike_in_every_coordinate():
    Broken = type("Broken", (Momentum,), {"init": lambda self, x: MomentumState(np.arange(3.0))})
    with pytest.raises(TypeError, match="m starts differently per coordinate"):
        trace_rule(Broken())


def test_a_rule_must_be_an_instance_of_a_dataclass_with_single_numbers():
    class Loose:
        def init(self, x):
            return optimizers.NoState()

    with pytest.raises(TypeError, match="expected an instance of a dataclass"):
        trace_rule(Loose())
    with pytest.raises(TypeError, match="Adam with an array as lr; expected a number"):
        trace_rule(Adam(lr=np.array([0.1, 0.2])))


BAD_HEIGHTS = [
    (lambda x: np.sum(x**2, axis=-1), "arithmetic on a whole point; use its coordinates"),
    (lambda x: (x * x).sum(axis=-1), "arithmetic on a whole point"),
    (lambda x: x[0], "x[0]; write x[..., i]"),
    (lambda x: x[..., 0] if x[..., 0] > 0 else 0, "a branch"),
    (lambda x: sum(x), "a branch, a loop"),
    (lambda x: np.max(x, axis=-1), "np.amax|np.max"),
    (lambda x: x[..., 0] + (0 if isinstance(x, Node) else 1), "its f differs from its own"),
]


@pytest.mark.parametrize(("f", "reason"), BAD_HEIGHTS)
def test_a_landscape_that_cannot_be_traced_says_why(f, reason):
    Broken = type("Broken", (surfaces.Saddle,), {"f": lambda self, x: f(x)})
    pattern = reason if "|" in reason else re.escape(reason)
    with pytest.raises(TypeError, match=pattern) as error:
        trace_surface(Broken())
    assert "Broken cannot be traced" in str(error.value)


def test_a_wrong_gradient_is_named():
    Broken = type(
        "Broken",
        (surfaces.Bowl,),
        {"grad": lambda self, x: surfaces.stack(x[..., 0] * (1 if isinstance(x, Node) else 2))},
    )
    with pytest.raises(TypeError, match="its grad differs from its own"):
        trace_surface(Broken())


@pytest.mark.parametrize(
    ("function", "reason"),
    [
        (lambda lr: 1 if lr > 0.5 else 0, "a branch"),
        (
            lambda lr: 1 if not isinstance(lr, Node) and lr > 0.5 else 0,
            "it mixes coordinates, or branches on data",
        ),
        (lambda x: np.cumsum(x), "np.cumsum"),
        (lambda x: [x, x], "expected a single number"),
    ],
)
def test_a_function_that_cannot_be_traced_says_why(function, reason):
    with pytest.raises(TypeError, match=reason) as error:
        trace_function(function)
    names = ", ".join(inspect.signature(function).parameters)
    assert f"the function of ({names}) cannot be traced" in str(error.value)


# LaTeX --------------------------------------------------------------------------------------------


def lines_of(opt):
    text = to_latex(opt)
    assert text.startswith(r"\begin{aligned} ") and text.endswith(r" \end{aligned}")
    return text.removeprefix(r"\begin{aligned} ").removesuffix(r" \end{aligned}").split(r" \\ ")


def test_adam_reads_like_algorithm_1():
    assert lines_of(Adam()) == [
        r"m &\leftarrow \beta_1\,m + \left(1 - \beta_1\right)\,g",
        r"v &\leftarrow \beta_2\,v + \left(1 - \beta_2\right)\,g^{2}",
        r"\hat m &= \frac{m}{1 - \beta_1^{t}}",
        r"\hat v &= \frac{v}{1 - \beta_2^{t}}",
        r"\Delta x &= -\frac{\eta\,\hat m}{\sqrt{\hat v} + \varepsilon}",
    ]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("GradientDescent", [r"\Delta x &= -\eta\,g"]),
        ("Momentum", [r"m &\leftarrow \beta_1\,m + g", r"\Delta x &= -\eta\,m"]),
        (
            "Nesterov",
            [r"m &\leftarrow \beta_1\,m + g", r"\Delta x &= -\eta\,\left(g + \beta_1\,m\right)"],
        ),
        (
            "AdaGrad",
            [r"v &\leftarrow v + g^{2}", r"\Delta x &= -\frac{\eta\,g}{\sqrt{v} + \varepsilon}"],
        ),
        (
            "RMSPropMomentum",
            [
                r"v &\leftarrow \beta_2\,v + \left(1 - \beta_2\right)\,g^{2}",
                r"m &\leftarrow \beta_1\,m + \frac{\eta\,g}{\sqrt{v} + \varepsilon}",
                r"\Delta x &= -m",
            ],
        ),
        (
            "Adadelta",
            [  # the step before u: on its right stands the old one
                r"v &\leftarrow \beta_2\,v + \left(1 - \beta_2\right)\,g^{2}",
                r"\Delta x &= -\frac{g\,\sqrt{u + \varepsilon}}{\sqrt{v + \varepsilon}}",
                r"u &\leftarrow \beta_2\,u + \left(1 - \beta_2\right)\,\Delta x^{2}",
            ],
        ),
        (
            "AMSGrad",
            [
                r"m &\leftarrow \beta_1\,m + \left(1 - \beta_1\right)\,g",
                r"v &\leftarrow \beta_2\,v + \left(1 - \beta_2\right)\,g^{2}",
                r"v_{\max} &\leftarrow \max(v_{\max}, v)",
                r"\Delta x &= -\frac{\eta\,m}{\sqrt{v_{\max}} + \varepsilon}",
            ],
        ),
    ],
)
def test_the_lines_of_a_rule(rule, expected):
    assert lines_of(getattr(optimizers, rule)()) == expected


@pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.__name__)
def test_every_line_defines_one_symbol_once(rule):
    left = [line.split(" &")[0] for line in lines_of(rule())]
    state = [trace.letter(f"s.{name}") for name in rule().init(np.zeros(1))._fields]
    assert len(set(left)) == len(left)
    assert {*state, r"\Delta x"} <= set(left)


def test_katex_accepts_every_rule():
    katex = next(Path(sphinxcontrib.katex.__file__).parent.rglob("katex.min.js"))
    script = (
        "const katex = require(process.argv[1]); let text = '';"
        "process.stdin.on('data', (part) => { text += part; }).on('end', () => {"
        "  for (const line of JSON.parse(text)) katex.renderToString(line, {throwOnError: true,"
        "    strict: 'error', displayMode: true}); console.log('fine'); });"
    )
    formulas = [to_latex(rule()) for rule in ALL] + [to_latex(Unknown())]
    command = [str(NODE), "-e", script, str(katex)]
    done = subprocess.run(command, input=json.dumps(formulas), capture_output=True, text=True)
    assert done.stdout == "fine\n", done.stderr[-500:]
    broken = json.dumps([*formulas, r"\frac{1"])
    assert subprocess.run(command, input=broken, capture_output=True, text=True).returncode != 0
