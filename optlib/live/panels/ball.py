"""A landscape in one dimension, with a ball per rule rolling on it. ``ball.js`` moves it."""

from dataclasses import dataclass

import numpy as np

from optlib.live.panels.drawing import INK, canvas, plain

POINTS = 241  # of the curve


@dataclass(frozen=True)
class Ball:
    """A landscape in one dimension, with a ball per rule rolling on it.

    With several landscapes the axes are those of the first, or ``xlim`` and ``ylim``.
    """

    title: str = "The ball on its landscape"
    xlabel: str = "x"
    ylabel: str = "height f(x)"
    xlim: tuple | None = None
    ylim: tuple | None = None

    def draw(self, shot, pen):
        figure, ax = canvas(self.title, self.xlabel, self.ylabel)
        low, high = self.xlim or shot.model.surfaces[0].domain[0]
        grid = np.linspace(low, high, POINTS)
        heights = shot.model.surfaces[0].f(grid[:, None])
        room = 0.08 * (heights.max() - heights.min())
        ylim = self.ylim or (heights.min() - room, heights.max() + room)
        (curve,) = ax.plot(grid, heights, color=INK["land"].light, zorder=1)
        curve.set_gid("curve")
        for k, label in enumerate(shot.model.labels):
            run = shot.runs[label]
            (trail,) = ax.plot(
                plain(run.x[:, 0]),
                plain(run.f),
                color=pen.colours[label].light,
                linewidth=1.0,
                zorder=2,
            )
            trail.set_gid(f"run-{k}")
        ax.set_xlim(low, high)
        ax.set_ylim(*ylim)
        return [pen.finish(figure, ax, "ball", points=POINTS)]
