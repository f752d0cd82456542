"""The bench's table, and that what it measures is found; the measuring itself is `make bench`."""

import importlib

import pytest

from benchmarks import copies, run
from benchmarks.environments import HERE
from benchmarks.table import HEAD, Row, amount, duration, markdown, times


def test_every_module_that_measures_is_a_section():
    assert {"build", "habits", "live", "step", "sweep", "weight"} <= set(run.SECTIONS)
    assert not {"run", "table", "copies", "environments", "interact_cell"} & set(run.SECTIONS)


@pytest.mark.parametrize("name", run.SECTIONS)
def test_every_section_can_be_imported_and_is_explained(name):
    assert callable(importlib.import_module(f"benchmarks.{name}").measure)
    assert f"| `{name}` |" in (HERE / "README.md").read_text(encoding="utf8")


def test_the_chapters_that_are_weighed_are_main_pages_in_order():
    names = copies.chapters()
    assert names == sorted(set(names))
    assert names[0].startswith("chapters/00_") and len(names) >= 6


def test_a_missed_target_is_told_as_missed():
    table = markdown(
        [
            Row("a", "1 ms", asked=("at most 2 ms", True)),
            Row("b", "3 ms", "6 ms", "2 ×", ("less", False)),
        ]
    )
    head, _, met, missed = table.splitlines()
    assert head == f"| {' | '.join(HEAD)} |"
    assert met == "| a | 1 ms |  |  | at most 2 ms: met |"
    assert missed == "| b | 3 ms | 6 ms | 2 × | less: **missed** |"


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (duration(2.5e-6), "2.5 µs"),
        (duration(0.0123), "12.3 ms"),
        (duration(61.4), "61.4 s"),
        (duration(1084.2), "1,084 s"),
        (amount(999), "1.0 kB"),
        (amount(2_190_000), "2.19 MB"),
        (times(4487.6), "4,488 ×"),
        (times(0.275), "0.275 ×"),
    ],
)
def test_quantities_carry_the_unit_that_suits_them(said, words):
    assert said == words
