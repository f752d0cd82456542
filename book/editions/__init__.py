"""Editions of the notebooks for machines that have not got `optlib`: Colab and a JupyterHub.

An edition is a notebook of `chapters/` with one cell in front that installs `optlib` from the
repository when it is missing. `make book` writes them to `_build/editions` once `repository.url` is
set in `_config.yml`; the workflow `publish` puts them on the branch `editions`, and the buttons for
Colab and JupyterHub open them there. Binder reads `.binder/` and opens the notebooks as they are.
"""

import shutil
from pathlib import Path

import nbformat

from book.claims import notebooks

BRANCH = "editions"
INSTALL = """\
# The course's own library; this cell does nothing where it is installed.
try:
    import optlib
except ModuleNotFoundError:
    %pip install -q git+{repository}@{branch}"""


def edition(notebook, repository: str, branch: str):
    """Return a copy of a notebook that begins by installing `optlib` from `repository`."""
    cell = nbformat.v4.new_code_cell(INSTALL.format(repository=repository, branch=branch))
    cell.id = "install-optlib"
    made = nbformat.from_dict(notebook)
    made.cells = [cell, *notebook.cells]
    return made


def write(root: Path, out: Path, repository: str, branch: str) -> list[Path]:
    """Write the edition of every notebook of the course below `out`; return the files' paths."""
    shutil.rmtree(out, ignore_errors=True)
    written = []
    for source in notebooks(root):
        path = out / source.relative_to(root)
        path.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(edition(nbformat.read(source, as_version=4), repository, branch), path)
        written.append(path)
    return written


def address(text: str, url: str, branch: str) -> str:
    """Return where the button with this text leads: Colab and JupyterHub open the editions."""
    if text == "Colab":
        return url.replace(f"/blob/{branch}/", f"/blob/{BRANCH}/")
    if text == "JupyterHub":
        return url.replace(f"branch={branch}", f"branch={BRANCH}")
    return url


def repository_of(config) -> tuple[str, str]:
    """Return the repository's address, empty when none is set, and its branch."""
    options = config.html_theme_options
    return options.get("repository_url") or "", options.get("repository_branch") or "main"


def page(app, name, template, context, doctree):
    """Turn the launch buttons of a page to the editions."""
    repository, branch = repository_of(app.config)
    if not repository:
        return
    for group in context.get("header_buttons", []):
        for button in group.get("buttons", []):
            if "url" in button:
                button["url"] = address(button.get("text", ""), button["url"], branch)


def finished(app, exception):
    """Write the editions of a book that was built and has a repository."""
    repository, branch = repository_of(app.config)
    if exception is None and app.builder.format == "html" and repository:
        write(Path(app.srcdir), Path(app.outdir).parent / "editions", repository, branch)


def setup(app):
    app.connect("html-page-context", page, priority=850)
    app.connect("build-finished", finished)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
