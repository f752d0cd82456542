"""Gradients, to be drawn by hand. ``bars.js`` moves it."""

from dataclasses import dataclass

import numpy as np

from optlib.live.panels.drawing import INK, canvas
from optlib.pictures import style


@dataclass(frozen=True)
class Bars:
    """The gradients themselves, one bar a step, to be drawn by hand (needs ``gradients=``)."""

    limit: float = 1.0
    title: str = "Draw the gradient"
    ylabel: str = "gradient g"

    def draw(self, shot, pen):
        if shot.model.gradients is None:
            raise ValueError("Bars: expected gradients=[...] in the figure, one number a step")
        figure, ax = canvas(self.title, "step t", self.ylabel)
        ax.set_xlim(0.5, shot.model.steps + 0.5)
        ax.set_ylim(-1.05 * self.limit, 1.05 * self.limit)
        ax.axhline(0, color=INK["muted"].light, linewidth=0.8)
        t = np.arange(1, shot.model.steps + 1)
        width = min(9.0, 210 / shot.model.steps)
        (bars,) = ax.plot(
            np.repeat(t, 3).astype(float),
            np.column_stack([0 * t, shot.model.gradients, np.full(len(t), np.nan)]).ravel(),
            color=style.SYMBOLS["g"].light,
            linewidth=width,
        )
        bars.set_solid_capstyle("butt")
        bars.set_gid("bars")
        return [pen.finish(figure, ax, "bars", limit=self.limit)]
