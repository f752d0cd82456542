"""Record a rule, a landscape or a small function by calling it once with nodes.

Every record is replayed on random numbers and compared with its source before it is used: what
mixes coordinates, or branches on data, differs and is refused with a TypeError.
"""

import inspect
from dataclasses import dataclass, fields, is_dataclass, replace
from numbers import Number

import numpy as np

from optlib.trace.javascript import body
from optlib.trace.nodes import Node, Point, constant, evaluate


@dataclass(frozen=True)
class TracedRule:
    """A rule as nodes: its hyperparameters, its state's names and start, ``dx``, the new state."""

    name: str
    parameters: dict
    start: dict
    dx: Node
    state: dict

    @property
    def js(self):
        """``(hp, g, s, t, x) => dx`` for one coordinate, which leaves the new state in ``s``.

        A function that made a new state at each step would spend its time on memory.
        """
        lines, (dx, *state) = body([self.dx, *self.state.values()])
        after = dict(zip(self.state, state, strict=True))
        lines.append(f"const dx = {dx};")
        lines += [f"const after_{name} = {value};" for name, value in after.items()]
        lines += [f"s.{name} = after_{name};" for name in after]
        return f"(hp, g, s, t, x) => {{ {' '.join(lines)} return dx; }}"


@dataclass(frozen=True)
class TracedSurface:
    """A landscape as nodes: its parameters, its height and its gradient."""

    name: str
    parameters: dict
    f: Node
    grad: tuple

    @property
    def js(self):
        """``(p, x, g) => f`` at one point, which leaves the gradient in ``g``."""
        lines, (f, *grad) = body([self.f, *self.grad])
        lines += [f"g[{i}] = {part};" for i, part in enumerate(grad)]
        return f"(p, x, g) => {{ {' '.join(lines)} return {f}; }}"


@dataclass(frozen=True)
class TracedFunction:
    """A function of named numbers as a node."""

    names: tuple
    value: Node

    @property
    def js(self):
        """``(e) => value``, reading its arguments from the fields of ``e``."""
        lines, (value,) = body([self.value])
        return f"(e) => {{ {' '.join(lines)} return {value}; }}"


def replay(what, recorded, inputs, expected, when=""):
    """Compute recorded nodes again and compare them with what their source computed.

    ``recorded`` and ``expected`` map the same names to nodes and to numbers; ``inputs`` gives the
    nodes' inputs. Raises TypeError naming the first that differs by more than rounding.
    """
    known = {}
    for name, node in recorded.items():
        replayed = evaluate(node, inputs, known)
        if not np.allclose(replayed, expected[name], rtol=1e-12, atol=1e-300, equal_nan=True):
            raise TypeError(
                f"{what} cannot be traced: replayed{when}, its {name} differs from its own; it "
                "mixes coordinates, or branches on data"
            )


def symbols(owner, prefix):
    """Return a copy of a dataclass whose numeric fields are inputs, and their values."""
    if not is_dataclass(owner) or isinstance(owner, type):
        raise TypeError(f"cannot trace {owner!r}; expected an instance of a dataclass")
    values = {
        f.name: getattr(owner, f.name)
        for f in fields(owner)
        if isinstance(getattr(owner, f.name), (Number, np.ndarray))
        and not isinstance(getattr(owner, f.name), bool)
    }
    for name, value in values.items():
        if np.ndim(value):
            raise TypeError(
                f"cannot trace {type(owner).__name__} with an array as {name}; expected a number"
            )
    nodes = {name: Node("input", f"{prefix}.{name}") for name in values}
    return replace(owner, **nodes), {name: float(value) for name, value in values.items()}


def _call(what, function, *args):
    """Call a function on nodes; whatever it cannot do with them becomes a TypeError naming it."""
    try:
        return function(*args)
    except (TypeError, ValueError, AttributeError, IndexError) as error:
        raise TypeError(f"{what} cannot be traced: {error}") from error


