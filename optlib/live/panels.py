"""The pictures inside a live figure: each drawn once by matplotlib, then moved by ``live.js``.

A panel has ``draw(model)``, which returns a ``Drawing``: the SVG with the first curves and the data
that its twin of the same ``kind`` in ``live.js`` needs to move them. Lines that move carry the gid
``run-0``, ``run-1``, …
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from matplotlib import colormaps
from matplotlib.figure import Figure

from optlib.pictures import style
from optlib.pictures.plots import levels
from optlib.pictures.svg import render
from optlib.trace import trace_function

SIZE = (4.4, 3.4)  # inches at 72 dpi: about the width of a phone, so text is never scaled down much
INK = style.INK


@dataclass(frozen=True)
class Drawing:
    """An SVG and the data with which ``live.js`` moves it; ``surface``: the landscape it shows."""

    svg: str
    spec: dict
    surface: int | None = None


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


def finish(figure, ax, model, kind, surface=None, **spec):
    """Render a panel's figure and collect its data."""
    data = {"kind": kind, "x": axis(ax, "x"), "y": axis(ax, "y"), **spec}
    number = model.next_number()
    return Drawing(render(figure, f"{model.id}-{number}"), data, surface)


def plain(values):
    """An array without what a line cannot show: infinities become gaps."""
    values = np.asarray(values, dtype=float)
    return np.where(np.abs(values) < 1e12, values, np.nan)


def thin(x, y, bins=150):
    """A long line with only the lowest and the highest point of each bin: it looks the same.

    The page weighs less, and ``live.js`` draws every point as soon as it runs.
    """
    if len(x) <= 4 * bins:
        return x, y
    edges = np.linspace(0, len(x), bins + 1).astype(int)
    high, low = np.where(np.isnan(y), -np.inf, y), np.where(np.isnan(y), np.inf, y)
    kept = {0, len(x) - 1}
    for a, b in zip(edges[:-1], edges[1:], strict=True):
        kept |= {a + high[a:b].argmax(), a + low[a:b].argmin()}
    return x[sorted(kept)], y[sorted(kept)]


def run_lines(ax, model, points, over_time=False):
    """One line per rule, with the gid that ``live.js`` looks for."""
    for k, label in enumerate(model.labels):
        x, y = (plain(values) for values in points(model.runs[label]))
        if over_time:
            x, y = thin(x, y)
        (line,) = ax.plot(x, y, color=model.colours[label].light, zorder=3)
        line.set_gid(f"run-{k}")
        line.set_solid_capstyle("round")


def check_all(panel, model, functions, **which):
    """Raise ValueError for a function that no rule's run has the names for."""
    for name, function in functions.items():
        model.check_names(f"{panel}: {name}", trace_function(function).names, **which)


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

    def draw(self, model):
        return [self._one(model, k, surface) for k, surface in enumerate(model.surfaces)]

    @staticmethod
    def _arrows(model, label, arrows):
        if label not in model.labels:
            raise ValueError(f"arrows: {label}; expected a label of {', '.join(model.labels)}")
        for arrow in arrows:
            for function in (arrow.tail, arrow.head):
                names = trace_function(function).names
                model.check_names(f"arrows: {arrow.label}", names, [label])
        return [arrow.spec() for arrow in arrows]

    def _one(self, model, k, surface):
        (x0, x1), (y0, y1) = surface.domain
        figure, ax = canvas(self.title, self.xlabel, self.ylabel)
        X, Y = np.meshgrid(np.linspace(x0, x1, 73), np.linspace(y0, y1, 55))
        heights = levels(surface, self.levels)
        Z = surface.f(np.stack([X, Y], axis=-1))
        contours = ax.contour(X, Y, Z, levels=heights, colors=[INK["land"].light], linewidths=0.7)
        contours.set_gid("contours")
        for minimum in surface.minima:
            ax.plot(*minimum, "+", color=INK["muted"].light, markersize=7, zorder=2)
        if k == model.surface_index:
            run_lines(ax, model, lambda run: (run.x[:, 0], run.x[:, 1]))
        ax.set_xlim(x0, x1)
        ax.set_ylim(y0, y1)
        arrows = {label: self._arrows(model, label, some) for label, some in self.arrows.items()}
        return finish(
            figure,
            ax,
            model,
            "map",
            surface=k if len(model.surfaces) > 1 else None,
            arrows=arrows,
            levels=[round(float(h), 9) for h in heights],
        )


