"""How docstrings become the reference page: code in them stays code, states stay out.

Docstrings of `optlib` are plain text with names in double backticks, to be read in a terminal too.
What Sphinx's autodoc needs beyond that is added here.
"""

PLAIN = "Alias for field number"  # what Python says of a field of a NamedTuple by itself


def indent_of(line: str) -> int:
    """Return how many blanks a line begins with."""
    return len(line) - len(line.lstrip())


def mark_code(lines: list[str]) -> list[str]:
    """Return a docstring's lines with `::` before each block that stands apart and deeper: code."""
    marked = []
    for i, line in enumerate(lines):
        marked.append(line)
        if not line.strip() or line.lstrip().startswith("- ") or line.endswith("::"):
            continue
        apart = i + 2 < len(lines) and not lines[i + 1].strip()
        if apart and lines[i + 2].strip() and indent_of(lines[i + 2]) > indent_of(line):
            marked[-1:] = [line + ":"] if line.endswith(":") else [line, "", "::"]
    return marked


def process_docstring(app, what, name, obj, options, lines):
    """Change a docstring in place, as autodoc asks for it."""
    lines[:] = mark_code(lines)


def skip_member(app, what, name, obj, skip, options):
    """Leave out what a rule remembers, `…State`, and fields that nobody described."""
    plain = (getattr(obj, "__doc__", "") or "").startswith(PLAIN)
    return True if name.endswith("State") or plain else None


def setup(app):
    app.setup_extension("sphinx.ext.autodoc")
    app.connect("autodoc-process-docstring", process_docstring)
    app.connect("autodoc-skip-member", skip_member)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
