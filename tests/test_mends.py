"""Mends of the theme: each does what it says, and one that has rotted is noticed."""

from collections import Counter

from book import mends

ICON = '<i class="fa-solid fa-bars"></i>'


def test_a_mended_page_stays_as_it_is():
    once, hits = mends.mend(ICON)
    assert once == '<i aria-hidden="true" class="fa-solid fa-bars"></i>'
    assert hits["icons have no name"] == 1
    assert mends.mend(once)[0] == once


def test_a_mend_that_is_due_and_finds_nothing_is_named():
    _, hits = mends.mend("<p>a page of another theme</p>")
    always = {slip.why for slip in mends.MENDS if slip.due == ""}
    assert set(mends.idle(hits)) == always
    assert len(always) >= 5
    entry = '<div class="citation" role="entry"></div>'  # a role that the mend does not know
    assert [why for why in mends.idle(mends.mend(entry)[1]) if why not in always] == [
        'a role that WAI-ARIA has withdrawn; the list around it says role="list"'
    ]
    assert mends.idle(Counter()) == []