@dataclass(frozen=True)
class Loss:
    """The loss against the step, on a wide logarithmic axis."""

    low: float = 1e-8
    high: float = 1e2
    title: str = "Loss at each step"
    ylabel: str = "loss f"

    def draw(self, model):
        figure, ax = canvas(self.title, "step t", self.ylabel)
        ax.set_yscale("log")
        ax.set_ylim(self.low, self.high)
        ax.set_xlim(0, model.steps)

        def points(run):
            return np.arange(len(run.f)), np.maximum(run.f, self.low / 10)

        run_lines(ax, model, points, over_time=True)
        return [finish(figure, ax, model, "loss")]


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

    def draw(self, model):
        figure, ax = canvas(self.title, self.xlabel, self.ylabel)
        low, high = self.xlim or model.surfaces[0].domain[0]
        grid = np.linspace(low, high, 241)
        heights = model.surfaces[0].f(grid[:, None])
        room = 0.08 * (heights.max() - heights.min())
        ylim = self.ylim or (heights.min() - room, heights.max() + room)
        (curve,) = ax.plot(grid, heights, color=INK["land"].light, zorder=1)
        curve.set_gid("curve")
        for k, label in enumerate(model.labels):
            run = model.runs[label]
            (trail,) = ax.plot(
                plain(run.x[:, 0]),
                plain(run.f),
                color=model.colours[label].light,
                linewidth=1.0,
                zorder=2,
            )
            trail.set_gid(f"run-{k}")
        ax.set_xlim(low, high)
        ax.set_ylim(*ylim)
        return [finish(figure, ax, model, "ball")]


@dataclass(frozen=True)
class Series:
    """Quantities against the step: one line per rule and quantity.

    ``quantities`` and ``guides`` map labels to functions of named numbers; a guide is a level line.
    With one quantity a line has its rule's colour, with several that of the quantity
    (``colours`` maps its label to a symbol of the palette). ``switches`` adds a checkbox per
    quantity.
    """

    quantities: dict
    ylabel: str = ""
    ylim: tuple = (-1, 1)
    scale: str = "linear"
    guides: dict = field(default_factory=dict)
    coordinate: int = 0
    colours: dict = field(default_factory=dict)
    switches: bool = False
    title: str = "Step by step"

    def draw(self, model):
        figure, ax = canvas(self.title, "step t", self.ylabel)
        ax.set_yscale(self.scale)
        ax.set_ylim(*self.ylim)
        ax.set_xlim(0, model.steps)
        lines, guides = [], []
        check_all("series", model, self.quantities)
        check_all("series", model, self.guides, each_step=False)
        for k, label in enumerate(model.labels):
            for name, function in self.quantities.items():
                traced = trace_function(function)
                if not model.knows(label, traced.names):
                    continue
                colour = (
                    style.SYMBOLS[self.colours[name]]
                    if name in self.colours
                    else model.colours[label]
                )
                t, y = model.series(label, function, traced.names, self.coordinate)
                (line,) = ax.plot(*thin(t, plain(y)), color=colour.light, zorder=3)
                line.set_gid(f"line-{len(lines)}")
                lines.append(
                    {"run": k, "label": name, "js": traced.js, "names": list(traced.names)}
                )
        for name, function in self.guides.items():
            traced = trace_function(function)
            owners = [
                label for label in model.labels if model.knows(label, traced.names, each_step=False)
            ]
            for label in owners:
                height = model.level(label, function, traced.names)
                line = ax.axhline(height, color=INK["muted"].light, linewidth=1, dashes=(4, 3))
                line.set_gid(f"guide-{len(guides)}")
                guides.append({"run": model.labels.index(label), "label": name, "js": traced.js})
        return [
            finish(
                figure,
                ax,
                model,
                "series",
                lines=lines,
                guides=guides,
                coordinate=self.coordinate,
                named=len(self.quantities) > 1,
                switches=self.switches,
            )
        ]


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

    def draw(self, model):
        figure, ax = canvas(self.title, self.xlabel, self.ylabel)
        xs, ys = (model.control(name).slider for name in (self.x, self.y))
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
        return [finish(figure, ax, model, "phase", names=[self.x, self.y])]

    @staticmethod
    def _grid(slider, count):
        if slider.scale == "log":
            return np.geomspace(slider.low, slider.high, count)
        return np.linspace(slider.low, slider.high, count)


