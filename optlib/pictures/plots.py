"""Pictures that chapters use: curves, stems, and what maps and animations draw first.

``lines`` and ``stems`` return an ``svg.Picture`` and ask for ``alt``, the text that says what is to
be seen. They draw with ``style``'s colours only, so that pictures follow the theme, and tell runs
apart by dashes or markers as well as by colour.

Where a function takes ``colours``, it maps a label to what ``style.find`` knows: a rule, its class,
or a name ("m_hat", "muted"). A label without an entry gets a spare colour.
"""

import math

import numpy as np
from matplotlib.figure import Figure

from optlib.pictures import style
from optlib.pictures.svg import picture

GRID = 160
MARKERS = ("o", "s", "^", "D", "v", "P")
DASHES = ("-", (0, (5, 1.5)), (0, (1.2, 1.5)), (0, (6, 1.5, 1.2, 1.5)))
LEGEND_ROW = 0.21  # inches


# Colours and checks


def colours_of(labels, colours=None):
    """Return {label: Colour}: the one asked for in ``colours``, else a spare one."""
    asked, found = dict(colours or {}), {}
    for label in labels:
        if label in asked:
            try:
                found[label] = style.find(asked[label])
            except ValueError as error:
                raise ValueError(f"colours[{label!r}]: {error}") from None
        else:
            found[label] = style.spare(found.values())
    return found


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


def _new():
    figure = Figure(figsize=style.RC["figure.figsize"], layout="constrained")
    return figure, figure.subplots()


def legend_below(figure, labels):
    """Put a legend of ``labels`` below a figure, which grows by the legend's rows."""
    columns = max(1, min(len(labels), 48 // (max(map(len, labels)) + 5)))
    figure.legend(loc="outside lower left", ncols=columns, handlelength=2.6)
    width, height = figure.get_size_inches()
    figure.set_size_inches(width, height + LEGEND_ROW * math.ceil(len(labels) / columns))


def _finish(figure, ax, alt, *, title="", xlabel="", ylabel=""):
    """Name things and put the legend below."""
    ax.set(title=title, xlabel=xlabel, ylabel=ylabel)
    labels = ax.get_legend_handles_labels()[1]
    if labels:
        legend_below(figure, labels)
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


# Curves


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
