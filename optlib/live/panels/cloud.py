"""Where x rests, as a histogram. ``cloud.js`` moves it."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from optlib.live.panels.drawing import canvas, plain

POINTS = 161  # of a normal curve


@dataclass(frozen=True)
class Cloud:
    """Where x spends its time once it has settled: a histogram, and the normal curve predicted.

    ``variance`` is a function of named numbers, or a dict of one for each rule; the first ``burn``
    steps are left out.
    """

    variance: Callable | dict
    burn: int = 200
    bins: int = 41
    limits: tuple = (-2.0, 2.0)
    height: float = 2.0
    title: str = "Where x rests"
    coordinate: int = 0

    def draw(self, shot, pen):
        figure, ax = canvas(self.title, "x", "density")
        ax.set_xlim(*self.limits)
        ax.set_ylim(0, self.height)
        labels = shot.model.labels
        variances = pen.quantities("cloud", shot, {"variance": self.variance}, each_step=False)
        edges = np.linspace(*self.limits, self.bins + 1)
        grid = np.linspace(*self.limits, POINTS)
        for k, label in enumerate(labels):
            x = plain(shot.runs[label].x[self.burn :, self.coordinate])
            x = x[np.isfinite(x)]
            density = np.histogram(x, edges)[0] / max(len(x), 1) / np.diff(edges)
            (steps,) = ax.plot(
                np.repeat(edges, 2)[1:-1],
                np.repeat(density, 2),
                color=pen.colours[label].light,
                linewidth=1.3,
            )
            steps.set_gid(f"run-{k}")
        for quantity in variances:
            variance = shot.level(quantity)
            with np.errstate(all="ignore"):
                curve = np.exp(-(grid**2) / (2 * variance)) / np.sqrt(2 * np.pi * variance)
            colour = pen.colours[quantity.rule].light
            (line,) = ax.plot(grid, plain(curve), color=colour, dashes=(4, 2))
            line.set_gid(f"theory-{labels.index(quantity.rule)}")
        return [
            pen.finish(
                figure,
                ax,
                "cloud",
                burn=self.burn,
                bins=self.bins,
                points=POINTS,
                theory={quantity.rule: quantity.key for quantity in variances},
                coordinate=self.coordinate,
            )
        ]