@dataclass(frozen=True)
class Cloud:
    """Where x spends its time once it has settled: a histogram, and the normal curve predicted.

    ``variance`` is a function of named numbers; the first ``burn`` steps are left out.
    """

    variance: Callable
    burn: int = 200
    bins: int = 41
    limits: tuple = (-2.0, 2.0)
    height: float = 2.0
    title: str = "Where x rests"
    coordinate: int = 0

    def draw(self, model):
        figure, ax = canvas(self.title, "x", "density")
        ax.set_xlim(*self.limits)
        ax.set_ylim(0, self.height)
        traced = trace_function(self.variance)
        check_all("cloud", model, {"variance": self.variance}, each_step=False)
        edges = np.linspace(*self.limits, self.bins + 1)
        grid = np.linspace(*self.limits, 161)
        theory = {}
        for k, label in enumerate(model.labels):
            x = plain(model.runs[label].x[self.burn :, self.coordinate])
            x = x[np.isfinite(x)]
            density = np.histogram(x, edges)[0] / max(len(x), 1) / np.diff(edges)
            (steps,) = ax.plot(
                np.repeat(edges, 2)[1:-1],
                np.repeat(density, 2),
                color=model.colours[label].light,
                linewidth=1.3,
            )
            steps.set_gid(f"run-{k}")
            if model.knows(label, traced.names, each_step=False):
                variance = model.level(label, self.variance, traced.names)
                with np.errstate(all="ignore"):
                    curve = np.exp(-(grid**2) / (2 * variance)) / np.sqrt(2 * np.pi * variance)
                (line,) = ax.plot(
                    grid, plain(curve), color=model.colours[label].light, dashes=(4, 2)
                )
                line.set_gid(f"theory-{k}")
                theory[label] = traced.js
        return [
            finish(
                figure,
                ax,
                model,
                "cloud",
                burn=self.burn,
                bins=self.bins,
                theory=theory,
                coordinate=self.coordinate,
            )
        ]


@dataclass(frozen=True)
class Gauges:
    """Bars that show quantities at the scrubber's step, one bar per rule, quantity and coordinate.

    ``quantities`` maps labels to functions of named numbers; ``coordinates`` maps names to
    coordinate numbers; ``marks`` maps labels to functions of dials: upright lines to measure by.
    """

    quantities: dict
    xlabel: str = ""
    xlim: tuple = (1e-3, 1e2)
    scale: str = "log"
    coordinates: dict = field(default_factory=lambda: {"": 0})
    marks: dict = field(default_factory=dict)
    colours: dict = field(default_factory=dict)
    title: str = "At this step"

    def draw(self, model):
        check_all("gauges", model, self.quantities)
        check_all("gauges", model, self.marks, each_step=False)
        rows = [
            (model.labels.index(label), where, number, name, function)
            for where, number in self.coordinates.items()
            for name, function in self.quantities.items()
            for label in model.labels
            if model.knows(label, trace_function(function).names)
        ]
        figure, ax = canvas(self.title, self.xlabel, "")
        ax.set_position((0.34, 0.155, 0.63, 0.735))
        ax.set_xscale(self.scale)
        ax.set_xlim(*self.xlim)
        ax.set_ylim(len(rows) - 0.5, -0.5)
        ax.tick_params(axis="y", length=0)
        several = len(model.labels) > 1
        ax.set_yticks(
            range(len(rows)),
            [
                " ".join(filter(None, (name, where, model.labels[k] if several else "")))
                for k, where, _, name, _ in rows
            ],
        )
        low = self.xlim[0] if self.scale == "log" else 0
        bars = []
        for row, (k, _, number, name, function) in enumerate(rows):
            label, traced = model.labels[k], trace_function(function)
            t, values = model.series(label, function, traced.names, number)
            at = np.clip(np.searchsorted(t, model.values["step"]), 0, len(t) - 1)
            value = np.clip(plain(values)[at], *self.xlim)
            colour = (
                style.SYMBOLS[self.colours[name]] if name in self.colours else model.colours[label]
            )
            (bar,) = ax.plot([low, value], [row, row], color=colour.light, linewidth=9)
            bar.set_solid_capstyle("butt")
            bar.set_gid(f"bar-{row}")
            bars.append(
                {
                    "run": k,
                    "coordinate": number,
                    "js": traced.js,
                    "names": list(traced.names),
                    "label": name,
                }
            )
        marks = []
        for name, function in self.marks.items():
            traced = trace_function(function)
            label = next(
                label for label in model.labels if model.knows(label, traced.names, each_step=False)
            )
            height = model.level(label, function, traced.names)
            line = ax.axvline(height, color=INK["muted"].light, linewidth=1, dashes=(4, 3))
            line.set_gid(f"mark-{len(marks)}")
            marks.append({"run": model.labels.index(label), "label": name, "js": traced.js})
        return [finish(figure, ax, model, "gauges", bars=bars, marks=marks, base=float(low))]


