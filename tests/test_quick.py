"""`make quick` and `make test`: what each runs, and that nothing falls between them."""

import shutil
import subprocess
from types import SimpleNamespace

import conftest
from conftest import ROOT, SLOW_FIXTURES

from book.claims import notebooks
from tools import typecheck


def planned(target, folder=ROOT):
    """Return the commands that `make target` would run."""
    command = ["make", "-n", "-o", ".venv/.ready", target]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout


def fake_test(*fixtures):
    """Something that pytest could have collected, with the marks that it was given."""
    marks = []
    return SimpleNamespace(fixturenames=fixtures, add_marker=marks.append, marks=marks)


def test_what_needs_a_build_or_a_browser_is_marked_slow_by_its_fixtures():
    tests = [fake_test("tmp_path"), fake_test("tmp_path", "small", "npm_files"), fake_test("book")]
    conftest.pytest_collection_modifyitems(tests)
    assert [test.marks for test in tests] == [[], ["slow"], ["slow"]]


def test_the_fixtures_that_make_a_test_slow_exist():
    assert {name for name in SLOW_FIXTURES if not hasattr(conftest, name)} == set()


def test_test_is_quick_and_the_rest_and_nothing_twice():
    quick, everything = planned("quick"), planned("test")
    for line in quick.splitlines():
        assert everything.count(line) == 1, line
    assert 'pytest -n 2 -m "not slow"' in quick
    assert everything.count("pytest -n 2 -m slow") == 1
    for step in ("ruff check", "ruff format --check", "tools.typecheck"):
        assert step in quick


def test_every_notebook_is_run_wherever_it_stands(tmp_path):
    shutil.copy(ROOT / "Makefile", tmp_path)
    where = ["chapters/01_a.ipynb", "chapters/01_a/deep.ipynb", "chapters/exercises/01_a.ipynb"]
    for name in [*where, "chapters/.ipynb_checkpoints/01_a-checkpoint.ipynb"]:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("{}")
    assert {p.relative_to(tmp_path).as_posix() for p in notebooks(tmp_path)} == set(where)
    for target in ("notebooks", "claims"):
        words = planned(target, tmp_path).split()
        assert sorted(word for word in words if word.endswith(".ipynb")) == sorted(where)


def test_a_wrong_type_in_a_script_is_seen(tmp_path, npm_files, capfd):
    (tmp_path / "book" / "static").mkdir(parents=True)
    shutil.copy(ROOT / "tsconfig.json", tmp_path)
    script = tmp_path / "book" / "static" / "a.js"
    script.write_text("/** @param {number} x */\nconst twice = (x) => 2 * x;\ntwice(1);\n")
    assert typecheck.check(tmp_path) == 0
    script.write_text(script.read_text() + 'twice("one");\n')
    assert typecheck.check(tmp_path) != 0
    assert "a.js(4,7): error TS2345" in capfd.readouterr().out
