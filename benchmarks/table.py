"""A result as a row of a table, and the table as Markdown."""

from dataclasses import dataclass

HEAD = ("measured", "here", "beside it", "ratio", "asked for")


@dataclass(frozen=True)
class Row:
    """One line: what was measured, here and beside it, their ratio, and what had been asked for.

    ``asked`` is a pair of words and whether they hold, or None where nothing was asked.
    """

    what: str
    here: str
    beside: str = ""
    ratio: str = ""
    asked: tuple[str, bool] | None = None

    def cells(self):
        """Return the row's cells as text."""
        asked = ""
        if self.asked:
            words, holds = self.asked
            asked = f"{words}: {'met' if holds else '**missed**'}"
        return [self.what, self.here, self.beside, self.ratio, asked]


def markdown(rows):
    """Return rows as a table in Markdown."""
    lines = [HEAD, ["---"] * len(HEAD), *(row.cells() for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def duration(seconds):
    """Return a duration with three digits and the unit that suits it."""
    for size, unit in ((1e-6, "µs"), (1e-3, "ms")):
        if seconds < 1000 * size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds:.3g} s" if seconds < 1000 else f"{seconds:,.0f} s"


def amount(size):
    """Return a number of bytes in kB or MB (thousands, as they are sold)."""
    return f"{size / 1e3:.1f} kB" if size < 1e6 else f"{size / 1e6:.2f} MB"


def times(ratio):
    """Return a ratio with three digits, or none behind the point where it is large."""
    return f"{ratio:,.0f} ×" if ratio >= 100 else f"{ratio:.3g} ×"
