"""Many runs side by side in a few pieces of memory: how ``minimize`` takes a large sweep.

A rule as it is written makes a new array for every operation; with thousands of runs, fetching that
memory takes longer than the arithmetic. Here the operations that ``optlib.trace`` recorded are
called one after the other, each writing where nothing is needed any more. They are the same
operations on the same numbers, so every run ends at the same point.
"""

from collections import Counter
from dataclasses import replace

import numpy as np

from optlib.trace.nodes import Node, evaluate, is_input, is_operation
from optlib.trace.record import trace_rule, trace_surface

BLOCK = 20_000  # so many coordinates at a time, and what a step makes of them, stay in cache
FIXED, TIMED, MOVING = range(3)  # what a node follows from: settings, the step's number, arrays


class Program:
    """Recorded operations as NumPy calls in order; ``program(t)`` makes the calls of step t.

    ``after`` maps names of ``arrays`` to the nodes whose values those arrays hold afterwards;
    ``fixed`` are the inputs that never change. All arrays have one shape.
    """

    def __init__(self, after, arrays, fixed):
        self.fixed, self.timed, self.calls = fixed, {}, []
        results = {}
        for name, node in after.items():
            results[node if is_operation(node) and node not in results else copy(node)] = name
        kinds = kinds_of(results, arrays)
        operations = [
            node
            for node, kind in kinds.items()
            if is_operation(node) and (kind == MOVING or node in results)
        ]
        to_read = Counter(key(a) for node in operations for a in node.args)
        to_read.update(list(results))  # so that no result counts as done with
        place, free = dict(arrays), []
        for node in operations:
            function = function_of(node)
            arguments = [
                place[key(a)] if key(a) in place else self.setting(a, kinds)
                for a in node.args[: function.nin]
            ]
            for a in map(key, node.args):
                to_read[a] -= 1
                if not to_read[a] and a in place and a not in arrays:
                    free.append(place[a])
            name = results.get(node)
            if name and not to_read[name]:  # nobody needs what this array held before
                place[node] = arrays[name]
            else:
                place[node] = free.pop() if free else np.empty_like(next(iter(arrays.values())))
            self.calls.append((function, arguments, place[node]))
        for node, name in results.items():
            if place[node] is not arrays[name]:
                self.calls.append((np.positive, (place[node],), arrays[name]))

    def setting(self, node, kinds):
        """The value of an argument that does not move; if t changes it, ``__call__`` renews it."""
        if not isinstance(node, Node) or kinds[node] == FIXED:
            return evaluate(node, self.fixed)
        if node not in self.timed:
            self.timed[node] = np.array(evaluate(node, {**self.fixed, "t": 1}), dtype=float)
        return self.timed[node]

    def __call__(self, t):
        values, known = {**self.fixed, "t": t}, {}
        for node, value in self.timed.items():
            value[...] = evaluate(node, values, known)
        for function, arguments, out in self.calls:
            function(*arguments, out=out)


def copy(node):
    """A node with the value of another."""
    return Node("positive", node)


def key(node):
    """What an argument is looked up by: an input by its name, an operation by itself."""
    return node.args[0] if is_input(node) else node


def kinds_of(results, arrays):
    """What each node below some results follows from, every node after those it reads."""
    kinds = {}

    def visit(node):
        if not isinstance(node, Node):
            return FIXED
        if node not in kinds:
            if node.op == "input":
                name = node.args[0]
                kinds[node] = MOVING if name in arrays else TIMED if name == "t" else FIXED
            else:
                kinds[node] = max([visit(a) for a in node.args])
        return kinds[node]

    for node in results:
        visit(node)
    return kinds


def function_of(node):
    """The NumPy function of an operation; raise TypeError if it cannot write numbers in place."""
    function = getattr(np, node.op)
    if "d" * getattr(function, "nin", 0) + "->d" not in getattr(function, "types", ()):
        raise TypeError(f"np.{node.op} cannot be run in place: its results are not numbers")
    return function


def record(surface, opt):
    """Record a landscape and a rule, for ``last_points``.

    Raises TypeError if that is not possible, or if an operation, such as a comparison, gives no
    numbers; RecursionError if a formula is nested too deeply.
    """
    single = {name: a.flat[0] for name, a in vars(opt).items() if isinstance(a, np.ndarray)}
    land, rule = trace_surface(surface), trace_rule(replace(opt, **single))
    for node in kinds_of([*land.grad, rule.dx, *rule.state.values()], ()):
        if is_operation(node):
            function_of(node)
    return land, rule


def last_points(recorded, opt, x, steps):
    """Return where runs end that start at ``x``, from ``record(surface, opt)``.

    ``x`` has the dimension as its last axis, runs before it; hyperparameters broadcast against it.
    """
    land, rule = recorded
    dim = len(land.grad)

    def by_coordinate(values):
        return np.broadcast_to(values, x.shape).reshape(-1, dim).T

    start = {"x": by_coordinate(x)}
    start |= {f"s.{name}": by_coordinate(a) for name, a in opt.init(x)._asdict().items()}
    hyper = {f"hp.{name}": getattr(opt, name) for name in rule.parameters}
    numbers = {name: a for name, a in hyper.items() if np.ndim(a) == 0}
    hyper = {name: by_coordinate(a) for name, a in hyper.items() if name not in numbers}
    ends = np.empty((dim, x.size // dim))
    width = max(1, BLOCK // dim)
    for first in range(0, ends.shape[1], width):
        some = slice(first, first + width)
        now = {name: np.array(a[:, some], float, order="C") for name, a in start.items()}
        now["g"] = np.empty_like(now["x"])
        downhill = Program(
            {f"g[{i}]": node for i, node in enumerate(land.grad)},
            {f"{name}[{i}]": now[name][i] for name in "xg" for i in range(dim)},
            {f"p.{name}": value for name, value in land.parameters.items()},
        )
        step = Program(
            {f"s.{name}": node for name, node in rule.state.items()}
            | {"x": Node("add", Node("input", "x"), rule.dx)},
            now,
            numbers | {name: np.array(a[:, some], order="C") for name, a in hyper.items()},
        )
        with np.errstate(all="ignore"):  # a run that diverges overflows
            for t in range(1, steps + 1):
                downhill(t)
                step(t)
        ends[:, some] = now["x"]
    return ends.T.reshape(x.shape)
