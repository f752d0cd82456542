"""Turn code written in NumPy into JavaScript, LaTeX, or one program for thousands of runs."""

from optlib.trace.javascript import spell
from optlib.trace.latex import letter, to_latex
from optlib.trace.nodes import Node, evaluate
from optlib.trace.record import (
    TracedFunction,
    TracedRule,
    TracedSurface,
    trace_function,
    trace_rule,
    trace_surface,
)

__all__ = [
    "Node",
    "TracedFunction",
    "TracedRule",
    "TracedSurface",
    "evaluate",
    "letter",
    "spell",
    "to_latex",
    "trace_function",
    "trace_rule",
    "trace_surface",
]
