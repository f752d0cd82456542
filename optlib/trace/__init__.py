"""Turn code written in NumPy into JavaScript, LaTeX, or one program for thousands of runs."""

from optlib.trace.record import (
    Node,
    Point,
    TracedFunction,
    TracedRule,
    TracedSurface,
    evaluate,
    letter,
    spell,
    to_js,
    to_latex,
    trace_function,
    trace_rule,
    trace_surface,
)

__all__ = [
    "Node",
    "Point",
    "TracedFunction",
    "TracedRule",
    "TracedSurface",
    "evaluate",
    "letter",
    "spell",
    "to_js",
    "to_latex",
    "trace_function",
    "trace_rule",
    "trace_surface",
]
