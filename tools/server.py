"""Serve a folder on localhost as a host would, and note what a page asks for.

Tests and benchmarks share this. Nothing here reaches another machine.
"""

import gzip
import threading
from contextlib import contextmanager
from functools import cache, partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

import brotli

try:
    import fcntl
except ImportError:  # Windows, where tests run in one process
    fcntl = None

LOCAL = {"localhost", "127.0.0.1"}
COMPRESSED_BY_HOSTS = {".html", ".js", ".css", ".svg", ".json", ".txt", ".xml"}
ENCODERS = {
    "br": partial(brotli.compress, quality=5),
    "gzip": partial(gzip.compress, compresslevel=6, mtime=0),
}


@cache
def encoded(path: Path, changed: int, encoding: str) -> bytes:
    """Return the file compressed; `changed`, its time in ns, makes a changed file another one."""
    return ENCODERS[encoding](path.read_bytes())


class Host(SimpleHTTPRequestHandler):
    """Serve files quietly; with `encodings` compressed, with `headers` added to each answer.

    What is not found is answered by the folder's `404.html`, where there is one.
    """

    def __init__(self, *args, encodings=(), headers=None, **options):
        self.encodings, self.added = encodings, headers or {}
        super().__init__(*args, **options)

    def log_message(self, *args):
        """Say nothing: one line on stderr for each request would hide what a test says."""

    def end_headers(self):
        for name, value in self.added.items():
            self.send_header(name, value)
        super().end_headers()

    def encoding(self) -> str | None:
        """Return the encoding to answer with: the first of ours that the client accepts."""
        accepted = {
            word.partition(";")[0].strip()
            for word in self.headers.get("Accept-Encoding", "").split(",")
        }
        return next((name for name in self.encodings if name in accepted), None)

    def send_head(self):
        path = Path(self.translate_path(self.path))
        if path.is_dir() and urlsplit(self.path).path.endswith("/"):
            path = path / "index.html"
        encoding = self.encoding()
        if not (encoding and path.is_file() and path.suffix in COMPRESSED_BY_HOSTS):
            return super().send_head()
        content = encoded(path, path.stat().st_mtime_ns, encoding)
        return self.answer(HTTPStatus.OK, self.guess_type(path), content, encoding)

    def send_error(self, code, message=None, explain=None):
        page = Path(self.directory) / "404.html"
        if code != HTTPStatus.NOT_FOUND or not page.is_file():
            super().send_error(code, message, explain)
            return
        body = self.answer(HTTPStatus.NOT_FOUND, "text/html; charset=utf-8", page.read_bytes())
        if self.command != "HEAD":
            self.copyfile(body, self.wfile)

    def answer(self, status, kind, content: bytes, encoding=None):
        """Send status and headers; return the content as a file to be copied."""
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        if encoding:
            self.send_header("Content-Encoding", encoding)
            self.send_header("Vary", "Accept-Encoding")
        self.end_headers()
        return BytesIO(content)


@contextmanager
def serve(folder, encodings=(), headers=None):
    """Serve `folder` on a free port of localhost and yield its address, without a last slash.

    `encodings`, such as `("br", "gzip")`, are those that the server offers, best first; none means
    uncompressed. `headers` go with every answer: a policy, for example.

    Raises ValueError for an encoding that is neither "br" nor "gzip".
    """
    if unknown := set(encodings) - set(ENCODERS):
        raise ValueError(f"encodings = {sorted(unknown)}; expected some of {sorted(ENCODERS)}")
    handler = partial(Host, directory=str(folder), encodings=tuple(encodings), headers=headers)
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield f"http://localhost:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def watch(page):
    """Note on `page.problems` console errors, page errors, failed and outside requests.

    `page.requested` lists the address of every request over http or file. Returns the page.
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


@contextmanager
def locked(path: Path):
    """Hold an exclusive lock on the file `path`, so that one process at a time passes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as file:
        if fcntl:
            fcntl.flock(file, fcntl.LOCK_EX)
        yield file
