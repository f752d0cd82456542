"""The reference page: what Sphinx is told about docstrings that are written to be read plainly."""

import importlib
import inspect
import pkgutil

import pytest
from docutils.core import publish_doctree

import optlib
from book.reference import mark_code, skip_member
from optlib import optimizers
from optlib.experiments import Turn


def test_an_indented_block_after_a_colon_is_code():
    lines = ["Two methods:", "", "    state = rule.init(x)", "", "Formula: ``m``.", "", "Units:"]
    assert mark_code(lines) == ["Two methods::", *lines[1:]]


def test_an_indented_block_after_a_sentence_is_code_too():
    assert mark_code(["A call.", "", "    f(", "        1,", "    )", "", "Words."]) == [
        "A call.",
        "",
        "::",
        "",
        "    f(",
        "        1,",
        "    )",
        "",
        "Words.",
    ]


def test_a_colon_before_a_paragraph_stays_as_it_is():
    lines = ["Two methods:", "", "and no code."]
    assert mark_code(lines) == lines
    assert mark_code(["Code::", "", "    a"]) == ["Code::", "", "    a"]


def test_rules_are_described_and_what_they_remember_is_not():
    for rule in optimizers.ALL:
        assert skip_member(None, "module", rule.__name__, rule, False, None) is None
        state = rule.State
        assert skip_member(None, "module", state.__name__, state, False, None) is True
    assert skip_member(None, "class", "crossing", Turn.crossing, False, None) is True


def documented():
    """Yield the name and the docstring of each module, class, function and method of optlib."""
    for found in pkgutil.walk_packages(optlib.__path__, "optlib."):
        module = importlib.import_module(found.name)
        yield found.name, module
        for name, thing in vars(module).items():
            if getattr(thing, "__module__", None) == found.name and inspect.getdoc(thing):
                yield f"{found.name}.{name}", thing
                for part, method in vars(thing).items() if inspect.isclass(thing) else ():
                    if inspect.isfunction(method) and method.__doc__:
                        yield f"{found.name}.{name}.{part}", method


@pytest.mark.parametrize(
    ("name", "thing"), list(documented()), ids=lambda x: x if type(x) is str else ""
)
def test_docstrings_can_be_set_as_a_page(name, thing):
    """What docutils would warn of, and so fail `make book` minutes later."""
    text = "\n".join(mark_code((inspect.getdoc(thing) or "").splitlines()))
    said = publish_doctree(text, settings_overrides={"report_level": 2, "warning_stream": ""})
    assert [
        str(node.astext()) for node in said.findall(lambda n: n.tagname == "system_message")
    ] == []
