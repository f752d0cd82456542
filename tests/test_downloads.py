"""A download is a zip that runs: unpacked in an empty folder, without the project around it."""

import re
import subprocess
import sys
import zipfile

import nbformat
import pytest

from book.downloads import archive, code_of, imported, pins

WHERE = "import optlib\nprint('the library is', optlib.__file__)"


def chapters(book):
    """The stems of all pages that are notebooks."""
    return sorted(path.stem for path in (book / "_sources" / "chapters").glob("*.ipynb"))


def test_every_notebook_has_its_zip_and_a_button_that_gives_it(book, new_page):
    assert sorted(p.stem for p in (book / "_downloads").glob("*.zip")) == chapters(book)
    page = new_page()
    for stem in chapters(book):
        page.goto((book / "chapters" / f"{stem}.html").as_uri())
        page.get_by_role("button", name="Download or print this page").click()
        href = page.get_by_role("link", name="Notebook that runs (.zip)").get_attribute("href")
        assert (book / "chapters" / href).resolve() == book / "_downloads" / f"{stem}.zip"
        assert page.locator("a[href$='.ipynb']").count() == 0


def test_the_print_button_prints(book, new_page):
    page = new_page()
    page.goto((book / "chapters" / "bibliography.html").as_uri())
    page.evaluate("window.print = () => { window.printed = true }")
    page.get_by_role("button", name="Download or print this page").click()
    page.get_by_role("button", name="Print, or save as PDF").click()
    assert page.evaluate("window.printed === true")


@pytest.mark.parametrize("stem", ["00_welcome", "cheat_sheet"])
def test_the_unpacked_notebook_runs_with_the_library_beside_it(book, tmp_path, stem):
    with zipfile.ZipFile(book / "_downloads" / f"{stem}.zip") as zipped:
        zipped.extractall(tmp_path)
    folder = tmp_path / stem
    assert f"jupyter lab {stem}.ipynb" in (folder / "README.txt").read_text(encoding="utf8")
    path = folder / f"{stem}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell(WHERE))
    nbformat.write(notebook, path)
    command = [sys.executable, "-m", "nbconvert", "--to", "notebook", "--execute", path.name]
    done = subprocess.run(
        [*command, "--output", "done"], cwd=folder, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr[-3000:]
    said = nbformat.read(folder / "done.ipynb", as_version=4).cells[-1].outputs[0].text
    assert str(folder / "optlib") in said


def test_a_zip_asks_for_what_is_imported_at_the_versions_of_the_project(root, book):
    pinned = {
        line.split("#")[0].strip()
        for name in ("requirements.txt", "book/constraints.txt")
        for line in (root / name).read_text(encoding="utf8").splitlines()
    }
    for path in (book / "_downloads").glob("*.zip"):
        with zipfile.ZipFile(path) as zipped:
            needs = zipped.read(f"{path.stem}/requirements.txt").decode().split()
            names = zipped.namelist()
        assert set(needs) <= pinned
        assert {"numpy", "matplotlib", "anywidget", "jupyterlab", "ipykernel"} <= {
            re.split("==", need)[0] for need in needs
        }
        assert not any("__pycache__" in name for name in names)


def test_a_zip_is_the_same_whenever_it_is_made(root):
    source = root / "chapters" / "cheat_sheet.ipynb"
    assert archive(source, "Title", root) == archive(source, "Title", root)


def test_what_code_imports_is_read_from_it():
    notebook = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_code_cell("%pylab\nimport numpy.linalg\nfrom sympy import S\nimport re")
        ]
    )
    assert imported(code_of(notebook)) == {"numpy", "sympy"}


def test_an_import_that_nothing_pins_is_refused():
    with pytest.raises(ValueError, match="imports torchless; expected a pin of it"):
        pins("numpy==1\njupyterlab==1\nipykernel==1\n", {"torchless"})
