"""Pictures that chapters use: maps with paths, losses, lines, stems, heat maps, tables, the course.

Each function returns an ``svg.Picture`` (or a ``Table``) and asks for ``alt``, the text that says
what is to be seen. They draw with ``style``'s colours only, so that pictures follow the theme, and
tell runs apart by dashes or markers as well as by colour.

Where a function takes ``colours``, it maps a label to a name in ``style`` ("Adam", "m_hat",
"muted"); a label that is or begins with such a name ("Adam, η = 0.1") needs no entry.
"""

import math
from html import escape

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

from optlib.pictures import style
from optlib.pictures.svg import check_alt, picture

GRID = 160
MARKERS = ("o", "s", "^", "D", "v", "P")
DASHES = ("-", (0, (5, 1.5)), (0, (1.2, 1.5)), (0, (6, 1.5, 1.2, 1.5)))
LEGEND_ROW = 0.21  # inches
LOWEST = 1e-16  # below this a loss is rounding
ALIASES = {
    "gd": "GradientDescent",
    "heavyball": "Momentum",
    "nag": "Nesterov",
    "rmspropwithmomentum": "RMSPropMomentum",
    "rmspropwithnesterov": "RMSPropNesterov",
    "centredrmsprop": "CenteredRMSProp",
    "δx": "dx",
    "m̂": "m_hat",
    "v̂": "v_hat",
}
NAMES = {**style.INK, **style.SYMBOLS, **style.OPTIMIZERS}
KNOWN = {**{name.lower(): name for name in NAMES}, **ALIASES}


# Colours and checks


def colours_of(labels, colours=None):
    """Return {label: Colour}: the one asked for, else the label's own, else a spare one."""
    colours, found = dict(colours or {}), {}
    for label in labels:
        name = colours.get(label) or _named(label)
        if name is None:
            spare = [style.OPTIMIZERS[key] for key in style.SPARE]
            free = [colour for colour in spare if colour not in found.values()]
            found[label] = free[0] if free else style.INK["muted"]
        elif name in NAMES:
            found[label] = NAMES[name]
        else:
            raise ValueError(f"colours[{label!r}] = {name!r}; expected one of {', '.join(NAMES)}")
    return found


def _named(label):
    """The palette's name that a label is or begins with; the longest one, or None."""
    words = str(label).lower().replace("+", " with ").replace("-", "").split()
    joined = ["".join(words[:count]).strip(",:;()") for count in range(len(words), 0, -1)]
    return next((KNOWN[text] for text in joined if text in KNOWN), None)


def check_runs(runs, dim=None):
    """Raise ValueError unless ``runs`` maps labels to single runs."""
    if not runs:
        raise ValueError("runs is empty; expected {label: Trajectory}")
    for label, run in runs.items():
        if run.x.ndim != 2 or (dim and run.x.shape[1] != dim):
            raise ValueError(
                f"runs[{label!r}].x has shape {run.x.shape}; expected one run, "
                f"(steps + 1, {dim or 'dimension'})"
            )


def name_of(label, run):
    """A run's label, with the step at which it diverged."""
    return f"{label}, diverged at step {run.diverged_at}" if run.diverged else str(label)


def visible(points, domain, margin=1.0):
    """Return the leading points of a path up to the first that is far outside ``domain``.

    ``margin`` is in widths of the domain; the point that leaves is kept unless it is not finite.
    """
    low, high = np.array(domain).T
    reach = margin * (high - low)
    inside = ((points >= low - reach) & (points <= high + reach)).all(axis=-1)
    end = len(points) if inside.all() else int(inside.argmin()) + 1
    shown = points[:end]
    return shown if np.isfinite(shown[-1]).all() else shown[:-1]


def _new(figsize=None):
    figure = Figure(figsize=figsize or style.RC["figure.figsize"], layout="constrained")
    return figure, figure.subplots()


