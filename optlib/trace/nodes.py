"""Nodes: the operations that a function written in NumPy carries out, as data.

A function is called once with nodes instead of arrays. Each NumPy operation on a node makes a new
node (NEP 13 for ufuncs, NEP 18 for other functions), so the formula is read off the code itself.
What cannot be recorded faithfully is refused with a TypeError that says why.
"""

import operator
from numbers import Number

import numpy as np

OPERATIONS = {  # what can be recorded, and how JavaScript writes it
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
OPERATORS = {  # what stands in a rule is Python's operator, whose x**t is not np.power(x, t)
    "add": operator.add,
    "subtract": operator.sub,
    "multiply": operator.mul,
    "negative": operator.neg,
    "power": operator.pow,
    "square": lambda x: x**2,
}


class Node(np.lib.mixins.NDArrayOperatorsMixin):
    """One recorded operation: its name, its arguments (nodes or numbers).

    An input has the operation "input" and its name, such as "hp.lr", as the only argument.
    """

    def __init__(self, op, *args):
        self.op, self.args = op, args

    def __array_ufunc__(self, ufunc, method, *args, **kwargs):
        if kwargs.get("out"):
            raise TypeError("cannot trace a change in place; write m = m * beta, not m *= beta")
        if method != "__call__":
            raise TypeError(f"cannot trace np.{ufunc.__name__}.{method}: it mixes coordinates")
        return operation(ufunc.__name__, *args)

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


def operation(op, *args):
    """Return the node for one operation, or raise TypeError naming what cannot be traced.

    ``x**2`` and ``np.power(x, 2)`` are squares, as they are to NumPy: the same number to the last
    bit.
    """
    if op not in OPERATIONS:
        raise TypeError(f"cannot trace np.{op}: no JavaScript is known for it")
    args = [constant(a) for a in args]
    if op == "power" and not isinstance(args[1], Node) and args[1] == 2:
        return Node("square", args[0])
    return Node(op, *args)


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
    return operation("where", condition, a, b)


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


def is_input(node, *names):
    """Whether a node is an input, and one of ``names`` if names are given."""
    return isinstance(node, Node) and node.op == "input" and (not names or node.args[0] in names)


def is_operation(node, *ops):
    """Whether a node is neither a number nor an input, and one of ``ops`` if they are given."""
    return isinstance(node, Node) and node.op != "input" and (not ops or node.op in ops)


def subexpressions(node):
    """Every node of an expression, each before the nodes that use it."""
    if isinstance(node, Node):
        for a in node.args if node.op != "input" else ():
            yield from subexpressions(a)
        yield node


def inputs_of(node, stop=()):
    """The names of the inputs and the nodes of ``stop`` that an expression reads."""
    if not isinstance(node, Node):
        return set()
    if node in stop:
        return {node}
    if node.op == "input":
        return {node.args[0]}
    return set().union(*(inputs_of(a, stop) for a in node.args))


def evaluate(node, values, memo=None):
    """Compute a node, given the value of each input: arrays and numbers, or nodes again."""
    memo = {} if memo is None else memo
    if not isinstance(node, Node):
        return node
    if node.op == "input":
        return values[node.args[0]]
    if node not in memo:
        function = OPERATORS.get(node.op) or getattr(np, node.op)
        memo[node] = function(*(evaluate(a, values, memo) for a in node.args))
    return memo[node]
