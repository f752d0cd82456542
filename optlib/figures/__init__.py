"""The course's live figures, animations and pictures: one module a chapter, one function each.

Titles, captions and alt texts live here. ``figures.race()`` is the figure ``race``, wherever its
chapter's module is; ``FIGURES`` maps each live figure's and each animation's name, which is its id
on a page and the end of its link, to its function, ``PICTURES`` does so for what stands still.
"""

from optlib.figures import adam, adaptive, bias_correction, gradient_descent, momentum, welcome
from optlib.figures.registry import FIGURES, PICTURES, named

__all__ = [
    "FIGURES",
    "PICTURES",
    "adam",
    "adaptive",
    "bias_correction",
    "gradient_descent",
    "momentum",
    "welcome",
]


def __getattr__(name):
    try:
        return named(name)
    except KeyError:
        raise AttributeError(f"optlib.figures has no figure called {name!r}") from None


def __dir__():
    return sorted({*__all__, *(name.replace("-", "_") for name in {**FIGURES, **PICTURES})})
