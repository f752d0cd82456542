"""What a visit costs in bytes, beside a page of a stock Jupyter Book with one widget."""

import json
import subprocess
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import sync_playwright

from benchmarks.copies import chapters, pages
from benchmarks.environments import python_of, say
from benchmarks.table import Row, amount, times
from tools.browser import FLAGS, ensure_chromium
from tools.server import LOCAL, serve, watch
from tools.weight import FIRST_VISIT, NEXT_PAGE, weights

# Published, not measured, as no request leaves this machine: the scripts from content delivery
# networks that a stock page with one widget loads, compressed (the issue that asked for this book).
OUTSIDE = 4_800_000

WIDGET = """import matplotlib.pyplot as plt
from ipywidgets import interact


@interact(k=(1, 5))
def draw(k=1):
    plt.plot([x**k for x in range(10)])
    plt.show()
"""


def stock_book(folder):
    """Build a book of two small pages with Jupyter Book's default settings; return its pages."""
    for name in ("first", "second"):
        cells = [
            {"cell_type": "markdown", "metadata": {}, "source": f"# The {name} page\n\n$x^2$"},
            {
                "cell_type": "code",
                "metadata": {},
                "source": WIDGET,
                "outputs": [],
                "execution_count": None,
            },
        ]
        kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
        notebook = {"cells": cells, "metadata": kernel, "nbformat": 4, "nbformat_minor": 4}
        (folder / f"{name}.ipynb").write_text(json.dumps(notebook))
    (folder / "_config.yml").write_text("title: Stock\n")
    (folder / "_toc.yml").write_text("format: jb-book\nroot: first\nchapters:\n  - file: second\n")
    jupyter_book = Path(python_of("stock")).with_name("jupyter-book")
    done = subprocess.run(
        [jupyter_book, "build", folder], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    if done.returncode:
        raise RuntimeError(f"the stock book does not build:\n{done.stdout[-3000:]}")
    return folder / "_build" / "html"


def visit(folder, names):
    """Return what each page in turn brings over the wire, and the addresses outside asked for.

    The first is a list of ``{file: bytes}``, each without what an earlier page brought.
    """
    found, outside = [], []
    with sync_playwright() as playwright, serve(folder) as address:
        chromium = playwright.chromium.launch(executable_path=ensure_chromium(), args=list(FLAGS))
        page = watch(chromium.new_page(viewport={"width": 1280, "height": 900}))
        for name in names:
            page.requested.clear()
            page.goto(f"{address}/{name}", wait_until="networkidle")
            local = [u for u in page.requested if urlsplit(u).hostname in LOCAL]
            outside += [u for u in page.requested if u not in local]
            before = {file for earlier in found for file in earlier}
            brought = weights(local, address, folder)
            found.append({file: size for file, size in brought.items() if file not in before})
        chromium.close()
    return [sum(sizes.values()) for sizes in found], sorted(set(outside))


def measure():
    """Return the rows of this section."""
    mine, asked = visit(pages(), chapters()[1:3])
    say("weight: a stock Jupyter Book")
    with tempfile.TemporaryDirectory() as folder:
        stock, outside = visit(stock_book(Path(folder)), ["first.html", "second.html"])
    for url in outside:
        say(f"weight: the stock page also asks for {url}")
    visits = "chapter 1, first visit", "the whole of chapter 2 after it"
    limits = FIRST_VISIT, NEXT_PAGE
    rows = [
        Row(
            f"{what}, compressed, without videos, beside a stock Jupyter Book page that holds a "
            "formula and a widget, its own files alone",
            amount(here),
            amount(there),
            times(there / here),
            (f"at most {amount(limit)}", here <= limit),
        )
        for what, here, there, limit in zip(visits, mine, stock, limits, strict=True)
    ]
    whole = stock[0] + OUTSIDE
    return rows + [
        Row(
            "the first visit, with the scripts that the stock page loads from elsewhere as "
            f"published ({amount(OUTSIDE)}, not measured here; the attempts are)",
            f"{amount(mine[0])}, {len(asked)} requests outside",
            f"{amount(whole)}, at least {len(outside)} requests outside",
            times(whole / mine[0]),
        )
    ]
