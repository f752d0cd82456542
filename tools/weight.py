"""What a page weighs: the bytes that come over the wire, as a host compresses them."""

import gzip
from pathlib import Path
from urllib.parse import unquote, urlsplit

from tools.server import COMPRESSED_BY_HOSTS

FIRST_VISIT, NEXT_PAGE = 200_000, 100_000  # bytes, compressed, without videos: what we promise
VIDEOS = {".mp4", ".webm"}  # they come when they are played


def weights(requested, site: str, book: Path) -> dict[str, int]:
    """Return the compressed size in bytes of each file requested, videos left out.

    `requested` are addresses below `site`, which serves the folder `book`; gzip at level 6 stands
    for what hosts do with text.
    """
    sizes = {}
    for url in requested:
        name = unquote(urlsplit(url.removeprefix(site)).path).lstrip("/")
        path = book / name
        if path.suffix in VIDEOS:
            continue
        content = path.read_bytes()
        compressed = path.suffix in COMPRESSED_BY_HOSTS
        sizes[name] = len(gzip.compress(content, 6)) if compressed else len(content)
    return sizes