def _step(result, names):
    """The step and the new state that ``update`` returned, as nodes."""
    if not isinstance(result, tuple) or len(result) != 2:
        raise TypeError(f"update returned {result!r}; expected (dx, state)")
    dx, after = result
    if not isinstance(after, tuple) or len(after) != len(names):
        raise TypeError(f"update returned {after!r}; expected a state of {', '.join(names)}")
    return constant(dx), [constant(a) for a in after]


@np.errstate(all="ignore")
def trace_rule(opt):
    """Record ``opt.update`` for one coordinate; raise TypeError where that is not faithful."""
    name = type(opt).__name__
    traced, parameters = symbols(opt, "hp")
    start = opt.init(np.zeros(3))
    if not hasattr(start, "_fields"):
        raise TypeError(f"{name} cannot be traced: its state is {start!r}; expected a NamedTuple")
    starts = {}
    for key, value in zip(start._fields, start, strict=True):
        value = np.broadcast_to(value, (3,))
        if not np.all(value == value[0]):
            raise TypeError(f"{name} cannot be traced: {key} starts differently per coordinate")
        starts[key] = float(value[0])
    before = type(start)(*(Node("input", f"s.{key}") for key in start._fields))
    g, t, x = (Node("input", key) for key in "gtx")
    result = _call(name, traced.update, g, before, t, x)
    dx, after = _call(name, _step, result, start._fields)
    rule = TracedRule(name, parameters, starts, dx, dict(zip(start._fields, after, strict=True)))
    _replay_rule(opt, rule)
    return rule


def _replay_rule(opt, rule):
    """Replay a rule at several steps, from random gradients, points and states."""
    rng = np.random.default_rng(0)
    hp = {f"hp.{key}": value for key, value in rule.parameters.items()}
    State = type(opt.init(np.zeros(3)))
    for t in (1, 2, 7, 100):
        g, x = rng.normal(size=(2, 5)) * 10.0 ** rng.integers(-3, 3, size=(2, 5))
        state = State(*rng.uniform(0, 2, size=(len(rule.start), 5)))
        inputs = hp | {"g": g, "x": x, "t": t}
        inputs |= {f"s.{key}": value for key, value in zip(rule.start, state, strict=True)}
        dx, after = opt.update(g.copy(), state, t, x.copy())
        expected = {"dx": dx} | dict(zip(rule.start, after, strict=True))
        replay(rule.name, {"dx": rule.dx} | rule.state, inputs, expected, f" at t = {t}")


@np.errstate(all="ignore")
def trace_surface(surface):
    """Record ``surface.f`` and ``surface.grad`` at one point, checked by replay."""
    name = type(surface).__name__
    traced, parameters = symbols(surface, "p")
    point = Point(Node("input", f"x[{i}]") for i in range(surface.dim))
    f = _call(name, lambda: constant(traced.f(point)))
    grad = _call(name, lambda: tuple(constant(part) for part in traced.grad(point)))
    low, high = np.transpose(surface.domain)
    points = np.random.default_rng(0).uniform(low, high, size=(20, surface.dim))
    inputs = {f"p.{key}": value for key, value in parameters.items()}
    inputs |= {f"x[{i}]": points[:, i] for i in range(surface.dim)}
    replay(name, {"f": f}, inputs, {"f": surface.f(points)})
    for node, column in zip(grad, np.moveaxis(surface.grad(points), -1, 0), strict=True):
        replay(name, {"grad": node}, inputs, {"grad": column})
    return TracedSurface(name, parameters, f, grad)


@np.errstate(all="ignore")
def trace_function(function):
    """Record a function of named numbers, such as ``lambda lr, beta1: lr / (1 - beta1)``."""
    names = tuple(inspect.signature(function).parameters)
    what = f"the function of ({', '.join(names)})"
    value = _call(what, lambda: constant(function(*(Node("input", f"e.{name}") for name in names))))
    rng = np.random.default_rng(0)
    for numbers in rng.uniform(0.05, 0.95, size=(20, len(names))):
        inputs = {f"e.{name}": number for name, number in zip(names, numbers, strict=True)}
        replay(what, {"value": value}, inputs, {"value": function(*numbers)})
    return TracedFunction(names, value)
