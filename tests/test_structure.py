"""The structure of the code, read off its own imports: floors without an arrow upwards, no circle.

``DESIGN`` in words: a module of optlib imports only from its own floor or lower ones; nothing below
``figures`` knows a chapter; ``book`` knows no rule; no file is over 500 lines; every public name is
used by something besides its tests.
"""

import ast
import json
import re
from collections import Counter
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PARTS = ("optlib", "book", "tools", "benchmarks", "tests")
FLOORS = (  # lowest first
    ("parameters", "averages"),
    ("optimizers", "surfaces"),
    ("trace",),
    ("descent", "experiments"),
    ("pictures",),
    ("exercises",),
    ("live",),
    ("networks",),
    ("figures",),
)
FLOOR = {name: number for number, names in enumerate(FLOORS) for name in names}
OWN_FLOOR = FLOOR["descent"]  # what `from optlib import Adam` reaches: optlib/__init__.py
MOST_LINES = 500
CHAPTER = re.compile(r"\bchapters? \d|\bchapter \{|\b\d\d_[a-z_]+\b|\.ipynb\b")

# Work that is under way elsewhere: these lists only ever get shorter.
LONG = {
    "optlib/pictures/plots.py",
    "tests/test_live_browser.py",
}
KNOWS_CHAPTERS = {"optlib/pictures/plots.py"}
NOT_USED_YET = {
    "optlib.exercises.diagnose.diagnose",  # checked exercises are built on it
    "optlib.trace.rows.rule_rows",  # the cheat sheet is
    "optlib.pictures.plots.heat",
    "optlib.pictures.plots.losses",
}
CALLED_BY_MATPLOTLIB = {
    "optlib.pictures.animate.Blitter.grab_frame",
    "optlib.pictures.animate.Canvas.draw_idle",
}


def code(*parts, kinds=(".py",)):
    """The files of code in some folders, by their path from the root."""
    found = {}
    for part in parts:
        for path in sorted((ROOT / part).rglob("*")):
            if path.suffix in kinds and "node_modules" not in path.parts:
                found[path.relative_to(ROOT).as_posix()] = path.read_text(encoding="utf-8")
    return found


def module_of(path):
    """The name by which a file is imported."""
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


PYTHON = code(*PARTS)
MODULES = {module_of(path): ast.parse(text) for path, text in PYTHON.items()}


def imports(tree):
    """The modules of this project that a module imports, wherever the import stands in it."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            inside = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= inside & MODULES.keys()
            if inside - MODULES.keys():
                found.add(node.module)
    return {name for name in found if name.split(".")[0] in PARTS}


IMPORTS = {name: imports(tree) for name, tree in MODULES.items()}


def floor(module):
    """The number of a module's floor; that of the package itself is its highest import's."""
    _, _, inside = module.partition(".")
    return FLOOR[inside.split(".")[0]] if inside else OWN_FLOOR


def upwards(edges):
    """The imports of optlib that go from a floor to a higher one."""
    return {
        (name, other)
        for name, others in edges.items()
        for other in others
        if name.split(".")[0] == other.split(".")[0] == "optlib" and floor(other) > floor(name)
    }


def test_every_module_of_optlib_stands_on_a_floor():
    inside = {name.split(".")[1] for name in MODULES if name.startswith("optlib.")}
    assert inside <= FLOOR.keys()


def test_no_module_imports_from_a_higher_floor():
    assert upwards(IMPORTS) == set()


def test_there_is_no_circle():
    try:
        TopologicalSorter(IMPORTS).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


@pytest.mark.parametrize(
    ("part", "may"),
    [
        ("optlib", {"optlib"}),
        ("book", {"book", "optlib"}),
        ("tools", {"tools", "book", "optlib"}),
        ("benchmarks", {"benchmarks", "tools", "book", "optlib"}),
    ],
)
def test_a_part_imports_only_from_those_below_it(part, may):
    for name, others in IMPORTS.items():
        if name.split(".")[0] == part:
            assert {other.split(".")[0] for other in others} <= may, name


def test_the_book_knows_figures_and_styles_but_no_rule():
    """How the site is built does not depend on what it teaches."""
    allowed = ("optlib.live", "optlib.pictures", "optlib.figures")
    reached = {o for n, others in IMPORTS.items() if n.startswith("book") for o in others}
    assert {o for o in reached if o.startswith("optlib") and not o.startswith(allowed)} == set()


def test_nothing_below_the_figures_knows_a_chapter():
    """A chapter may be split or renumbered without touching the library."""
    below = {
        path: text
        for path, text in code("optlib", kinds=(".py", ".js", ".css")).items()
        if not path.startswith("optlib/figures/")
    }
    assert {path for path, text in below.items() if CHAPTER.search(text)} <= KNOWS_CHAPTERS


def test_no_file_is_too_long():
    lines = {p: len(t.splitlines()) for p, t in code(*PARTS, kinds=(".py", ".js", ".css")).items()}
    assert {path for path, count in lines.items() if count > MOST_LINES} <= LONG


def test_nothing_is_imported_by_changing_the_path():
    changed = re.compile(r"sys\.path\b(?! *==)")
    found = {path for path, text in PYTHON.items() if changed.search(text)}
    assert found == set()


# Names that nothing uses


def public_names(module, tree):
    """The public functions, classes and constants of a module, and the members of its classes."""
    for node in tree.body:
        for name in defined(node):
            yield f"{module}.{name}", name
        if isinstance(node, ast.ClassDef):
            for member in node.body:
                for name in defined(member):
                    yield f"{module}.{node.name}.{name}", name


def defined(node):
    """The public names that a statement defines."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        names = [node.name]
    elif isinstance(node, ast.Assign):
        names = [
            n.id for target in node.targets for n in ast.walk(target) if isinstance(n, ast.Name)
        ]
    else:
        names = []
    return [name for name in names if not name.startswith("_")]