def _finish(figure, ax, alt, *, title="", xlabel="", ylabel="", legend=True):
    """Name things; the legend stands below, and the figure grows by its rows."""
    ax.set(title=title, xlabel=xlabel, ylabel=ylabel)
    labels = ax.get_legend_handles_labels()[1]
    if legend and labels:
        columns = max(1, min(len(labels), 48 // (max(map(len, labels)) + 5)))
        figure.legend(loc="outside lower left", ncols=columns, handlelength=2.6)
        width, height = figure.get_size_inches()
        figure.set_size_inches(width, height + LEGEND_ROW * math.ceil(len(labels) / columns))
    return picture(figure, alt)


# Landscapes


def grid_of(surface, count=GRID):
    """Return X, Y, Z of a two-dimensional surface over its domain, each ``(count, count)``."""
    if surface.dim != 2:
        raise ValueError(f"surface {surface.name!r} has dimension {surface.dim}; expected 2")
    X, Y = np.meshgrid(*(np.linspace(low, high, count) for low, high in surface.domain))
    return X, Y, surface.f(np.stack([X, Y], axis=-1))


def levels(surface, count=14):
    """Return ``count`` heights for contours, dense where the surface is low.

    ``low + (high − low) ((k + ½) / (count + ½))^p`` for k = 1, …, count, with p such that half way
    lies the median height of the domain (p between 1.5 and 6): a valley's floor then shows, however
    steep its walls. Raises ValueError unless the surface has two dimensions, or for a ``count``
    below 2.
    """
    if isinstance(count, bool) or not isinstance(count, (int, np.integer)) or count < 2:
        raise ValueError(f"count = {count!r}; expected a whole number >= 2")
    Z = grid_of(surface, 101)[2]
    low, high = Z.min(), Z.max()
    if not np.isfinite(high - low) or high <= low:
        raise ValueError(f"surface {surface.name!r} spans {low} to {high}; expected a finite range")
    share = np.clip((np.median(Z) - low) / (high - low), 1e-9, 1 - 1e-9)
    power = np.clip(np.log(share) / np.log(0.5), 1.5, 6)
    return low + (high - low) * ((np.arange(1, count + 1) + 0.5) / (count + 0.5)) ** power


def contours(ax, surface, count=14):
    """Draw a landscape on ``ax``: contours with its minima, or in one dimension its curve."""
    ink = style.INK["land"].light
    if surface.dim == 1:
        x = np.linspace(*surface.domain[0], 400)
        ax.plot(x, surface.f(x[:, None]), color=ink, linewidth=1.4)
        ax.set(xlim=surface.domain[0], xlabel="x", ylabel="f(x)")
        return
    ax.contour(*grid_of(surface), levels(surface, count), colors=ink, linewidths=0.8,
               linestyles="solid")  # fmt: skip
    for x in np.asarray(surface.minima):
        ax.plot(*x, "x", color=style.INK["ink"].light, markersize=6, markeredgewidth=1.5)
    ax.set(xlim=surface.domain[0], ylim=surface.domain[1], xlabel="x₁", ylabel="x₂", aspect="equal")


def map_size(surface, width=4.8):
    """Return a figure's size in inches in which a map of ``surface`` keeps its proportions."""
    if surface.dim == 1:
        return width, 0.62 * width
    (left, right), (low, high) = surface.domain
    return width, min(1.2 * width, (width - 0.7) * (high - low) / (right - left) + 1.0)


def paths(surface, runs, alt, *, title="", colours=None, count=14):
    """Draw the paths of ``runs``, {label: Trajectory}, on the map of a landscape.

    In one dimension a path is drawn on the curve. A run that leaves is drawn up to where it leaves
    the picture, and one that diverged says so in the legend.
    """
    check_runs(runs, surface.dim)
    found = colours_of(runs, colours)
    with style.use():
        figure, ax = _new(map_size(surface))
        contours(ax, surface, count)
        for k, (label, run) in enumerate(runs.items()):
            x = visible(run.x, surface.domain)
            points = (x[:, 0], x[:, 1]) if surface.dim == 2 else (x[:, 0], surface.f(x))
            ax.plot(
                *points,
                color=found[label].light,
                marker=MARKERS[k % len(MARKERS)],
                markersize=3.2,
                markevery=max(1, math.ceil(len(x) / 40)),
                linewidth=1.3,
                label=name_of(label, run),
            )
        start = next(iter(runs.values())).x[0]
        height = start[1] if surface.dim == 2 else surface.f(start)
        ax.plot(start[0], height, "o", color=style.INK["ink"].light, mfc="none", markersize=9)
        labels = {"xlabel": ax.get_xlabel(), "ylabel": ax.get_ylabel()}
        return _finish(figure, ax, alt, title=title, **labels)


# Curves


def losses(runs, alt, *, title="", colours=None, lowest=0.0, ylabel=None):
    """Draw loss against step on a log axis for ``runs``, {label: Trajectory}.

    ``lowest`` is taken off first, where the minimum of the landscape is not zero. What falls below
    1e-16 or rises above a thousand times the largest start is not drawn.
    """
    check_runs(runs)
    found = colours_of(runs, colours)
    with style.use():
        figure, ax = _new()
        drawn = []
        top = 1e3 * max((run.f[0] - lowest for run in runs.values()), default=1.0)
        for k, (label, run) in enumerate(runs.items()):
            f = run.f - lowest
            f = np.where((f > LOWEST) & (f < max(top, 1e-12)), f, np.nan)
            drawn.append(f[np.isfinite(f)])
            dash = DASHES[k % len(DASHES)]
            colour = found[label].light
            ax.plot(f, color=colour, linestyle=dash, label=name_of(label, run))
        ax.set_yscale("log")
        ax.set_xlim(0, max(run.steps for run in runs.values()) or 1)
        if not any(len(part) for part in drawn):
            ax.set_ylim(LOWEST, 1)
        ylabel = ylabel or ("loss" if lowest == 0 else "loss above the lowest")
        return _finish(figure, ax, alt, title=title, xlabel="step t", ylabel=ylabel)


def lines(
    x, ys, alt, *, xlabel="", ylabel="", title="", xscale="linear", yscale="linear",
    guides=None, colours=None, xlim=None, ylim=None,
):  # fmt: skip
    """Draw curves ``ys``, {label: y}, over ``x``.

    A ``y`` with two axes, (repeats, len(x)), is drawn as its median with a band from the 10th to
    the 90th percentile. ``guides``, {label: value or curve}, are drawn dotted: what theory says.
    """
    x = np.asarray(x, dtype=float)
    ys = {label: np.asarray(y, dtype=float) for label, y in ys.items()}
    for label, y in ys.items():
        if y.ndim not in (1, 2) or y.shape[-1:] != x.shape:
            raise ValueError(f"ys[{label!r}] has shape {y.shape}; expected its end as x, {x.shape}")
    found = colours_of(ys, colours)
    with style.use():
        figure, ax = _new()
        for k, (label, y) in enumerate(ys.items()):
            colour = found[label].light
            if y.ndim == 2:
                ax.fill_between(
                    x, *np.nanpercentile(y, (10, 90), axis=0), color=colour, alpha=0.2, linewidth=0
                )
                y = np.nanmedian(y, axis=0)
            y = np.where(np.abs(y) < 1e300, y, np.nan)
            ax.plot(x, y, color=colour, linestyle=DASHES[k % len(DASHES)], label=label)
        draw_guides(ax, x, guides)
        ax.set(xscale=xscale, yscale=yscale, xlim=xlim or (x.min(), x.max()), ylim=ylim)
        return _finish(figure, ax, alt, title=title, xlabel=xlabel, ylabel=ylabel)


def draw_guides(ax, x, guides):
    """Draw what theory says: dotted, named in the legend."""
    for k, (label, value) in enumerate((guides or {}).items()):
        y = np.broadcast_to(np.asarray(value, dtype=float), np.shape(x))
        tone = style.SYMBOLS["theory"] if k % 2 == 0 else style.INK["muted"]
        ax.plot(x, y, color=tone.light, linestyle=(0, (1, 2)), linewidth=1.6, label=label, zorder=3)


def stems(
    weights, alt, *, xlabel="steps back", ylabel="weight", title="", first=0,
    guides=None, colours=None,
):  # fmt: skip
    """Draw numbers as stems: ``weights`` is a sequence or {label: sequence}, from x = ``first``."""
    series = weights if isinstance(weights, dict) else {"": weights}
    series = {label: np.asarray(w, dtype=float) for label, w in series.items()}
    for label, w in series.items():
        if w.ndim != 1 or len(w) == 0:
            raise ValueError(f"weights {label!r} has shape {w.shape}; expected a plain sequence")
    found = colours_of(series, colours or {"": "m"})
    shift = 0.5 / len(series)
    with style.use():
        figure, ax = _new()
        for k, (label, w) in enumerate(series.items()):
            x = first + np.arange(len(w)) + (k - (len(series) - 1) / 2) * shift
            colour, marker = found[label].light, MARKERS[k % len(MARKERS)]
            ax.vlines(x, 0, w, color=colour, linewidth=1.4)
            ax.plot(x, w, marker, color=colour, markersize=4, label=label or None)
        longest = max(len(w) for w in series.values())
        span = np.array([first - 0.6, first + longest - 0.4])
        ax.axhline(0, color=style.INK["muted"].light, linewidth=0.8)
        draw_guides(ax, span, guides)
        ax.set_xlim(*span)
        ax.xaxis.get_major_locator().set_params(integer=True)
        return _finish(figure, ax, alt, title=title, xlabel=xlabel, ylabel=ylabel)


def heat(
    X, Y, Z, alt, *, label="", xlabel="", ylabel="", title="", xscale="linear", yscale="linear",
    contours=(), limits=None,
):  # fmt: skip
    """Draw ``Z`` over a grid as colours with a scale, and lines where it takes a value.

    X and Y are grids or axes as for ``pcolormesh``; what is not finite stays empty. The colours are
    viridis in both themes: it is ordered by lightness, also without colour vision.
    """
    Z = np.ma.masked_invalid(np.asarray(Z, dtype=float))
    low, high = limits or (Z.min(), Z.max())
    with style.use():
        figure, ax = _new()
        figure.dpi = 72
        cells = ax.pcolormesh(
            X, Y, Z, cmap="viridis", vmin=low, vmax=high, shading="gouraud", rasterized=True
        )
        ax.set(xscale=xscale, yscale=yscale)
        for k, value in enumerate(contours):
            drawn = ax.contour(X, Y, Z, [value], colors="#fffffe", linewidths=1.6,
                               linestyles=("solid", "dashed", "dotted")[k % 3])  # fmt: skip
            ax.clabel(drawn, fmt=lambda level: f"{level:g}", fontsize=9)
        bar = figure.colorbar(cells, ax=ax, label=label, pad=0.03)
        bar.outline.set_visible(False)
        bar.solids.set_rasterized(True)
        return _finish(figure, ax, alt, title=title, xlabel=xlabel, ylabel=ylabel)


# Tables


class Table:
    """A table for a page and for a terminal; ``table(...)`` makes one."""

    def __init__(self, rows, header, caption):
        self.rows, self.header, self.caption = rows, header, caption

    def _numeric(self, column):
        """Whether a column holds numbers, to be set flush right."""
        texts = [row[column].replace("−", "-").replace(",", "") for row in self.rows]
        return all(text in ("", "–", "inf", "nan") or _is_number(text) for text in texts)

    def _repr_html_(self):
        sides = ["right" if self._numeric(k) else "left" for k in range(len(self.header))]

        def cell(tag, k, text, extra=""):
            css = f"text-align: {sides[k]}; padding: .25em .75em"
            return f'<{tag}{extra} style="{css}">{escape(text)}</{tag}>'

        head = "".join(cell("th", k, t, ' scope="col"') for k, t in enumerate(self.header))
        body = "".join(
            "<tr>"
            + cell("th", 0, row[0], ' scope="row"')
            + "".join(cell("td", k, t) for k, t in enumerate(row[1:], 1))
            + "</tr>\n"
            for row in self.rows
        )
        return (
            f'<div class="numbers" role="group" tabindex="0" aria-label="{escape(self.caption)}" '
            'style="overflow-x: auto"><table class="table" '
            'style="font-variant-numeric: tabular-nums; width: auto">'
            f'<caption style="caption-side: top; text-align: left">{escape(self.caption)}</caption>'
            f"<thead><tr>{head}</tr></thead>\n<tbody>{body}</tbody></table></div>"
        )

    def __str__(self):
        cells = [self.header, *self.rows]
        widths = [max(len(row[k]) for row in cells) for k in range(len(self.header))]
        lined = [
            "  ".join(
                text.rjust(width) if self._numeric(k) else text.ljust(width)
                for k, (text, width) in enumerate(zip(row, widths, strict=True))
            ).rstrip()
            for row in cells
        ]
        return "\n".join([self.caption, *lined])

    __repr__ = __str__

    def _repr_mimebundle_(self, **kwargs):
        return {"text/html": self._repr_html_(), "text/plain": str(self)}


def _is_number(text):
    try:
        float(text)
    except ValueError:
        return False
    return True


def table(rows, header, caption, number="{:.4g}"):
    """Return a table of ``rows`` (sequences of texts and numbers) under a ``header``.

    The first column names its row; columns of numbers are set flush right. Floats are written with
    ``number``, a true minus in front. Raises ValueError when a row's length is not the header's, or
    without a caption.
    """

    def write(value):
        if isinstance(value, (float, np.floating)):
            return number.format(value).replace("-", "−")
        return str(value).replace("-", "−") if isinstance(value, (int, np.integer)) else str(value)

    header = [str(text) for text in header]
    rows = [list(row) for row in rows]
    for k, row in enumerate(rows):
        if len(row) != len(header):
            raise ValueError(f"rows[{k}] has {len(row)} cells; expected {len(header)} (the header)")
    if not isinstance(caption, str) or not caption.strip():
        raise ValueError(f"caption = {caption!r}; expected a sentence that says what is listed")
    return Table([[write(value) for value in row] for row in rows], header, caption)


# The map of the course

# name: (x, y, width, what the box says, chapter); units of 0.8 inches across, 0.75 down
BOXES = {
    "GradientDescent": (2.0, 0, 1.5, "Gradient descent", 1),
    "Momentum": (1.03, 1, 1.0, "Momentum", 2),
    "AdaGrad": (3.0, 1, 0.9, "AdaGrad", 3),
    "Nesterov": (0.42, 2, 0.8, "Nesterov", 2),
    "RMSProp": (2.55, 2, 0.9, "RMSProp", 3),
    "Adadelta": (3.55, 2, 0.86, "Adadelta", 3),
    "RMSPropMomentum": (1.79, 3, 1.6, "RMSProp + momentum", 3),
    "bias": (3.43, 3, 1.16, "Bias correction", 4),
    "Adam": (2.35, 4, 1.2, "Adam", 5),
    "NAdam": (0.42, 5, 0.8, "NAdam", 8),
    "LaProp": (1.48, 5, 0.85, "LaProp", 5),
    "AdamW": (2.51, 5, 0.85, "AdamW", 7),
    "AMSGrad": (3.54, 5, 0.85, "AMSGrad", 7),
}
# from, to, x where the arrow leaves, x where it arrives; None: it arrives at the box's side
ARROWS = (
    ("GradientDescent", "Momentum", 1.6, 1.03),
    ("GradientDescent", "AdaGrad", 2.4, 3.0),
    ("Momentum", "Nesterov", 0.72, 0.42),
    ("Momentum", "RMSPropMomentum", 1.35, 1.4),
    ("Momentum", "Adam", 0.9, None),
    ("AdaGrad", "RMSProp", 2.8, 2.55),
    ("AdaGrad", "Adadelta", 3.2, 3.55),
    ("RMSProp", "RMSPropMomentum", 2.3, 2.15),
    ("RMSProp", "Adam", 2.7, 2.7),
    ("bias", "Adam", 3.43, None),
    ("Nesterov", "NAdam", 0.42, 0.42),
    ("Adam", "NAdam", 2.0, 0.7),
    ("Adam", "LaProp", 2.2, 1.55),
    ("Adam", "AdamW", 2.5, 2.51),
    ("Adam", "AMSGrad", 2.7, 3.4),
)
NOTES = ((0.72, 0.5, "it remembers"), (3.36, 0.5, "it rescales"))
MAP_ALT = (
    "Family tree of the course. Gradient descent has two children: Momentum, which remembers, and "
    "AdaGrad, which rescales. Momentum leads to Nesterov, AdaGrad to RMSProp and Adadelta. "
    "Momentum and RMSProp together give RMSProp with momentum; momentum, RMSProp and bias "
    "correction give Adam. From Adam come NAdam (with Nesterov), LaProp, AdamW and AMSGrad."
)


def course_map(links=None, alt=MAP_ALT):
    """Draw the family tree of the course's rules, each with its chapter.

    ``links``, {chapter number: address}, turns the names of those chapters' rules into links.
    """
    links = links or {}
    check_alt(alt)
    with style.use():
        figure = Figure(figsize=(4.4, 4.6))
        ax = figure.add_axes((0, 0, 1, 1))
        ax.set(xlim=(-0.1, 4.1), ylim=(5.45, -0.45))
        ax.axis("off")
        for origin, target, leaves, arrives in ARROWS:
            _arrow(ax, BOXES[origin], BOXES[target], leaves, arrives)
        for name, (x, y, width, text, chapter) in BOXES.items():
            colour = style.OPTIMIZERS[name] if name in style.OPTIMIZERS else style.SYMBOLS["theory"]
            ax.add_patch(
                FancyBboxPatch(
                    (x - width / 2, y - 0.29),
                    width,
                    0.58,
                    boxstyle="round,pad=0,rounding_size=0.1",
                    facecolor=style.INK["paper"].light,
                    edgecolor=colour.light,
                    linestyle="-" if name in style.OPTIMIZERS else "--",
                    linewidth=2.4 if name == "Adam" else 1.4,
                )
            )
            heavy = "bold" if name == "Adam" else "normal"
            heading = {"color": colour.light, "weight": heavy, "size": 9.5, "ha": "center"}
            ax.text(x, y - 0.03, text, va="bottom", url=links.get(chapter), **heading)
            ax.text(x, y + 0.03, f"chapter {chapter}", va="top", **heading)
        for x, y, text in NOTES:
            ax.text(x, y, text, size=9.5, style="italic", ha="center", va="center",
                    color=style.INK["muted"].light)  # fmt: skip
        return picture(figure, alt)


def _arrow(ax, origin, target, leaves, arrives):
    """An arrow from the foot of a box to the top of another, or round a corner to its side."""
    start = (leaves, origin[1] + 0.31)
    bend = "arc3,rad=0"
    end = (arrives, target[1] - 0.33)
    if arrives is None:
        side = -1 if leaves < target[0] else 1
        end = (target[0] + side * (target[2] / 2 + 0.04), target[1])
        bend = "angle,angleA=-90,angleB=0,rad=8"
    ax.add_patch(
        FancyArrowPatch(
            start,
            end,
            connectionstyle=bend,
            arrowstyle="-|>",
            mutation_scale=9,
            shrinkA=0,
            shrinkB=0,
            linewidth=1.2,
            color=style.INK["muted"].light,
            joinstyle="miter",
        )  # fmt: skip
    )
