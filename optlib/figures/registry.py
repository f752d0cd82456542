"""The list of the course's figures: each is a function that ``figure`` enters under its name."""

from collections.abc import Callable

FIGURES: dict[str, Callable] = {}


def figure(build):
    """Enter a function that builds a figure, or an animation, in ``FIGURES``, and return it.

    Its name is the function's, with hyphens: ``def first_step`` is the figure ``first-step``.
    Raises ValueError for a name that another figure has.
    """
    name = build.__name__.replace("_", "-")
    if name in FIGURES:
        raise ValueError(f"figure {name}: expected a name of its own, there is one already")
    FIGURES[name] = build
    return build
