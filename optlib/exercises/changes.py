"""What slips make of a recorded rule: the changes that ``optlib.exercises.slips`` lists.

Each is written in the NumPy that somebody would have written, on nodes. A change of a node returns
what stands in its place, or None to leave it; a change of a rule returns the same record where
there is nothing to change; a change of a state's update gets its ``Memory`` and the state before.
"""

from dataclasses import replace

import numpy as np

from optlib.averages import debias
from optlib.exercises.rewrites import (
    everywhere,
    is_correction,
    memory_of,
    used,
    with_eps,
)
from optlib.trace.nodes import Node, is_input, is_operation, subexpressions

T, X = Node("input", "t"), Node("input", "x")
LR, BETA1, BETA2, EPS, DECAY = (
    Node("input", f"hp.{name}") for name in ("lr", "beta1", "beta2", "eps", "weight_decay")
)


def turned(record):
    """The step with its sign turned."""
    return replace(record, dx=-record.dx)


def rate_twice(record):
    """The step times η once more."""
    return replace(record, dx=LR * record.dx) if "lr" in record.parameters else record


def old(record, keys, at_least=1):
    """The given states, or all, as they were before this gradient."""
    there = [key for key in keys or record.state if key in record.state]
    return {key: Node("input", f"s.{key}") for key in there if len(record.state) >= at_least}


def not_kept(*keys, at_least=1):
    """States that are computed and used, and then not kept; all of them if none is named."""
    return lambda record: replace(record, state=record.state | old(record, keys, at_least))


def stale(*keys, at_least=1):
    """States of which the step uses what they were before; all of them if none is named."""
    return used(lambda record: old(record, keys, at_least))


def unweighted(memory, before):
    """β·old + new, where the new should have the weight 1 − β."""
    if memory.weighted:
        return memory.decay * before + memory.new


def weighted(memory, before):
    """β·old + (1 − β)·new, where the new should have the weight 1."""
    if memory.decay is not None and not memory.weighted:
        return memory.decay * before + (1 - memory.decay) * memory.new


def summed(memory, before):
    """old + new, where the old should be forgotten."""
    if memory.decay is not None:
        return before + memory.new


def undecayed(memory, before):
    """old + (1 − β)·new, where the old should have the weight β."""
    if memory.weighted:
        return before + (1 - memory.decay) * memory.new


def exchanged(memory, before):
    """The weights β and 1 − β exchanged."""
    if memory.decay is not None:
        new = memory.decay * memory.new if memory.weighted else memory.new
        return (1 - memory.decay) * before + new


def mean(memory, before):
    """The mean over time of what should be summed."""
    if memory.decay is None:
        return before + (memory.new - before) / T


def renamed(names):
    """Inputs that have changed places, or become a number."""
    return everywhere(lambda n: names.get(n.args[0]) if is_input(n) else None)


def unsquared(squared):
    """A square taken away, where ``squared(record, node)`` says that it is this one."""
    return lambda record: everywhere(
        lambda n: n.args[0] if is_operation(n, "square") and squared(record, n.args[0]) else None
    )(record)


def swapped(record):
    """β₁ and β₂ exchanged."""
    both = {"beta1", "beta2"} <= set(record.parameters)
    return renamed({"hp.beta1": BETA2, "hp.beta2": BETA1})(record) if both else record


def rootless(node):
    """√z as z."""
    return node.args[0] if is_operation(node, "sqrt") else None


def eps_inside(node):
    """√z + ε as √(z + ε)."""
    inside = with_eps(node, "sqrt")
    return None if inside is None else np.sqrt(inside + EPS)


def eps_outside(node):
    """√(z + ε) as √z + ε."""
    inside = is_operation(node, "sqrt") and node.args[0]
    if is_operation(inside, "add") and is_input(inside.args[1], "hp.eps"):
        return np.sqrt(inside.args[0]) + EPS


def eps_after_fraction(node):
    """a / (√z + ε) as a / √z + ε: the brackets forgotten."""
    inside = is_operation(node, "divide") and with_eps(node.args[1], "sqrt")
    return node.args[0] / np.sqrt(inside) + EPS if isinstance(inside, Node) else None


def eps_hat(node):
    """√v̂ + ε as (√v + ε) / √(1 − β₂ᵗ): ε beside the uncorrected root."""
    inside = with_eps(node, "sqrt")
    if is_correction(inside, "hp.beta2"):
        average, weight = inside.args
        return (np.sqrt(average) + EPS) / np.sqrt(weight)


def same_t(node):
    """t + 1 as t."""
    return node.args[0] if is_operation(node, "add") and is_input(node.args[0], "t") else None


def uncorrected(*decays):
    """average / (1 − βᵗ) as the average, for the given β."""
    return everywhere(lambda n: n.args[0] if is_correction(n, *decays) else None)


def corrects(record, decay):
    """Whether a rule divides an average by 1 − βᵗ."""
    nodes = [n for root in (record.dx, *record.state.values()) for n in subexpressions(root)]
    return any(is_correction(n, f"hp.{decay}") for n in nodes)


def neither_corrected(record):
    """Both corrections left out, of a rule that has both."""
    both = corrects(record, "beta1") and corrects(record, "beta2")
    return uncorrected("hp.beta1", "hp.beta2")(record) if both else record


def averages(record):
    """The states that are moving averages, with their decays."""
    memories = {key: memory_of(record, key) for key in record.state}
    return {key: m.decay for key, m in memories.items() if m and m.weighted}


def newly_corrected(record):
    """The corrections that a rule does without, of those averages that start the step."""
    if corrects(record, "beta1") or corrects(record, "beta2"):
        return {}
    return {key: debias(record.state[key], d, T) for key, d in averages(record).items()}


def corrected_kept(record):
    """The corrected averages in the place of the averages, to be averaged on."""
    kept = {
        key: debias(record.state[key], decay, T)
        for key, decay in averages(record).items()
        if corrects(record, decay.args[0][3:])
    }
    return replace(record, state=record.state | kept)


def signed(record):
    """The sign of the gradient in the place of the gradient."""
    return everywhere(lambda n: np.sign(n) if is_input(n, "g") else None)(record)


def unguarded(node):
    """max(state, z) as z."""
    return node.args[1] if is_operation(node, "maximum") and is_input(node.args[0]) else None


def uncentred(node):
    """v − m² as v."""
    centred = is_operation(node, "subtract") and is_operation(node.args[1], "square")
    return node.args[0] if centred else None


def look_ahead(change):
    """Another look-ahead: ``change(m, first, second)`` in the step ``first + β₁ m``."""

    def rule(record):
        m = record.state.get("m")

        def change_sum(node):
            if not is_operation(node, "add") or not is_operation(node.args[1], "multiply"):
                return None
            decay, buffer = node.args[1].args
            ours = is_input(decay, "hp.beta1") and buffer is m
            return change(m, *node.args) if ours else None

        return everywhere(change_sum)(record)

    return rule


def beside_rate(node):
    """η (step + λ x) as η step + λ x."""
    if is_operation(node, "multiply") and is_operation(node.args[1], "add"):
        first, second = node.args[1].args
        if is_operation(second, "multiply") and is_input(second.args[0], "hp.weight_decay"):
            return node.args[0] * first - second
    return None


def penalty(record):
    """The decay in the gradient instead of beside the step."""
    if "weight_decay" not in record.parameters:
        return record
    bare = renamed({"hp.weight_decay": 0.0})(record)
    return everywhere(lambda n: n + DECAY * X if is_input(n, "g") else None)(bare)