@dataclass(frozen=True)
class Stems:
    """How much each past gradient weighs at the scrubber's step t: one stem per k = 1 … t.

    ``weight`` is a function of named numbers: besides those at step t there are ``k`` and, with the
    ending ``_k``, what was recorded at step k (``g_k``, ``v_k``). ``ghost`` is the weight of the
    starting value, drawn at k = 0. ``last`` stems are drawn at most.
    """

    weight: Callable
    ghost: Callable | None = None
    ylabel: str = "weight"
    ylim: tuple = (0.0, 1.0)
    scale: str = "linear"
    last: int = 100
    coordinate: int = 0
    title: str = "What each gradient still weighs"

    def draw(self, model):
        figure, ax = canvas(self.title, "gradient k", self.ylabel)
        ax.set_yscale(self.scale)
        ax.set_ylim(*self.ylim)
        ax.set_xlim(-0.02 * model.steps, model.steps * 1.01)
        low = self.ylim[0] if self.scale == "log" else 0.0
        stems = []
        check_all("stems", model, {"weight": self.weight}, with_k=True)
        weight, ghost = trace_function(self.weight), self.ghost and trace_function(self.ghost)
        for number, label in enumerate(model.labels):
            if not model.knows(label, weight.names, with_k=True):
                continue
            k, heights = model.weights(label, self.weight, weight.names, self.coordinate)
            k, heights = k[-self.last :], plain(heights)[-self.last :]
            x = np.repeat(k, 3).astype(float)
            y = np.column_stack([np.full(len(k), low), heights, np.full(len(k), np.nan)]).ravel()
            (line,) = ax.plot(x, y, color=model.colours[label].light, linewidth=1.4)
            line.set_gid(f"stems-{len(stems)}")
            stems.append({"run": number, "js": weight.js, "ghost": ghost and ghost.js})
        return [
            finish(
                figure,
                ax,
                model,
                "stems",
                stems=stems,
                base=float(low),
                last=self.last,
                coordinate=self.coordinate,
            )
        ]


@dataclass(frozen=True)
class Bars:
    """The gradients themselves, one bar a step, to be drawn by hand (needs ``gradients=``)."""

    limit: float = 1.0
    title: str = "Draw the gradient"
    ylabel: str = "gradient g"

    def draw(self, model):
        if model.gradients is None:
            raise ValueError("Bars: expected gradients=[...] in the figure, one number a step")
        figure, ax = canvas(self.title, "step t", self.ylabel)
        ax.set_xlim(0.5, model.steps + 0.5)
        ax.set_ylim(-1.05 * self.limit, 1.05 * self.limit)
        ax.axhline(0, color=INK["muted"].light, linewidth=0.8)
        t = np.arange(1, model.steps + 1)
        width = min(9.0, 210 / model.steps)
        (bars,) = ax.plot(
            np.repeat(t, 3).astype(float),
            np.column_stack([0 * t, model.gradients, np.full(len(t), np.nan)]).ravel(),
            color=style.SYMBOLS["g"].light,
            linewidth=width,
        )
        bars.set_solid_capstyle("butt")
        bars.set_gid("bars")
        return [finish(figure, ax, model, "bars", limit=self.limit)]


NAMED = {"map": Map, "loss": Loss, "ball": Ball}


def make_panel(panel):
    """Return a panel for a name such as "map", or the panel given."""
    if isinstance(panel, str):
        if panel not in NAMED:
            raise ValueError(f"panels: {panel!r}; expected one of {', '.join(NAMED)} or a panel")
        return NAMED[panel]()
    if not hasattr(panel, "draw"):
        raise ValueError(f"panels: {panel!r}; expected a name or an object with draw(model)")
    return panel
