"""Turn a rule, a landscape or a small function written in NumPy into JavaScript or LaTeX.

A rule is called once with nodes instead of arrays. Each NumPy operation on a node is recorded
(NEP 13 for ufuncs, NEP 18 for other functions), so the formula is read off the code itself and is
never written twice. What cannot be recorded faithfully is refused with a TypeError that says why,
and every recording is replayed on random vectors and compared with the original before use.
"""

import inspect
import operator
from dataclasses import dataclass, fields, is_dataclass, replace
from numbers import Number

import numpy as np

JAVASCRIPT = {
    "add": "{} + {}",
    "subtract": "{} - {}",
    "multiply": "{} * {}",
    "divide": "{} / {}",
    "negative": "-{}",
    "positive": "{}",
    "reciprocal": "1 / {}",
    "square": "{0} * {0}",
    "power": "Math.pow({}, {})",
    "sqrt": "Math.sqrt({})",
    "cbrt": "Math.cbrt({})",
    "exp": "Math.exp({})",
    "expm1": "Math.expm1({})",
    "log": "Math.log({})",
    "log10": "Math.log10({})",
    "log1p": "Math.log1p({})",
    "sin": "Math.sin({})",
    "cos": "Math.cos({})",
    "tan": "Math.tan({})",
    "sinh": "Math.sinh({})",
    "cosh": "Math.cosh({})",
    "tanh": "Math.tanh({})",
    "arctan": "Math.atan({})",
    "arctan2": "Math.atan2({}, {})",
    "hypot": "Math.hypot({}, {})",
    "absolute": "Math.abs({})",
    "sign": "Math.sign({})",
    "floor": "Math.floor({})",
    "ceil": "Math.ceil({})",
    "maximum": "Math.max({}, {})",
    "minimum": "Math.min({}, {})",
    "less": "{} < {}",
    "less_equal": "{} <= {}",
    "greater": "{} > {}",
    "greater_equal": "{} >= {}",
    "equal": "{} === {}",
    "not_equal": "{} !== {}",
    "logical_and": "{} && {}",
    "logical_or": "{} || {}",
    "logical_not": "!{}",
    "bitwise_and": "{} && {}",
    "bitwise_or": "{} || {}",
    "invert": "!{}",
    "isfinite": "Number.isFinite({})",
    "where": "{} ? {} : {}",
}
OPERATORS = {  # what stands in a rule is Python's operator, whose x**2 is not np.power(x, 2)
    "add": operator.add,
    "subtract": operator.sub,
    "multiply": operator.mul,
    "negative": operator.neg,
    "power": operator.pow,
}
NAMED_NUMBERS = {np.inf: "Infinity", -np.inf: "-Infinity"}


class Node(np.lib.mixins.NDArrayOperatorsMixin):
    """One recorded operation: its name, its arguments (nodes or numbers).

    An input has the operation "input" and its JavaScript name as the only argument.
    """

    def __init__(self, op, *args):
        self.op, self.args = op, args

    def __array_ufunc__(self, ufunc, method, *args, **kwargs):
        if kwargs.get("out"):
            raise TypeError("cannot trace a change in place; write m = m * beta, not m *= beta")
        if method != "__call__":
            raise TypeError(f"cannot trace np.{ufunc.__name__}.{method}: it mixes coordinates")
        return record(ufunc.__name__, *args)

    def __array_function__(self, func, types, args, kwargs):
        if func in HANDLED and not set(kwargs) - {"axis", "dtype"}:
            return HANDLED[func](*args, **kwargs)
        raise TypeError(
            f"cannot trace np.{func.__name__}: a rule must treat every coordinate by itself, "
            "with NumPy's elementwise functions"
        )

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        raise TypeError(f"cannot trace .{name} of an array; use NumPy's elementwise functions")

    def _refuse(self, *_):
        raise TypeError(
            "cannot trace a branch, a loop or a conversion on data; use np.where, np.maximum or "
            "another elementwise function"
        )

    __bool__ = __float__ = __int__ = __index__ = __complex__ = __iter__ = __len__ = _refuse
    __getitem__ = __contains__ = __setitem__ = __round__ = _refuse
    __hash__ = object.__hash__


class Point(Node):
    """A point as a landscape sees it: ``x[..., i]`` is its i-th coordinate."""

    def __init__(self, coordinates):
        super().__init__("point", *coordinates)

    def __getitem__(self, key):
        if isinstance(key, tuple) and len(key) == 2 and key[0] is Ellipsis:
            return self.args[key[1]]
        raise TypeError(f"cannot trace x[{key!r}]; write x[..., i] for the i-th coordinate")


