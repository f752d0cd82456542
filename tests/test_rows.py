"""The rows of the cheat sheet: what is computed from a rule's code agrees with its docstring."""

import re

import pytest

from optlib.optimizers import ALL
from optlib.trace.latex import letter
from optlib.trace.rows import latex, rule_rows

ROWS = rule_rows()


def test_there_is_a_row_for_every_rule():
    assert [row.rule for row in ROWS] == list(ALL)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_the_unit_of_the_rate_is_the_one_in_the_docstring(row):
    """Computed by scaling the loss: the prose and the formula cannot drift apart."""
    said = re.search(r"``lr``(?: and ``m``)? in (\S+?)[,.:]?\s", row.rule.__doc__)
    assert row.unit == (said[1] if said else "")
    assert bool(said) == ("lr" in row.defaults)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_every_rule_says_where_it_is_from(row):
    assert re.search(r"\(\d{4}\)|Optax", row.source) and "\n" not in row.source


def test_defaults_read_as_in_a_paper():
    (adam,) = (row for row in ROWS if row.name == "Adam")
    assert adam.settings == [
        r"\eta = 0.001",
        r"\beta_1 = 0.9",
        r"\beta_2 = 0.999",
        r"\varepsilon = 10^{-8}",
    ]
    assert [latex(v) for v in (0, 3e-4, 1e-10, 2.5)] == ["0", r"3 \cdot 10^{-4}", "10^{-10}", "2.5"]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_every_symbol_of_a_row_stands_in_its_equation(row):
    for symbol in (*row.state, *(letter(f"hp.{name}") for name in row.defaults)):
        assert symbol in row.equation
