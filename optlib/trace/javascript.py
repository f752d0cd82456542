"""Nodes as JavaScript: the statements that compute them, none twice."""

import numpy as np

from optlib.trace.nodes import OPERATIONS, Node

NAMED_NUMBERS = {np.inf: "Infinity", -np.inf: "-Infinity"}


def spell(value):
    """Spell a Python number for JavaScript."""
    if isinstance(value, bool):
        return str(value).lower()
    return "NaN" if value != value else NAMED_NUMBERS.get(value) or repr(value)


def body(outputs):
    """Return the statements that compute the nodes, and each output's expression."""
    names, lines, known = {}, [], {}

    def visit(node):
        if not isinstance(node, Node):
            return spell(node)
        if node.op == "input":
            return node.args[0]
        if node not in names:
            text = OPERATIONS[node.op].format(*(visit(a) for a in node.args))
            if text not in known:
                known[text] = f"_{len(known) + 1}"
                lines.append(f"const {known[text]} = {text};")
            names[node] = known[text]
        return names[node]

    return lines, [visit(output) for output in outputs]
