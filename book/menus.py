"""The buttons for chapters and contents, mended so that they work.

The theme's scripts bind the first button of each kind in the page. That one stands in the theme's
header, which the course hides because it holds a second search; so the header is emptied, and the
first button is the one that a reader sees. `static/menus.js` does what is left: names, states,
where the focus goes, and which section the contents mark.
"""


def toggle(kind: str, name: str, sidebar: str) -> tuple[str, str]:
    """Return the mend that names a button and what it opens, and takes its tooltip's script away."""
    return (
        rf'title="Toggle {kind} sidebar" data-bs-placement="bottom" data-bs-toggle="tooltip"',
        f'type="button" title="{name}" aria-label="{name}" aria-controls="{sidebar}" '
        'aria-expanded="false"',
    )


MENDS = (
    (r'(?s)(<header id="pst-header"[^>]*>).*?(</header>)', r"\1\2"),
    toggle("primary", "Chapters", "pst-primary-sidebar"),
    toggle("secondary", "Contents of this page", "pst-secondary-sidebar"),
    # The theme marks a section only when its heading enters the screen's upper third, so its mark
    # sticks; it looks for this id, and ours (menus.js) for the other.
    (r'id="pst-page-toc-nav"', 'id="page-contents"'),
)
