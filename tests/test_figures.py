"""The course's figures: each has one home, a name, words for every reader, and states that differ.

These tests go over ``FIGURES``: a new figure is tested by being there.
"""

import ast
import json
from collections import Counter
from functools import cache
from inspect import signature

import nbformat
import pytest
import yaml
from conftest import ROOT

from optlib import figures, optimizers
from optlib.figures import FIGURES, PICTURES, course, registry
from optlib.live import Descent
from optlib.pictures import animate
from optlib.pictures.svg import Picture

NOTEBOOKS = sorted((ROOT / "chapters").rglob("*.ipynb"))
every_figure = pytest.mark.parametrize("name", FIGURES)
every_picture = pytest.mark.parametrize("name", PICTURES)
every_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


@pytest.fixture(autouse=True)
def no_film(monkeypatch):
    """Leave the films themselves out: that takes seconds each, and the book makes them."""
    monkeypatch.setattr(animate, "_encode", lambda *args: b"")


@cache
def built(name):
    """The figure, live ones opened at step 0; made once, because that takes a moment."""
    build = FIGURES[name]
    return build(step=0) if "opening" in signature(build).parameters else build()


def live():
    """The live figures among all."""
    found = {name: built(name) for name in FIGURES}
    return {name: fig for name, fig in found.items() if isinstance(fig, Descent)}


@cache
def code(path):
    """The code cells of a notebook, parsed, each with whether its source is shown."""
    cells = [c for c in nbformat.read(path, as_version=4).cells if c.cell_type == "code"]
    return [(ast.parse(cell.source), is_shown(cell)) for cell in cells]


def is_shown(cell):
    """Whether a page shows the source of a cell before anything is opened."""
    return not {"hide-input", "hide-cell"} & set(cell.metadata.get("tags", []))


@cache
def called(tree):
    """The names of all that is called: ``Descent``, ``animate.race``, ``figures.race``."""
    calls = (node.func for node in ast.walk(tree) if isinstance(node, ast.Call))
    return {ast.unparse(func) for func in calls if isinstance(func, (ast.Name, ast.Attribute))}


# What a figure is


@every_figure
def test_a_figure_is_live_or_an_animation_and_bears_its_name(name):
    fig = built(name)
    assert isinstance(fig, (Descent, animate.Animation))
    assert fig.name == fig.id == name
    assert f'id="{name}"' in (fig.to_html() if isinstance(fig, Descent) else fig._repr_html_())


@every_figure
def test_a_figure_says_what_one_would_see_and_what_to_do(name):
    fig = built(name)
    assert len(fig.alt.split()) >= 8
    if isinstance(fig, Descent):
        assert len(fig.title.split()) >= 2 and len(fig.caption.split()) >= 6


@every_picture
def test_a_picture_says_what_one_would_see(name):
    drawn = PICTURES[name]()
    assert isinstance(drawn, Picture) and len(drawn.alt.split()) >= 8


def test_no_two_figures_say_the_same():
    for field in ("title", "alt", "caption"):
        texts = [text for name in FIGURES if (text := getattr(built(name), field, ""))]
        assert [text for text, count in Counter(texts).items() if count > 1] == []


def test_old_links_find_one_figure():
    old = []
    for fig in live().values():
        old += [fig.formerly] if isinstance(fig.formerly, str) else list(fig.formerly or [])
    assert [name for name, count in Counter(old + list(FIGURES)).items() if count > 1] == []


# Its states


@every_figure
def test_a_live_figure_has_two_to_four_states_and_each_shows_something_else(name):
    fig = built(name)
    if not isinstance(fig, Descent):
        return
    assert 2 <= len(fig.states) <= 4
    first, seen = fig.model.first, []
    for values in ({}, *fig.states.values()):
        fig.values = {**first, **values}
        seen.append(json.dumps(fig.values, sort_keys=True, default=list))
    assert len(set(seen)) == len(seen)


def test_a_live_figure_opens_as_it_is_asked_to():
    assert {name: fig.first["step"] for name, fig in live().items()} == dict.fromkeys(live(), 0)


# The lists


def test_a_figure_is_found_by_its_name_as_python_spells_it():
    assert figures.one_dial is FIGURES["one-dial"] and figures.corner is PICTURES["corner"]
    with pytest.raises(AttributeError, match="no figure called 'one_dail'"):
        figures.one_dail  # noqa: B018


def test_two_figures_of_one_name_are_refused():
    def one_dial():
        pass

    for enter in (registry.figure, registry.picture):
        with pytest.raises(ValueError, match="figure one-dial: expected a name of its own"):
            enter(one_dial)


def test_figures_know_the_chapters_of_the_table_of_contents():
    parts = yaml.safe_load((ROOT / "_toc.yml").read_text())["parts"]
    numbered = next(part["chapters"] for part in parts if part.get("numbered"))
    files = [chapter["file"].removeprefix("chapters/") for chapter in numbered]
    assert course.CHAPTERS == dict(enumerate(files, 1))


def test_every_rule_has_its_place_in_the_course():
    assert set(course.CHAPTER_OF) == {rule.__name__ for rule in optimizers.ALL} | {"bias"}


# Where it is used


@pytest.mark.parametrize("name", {**FIGURES, **PICTURES})
def test_every_figure_is_called_by_a_notebook(name):
    calls = set.union(*(called(tree) for path in NOTEBOOKS for tree, _ in code(path)))
    assert f"figures.{name.replace('-', '_')}" in calls


@every_notebook
def test_a_notebook_makes_no_figure_itself_where_the_source_is_hidden(path):
    made = set.union(*(called(tree) for tree, shown in code(path) if not shown))
    assert {call for call in made if call == "Descent" or call.startswith("animate.")} == set()


@every_notebook
def test_a_shown_cell_has_at_most_ten_lines(path):
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code" and is_shown(cell):
            lines = [line for line in cell.source.splitlines() if line.strip()]
            assert len(lines) <= 10, f"{len(lines)} lines: {cell.source[:80]}"


@every_notebook
def test_one_cell_imports_what_hidden_cells_need(path):
    """A shown cell may import: it is to be read alone."""
    later = [tree for tree, shown in code(path)[1:] if not shown]
    imports = [node for tree in later for node in tree.body if "Import" in type(node).__name__]
    assert [ast.unparse(node) for node in imports] == []
