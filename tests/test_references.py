"""Every rule against what the real libraries computed: see references/README.md."""

import numpy as np
import pytest
from references import cases, difference, load, recorder, replay

from optlib import optimizers

LIBRARIES = {"torch", "optax", "keras", "tensorflow", "scikit-learn"}


@pytest.mark.parametrize("record", load(), ids=lambda record: record.name)
def test_a_rule_visits_the_points_that_the_library_visited(record):
    off = difference(replay(getattr(optimizers, record.rule), record), record)
    assert off < 1e-10, f"{record.rule} is {off:.1e} away from {record.settings}"


@pytest.mark.parametrize("rule", [rule.__name__ for rule in optimizers.ALL])
def test_every_rule_has_a_record_of_a_real_library(rule):
    assert LIBRARIES & {record.library for record in load() if record.rule == rule}


def test_every_record_has_a_name_of_its_own_and_belongs_to_a_rule():
    names = [record.name for record in load()]
    assert len(set(names)) == len(names)
    assert {record.rule for record in load()} == {rule.__name__ for rule in optimizers.ALL}


def test_the_records_reach_where_mistakes_show():
    settings = [record.hyperparameters for record in load()]
    assert any(s.get("eps", 0) >= 1e-2 for s in settings), "a large ε"
    assert any(len(record.gradients) >= 1000 for record in load()), "t past 1000"
    assert {r.rule for r in load() if r.change} >= {"Momentum", "RMSPropMomentum", "Adam"}
    g = load()[0].gradients
    assert abs(g[0, 0]) < 1e-2 < np.abs(g[:, 0]).max(), "a small start"
    assert (g[0] != 0).all() and (g[1:] == 0).any(), "an exact zero, not first"


def test_the_difference_sees_a_wrong_rule():
    record = next(r for r in load() if r.rule == "RMSPropMomentum" and r.change)
    outside = np.array(record.x)
    outside[-1, 0] += 1e-6
    assert difference(outside, record) > 1e-8


def test_the_table_of_differences(capsys):
    """`pytest -s tests/test_references.py` prints it."""
    lines = [f"\n{'rule':16} {'steps':>5} {'difference':>10}  library"]
    for record in load():
        off = difference(replay(getattr(optimizers, record.rule), record), record)
        assert np.isfinite(off)
        change = ", lr changes" if record.change else ""
        who = (
            record.settings
            if record.library == "paper"
            else (f"{record.library} {record.version}: {record.settings}")
        )
        lines.append(f"{record.rule:16} {len(record.gradients):5} {off:10.1e}  {who}{change}")
    print("\n".join(lines))
    assert len(lines) == len(load()) + 1


def test_the_records_are_of_the_cases_as_they_stand(monkeypatch):
    """A case that is changed without `make references` is seen here, where no library is."""
    for name in ("torch", "optax", "keras", "tensorflow", "sklearn"):
        monkeypatch.setattr(recorder, f"{name}_path", lambda *asked: [(0.0, 0.0)])
    monkeypatch.setattr(recorder, "versions", lambda: dict.fromkeys(LIBRARIES, "1"))
    to = recorder.Recorder()
    for part in (cases.record_plain, cases.record_adaptive, cases.record_adams):
        part(to)
    asked = [(r["rule"], r["hyperparameters"], r["library"], r["settings"]) for r in to.records]
    kept = [(r.rule, r.hyperparameters, r.library, r.settings) for r in load()]
    assert asked == kept
    for new, record in zip(to.records, load(), strict=True):
        assert np.array_equal(to.numbers[new["gradients"]], record.gradients)
        if record.library == "paper":
            assert difference(to.numbers[new["x"]], record) < 1e-12