def record(op, *args):
    """Return the node for one operation, or raise TypeError naming what cannot be traced."""
    if op not in JAVASCRIPT:
        raise TypeError(f"cannot trace np.{op}: no JavaScript is known for it")
    return Node(op, *(constant(a) for a in args))


def constant(value):
    """Return a node or a Python number; refuse arrays and everything else."""
    if isinstance(value, Point):
        raise TypeError("cannot trace arithmetic on a whole point; use its coordinates x[..., i]")
    if isinstance(value, Node):
        return value
    if isinstance(value, np.ndarray) and value.ndim == 0 and isinstance(value[()], Node):
        return value[()]
    if isinstance(value, (Number, np.ndarray, np.generic)) and np.ndim(value) == 0:
        return bool(value) if isinstance(value, (bool, np.bool_)) else float(value)
    raise TypeError(f"cannot trace the constant {value!r}; expected a single number")


def _where(condition, a, b):
    return record("where", condition, a, b)


def _clip(x, low, high):
    return np.minimum(np.maximum(x, low), high)


def _full(x, value, **_):
    return constant(value)


HANDLED = {
    np.where: _where,
    np.clip: _clip,
    np.stack: lambda parts, axis=0: tuple(parts),
    np.full_like: _full,
    np.ones_like: lambda x, **_: 1.0,
    np.zeros_like: lambda x, **_: 0.0,
}


# From nodes to JavaScript, and back to numbers


def spell(value):
    """Spell a Python number for JavaScript."""
    if isinstance(value, bool):
        return str(value).lower()
    return "NaN" if value != value else NAMED_NUMBERS.get(value) or repr(value)


def body(outputs):
    """Return the statements that compute the nodes, none twice, and each output's expression."""
    names, lines, known = {}, [], {}

    def visit(node):
        if not isinstance(node, Node):
            return spell(node)
        if node.op == "input":
            return node.args[0]
        if node not in names:
            args = [visit(a) for a in node.args]
            squared = node.op == "power" and args[1] == "2.0"  # as NumPy does, to the last bit
            template = JAVASCRIPT["square" if squared else node.op]
            text = template.format(*args)
            if text not in known:
                known[text] = f"_{len(known) + 1}"
                lines.append(f"const {known[text]} = {text};")
            names[node] = known[text]
        return names[node]

    return lines, [visit(output) for output in outputs]


def evaluate(node, values, memo=None):
    """Compute a node in NumPy, given an array for each input: the replay."""
    memo = {} if memo is None else memo
    if not isinstance(node, Node):
        return node
    if node.op == "input":
        return values[node.args[0]]
    if node not in memo:
        function = OPERATORS.get(node.op) or getattr(np, node.op)
        memo[node] = function(*(evaluate(a, values, memo) for a in node.args))
    return memo[node]


def same(a, b):
    """Whether two results agree but for rounding, NaN being equal to NaN."""
    return np.allclose(a, b, rtol=1e-12, atol=1e-300, equal_nan=True)


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
        """``(hp, g, s, t, x) => [dx, newState]`` for one coordinate."""
        lines, (dx, *state) = body([self.dx, *self.state.values()])
        pairs = ", ".join(f"{k}: {v}" for k, v in zip(self.state, state, strict=True))
        return f"(hp, g, s, t, x) => {{ {' '.join(lines)} return [{dx}, {{{pairs}}}]; }}"


@dataclass(frozen=True)
class TracedSurface:
    """A landscape as nodes: its parameters, its height and its gradient."""

    name: str
    parameters: dict
    f: Node
    grad: tuple

    @property
    def js(self):
        """``(p, x) => [f, [g0, g1, …]]`` at one point."""
        lines, (f, *grad) = body([self.f, *self.grad])
        return f"(p, x) => {{ {' '.join(lines)} return [{f}, [{', '.join(grad)}]]; }}"


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
    rng = np.random.default_rng(0)
    hp = {f"hp.{key}": value for key, value in rule.parameters.items()}
    State = type(opt.init(np.zeros(3)))
    for t in (1, 2, 7, 100):
        g, x = rng.normal(size=(2, 5)) * 10.0 ** rng.integers(-3, 3, size=(2, 5))
        state = State(*rng.uniform(0, 2, size=(len(rule.start), 5)))
        inputs = hp | {"g": g, "x": x, "t": t}
        inputs |= {f"s.{key}": value for key, value in zip(rule.start, state, strict=True)}
        dx, after = opt.update(g.copy(), state, t, x.copy())
        memo = {}
        pairs = [("dx", rule.dx, dx)]
        pairs += [
            (key, rule.state[key], value) for key, value in zip(rule.start, after, strict=True)
        ]
        for key, node, expected in pairs:
            if not same(np.broadcast_to(evaluate(node, inputs, memo), (5,)), expected):
                raise TypeError(
                    f"{rule.name} cannot be traced: replayed at t = {t}, its {key} differs from "
                    "the rule's own; it mixes coordinates, or branches on data"
                )


