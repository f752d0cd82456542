"""The loss at each step. ``loss.js`` moves it."""

from dataclasses import dataclass

import numpy as np

from optlib.live.panels.drawing import canvas, run_lines


@dataclass(frozen=True)
class Loss:
    """The loss against the step, on a wide logarithmic axis."""

    low: float = 1e-8
    high: float = 1e2
    title: str = "Loss at each step"
    ylabel: str = "loss f"

    def draw(self, shot, pen):
        figure, ax = canvas(self.title, "step t", self.ylabel)
        ax.set_yscale("log")
        ax.set_ylim(self.low, self.high)
        ax.set_xlim(0, shot.model.steps)

        def points(run):
            return np.arange(len(run.f)), np.maximum(run.f, self.low / 10)

        run_lines(ax, shot, pen, points, over_time=True)
        return [pen.finish(figure, ax, "loss")]
