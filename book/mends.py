"""Mend what the theme gets wrong, in the written pages, and notice when a mend has nothing to do.

Each mend is one pattern with its reason and the place it is for. A pattern that no page of a whole
book matches any more has rotted, or the theme mends the slip itself: the build then fails and says
which line to look at.
"""

import re
from collections import Counter
from dataclasses import dataclass


@dataclass(frozen=True)
class Mend:
    """One slip of the theme, and what stands in its place.

    ``due`` is a pattern: a book that holds it is promised a hit. The empty one is in every book;
    None promises nothing, for what depends on how a formula or a table happens to be written.
    """

    why: str
    slip: str
    mended: str
    due: str | None = ""


def toggle(kind: str, name: str, sidebar: str) -> Mend:
    """Return the mend that names a menu's button and what it opens; its tooltip's script goes."""
    return Mend(
        f"the button for the {kind} sidebar says what it opens, and whether it is open",
        rf'title="Toggle {kind} sidebar" data-bs-placement="bottom" data-bs-toggle="tooltip"',
        f'type="button" title="{name}" aria-label="{name}" aria-controls="{sidebar}" '
        'aria-expanded="false"',
        due=f"Toggle {kind} sidebar",
    )


MENDS = (
    Mend(
        "a control's name for assistive technology contains the words one sees on it: folded code",
        r'<summary aria-label="Toggle hidden content">',
        "<summary>",
        due='<details class="admonition hide ',
    ),
    Mend(
        "a control's name for assistive technology contains the words one sees on it: search",
        r'(<button class="btn search-button-field[^>]*?) aria-label="Search"',
        r"\1",
    ),
    Mend(
        "icons have no name",
        r'<(i|span) class="(fa[^"]*)"',
        r'<\1 aria-hidden="true" class="\2"',
    ),
    Mend(
        "everything stands in a landmark; the theme leaves the book's title outside of any",
        r'<div class="sidebar-primary-item">(\s*<a class="navbar-brand)',
        r'<div class="sidebar-primary-item" role="navigation" aria-label="Home">\1',
    ),
    Mend(
        'a role that WAI-ARIA has withdrawn; the list around it says role="list"',
        r'role="doc-biblioentry"',
        'role="listitem"',
        due='<div class="citation"',
    ),
    Mend(
        "an empty corner of a table heads nothing",
        r'<th class="head[^"]*">(?:<p></p>)?</th>',
        "<td></td>",
        due=None,
    ),
    Mend(
        "KaTeX hands a lone max or min to a subscript as two children; Firefox calls that invalid",
        r"(<mi[^>]*>\w+</mi><mo>\u2061</mo>)(</m(?:sub|sup)>)",
        r"<mrow>\1</mrow>\2",
        due=None,
    ),
    Mend(
        "half a megabyte of icons that the icon font draws already",
        r'\s*<script defer src="[^"]*scripts/fontawesome\.js[^"]*"></script>',
        "",
    ),
    Mend(
        "every page loads Sphinx's search index; the course has a search of its own",
        r'\s*<script src="[^"]*(?:searchtools|language_data|searchindex)\.js[^"]*"></script>',
        "",
    ),
    Mend(
        "the theme's scripts bind the first menu button of a page, which stands in a hidden header",
        r'(?s)(<header id="pst-header"[^>]*>).*?(</header>)',
        r"\1\2",
    ),
    toggle("primary", "Chapters", "pst-primary-sidebar"),
    toggle("secondary", "Contents of this page", "pst-secondary-sidebar"),
    Mend(
        "the theme marks a section only when its heading enters the screen's upper third, so its "
        "mark sticks; it looks for this id, and static/menus.js for the other",
        r'id="pst-page-toc-nav"',
        'id="page-contents"',
        due='class="bd-toc-nav',
    ),
    Mend(
        "a button says what it does without an inline handler: static/print.js listens",
        r'<button onclick="window\.print\(\)"',
        '<button type="button" data-print',
    ),
    Mend(
        "an inline script on every page, for a menu of versions that is not there",
        r"\s*<script>DOCUMENTATION_OPTIONS\.pagename = '[^']*';</script>",
        "",
    ),
    Mend(
        "the viewport is said once; the theme and Jupyter Book say it again",
        r'\s*<meta name="viewport" content="width=device-width, initial-scale=1" ?/>',
        "",
    ),
)


def mend(html: str) -> tuple[str, Counter]:
    """Return a page with the theme's slips mended, and how often each mend had something to do.

    A mended page stays as it is.
    """
    hits = Counter()
    for slip in MENDS:
        if slip.due is not None and re.search(slip.due, html):
            hits["due", slip.why] = 1
        html, hits[slip.why] = re.subn(slip.slip, slip.mended, html)
    return html, hits


def idle(hits: Counter) -> list[str]:
    """Return the reasons of mends that were due in a book and found nothing to do in it."""
    return [slip.why for slip in MENDS if hits["due", slip.why] and not hits[slip.why]]
