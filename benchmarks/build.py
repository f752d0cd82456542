"""The build from nothing, and again when nothing has changed."""

from benchmarks.copies import built, chapters
from benchmarks.table import Row, duration, times


def measure():
    """Return the rows of this section."""
    _, fetched, cold, warm = built()
    return [
        Row(
            f"build of {len(chapters())} chapters in an environment that is there: cold, beside "
            "warm (nothing changed)",
            duration(cold),
            duration(warm),
            times(cold / warm),
            ("cold within 4 minutes, warm within 10 s", cold <= 240 and warm <= 10),
        ),
        Row("fetching the files from npm, once, before the cold build", duration(fetched)),
    ]
