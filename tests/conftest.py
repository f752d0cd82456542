"""Fixtures shared by all tests: the built book, a server for it, and a browser that watches.

`book` and `site` build the book with the same command as `make book`, once in a test run, also when
several xdist workers ask for it. Set BOOK_HTML to a built `html` folder to test that one instead.

A test that uses the built book, npm's files or a browser, directly or through another fixture, is
marked `slow`; so may be a test that takes long for another reason. `make quick` runs the others.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import settings
from playwright.sync_api import sync_playwright

from book import npm
from tools.browser import FLAGS, ensure_chromium
from tools.server import locked, serve, watch

ROOT = Path(__file__).resolve().parent.parent

settings.register_profile("book", deadline=None)  # no test here depends on how fast a machine is
settings.load_profile("book")


SLOW_FIXTURES = {"book", "npm_files", "browser"}


def pytest_collection_modifyitems(items):
    """Mark tests that need a build or a browser: their fixtures say so, nobody keeps a list."""
    for item in items:
        if SLOW_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker("slow")


def build_book():
    """Build the book as `make book` does; raise AssertionError with the log's end if it fails."""
    done = subprocess.run(
        [sys.executable, "book/build.py"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=900,
    )
    assert done.returncode == 0, f"the book does not build:\n{done.stdout[-6000:]}"


@pytest.fixture(scope="session")
def root():
    """The project's folder."""
    return ROOT


@pytest.fixture(scope="session")
def book():
    """The folder of the built html, up to date."""
    if ready := os.environ.get("BOOK_HTML"):
        return Path(ready).resolve()
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
    with locked(ROOT / "_build" / ".tested") as file:
        file.seek(0)
        if file.read() != run:
            build_book()
            file.seek(0)
            file.truncate()
            file.write(run)
            file.flush()
    return ROOT / "_build" / "html"


@pytest.fixture(scope="session")
def site(book):
    """Address of the built book, served on localhost."""
    with serve(book) as address:
        yield address


@pytest.fixture(scope="session")
def npm_files():
    """The folder of what npm brought: its `node_modules` is in there."""
    folder = ROOT / "_build" / "npm"
    with locked(ROOT / "_build" / ".npm"):
        npm.fetch(folder)
    return folder


@pytest.fixture(scope="session")
def axe(npm_files):
    """The source of axe-core."""
    script = npm_files / "node_modules" / "axe-core" / "axe.min.js"
    return script.read_text(encoding="utf8")


@pytest.fixture(scope="session")
def browser():
    """A headless Chromium that cannot reach any host but localhost."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=ensure_chromium(), args=list(FLAGS))
        yield chromium
        chromium.close()


@pytest.fixture
def new_page(browser):
    """A function that opens a fresh page (empty cache) and watches it.

    `new_page(theme="dark", width=360)`; other keywords go to Playwright's `new_context`. What went
    wrong is on `page.problems`; the test fails at its end if anything is left there, so a test that
    provokes an error on purpose looks at the list and clears it.
    """
    contexts, pages = [], []

    def make(theme="light", width=1280, height=900, **options):
        context = browser.new_context(
            color_scheme=theme, viewport={"width": width, "height": height}, **options
        )
        contexts.append(context)
        page = watch(context.new_page())
        pages.append(page)
        return page

    yield make
    problems = [problem for page in pages for problem in page.problems]
    for context in contexts:
        context.close()
    assert problems == []
