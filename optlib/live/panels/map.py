"""Contours of a landscape over two coordinates, and the paths on it. ``map.js`` moves it."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from optlib.live.panels.drawing import INK, canvas, run_lines
from optlib.pictures import style
from optlib.pictures.plots import levels
from optlib.trace import trace_function


@dataclass(frozen=True)
class Arrow:
    """An arrow from ``tail`` to ``head``, functions of named numbers, one coordinate at a time."""

    label: str
    tail: Callable
    head: Callable
    colour: str = "g"

    def spec(self):
        """The arrow as data for ``live.js``."""
        return {
            "label": self.label,
            "tail": trace_function(self.tail).js,
            "head": trace_function(self.head).js,
            "colour": style.SYMBOLS[self.colour].css,
        }


@dataclass(frozen=True)
class Map:
    """Contours of a landscape over two coordinates, and the paths on it.

    ``arrows`` maps a label of a rule to the arrows that explain its last step.
    """

    title: str = "Paths on the landscape"
    xlabel: str = "x₁"
    ylabel: str = "x₂"
    levels: int = 14
    arrows: dict = field(default_factory=dict)

    def draw(self, shot, pen):
        return [self._one(shot, pen, k, surface) for k, surface in enumerate(shot.model.surfaces)]

    @staticmethod
    def _arrows(shot, label, arrows):
        if label not in shot.model.labels:
            raise ValueError(f"arrows: {label}; expected a label of {', '.join(shot.model.labels)}")
        for arrow in arrows:
            for function in (arrow.tail, arrow.head):
                names = trace_function(function).names
                shot.check_names(f"arrows: {arrow.label}", names, [label])
        return [arrow.spec() for arrow in arrows]

    def _one(self, shot, pen, k, surface):
        (x0, x1), (y0, y1) = surface.domain
        figure, ax = canvas(self.title, self.xlabel, self.ylabel)
        X, Y = np.meshgrid(np.linspace(x0, x1, 73), np.linspace(y0, y1, 55))
        heights = levels(surface, self.levels)
        Z = surface.f(np.stack([X, Y], axis=-1))
        contours = ax.contour(X, Y, Z, levels=heights, colors=[INK["land"].light], linewidths=0.7)
        contours.set_gid("contours")
        for minimum in surface.minima:
            ax.plot(*minimum, "+", color=INK["muted"].light, markersize=7, zorder=2)
        if k == shot.surface_index:
            run_lines(ax, shot, pen, lambda run: (run.x[:, 0], run.x[:, 1]))
        ax.set_xlim(x0, x1)
        ax.set_ylim(y0, y1)
        arrows = {label: self._arrows(shot, label, some) for label, some in self.arrows.items()}
        return pen.finish(
            figure,
            ax,
            "map",
            surface=k if len(shot.model.surfaces) > 1 else None,
            arrows=arrows,
            levels=[round(float(h), 9) for h in heights],
        )
