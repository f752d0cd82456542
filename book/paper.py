"""Pages that are to stand on one sheet of paper, marked so that the print stylesheet sets them so."""

ONE_SHEET = {"chapters/cheat_sheet"}


def page(app, name, template, context, doctree) -> None:
    """Wrap the body of such a page."""
    if name in ONE_SHEET and context.get("body"):
        context["body"] = f'<div class="one-sheet">{context["body"]}</div>'


def setup(app):
    """Connect everything here to the build."""
    app.connect("html-page-context", page, priority=910)
