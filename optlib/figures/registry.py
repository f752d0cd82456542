"""The lists of the course's figures: functions that decorators enter under their name."""

from collections.abc import Callable

FIGURES: dict[str, Callable] = {}  # live figures and animations
PICTURES: dict[str, Callable] = {}  # what stands still


def figure(build):
    """Enter a function that builds a live figure or an animation in ``FIGURES``, and return it.

    Its name is the function's, with hyphens: ``def first_step`` is the figure ``first-step``.
    Raises ValueError for a name that another figure or picture has.
    """
    return _enter(FIGURES, build)


def picture(build):
    """Enter a function that draws a static picture in ``PICTURES``, as ``figure`` does."""
    return _enter(PICTURES, build)


def _enter(where, build):
    name = build.__name__.replace("_", "-")
    if name in FIGURES or name in PICTURES:
        raise ValueError(f"figure {name}: expected a name of its own, there is one already")
    where[name] = build
    return build


def named(name):
    """The function of that name, as Python or a link spells it; KeyError when there is none."""
    name = name.replace("_", "-")
    return FIGURES[name] if name in FIGURES else PICTURES[name]
