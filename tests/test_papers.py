"""What stands beside the code: citation, changes, hooks, proposals for newer versions."""

import re
import subprocess
import sys
import tomllib

import pytest
import yaml
from conftest import ROOT

from book.claims import notebooks

VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf8"))["project"]["version"]


def text(name):
    """Return a file of the project's folder."""
    return (ROOT / name).read_text(encoding="utf8")


def hooks():
    """Return the hooks of pre-commit by their id."""
    (repository,) = yaml.safe_load(text(".pre-commit-config.yaml"))["repos"]
    return {hook["id"]: hook for hook in repository["hooks"]}


def test_the_citation_has_what_its_format_requires_and_the_version_of_the_code():
    citation = yaml.safe_load(text("CITATION.cff"))
    assert set(citation) >= {"cff-version", "message", "title", "authors"}
    assert citation["cff-version"] == "1.2.0"
    assert citation["type"] in {"software", "dataset"}
    assert all(set(author) & {"name", "family-names"} for author in citation["authors"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", citation["date-released"])
    assert citation["version"] == VERSION


def test_the_changes_are_told_up_to_the_version_of_the_code():
    heads = re.findall(r"^## \[(.+)\]", text("CHANGELOG.md"), re.M)
    assert heads[0] == "Unreleased"
    assert heads[1] == VERSION


def test_the_hook_for_notebooks_leaves_them_as_they_are_committed():
    """Counts, ids and the outputs of claims stay: nbval compares them."""
    program, *options = hooks()["nbstripout"]["entry"].split()
    assert program == ".venv/bin/nbstripout"
    command = [sys.executable, "-m", "nbstripout", "--verify", *options, *notebooks(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_hooks_and_make_quick_check_the_same():
    commands = text("Makefile")
    assert "ruff check ." in commands and "ruff check" in hooks()["ruff"]["entry"]
    assert "ruff format --check ." in commands and "ruff format" in hooks()["ruff-format"]["entry"]
    assert "-m tools.typecheck" in commands and "-m tools.typecheck" in hooks()["types"]["entry"]


def test_nobody_proposes_what_the_book_cannot_take():
    updates = yaml.safe_load(text(".github/dependabot.yml"))["updates"]
    held = {
        rule["dependency-name"]: rule for update in updates for rule in update.get("ignore", [])
    }
    assert held["jupyter-book"]["versions"] == [">=2"]
    pinned = (
        text("requirements.txt") + text("book/constraints.txt") + text("book/package.json")
    ).lower()
    assert [name for name in held if name not in pinned] == []


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "benchmarks/README.md"])
def test_what_the_papers_name_exists(name):
    """Targets of make and files in links."""
    words, folder = text(name), (ROOT / name).parent
    targets = set(re.findall(r"(?:`|^    )make ([a-z-]+)", words, re.M))
    known = set(re.findall(r"^([a-z-]+):", text("Makefile"), re.M))
    assert targets <= known, targets - known
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)\)", re.sub(r"`[^`]*`", "", words))
    assert [link for link in links if not (folder / link).exists()] == []
