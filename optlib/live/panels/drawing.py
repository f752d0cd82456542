"""What all panels draw with: axes with room for labels, and the ``Pen`` that a figure lends them."""

from dataclasses import dataclass

import numpy as np
from matplotlib import rcParams
from matplotlib.figure import Figure

from optlib.pictures import style
from optlib.pictures.svg import render

SIZE = (4.4, 3.4)  # inches at 72 dpi: about the width of a phone, so text is never scaled down much
INK = style.INK


@dataclass(frozen=True)
class Drawing:
    """An SVG and the data with which its script moves it; ``surface``: the landscape it shows."""

    svg: str
    spec: dict
    surface: int | None = None


class Pen:
    """What a figure lends its panels: colours, ids for drawings, keys for functions."""

    def __init__(self, figure_id, colours, sources):
        self.figure_id, self.colours, self.sources = figure_id, colours, sources
        self.drawn = 0

    def quantities(self, where, shot, given, only=None, **which):
        """See ``Sources.quantities``."""
        return self.sources.quantities(where, shot, given, only, **which)

    def split(self, where, shot, quantities, levels, only):
        """Quantities of each step, and levels that stay the same, where ``only`` is for both."""
        known = [*quantities, *levels]
        for label in only:
            if label not in known:
                raise ValueError(f"{where}: only: {label!r}; expected one of {', '.join(known)}")
        mine = {label: only[label] for label in only if label in quantities}
        others = {label: only[label] for label in only if label in levels}
        return (
            self.quantities(where, shot, quantities, mine),
            self.sources.levels(where, shot, levels, others),
        )

    def colour_of(self, quantity, colours):
        """A quantity's own colour where ``colours`` names one, else that of its rule."""
        own = colours.get(quantity.label)
        return style.SYMBOLS[own] if own else self.colours[quantity.rule]

    def finish(self, figure, ax, kind, surface=None, **spec):
        """Render a panel's figure and collect the data of its script."""
        self.drawn += 1
        title = ax.get_title(loc=rcParams["axes.titlelocation"])
        data = {"kind": kind, "title": title, "x": axis(ax, "x"), "y": axis(ax, "y")}
        data |= spec
        return Drawing(render(figure, f"{self.figure_id}-{self.drawn}"), data, surface)


def canvas(title, xlabel, ylabel, size=SIZE):
    """A figure with one set of axes and room for labels."""
    figure = Figure(figsize=size, dpi=72)
    ax = figure.add_axes((0.15, 0.155, 0.82, 0.735))
    ax.set_title(title)
    ax.set_xlabel(xlabel)
    ax.set_ylabel(ylabel)
    return figure, ax


def axis(ax, which):
    """How a value becomes a coordinate of the SVG: ``a * u + b``, u the value or its log10."""
    k = "xy".index(which)
    limits = np.array([ax.get_xlim(), ax.get_ylim()])
    scale = (ax.get_xscale(), ax.get_yscale())[k]
    start, end = ax.transData.transform(limits.T)[:, k]
    if which == "y":
        start, end = ax.figure.bbox.height - start, ax.figure.bbox.height - end
    u = np.log10(limits[k]) if scale == "log" else limits[k]
    a = (end - start) / (u[1] - u[0])
    return {
        "scale": scale,
        "a": round(float(a), 6),
        "b": round(float(start - a * u[0]), 6),
        "low": float(limits[k].min()),
        "high": float(limits[k].max()),
    }


def plain(values):
    """An array without what a line cannot show: infinities become gaps."""
    values = np.asarray(values, dtype=float)
    return np.where(np.abs(values) < 1e12, values, np.nan)


def thin(x, y, bins=150):
    """A long line with only the lowest and the highest point of each bin: it looks the same.

    The page weighs less, and the panel's script draws every point as soon as it runs.
    """
    if len(x) <= 4 * bins:
        return x, y
    edges = np.linspace(0, len(x), bins + 1).astype(int)
    high, low = np.where(np.isnan(y), -np.inf, y), np.where(np.isnan(y), np.inf, y)
    kept = {0, len(x) - 1}
    for a, b in zip(edges[:-1], edges[1:], strict=True):
        kept |= {a + high[a:b].argmax(), a + low[a:b].argmin()}
    return x[sorted(kept)], y[sorted(kept)]


def run_lines(ax, shot, pen, points, over_time=False):
    """One line per rule, with the gid that the panel's script looks for."""
    for k, (label, run) in enumerate(shot.runs.items()):
        x, y = (plain(values) for values in points(run))
        if over_time:
            x, y = thin(x, y)
        (line,) = ax.plot(x, y, color=pen.colours[label].light, zorder=3)
        line.set_gid(f"run-{k}")
        line.set_solid_capstyle("round")
