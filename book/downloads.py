"""What the download button of a page gives: a notebook that runs, and paper.

Each page that is a notebook has a zip: the notebook, the library it imports, the versions it needs,
and how to start. Nothing in it depends on when or where it was made.
"""

import ast
import io
import re
import sys
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path

import nbformat

from book import assets

FOLDER = "_downloads"
LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the earliest time a zip can tell
ALWAYS = ("jupyterlab", "ipykernel")  # what opens a notebook, and what runs it
HOW = """{title}

To run this notebook (Python 3.11 or newer), in a terminal in this folder:

    python -m venv .venv
    .venv/bin/python -m pip install -r requirements.txt
    .venv/bin/jupyter lab {notebook}

On Windows it is .venv\\Scripts\\python and .venv\\Scripts\\jupyter. The folder optlib holds the
course's own library; the notebook imports it from here.
"""


def imported(code: str) -> set[str]:
    """Return the names of the top-level packages that `code` imports."""
    names = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.split(".")[0])
    return names - set(sys.stdlib_module_names)


def code_of(notebook) -> str:
    """Return all code of a notebook, without IPython's own commands."""
    cells = (cell.source for cell in notebook.cells if cell.cell_type == "code")
    return "\n".join(re.sub(r"^\s*[%!].*$", "", cell, flags=re.M) for cell in cells)


def pins(requirements: str, packages: set[str]) -> str:
    """Return the lines of `requirements` that bring `packages`, without their comments.

    Raises ValueError for a package that nothing there brings.
    """
    known = {
        re.split(r"[=<>\[ ]", line)[0].lower().replace("_", "-"): line.split("#")[0].strip()
        for line in requirements.splitlines()
        if re.match(r"[A-Za-z]", line)
    }
    bring = packages_distributions()
    wanted = {name: name for name in ALWAYS}
    for package in packages:
        names = {name.lower().replace("_", "-") for name in bring.get(package, [])}
        if not (found := names & set(known)) and package != "IPython":  # ipykernel brings it
            raise ValueError(f"a notebook imports {package}; expected a pin of it")
        wanted |= {name: package for name in found}
    return "".join(f"{known[name]}\n" for name in sorted(wanted))


def library(root: Path) -> list[Path]:
    """Return the files of `optlib`, in a fixed order."""
    return sorted(
        path
        for path in (root / "optlib").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    )


def archive(source: Path, title: str, root: Path) -> bytes:
    """Return the zip that runs the notebook `source`; `root` is the project's folder."""
    files = library(root)
    code = [p.read_text(encoding="utf8") for p in files if p.suffix == ".py"]
    notebook = nbformat.read(source, as_version=4)
    packages = set().union(*map(imported, [*code, code_of(notebook)])) - {"optlib"}
    pinned = [root / "requirements.txt", root / "book" / "constraints.txt"]
    needs = pins("\n".join(p.read_text(encoding="utf8") for p in pinned), packages)
    content = {
        source.name: source.read_bytes(),
        "README.txt": HOW.format(title=title, notebook=source.name).encode(),
        "requirements.txt": needs.encode(),
        "LICENSE": (root / "LICENSE").read_bytes() if (root / "LICENSE").exists() else b"",
        **{path.relative_to(root).as_posix(): path.read_bytes() for path in files},
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as zipped:
        for name, data in content.items():
            entry = zipfile.ZipInfo(f"{source.stem}/{name}", LONG_AGO)
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            zipped.writestr(entry, data, compresslevel=9)
    return buffer.getvalue()


# in the build ------------------------------------------------------------------------------------


def buttons(app, name, template, context, doctree) -> None:
    """Offer a page's zip and its printing where the theme offers raw JSON and ".pdf"."""
    source = Path(app.env.doc2path(name)) if name in app.env.found_docs else None
    is_notebook = source is not None and source.suffix == ".ipynb"
    offers = [
        {
            "type": "javascript",
            "javascript": "window.print()",
            "text": "Print, or save as PDF",
            "icon": "fas fa-print",
            "label": "print-button",
        }
    ]
    if is_notebook:
        offers.insert(
            0,
            {
                "type": "link",
                "url": f"{context['pathto'](FOLDER, 1)}/{source.stem}.zip",
                "text": "Notebook that runs (.zip)",
                "icon": "fas fa-file-zipper",
                "label": "download-zip-button",
            },
        )
    for group in context.get("header_buttons", []):
        if group.get("label") == "download-buttons":
            group["buttons"] = offers
            group["tooltip"] = "Download or print this page"


def finished(app, exception) -> None:
    """Write the zip of every notebook; remove those of notebooks that are gone."""
    if exception is not None or app.builder.format != "html":
        return
    root, folder, names = Path(app.srcdir), Path(app.outdir) / FOLDER, set()
    for page in app.env.found_docs:
        source = Path(app.env.doc2path(page))
        if source.suffix == ".ipynb":
            names.add(f"{source.stem}.zip")
            title = app.env.titles[page].astext()
            assets.write_if_new(folder / f"{source.stem}.zip", archive(source, title, root))
    for path in folder.glob("*.zip"):
        if path.name not in names:
            path.unlink()


def setup(app):
    """Connect everything here to the build."""
    app.connect("html-page-context", buttons, priority=890)
    app.connect("build-finished", finished, priority=800)
