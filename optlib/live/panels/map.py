"""Contours of a landscape over two coordinates, and the paths on it. ``map.js`` moves it."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from optlib.live.functions import asked
from optlib.live.panels.drawing import INK, canvas, run_lines
from optlib.pictures import style
from optlib.pictures.plots import levels

GRID = (73, 55)  # points across and up at which a landscape is looked at for its contours


@dataclass(frozen=True)
class Arrow:
    """An arrow from ``tail`` to ``head``, functions of named numbers, one coordinate at a time."""

    label: str
    tail: Callable
    head: Callable
    colour: str = "g"


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

    def _arrows(self, shot, pen):
        """The arrows of every rule as data."""
        for label in self.arrows:
            asked("arrows", label, shot.model.labels)
        return {
            label: [self._arrow(shot, pen, label, arrow) for arrow in arrows]
            for label, arrows in self.arrows.items()
        }

    @staticmethod
    def _arrow(shot, pen, label, arrow):
        ends = {
            end: pen.quantities("arrows", shot, {arrow.label: {label: function}})[0].key
            for end, function in (("tail", arrow.tail), ("head", arrow.head))
        }
        return {"label": arrow.label, "colour": style.SYMBOLS[arrow.colour].css, **ends}

    def _one(self, shot, pen, k, surface):
        (x0, x1), (y0, y1) = surface.domain
        figure, ax = canvas(self.title, self.xlabel, self.ylabel)
        X, Y = np.meshgrid(np.linspace(x0, x1, GRID[0]), np.linspace(y0, y1, GRID[1]))
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
        return pen.finish(
            figure,
            ax,
            "map",
            surface=k if len(shot.model.surfaces) > 1 else None,
            arrows=self._arrows(shot, pen),
            grid=GRID,
            levels=[round(float(h), 9) for h in heights],
        )