@np.errstate(all="ignore")
def trace_surface(surface):
    """Record ``surface.f`` and ``surface.grad`` at one point, checked by replay."""
    name = type(surface).__name__
    traced, parameters = symbols(surface, "p")
    point = Point(Node("input", f"x[{i}]") for i in range(surface.dim))
    f = _call(name, lambda: constant(traced.f(point)))
    grad = _call(name, lambda: tuple(constant(part) for part in traced.grad(point)))
    result = TracedSurface(name, parameters, f, grad)
    rng = np.random.default_rng(0)
    low, high = np.transpose(surface.domain)
    points = rng.uniform(low, high, size=(20, surface.dim))
    inputs = {f"p.{key}": value for key, value in parameters.items()}
    inputs |= {f"x[{i}]": points[:, i] for i in range(surface.dim)}
    replayed = [np.broadcast_to(evaluate(node, inputs), (20,)) for node in (f, *grad)]
    expected = [surface.f(points), *np.moveaxis(surface.grad(points), -1, 0)]
    for key, a, b in zip(("f", *("grad" for _ in grad)), replayed, expected, strict=True):
        if not same(a, b):
            raise TypeError(
                f"{name} cannot be traced: replayed, its {key} differs from its own; it mixes "
                "coordinates, or branches on data"
            )
    return result


@np.errstate(all="ignore")
def trace_function(function):
    """Record a function of named numbers, such as ``lambda lr, beta1: lr / (1 - beta1)``."""
    names = tuple(inspect.signature(function).parameters)
    what = f"the function of ({', '.join(names)})"
    value = _call(what, lambda: constant(function(*(Node("input", f"e.{name}") for name in names))))
    rng = np.random.default_rng(0)
    for _ in range(20):
        numbers = rng.uniform(0.05, 0.95, size=len(names))
        expected = function(*numbers)
        inputs = {f"e.{name}": number for name, number in zip(names, numbers, strict=True)}
        if not same(evaluate(value, inputs), expected):
            raise TypeError(f"{what} cannot be traced: it branches on data")
    return TracedFunction(names, value)


# From nodes to LaTeX

LETTERS = {
    "hp.lr": r"\eta",
    "hp.beta1": r"\beta_1",
    "hp.beta2": r"\beta_2",
    "hp.eps": r"\varepsilon",
    "hp.weight_decay": r"\lambda",
    "s.v_max": r"v_{\max}",
}
SUM, PRODUCT, POWER, ATOM = range(4)  # how tightly an expression holds together


def letter(name):
    """The mathematical symbol of an input, such as η for ``hp.lr``."""
    return LETTERS.get(name, name.split(".")[-1].replace("_", r"\_"))


