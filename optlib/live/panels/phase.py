"""A coloured map over two sliders. ``phase.js`` moves it."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from matplotlib import colormaps

from optlib.live.panels.drawing import canvas


@dataclass(frozen=True)
class Phase:
    """A coloured map over two sliders; a point on it sets both.

    ``rate(X, Y)`` is plain NumPy on two grids; ``contours`` are levels to draw as lines.
    """

    rate: Callable
    x: str = "lr"
    y: str = "beta1"
    label: str = "rate"
    contours: tuple = (1.0,)
    limits: tuple = (0.0, 1.2)
    title: str = "Pick a point"
    xlabel: str = "ηλ"
    ylabel: str = "β"

    def draw(self, shot, pen):
        figure, ax = canvas(self.title, self.xlabel, self.ylabel)
        xs, ys = (shot.model.control(name).slider for name in (self.x, self.y))
        ax.set_xscale("log" if xs.scale == "log" else "linear")
        X, Y = np.meshgrid(self._grid(xs, 220), self._grid(ys, 160))
        Z = np.clip(self.rate(X, Y), *self.limits)
        low, high = self.limits
        bands = colormaps["viridis"].resampled(24)
        mesh = ax.pcolormesh(X, Y, Z, cmap=bands, vmin=low, vmax=high, rasterized=True)
        ax.contour(
            X, Y, self.rate(X, Y), levels=list(self.contours), colors=["#ffffff"], linewidths=1.4
        )
        bar = figure.colorbar(mesh, ax=ax, pad=0.02)
        bar.set_label(self.label)
        bar.outline.set_visible(False)
        ax.set_xlim(xs.low, xs.high)
        ax.set_ylim(ys.low, ys.high)
        return [pen.finish(figure, ax, "phase", names=[self.x, self.y])]

    @staticmethod
    def _grid(slider, count):
        if slider.scale == "log":
            return np.geomspace(slider.low, slider.high, count)
        return np.linspace(slider.low, slider.high, count)
