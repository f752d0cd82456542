"""The course's live figures and animations, one module a chapter, one function a figure.

Titles, captions and alt texts live here. ``FIGURES`` maps each figure's name, which is its id on a
page and the end of its link, to its function.
"""

from optlib.figures.registry import FIGURES

__all__ = ["FIGURES"]