class Latex:
    """Writes nodes as LaTeX; nodes in ``known`` are written as their symbol."""

    def __init__(self, known):
        self.known = known

    def write(self, node, at_least=SUM):
        """LaTeX of a node, in parentheses if it holds together less tightly than ``at_least``."""
        text, strength = self.expression(node)
        return text if strength >= at_least else rf"\left({text}\right)"

    def expression(self, node):
        if not isinstance(node, Node):
            return f"{node:g}", ATOM if node >= 0 else SUM
        if node in self.known:
            return self.known[node], ATOM
        if node.op == "input":
            return letter(node.args[0]), ATOM
        writer = getattr(self, f"_{node.op}", None)
        if writer is None:
            args = ", ".join(self.write(a) for a in node.args)
            return rf"\operatorname{{{node.op.replace('_', ' ')}}}({args})", ATOM
        return writer(*node.args)

    def _add(self, a, b):
        return f"{self.write(a)} + {self.write(b)}", SUM

    def _subtract(self, a, b):
        return f"{self.write(a)} - {self.write(b, PRODUCT)}", SUM

    def _negative(self, a):
        return f"-{self.write(a, PRODUCT)}", SUM

    def _multiply(self, a, b):
        if isinstance(a, Node) and a.op == "negative":
            return f"-{self._multiply(a.args[0], b)[0]}", SUM
        return rf"{self.write(a, PRODUCT)}\,{self.write(b, PRODUCT)}", PRODUCT

    def _divide(self, a, b):
        top = self.write(a)
        sign, top = ("-", top[1:]) if top.startswith("-") else ("", top)
        return rf"{sign}\frac{{{top}}}{{{self.write(b)}}}", SUM if sign else PRODUCT

    def _power(self, a, b):
        return f"{self.write(a, ATOM)}^{{{self.write(b)}}}", POWER

    def _square(self, a):
        return self._power(a, 2.0)

    def _sqrt(self, a):
        return rf"\sqrt{{{self.write(a)}}}", ATOM

    def _absolute(self, a):
        return rf"\left|{self.write(a)}\right|", ATOM

    def _maximum(self, a, b):
        return rf"\max({self.write(a)}, {self.write(b)})", ATOM

    def _minimum(self, a, b):
        return rf"\min({self.write(a)}, {self.write(b)})", ATOM

    def _sign(self, a):
        return rf"\operatorname{{sign}}({self.write(a)})", ATOM


def inputs_of(node, stop=()):
    """The names of the inputs and the nodes of ``stop`` that an expression reads."""
    if not isinstance(node, Node):
        return set()
    if node in stop:
        return {node}
    if node.op == "input":
        return {node.args[0]}
    return set().union(*(inputs_of(a, stop) for a in node.args))


def corrected(node, decays=("hp.beta1", "hp.beta2")):
    """The average inside ``average / (1 − βᵗ)``, or None if the node is something else."""
    if not isinstance(node, Node) or node.op != "divide":
        return None
    average, weight = node.args
    if not (isinstance(weight, Node) and weight.op == "subtract" and weight.args[0] == 1.0):
        return None
    power = weight.args[1]
    is_decay = isinstance(power, Node) and power.op == "power"
    if not is_decay or power.args[1].op != "input" or power.args[1].args[0] != "t":
        return None
    return average if power.args[0].op == "input" and power.args[0].args[0] in decays else None


def subexpressions(node):
    """Every node of an expression, each before the nodes that use it."""
    if isinstance(node, Node):
        for a in node.args if node.op != "input" else ():
            yield from subexpressions(a)
        yield node


def to_latex(opt):
    """Write a rule as aligned LaTeX lines: state updates with ←, then corrections, then Δx.

    Lines are ordered so that each symbol on the right has the value it has at that moment.
    """
    rule = trace_rule(opt)
    lines = {
        node: letter(f"s.{key}")
        for key, node in rule.state.items()
        if isinstance(node, Node) and node.op != "input"
    }
    hats = {}
    for root in (rule.dx, *lines):
        for node in subexpressions(root):
            average = corrected(node)
            if average in lines:
                hats[node] = rf"\hat {lines[average]}"
    targets = lines | hats | {rule.dx: r"\Delta x"}
    old = {letter(f"s.{key}"): f"s.{key}" for key in rule.state}

    def needs(node):
        others = {k: v for k, v in targets.items() if k is not node}
        return set().union(*(inputs_of(a, others) for a in node.args))

    done, text = {}, []  # a dict, since nodes compare elementwise
    while len(done) < len(targets):
        for node, symbol in targets.items():
            if node in done:
                continue
            read = needs(node)
            ready = all(other in done for other in read if isinstance(other, Node))
            waits = [
                other
                for other in targets
                if other not in done
                and other is not node
                and old.get(symbol) in needs(other)
                and node in lines
            ]
            if ready and not waits:
                arrow = r"\leftarrow" if node in lines else "="
                text.append(f"{symbol} &{arrow} {Latex(done).write(node)}")
                done[node] = symbol
                break
        else:
            raise TypeError(f"{rule.name}: no order of lines has every symbol at its right value")
    return r"\begin{aligned} " + r" \\ ".join(text) + r" \end{aligned}"


def to_js(thing):
    """Return the JavaScript of a rule, a landscape or a small function."""
    if hasattr(thing, "update"):
        return trace_rule(thing).js
    if hasattr(thing, "grad"):
        return trace_surface(thing).js
    return trace_function(thing).js
