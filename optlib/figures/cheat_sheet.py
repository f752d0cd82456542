"""The table of the cheat sheet: every rule with its equation, read off its code."""

from optlib.figures.course import CHAPTER_OF, page_of
from optlib.trace.rows import rule_rows

HEADER = "| Rule (chapter), defaults, state, unit of η, source | Equation |\n|:--|:--|\n"


def rules_table():
    """Every rule of ``optlib`` as a table in Markdown."""
    return HEADER + "\n".join(_line(row) for row in rule_rows())


def _line(row):
    """A rule as a line of the table."""
    page = page_of(row.name, "ipynb")
    link = f" ([{CHAPTER_OF[row.name]}]({page}))" if page else ""
    state = ", ".join(f"${symbol}$" for symbol in row.state) or "none"
    facts = [
        f"**{row.name}**{link}",
        ", ".join(f"${setting}$" for setting in row.settings),
        f"state {state}; " + (f"η in {row.unit}" if row.unit else "no η"),
        f"<small>{row.source}</small>",
    ]
    return f"| {'<br>'.join(facts)} | ${row.equation}$ |"