def mentions(tree):
    """How often each name is read in a module: by itself, as an attribute, or in an import."""
    found = Counter()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            found[node.id] += 1
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
            found[node.attr] += 1
        elif isinstance(node, ast.ImportFrom):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.keyword) and node.arg:
            found[node.arg] += 1
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.update({node.value: 1} if node.value.isidentifier() else {})
    return found


def notebook_code(path):
    """The Python of a notebook's code cells; what IPython alone understands is left out."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    sources = ("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    return "\n".join(re.sub(r"^\s*[%!].*$", "", source, flags=re.M) for source in sources)


def without_exports(module, tree):
    """A module without what it only passes on: a package's imports and its ``__all__``."""
    if f"{module.replace('.', '/')}/__init__.py" not in PYTHON:
        return tree
    passed_on = ast.ImportFrom | ast.Import | ast.Assign
    return ast.Module([node for node in tree.body if not isinstance(node, passed_on)], [])


def used_names():
    """Every name that the library itself, the chapters, the book and the tools read."""
    users = [without_exports(name, tree) for name, tree in MODULES.items() if "tests" not in name]
    users += [ast.parse(notebook_code(p)) for p in sorted((ROOT / "chapters").rglob("*.ipynb"))]
    return sum(map(mentions, users), Counter())


def test_every_public_name_of_optlib_is_used():
    """By the library, a chapter, the book or a tool: what only its tests use can go."""
    used = used_names()
    unused = {
        full
        for module, tree in MODULES.items()
        if module.startswith("optlib.") and not module.startswith("optlib.figures")
        for full, name in public_names(module, tree)
        if not used[name]
    }
    assert unused <= NOT_USED_YET | CALLED_BY_MATPLOTLIB


# That these tests can see what they look for


def test_an_arrow_upwards_and_a_circle_would_be_seen():
    assert upwards({"optlib.trace.latex": {"optlib.descent"}})
    assert upwards({"optlib.surfaces": {"optlib"}}), "the package reaches up to descent"
    assert not upwards({"optlib.descent": {"optlib.trace.inplace"}})
    with pytest.raises(CycleError):
        TopologicalSorter({"optlib.a": {"optlib.b"}, "optlib.b": {"optlib.a"}}).prepare()


def test_an_import_inside_a_function_is_seen():
    tree = ast.parse("def f():\n    from optlib.live import figure\n    import book.npm")
    assert imports(tree) == {"optlib.live.figure", "book.npm"}


@pytest.mark.parametrize(
    "text", ["see chapter 5", "02_momentum.ipynb", "href='04_bias_correction'", "a.ipynb"]
)
def test_a_chapter_would_be_seen(text):
    assert CHAPTER.search(text)
