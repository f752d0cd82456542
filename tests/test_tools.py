"""The server that tests and benchmarks share, and the scales beside it."""

import gzip
import urllib.error
import urllib.request

import brotli
import pytest

from tools.server import serve
from tools.weight import weights

TEXT = b"<p>a long page, over and over</p>" * 100


@pytest.fixture
def folder(tmp_path):
    """Two files: a page and something that is compressed already."""
    (tmp_path / "page.html").write_bytes(TEXT)
    (tmp_path / "index.html").write_bytes(b"<p>the first page</p>")
    (tmp_path / "font.woff2").write_bytes(TEXT)
    return tmp_path


def ask(address, accept=""):
    """Return status, headers and the bytes of an answer, as they came."""
    request = urllib.request.Request(address, headers={"Accept-Encoding": accept})
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


def test_pages_come_as_they_are_unless_compression_is_asked_for(folder):
    with serve(folder) as address:
        _, headers, body = ask(f"{address}/page.html", "gzip, br")
    assert headers["Content-Encoding"] is None
    assert body == TEXT


@pytest.mark.parametrize(
    ("accept", "encoding", "unpack"),
    [
        ("gzip, deflate, br", "br", brotli.decompress),
        ("gzip;q=1", "gzip", gzip.decompress),
        ("identity", None, bytes),
    ],
)
def test_the_client_gets_the_best_encoding_that_it_accepts(folder, accept, encoding, unpack):
    with serve(folder, encodings=("br", "gzip")) as address:
        status, headers, body = ask(f"{address}/page.html", accept)
    assert (status, headers["Content-Encoding"]) == (200, encoding)
    assert int(headers["Content-Length"]) == len(body)
    assert (len(body) < len(TEXT) / 5) == bool(encoding)
    assert unpack(body) == TEXT


def test_what_is_compressed_already_is_not_compressed_again(folder):
    with serve(folder, encodings=("gzip",)) as address:
        assert ask(f"{address}/font.woff2", "gzip")[2] == TEXT


def test_a_page_that_changes_is_compressed_anew(folder):
    with serve(folder, encodings=("gzip",)) as address:
        assert gzip.decompress(ask(address + "/", "gzip")[2]) == b"<p>the first page</p>"
        (folder / "index.html").write_bytes(b"<p>another</p>")
        assert gzip.decompress(ask(address + "/", "gzip")[2]) == b"<p>another</p>"


def test_headers_go_with_every_answer_and_the_books_own_page_says_what_is_not_found(folder):
    policy = {"Content-Security-Policy": "default-src 'self'"}
    with serve(folder, encodings=("gzip",), headers=policy) as address:
        for path, status in (("page.html", 200), ("font.woff2", 200), ("nothing.html", 404)):
            found, headers, _ = ask(f"{address}/{path}", "gzip")
            assert found == status
            assert headers["Content-Security-Policy"] == "default-src 'self'"
        (folder / "404.html").write_bytes(b"<h1>Not here</h1>")
        status, _, body = ask(f"{address}/some/where/nothing.html")
    assert (status, body) == (404, b"<h1>Not here</h1>")


def test_an_encoding_that_nobody_knows_is_refused(folder):
    with pytest.raises(ValueError, match=r"encodings = \['zip'\]; expected some of \['br', 'gzip'"):
        with serve(folder, encodings=("zip",)):
            pass


def test_a_page_weighs_what_is_sent_and_videos_weigh_nothing(folder):
    (folder / "film.mp4").write_bytes(b"0" * 1000)
    site = "http://localhost:1"
    asked = [f"{site}/page.html?v=1", f"{site}/font.woff2", f"{site}/film.mp4"]
    found = weights(asked, site, folder)
    assert found == {"page.html": len(gzip.compress(TEXT, 6)), "font.woff2": len(TEXT)}
