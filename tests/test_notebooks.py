"""Every notebook as it is committed: claims with plain outputs, nothing else kept, no network.

That the claims are still true is nbval's part: `make notebooks`.
"""

import ast
import re

import nbformat
import pytest
from conftest import ROOT

from book.claims import faults, is_claim, notebooks

NOTEBOOKS = notebooks(ROOT)
NETWORK = {"requests", "urllib", "urllib3", "httpx", "aiohttp", "socket", "ftplib", "http"}
ELSEWHERE = r"(<(img|script|iframe|video)[^>]+src=[\"']?|!\[[^]]*\]\()https?:"
IDS = [path.relative_to(ROOT).as_posix() for path in NOTEBOOKS]

every_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=IDS)


def cells(path, kind="code"):
    """Yield the number and the cell of every cell of one kind."""
    for index, cell in enumerate(nbformat.read(path, as_version=4).cells):
        if cell.cell_type == kind:
            yield index, cell


def code(cell) -> str:
    """Return a code cell's source with IPython's magics and shell lines left out."""
    return "\n".join(
        "" if re.match(r"\s*[%!?]", line) else line for line in cell.source.splitlines()
    )


def test_there_are_notebooks():
    assert {
        "chapters/00_welcome.ipynb",
        "chapters/01_gradient_descent.ipynb",
        "chapters/02_momentum.ipynb",
    } <= set(IDS)


@every_notebook
def test_notebook_is_valid_and_its_cells_have_ids(path):
    raw = nbformat.read(path, as_version=nbformat.NO_CONVERT)
    nbformat.validate(raw)
    assert (raw.nbformat, raw.nbformat_minor) >= (4, 5)
    ids = [cell["id"] for cell in raw.cells]
    assert len(ids) == len(set(ids))
    assert raw.metadata.kernelspec.name == "python3"
    assert "widgets" not in raw.metadata


@every_notebook
def test_claims_are_plain_and_complete(path):
    found = [
        f"cell {i}: {fault}" for i, cell in cells(path) if is_claim(cell) for fault in faults(cell)
    ]
    assert found == []


@every_notebook
def test_a_chapter_makes_claims(path):
    assert any(is_claim(cell) for _, cell in cells(path)) or path.name.startswith("00_")


@every_notebook
def test_no_other_cell_keeps_an_output(path):
    assert [i for i, cell in cells(path) if not is_claim(cell) and cell.outputs] == []


@every_notebook
def test_cells_are_numbered_from_top_to_bottom(path):
    """The notebook was run once, in order, in a fresh kernel."""
    counts = [cell.execution_count for _, cell in cells(path) if cell.source.strip()]
    assert counts == list(range(1, len(counts) + 1))


@every_notebook
def test_no_cell_is_hidden_from_nbval_or_may_fail(path):
    forbidden = {"nbval-skip", "nbval-ignore-output", "raises-exception", "nbval-raises-exception"}
    assert [i for i, cell in cells(path) if forbidden & set(cell.metadata.get("tags", []))] == []


@every_notebook
def test_nothing_is_fetched(path):
    found = []
    for index, cell in cells(path):
        for node in ast.walk(ast.parse(code(cell))):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            else:
                continue
            found += [f"cell {index}: {n}" for n in names if n.split(".")[0] in NETWORK]
        if re.search(r"^\s*[!%](pip|conda|curl|wget)|!(pip|curl|wget)", cell.source, re.M):
            found.append(f"cell {index}: installs or downloads")
    for index, cell in cells(path, "markdown"):
        if re.search(ELSEWHERE, cell.source):
            found.append(f"cell {index}: shows something from elsewhere")
    assert found == []


@every_notebook
def test_randomness_has_a_seed(path):
    found = []
    for index, cell in cells(path):
        if re.search(
            r"default_rng\(\s*\)|np\.random\.(?!default_rng|Generator|SeedSequence)\w+", cell.source
        ):
            found.append(index)
    assert found == []


@every_notebook
def test_markdown_pictures_have_a_text(path):
    found = []
    for index, cell in cells(path, "markdown"):
        for alt in re.findall(r"!\[([^]]*)\]\(", cell.source):
            if len(alt.strip()) < 10:
                found.append(f"cell {index}: {alt!r}")
    assert found == []


@every_notebook
def test_drawings_have_a_text(path):
    """A cell that ends in a bare matplotlib figure states its alternative text for the book."""
    found = []
    for index, cell in cells(path):
        draws = re.search(r"\bplt\.show\(\)", cell.source)
        alt = cell.metadata.get("mystnb", {}).get("image", {}).get("alt", "")
        if draws and len(alt) < 10:
            found.append(f"cell {index} has no mystnb.image.alt")
    assert found == []
