"""Fixtures shared by all tests: the built book, a server for it, and a browser that watches.

`book` and `site` build the book with the same command as `make book`, once in a test run, also when
several xdist workers ask for it. Set BOOK_HTML to a built `html` folder to test that one instead.
"""

import fcntl
import os
import subprocess
import sys
import threading
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import settings
from playwright.sync_api import sync_playwright

from book import npm
from tools.browser import FLAGS, ensure_chromium

ROOT = Path(__file__).resolve().parent.parent
LOCAL = {"localhost", "127.0.0.1"}

settings.register_profile("book", deadline=None)  # no test here depends on how fast a machine is
settings.load_profile("book")


class Quiet(SimpleHTTPRequestHandler):
    """Serve files without a line on stderr for each."""

    def log_message(self, *args):
        pass


@contextmanager
def serve(folder):
    """Serve `folder` on a free port of localhost and yield its address, without a last slash."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://localhost:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def locked(path):
    """Hold an exclusive lock on the file `path`, so that one xdist worker at a time passes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file


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
def axe():
    """The source of axe-core."""
    with locked(ROOT / "_build" / ".npm"):
        modules = npm.fetch(ROOT / "_build" / "npm")
    return (modules / "axe-core" / "axe.min.js").read_text(encoding="utf8")


@pytest.fixture(scope="session")
def browser():
    """A headless Chromium that cannot reach any host but localhost."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=ensure_chromium(), args=list(FLAGS))
        yield chromium
        chromium.close()


def watch(page):
    """Record on `page.problems` console errors, page errors, failed and outside requests.

    `page.requested` lists the address of every request over http or file.
    """
    page.problems, page.requested = [], []

    def on_request(request):
        parts = urlsplit(request.url)
        if parts.scheme in {"data", "blob", "about"}:
            return
        page.requested.append(request.url)
        if parts.scheme != "file" and parts.hostname not in LOCAL:
            page.problems.append(f"request outside: {request.url}")

    def on_console(message):
        if message.type == "error":
            page.problems.append(f"console error: {message.text}")

    def on_response(response):
        if response.status >= 400:
            page.problems.append(f"status {response.status}: {response.url}")

    page.on("request", on_request)
    page.on("console", on_console)
    page.on("response", on_response)
    page.on("pageerror", lambda error: page.problems.append(f"page error: {error}"))
    return page


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
