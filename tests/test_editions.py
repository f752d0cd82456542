"""Editions of the notebooks start where nothing is installed: Binder's steps, Colab's first cell."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
import yaml
from conftest import ROOT

from book import editions
from book.claims import notebooks

REPOSITORY = "https://github.com/someone/course"

# Runs the first cells of a notebook as a kernel would, magics too; prints what the last one shows.
RUN = """
import json, sys
from pathlib import Path
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
cells = [c for c in json.loads(Path(sys.argv[1]).read_text("utf8"))["cells"]]
for cell in [c for c in cells if c["cell_type"] == "code"][: int(sys.argv[2])]:
    shell.run_cell("".join(cell["source"])).raise_error()
import optlib
print("optlib from", Path(optlib.__file__).parent)
"""
DRAW = """
from optlib import Adam
from optlib.live import Descent
from optlib.surfaces import Rosenbrock
figure = Descent(Rosenbrock(), {"Adam": Adam(lr=0.1)}, start=(-1.0, 1.0), steps=10,
                 title="A small figure", alt="A valley and one path.")
assert len(figure.to_html()) > 10_000
"""


def copied(folder):
    """Copy what a clone of the repository holds and these steps read; return the copy."""
    for name in (".binder", "optlib", "chapters"):
        skip = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints")
        shutil.copytree(ROOT / name, folder / name, ignore=skip)
    (folder / "book").mkdir()
    for name in ("pyproject.toml", "book/constraints.txt"):
        shutil.copy(ROOT / name, folder / name)
    return folder


def run(command, folder):
    """Run a command in `folder`, with its environment's programs first; return what it printed."""
    quick = {"PIP_NO_COMPILE": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    programs = f"{folder / 'env' / 'bin'}{os.pathsep}{os.environ['PATH']}"
    env = {**os.environ, "PATH": programs, "IPYTHONDIR": str(folder / "ipython"), **quick}
    env.pop("PYTHONPATH", None)
    done = subprocess.run(
        command, cwd=folder, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    assert done.returncode == 0, done.stdout[-4000:]
    return done.stdout


@pytest.mark.slow
def test_binders_steps_and_colabs_first_cell_in_an_empty_environment(tmp_path):
    folder = copied(tmp_path / "course")
    python = folder / "env" / "bin" / "python"
    # Binder
    run([sys.executable, "-m", "venv", "env"], folder)
    run(["python", "-m", "pip", "install", "-q", "-r", ".binder/requirements.txt"], folder)
    run(["bash", ".binder/postBuild"], folder)
    first = sorted(folder.glob("chapters/0*.ipynb"))[0]
    assert f"optlib from {folder}" in run([python, "-c", RUN, first, "2"], folder)
    # Colab: `optlib` is not there, and comes from the repository
    run(["python", "-m", "pip", "uninstall", "-q", "-y", "optlib"], folder)
    origin = tmp_path / "origin"
    shutil.copytree(folder, origin, ignore=shutil.ignore_patterns("env", "ipython", "*.egg-info"))
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.org"]
    for step in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-q", "-m", "all"]):
        run([*git, *step], origin)
    elsewhere = tmp_path / "colab"
    editions.write(folder, elsewhere, origin.as_uri(), "main")
    found = run([python, "-c", RUN, elsewhere / "chapters" / first.name, "3"], folder / "env")
    assert f"optlib from {folder / 'env'}" in found
    run([python, "-c", DRAW], folder / "env")  # scripts and styles are in what was installed


def test_an_edition_is_its_notebook_with_one_cell_in_front(tmp_path):
    written = editions.write(ROOT, tmp_path, REPOSITORY, "main")
    assert [p.relative_to(tmp_path) for p in written] == [
        p.relative_to(ROOT) for p in notebooks(ROOT)
    ]
    for source, path in zip(notebooks(ROOT), written, strict=True):
        old, new = (nbformat.read(p, as_version=4) for p in (source, path))
        nbformat.validate(new)
        assert new.cells[1:] == old.cells
        assert f"%pip install -q git+{REPOSITORY}@main" in new.cells[0].source


@pytest.mark.parametrize(
    ("button", "before", "after"),
    [
        ("Colab", "/github/a/b/blob/main/chapters/x", "/github/a/b/blob/editions/chapters/x"),
        ("JupyterHub", "/git-pull?repo=r&branch=main", "/git-pull?repo=r&branch=editions"),
        ("Binder", "/v2/gh/a/b/main?urlpath=x", "/v2/gh/a/b/main?urlpath=x"),
    ],
)
def test_buttons_open_what_can_import_optlib(button, before, after):
    assert editions.address(button, before, "main") == after


def test_binder_asks_for_what_the_course_pins():
    pins = (ROOT / "requirements.txt").read_text(encoding="utf8")
    lines = (ROOT / ".binder/requirements.txt").read_text(encoding="utf8").splitlines()
    names = [line for line in lines if line and line[0] not in "#-"]
    assert {"numpy", "matplotlib", "anywidget"} <= set(names)
    assert [name for name in names if f"\n{name}==" not in pins] == []
    assert os.access(ROOT / ".binder/postBuild", os.X_OK)


def test_the_dev_container_prepares_what_the_makefile_knows():
    container = json.loads((ROOT / ".devcontainer/devcontainer.json").read_text(encoding="utf8"))
    _, target = container["postCreateCommand"].split()
    assert f"\n{target}:" in (ROOT / "Makefile").read_text(encoding="utf8")


@pytest.mark.parametrize("path", sorted((ROOT / ".github").rglob("*.yml")), ids=lambda p: p.name)
def test_workflows_are_yaml_and_run_commands_that_exist(path):
    text = Path(path).read_text(encoding="utf8")
    assert yaml.safe_load(text)
    makefile = (ROOT / "Makefile").read_text(encoding="utf8")
    for line in text.splitlines():
        if "run: make " in line:
            target = line.split("run: make ")[1].split()[0]
            assert f"\n{target}:" in makefile, line
