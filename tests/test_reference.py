"""The reference page: what Sphinx is told about docstrings that are written to be read plainly."""

from book.reference import mark_code, skip_member
from optlib import optimizers
from optlib.experiments import Turn


def test_an_indented_block_after_a_colon_is_code():
    lines = ["Two methods:", "", "    state = rule.init(x)", "", "Formula: ``m``.", "", "Units:"]
    assert mark_code(lines) == ["Two methods::", *lines[1:]]


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
