"""Mistakes as rewrites of a rule: one row says what goes amiss, for every rule it can happen to.

A rule is recorded once as nodes (``optlib.trace``); a rewrite changes them as a hand would have
changed the code: takes a root away, puts ε elsewhere, forgets to keep the state. The table of them
is ``optlib.exercises.slips.REWRITES``. ``misread(rule, rewrite)`` is the rule with that mistake, an
optimiser like any other.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import NamedTuple

from optlib.trace.nodes import Node, evaluate, is_input, is_operation


@dataclass(frozen=True)
class Rewrite:
    """One mistake: its name, what it makes of a recorded rule, and the diagnosis for its author.

    ``change`` maps a ``TracedRule`` to another, or to the same where there is nothing to change:
    ``needs`` then says what the rule lacks. ``diagnosis`` may hold ``{beta}``, the decay of the
    average in question (of ``key``).
    """

    name: str
    change: Callable
    needs: str
    diagnosis: str
    key: str | None = None

    def applied(self, record):
        """The recorded rule with this mistake, or None where it cannot happen."""
        changed = self.change(record)
        nodes = (changed.dx, *changed.state.values())
        before = (record.dx, *record.state.values())
        return None if all(a is b for a, b in zip(nodes, before, strict=True)) else changed

    def says(self, record):
        """The diagnosis with the rule's own names."""
        memory = self.key and memory_of(record, self.key)
        decay = memory and memory.decay
        return self.diagnosis.format(beta=decay.args[0][3:] if is_input(decay) else "its decay")


# What is recognised in a recorded rule


class Memory(NamedTuple):
    """How a state is updated, ``decay·old + weight·new``: without a decay it sums, without a weight
    it accumulates, with the weight 1 − decay it averages.
    """

    decay: Node | None
    weighted: bool
    new: Node


def memory_of(record, key):
    """The ``Memory`` of a state, or None if it is updated in another way, or is not there."""
    update = record.state.get(key)
    if not is_operation(update, "add"):
        return None
    old, new = update.args
    if is_input(old, f"s.{key}"):
        return Memory(None, False, new)
    if not is_operation(old, "multiply"):
        return None
    decay, before = old.args
    if not (is_input(decay, "hp.beta1", "hp.beta2") and is_input(before, f"s.{key}")):
        return None
    weighted = is_operation(new, "multiply") and is_complement(new.args[0], decay.args[0])
    return Memory(decay, weighted, new.args[1] if weighted else new)


def is_complement(node, *decays):
    """Whether a node is 1 − β."""
    return (
        is_operation(node, "subtract")
        and is_number(node.args[0], 1)
        and is_input(node.args[1], *decays)
    )


def is_number(node, value):
    """Whether a node is a given constant."""
    return not isinstance(node, Node) and node == value


def is_correction(node, *decays):
    """Whether a node is ``average / (1 − βᵗ)``, with t or t + 1."""
    if not is_operation(node, "divide") or not is_operation(node.args[1], "subtract"):
        return False
    power = node.args[1].args[1]
    return is_operation(power, "power") and is_input(power.args[0], *decays)


def with_eps(node, op):
    """The node z in ``op(z) + ε``, or None."""
    is_sum = is_operation(node, "add") and is_input(node.args[1], "hp.eps")
    return node.args[0].args[0] if is_sum and is_operation(node.args[0], op) else None


# How nodes are changed


def substituted(node, put, known):
    """A node in which each node of ``put`` is replaced by what ``put`` maps it to."""
    if not isinstance(node, Node):
        return node
    if node not in known:
        if node in put:
            known[node] = put[node]
        elif node.op == "input":
            known[node] = node
        else:
            known[node] = rebuilt(node, [substituted(a, put, known) for a in node.args])
    return known[node]


def rebuilt(node, args):
    """The operation with other arguments; itself if they are the same."""
    same = all(a is b for a, b in zip(args, node.args, strict=True))
    return node if same else Node(node.op, *args)


def everywhere(change):
    """A change of nodes, from the inside out, as a change of a whole rule.

    ``change`` returns what stands in a node's place, or None to leave it.
    """

    def changed(node, known):
        if not isinstance(node, Node):
            return node
        if node not in known:
            inner = node
            if node.op != "input":
                inner = rebuilt(node, [changed(a, known) for a in node.args])
            outer = change(inner)
            known[node] = inner if outer is None else outer
        return known[node]

    def rule(record):
        known = {}
        state = {key: changed(node, known) for key, node in record.state.items()}
        return replace(record, dx=changed(record.dx, known), state=state)

    return rule


def updated(key, update):
    """Another update of one state: ``update(memory, old)`` returns it, or None to leave it."""

    def rule(record):
        memory = memory_of(record, key)
        new = memory and update(memory, Node("input", f"s.{key}"))
        if not isinstance(new, Node):
            return record
        known = {}
        put = {record.state[key]: new}
        state = {k: substituted(node, put, known) for k, node in record.state.items()}
        return replace(record, dx=substituted(record.dx, put, known), state=state)

    return rule


def used(instead):
    """Other values of the new states where they are used, while what is kept is kept.

    ``instead(record)`` maps states to what is used in their place.
    """

    def rule(record):
        put = {record.state[key]: node for key, node in instead(record).items()}
        state = {
            key: substituted(node, {n: new for n, new in put.items() if n is not node}, {})
            for key, node in record.state.items()
        }
        return replace(record, dx=substituted(record.dx, put, {}), state=state)

    return rule


# A rule with a mistake


def misread(rule, rewrite, record, diagnosis=None):
    """The rule as somebody wrote it who made this mistake: a subclass, or None where it cannot be.

    It has the fields and the state of its rule and computes the rewritten nodes with NumPy, so it
    is run, traced and drawn like its rule. ``record`` is ``trace_rule(rule())``; ``diagnosis``
    replaces what the rewrite says.
    """
    changed = rewrite.applied(record)
    if changed is None:
        return None

    def update(self, g, state, t, x):
        inputs = {f"hp.{field.name}": getattr(self, field.name) for field in fields(self)}
        inputs |= {f"s.{key}": value for key, value in state._asdict().items()}
        inputs |= {"g": g, "t": t, "x": x}
        known = {}
        after = (evaluate(node, inputs, known) for node in changed.state.values())
        return evaluate(changed.dx, inputs, known), type(state)(*after)

    members = {
        "__doc__": f"{rule.__name__} with the mistake ``{rewrite.name}``.",
        "__module__": __name__,
        "diagnosis": diagnosis or rewrite.says(record),
        "update": update,
    }
    return type(f"{rule.__name__}{rewrite.name}", (rule,), members)
