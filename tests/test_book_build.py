"""How the book is built: failures stay failures, and what has not changed is not run again."""

import os
import shutil
import subprocess
import sys

import nbformat
import pytest
from conftest import ROOT
from sphinx.errors import ExtensionError

from book.extension import check_figures, start_katex_patiently
from optlib import GradientDescent
from optlib.live import Descent
from optlib.surfaces import Bowl

TOC = "format: jb-book\nroot: chapters/00_welcome\n"
COUNT = "from pathlib import Path\nwith Path('runs.txt').open('a') as f:\n    f.write('run\\n')"


def write_notebook(path, *cells):
    """Write a notebook of Markdown (strings) and code (one-element lists) cells."""
    notebook = nbformat.v4.new_notebook(
        metadata={
            "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
        }
    )
    for cell in cells:
        make = nbformat.v4.new_markdown_cell if isinstance(cell, str) else nbformat.v4.new_code_cell
        notebook.cells.append(make(cell if isinstance(cell, str) else cell[0]))
    nbformat.write(notebook, path)


@pytest.fixture
def small(tmp_path, npm_files):
    """A copy of everything that builds the book, with one chapter still to be written."""
    for folder in ("book", "optlib"):
        shutil.copytree(
            ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__")
        )
    for file in ("_config.yml", "requirements.txt"):
        shutil.copy(ROOT / file, tmp_path)
    (tmp_path / "_toc.yml").write_text(TOC)
    (tmp_path / "chapters").mkdir()
    (tmp_path / "chapters" / "references.bib").write_text("")
    shutil.copytree(npm_files, tmp_path / "_build" / "npm", symlinks=True)
    return tmp_path


def build(folder):
    """Run `book/build.py` of `folder`; return its exit status and all it said."""
    done = subprocess.run(
        [sys.executable, "book/build.py"],
        cwd=folder,
        text=True,
        timeout=300,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={**os.environ, "NO_COLOR": "1"},
    )
    return done.returncode, done.stdout


def test_a_broken_notebook_fails_twice(small):
    write_notebook(small / "chapters" / "00_welcome.ipynb", "# Welcome", ["1 / 0"])
    for _ in range(2):
        status, said = build(small)
        assert status != 0
        assert "ZeroDivisionError" in said


def test_a_bad_formula_fails_twice(small):
    write_notebook(small / "chapters" / "00_welcome.ipynb", "# Welcome\n\n$\\notamacro{x}$")
    for _ in range(2):
        status, said = build(small)
        assert status != 0
        assert "notamacro" in said


def test_a_warning_fails_twice(small):
    write_notebook(small / "chapters" / "00_welcome.ipynb", "# Welcome\n\n{cite}`nobody1900`")
    for _ in range(2):
        status, said = build(small)
        assert status != 0
        assert "nobody1900" in said


def test_what_is_unchanged_is_not_run_again_and_what_changed_is(small):
    def runs():
        return len((small / "chapters" / "runs.txt").read_text().split())

    chapter = small / "chapters" / "00_welcome.ipynb"
    write_notebook(chapter, "# Welcome", [COUNT], "$\\E[x]$", ["print('the sum is', 20 + 22)"])
    assert build(small)[0] == 0
    assert runs() == 1
    assert "the sum is 42" in (small / "_build/html/chapters/00_welcome.html").read_text()

    assert build(small)[0] == 0
    assert runs() == 1, "an unchanged rebuild ran the notebook"

    with (small / "optlib" / "averages.py").open("a") as file:
        file.write("\n# another line\n")
    assert build(small)[0] == 0
    assert runs() == 2, "a change of optlib did not run the notebook again"

    write_notebook(chapter, "# Welcome", [COUNT], "$\\E[x]$", ["print('the sum is', 20 + 23)"])
    assert build(small)[0] == 0
    assert runs() == 3, "a change of the notebook's code did not run it again"
    assert "the sum is 43" in (small / "_build/html/chapters/00_welcome.html").read_text()


def test_a_changed_script_or_style_reaches_the_pages_and_runs_nothing(small):
    write_notebook(small / "chapters" / "00_welcome.ipynb", "# Welcome", [COUNT])
    page = small / "_build/html/chapters/00_welcome.html"
    assert build(small)[0] == 0
    before = page.read_text()
    for file, line in (
        ("optlib/live/js/start.js", 'globalThis.anotherLine = "of a script";'),
        (
            "book/static/course.css",
            "body { --another-line: 1px; outline-width: var(--another-line); }",
        ),
    ):
        with (small / file).open("a") as opened:
            opened.write(f"\n{line}\n")
    assert build(small)[0] == 0
    for name in ("live.js", "course.css"):
        assert "nother" in (small / "_build/html/_static" / name).read_text(), name
    assert "--another-line" in (small / "_build/html/_static/lean/book.css").read_text()
    assert page.read_text() != before, "a browser would take the style it has kept"
    assert (small / "chapters" / "runs.txt").read_text() == "run\n"


def test_videos_leave_links_lead_to_pages_and_buttons_wait_for_a_repository(small):
    chapter = small / "chapters" / "00_welcome.ipynb"
    video = 'f\'<video controls src="data:{kind};base64,AAAA" aria-label="Nothing moves"></video>\''
    link = "'<a href=\"00_welcome.ipynb#top\">here</a>'"
    show = f"from IPython.display import HTML\nkind = 'video/mp4'\nHTML({video} + {link})"
    write_notebook(chapter, "# Welcome", [show])
    assert build(small)[0] == 0
    html = (small / "_build/html/chapters/00_welcome.html").read_text()
    assert "data:video/mp4" not in html
    (file,) = (small / "_build/html/_videos").iterdir()
    assert file.read_bytes() == b"\0\0\0"
    assert f'../_videos/{file.name}"' in html
    assert '<a href="00_welcome.html#top">here</a>' in html
    assert "mybinder" not in html

    config = (small / "_config.yml").read_text()
    assert '  url: ""' in config
    (small / "_config.yml").write_text(
        config.replace('  url: ""', '  url: "https://github.com/someone/course"')
    )
    assert build(small)[0] == 0
    html = (small / "_build/html/chapters/00_welcome.html").read_text()
    assert "https://mybinder.org/v2/gh/someone/course/main" in html
    assert "https://colab.research.google.com/github/someone/course" in html


def test_two_figures_of_one_title_on_a_page_are_refused():
    figure = Descent(
        Bowl(),
        {"GD": GradientDescent()},
        start=(1.0,),
        steps=2,
        title="One title",
        alt="A ball on its way down a bowl.",
        panels=("ball",),
    )
    first, second = (figure._repr_mimebundle_()[0]["text/html"] for _ in range(2))
    check_figures(first, "chapters/a")
    with pytest.raises(ExtensionError, match="chapters/a: more than one .* id live-one-title;"):
        check_figures(first + second, "chapters/a")


def test_a_refused_connection_to_katex_is_tried_again(tmp_path):
    """Its socket's file exists a moment before node listens on it."""
    tried = []

    def start(folder, timeout):
        assert folder.is_dir()
        tried.append(folder.name)
        if len(tried) < 3:
            raise ConnectionRefusedError
        return "process", "socket"

    assert start_katex_patiently(start)(tmp_path, 1.0) == ("process", "socket")
    assert tried == ["0", "1", "2"]


def test_katex_that_refuses_every_time_fails_the_build(tmp_path):
    def start(folder, timeout):
        raise ConnectionRefusedError

    with pytest.raises(ConnectionRefusedError):
        start_katex_patiently(start, tries=2)(tmp_path, 1.0)
