"""Animations as small videos with controls: ``video``; ready-made: ``race``, ``balls``, ``series``.

The artists are made once and a frame only sets their data; what stands still is drawn once. A
video has a light paper of its own, because it cannot follow the theme. Where there is no ffmpeg (in
the browser's kernel) the result is a few frames with a slider.
"""

import base64
import io
import math
import os
import shutil
import sys
import tempfile
from functools import cache
from html import escape

import matplotlib as mpl
import numpy as np
from matplotlib.animation import FFMpegWriter, FuncAnimation
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import Collection
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.text import Text

from optlib.descent import check_count
from optlib.pictures import plots, style
from optlib.pictures.svg import check_alt

LIMIT = 300_000  # bytes of one video
DPI = 144
STILLS = 16  # frames of the fallback
X264 = ["-crf", "28", "-pix_fmt", "yuv420p", "-movflags", "+faststart"]
SAME_BYTES = ["-fflags", "+bitexact", "-flags:v", "+bitexact", "-map_metadata", "-1"]
BOX = (
    "border: 1px solid var(--grid, #d9dee5); border-radius: 8px; box-sizing: border-box; "
    "display: block; height: auto; max-width: 100%"
)
CSS_PIXELS = 120 / DPI  # CSS pixels per pixel of the video
MOVABLE = (Line2D, Text, Patch, Collection, AxesImage)
SHOW = (
    "const n=+this.value;this.closest('figure').querySelectorAll('img')"
    ".forEach((e,k)=>{e.hidden=k!==n})"
)


@cache
def ffmpeg():
    """Return the path of an ffmpeg, or None where there is none."""
    if sys.platform == "emscripten":  # the browser starts no programs
        return None
    try:
        import imageio_ffmpeg

        return imageio_ffmpeg.get_ffmpeg_exe()
    except (ImportError, RuntimeError):
        return shutil.which("ffmpeg")


class Animation:
    """What the two forms of an animation share: a text that says what happens."""

    def __init__(self, alt, size):
        self.alt, self.size = alt, size

    def media(self):
        """The moving part as HTML."""
        raise NotImplementedError

    def _repr_html_(self):
        return (
            f'<figure class="animation" style="margin: 1rem 0">{self.media()}<details>'
            f"<summary>The animation in words</summary><p>{escape(self.alt)}</p></details></figure>"
        )

    def _repr_mimebundle_(self, **kwargs):
        return {"text/html": self._repr_html_(), "text/plain": self.alt}


class Video(Animation):
    """An animation as an MP4 with a picture to stand for it until it is played."""

    def __init__(self, mp4, poster, alt, size, seconds):
        super().__init__(alt, size)
        self.mp4, self.poster, self.seconds = mp4, poster, seconds

    def media(self):
        width, height = self.size
        return (
            f'<video controls playsinline muted preload="none" width="{width}" height="{height}" '
            f'aria-label="{escape(self.alt)}" style="{BOX}; width: {width * CSS_PIXELS:.0f}px" '
            f'poster="{_data("image/webp", self.poster)}" '
            f'src="{_data("video/mp4", self.mp4)}"></video>'
        )


class Stills(Animation):
    """An animation as a few frames with a slider, where no video can be made."""

    def __init__(self, frames, alt, size):
        super().__init__(alt, size)
        self.frames = frames

    def media(self):
        width, height = self.size
        last = len(self.frames) - 1
        images = "".join(
            f'<img alt="{escape(self.alt) if k == last else ""}" width="{width}" height="{height}" '
            f'style="{BOX.replace("display: block; ", "")}" src="{_data("image/jpeg", frame)}"'
            f"{'' if k == last else ' hidden'}/>"
            for k, frame in enumerate(self.frames)
        )
        return (
            f'{images}<label style="display: flex; gap: .6rem">Time <input type="range" min="0" '
            f'max="{last}" value="{last}" oninput="{escape(SHOW)}" style="flex: 1"/></label>'
        )


def _data(kind, content):
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


class Canvas(FigureCanvasAgg):
    """A canvas that draws when asked, not whenever an animation has moved."""

    def draw_idle(self, *args, **kwargs):
        pass


class Blitter(FFMpegWriter):
    """A writer that draws only what moves, on a copy of what stands still."""

    def __init__(self, movers, **kwargs):
        super().__init__(**kwargs)
        self.movers, self.still = movers, None

    def grab_frame(self, **kwargs):
        canvas = self.fig.canvas
        if self.still is None:
            self.still = canvas.copy_from_bbox(self.fig.bbox)
        canvas.restore_region(self.still)
        for artist in self.movers:
            self.fig.draw_artist(artist)
        self._proc.stdin.write(canvas.buffer_rgba())


def video(figure, draw, frames, alt, *, fps=20):
    """Turn a figure into an animation of ``frames`` frames, ``frames / fps`` seconds long.

    ``draw(k)`` sets the data of artists that exist already, for k = 0, …, frames − 1, in axes that
    stand still. The last frame stands for the video until it is played; ``alt`` says what happens.
    Raises ValueError for a count, a rate or a text that cannot be used, and when the video has more
    than 300 kB.
    """
    check_alt(alt)
    if check_count("frames", frames) < 2:
        raise ValueError(f"frames = {frames!r}; expected at least 2")
    if not (math.isfinite(fps) and 1 <= fps <= 60):
        raise ValueError(f"fps = {fps!r}; expected a number from 1 to 60")
    draw(frames - 1)
    with style.use():
        size = _lay_out(figure)
        movers = _movers(figure, draw, frames)
        if ffmpeg() is None:
            chosen = np.linspace(0, frames - 1, min(frames, STILLS)).round().astype(int)
            stills = [_frame(figure, draw, k, "jpeg", DPI // 2) for k in chosen]
            return Stills(stills, alt, tuple(side // 2 for side in size))
        poster = _frame(figure, draw, frames - 1, "webp", DPI * 2 // 3)
        mp4 = _encode(figure, draw, frames, fps, movers)
    if len(mp4) > LIMIT:
        raise ValueError(
            f"the video has {len(mp4):,} bytes; expected at most {LIMIT:,} "
            "(fewer frames, a smaller figure, or less that moves at once)"
        )
    return Video(mp4, poster, alt, size, frames / fps)


def _lay_out(figure):
    """Give the figure paper and even sides, and lay it out once; return its size in pixels."""
    Canvas(figure)
    figure.set_facecolor(style.INK["paper"].light)
    figure.set_dpi(DPI)
    size = tuple(2 * round(inches * DPI / 2) for inches in figure.get_size_inches())
    figure.set_size_inches(*(side / DPI for side in size))
    figure.draw_without_rendering()
    figure.set_layout_engine("none")
    return size


def _movers(figure, draw, frames):
    """The artists whose data ``draw`` sets, from the lowest to the highest."""
    artists = figure.findobj(lambda artist: isinstance(artist, MOVABLE))
    for artist in artists:
        artist.stale = False
    where = [ax.viewLim.frozen().bounds for ax in figure.axes]
    draw(0)
    draw(frames // 2)
    if where != [ax.viewLim.frozen().bounds for ax in figure.axes]:
        raise ValueError("draw changes the limits of an axis; expected axes that stand still")
    moved = [artist for artist in artists if artist.stale]
    if not moved:
        raise ValueError("draw moves nothing; expected it to set the data of artists")
    return sorted(moved, key=lambda artist: artist.get_zorder())


def _frame(figure, draw, k, kind, dpi):
    """One frame as a picture file."""
    draw(k)
    buffer = io.BytesIO()
    paper = style.INK["paper"].light
    figure.savefig(buffer, format=kind, dpi=dpi, facecolor=paper, pil_kwargs={"quality": 60})
    return buffer.getvalue()


def _encode(figure, draw, frames, fps, movers):
    """The bytes of the MP4, the same for the same drawing."""
    for artist in movers:
        artist.set_animated(True)  # left out when the figure is drawn
    figure.canvas.draw()
    writer = Blitter(movers, fps=fps, codec="libx264", extra_args=[*X264, *SAME_BYTES])
    film = FuncAnimation(figure, draw, frames=frames, init_func=lambda: movers)
    with (
        tempfile.TemporaryDirectory() as folder,
        mpl.rc_context({"animation.ffmpeg_path": ffmpeg()}),
    ):
        path = os.path.join(folder, "film.mp4")
        film.save(path, writer=writer, dpi=DPI)
        with open(path, "rb") as file:
            return file.read()


# Ready-made


def _times(runs, frames):
    """The steps shown in each frame: from the start to the end of the longest run."""
    steps = max(run.steps for run in runs.values())
    frames = min(check_count("frames", frames), steps + 1)
    return np.linspace(0, steps, frames).round().astype(int)


def _finish(figure, ax, labels, title):
    """Title, counter and legend; returns the counter, whose text a frame sets."""
    columns = max(1, min(len(labels), 48 // (max(map(len, labels)) + 5)))
    rows = math.ceil(len(labels) / columns)
    width, height = figure.get_size_inches()
    figure.set_size_inches(width, height + plots.LEGEND_ROW * rows)
    figure.legend(loc="outside lower left", ncols=columns, handlelength=2.6)
    ax.set_title(title)
    return ax.set_title("step 0", loc="right", weight="normal", fontsize=10)


def race(surface, runs, alt, *, frames=120, fps=20, title="", colours=None):
    """Show ``runs``, {label: Trajectory}, move over the landscape together, each with its path.

    In one dimension the runs are balls on the curve. Every run stands at the same step in every
    frame; one that leaves the picture does not come back before its path does.
    """
    plots.check_runs(runs, surface.dim)
    if surface.dim == 1:
        return balls(surface, runs, alt, frames=frames, fps=fps, title=title, colours=colours)
    found = plots.colours_of(runs, colours)
    times = _times(runs, frames)
    with style.use():
        figure = Figure(figsize=plots.map_size(surface), layout="constrained")
        ax = figure.subplots()
        plots.contours(ax, surface)
        movers = []
        for k, (label, run) in enumerate(runs.items()):
            look = {"color": found[label].light, "marker": plots.MARKERS[k % len(plots.MARKERS)]}
            (path,) = ax.plot([], [], color=look["color"], linewidth=1.3)
            (head,) = ax.plot([], [], markersize=7, label=plots.name_of(label, run), **look)
            movers.append((plots.visible(run.x, surface.domain), path, head))
        counter = _finish(figure, ax, [plots.name_of(*item) for item in runs.items()], title)

    def draw(frame):
        t = times[frame]
        for x, path, head in movers:
            path.set_data(*x[: t + 1].T)
            head.set_data(*x[t : t + 1].T)
        counter.set_text(f"step {t}")
        return [artist for _, path, head in movers for artist in (path, head)] + [counter]

    return video(figure, draw, len(times), alt, fps=fps)


def balls(surface, runs, alt, *, frames=120, fps=20, title="", colours=None, trail=12):
    """Show ``runs``, {label: Trajectory}, as balls on the curve of a landscape of one dimension.

    Behind a ball its last ``trail`` positions are drawn.
    """
    if surface.dim != 1:
        raise ValueError(f"surface {surface.name!r} has dimension {surface.dim}; expected 1")
    plots.check_runs(runs, 1)
    found = plots.colours_of(runs, colours)
    times, trail = _times(runs, frames), check_count("trail", trail)
    with style.use():
        figure = Figure(figsize=plots.map_size(surface), layout="constrained")
        ax = figure.subplots()
        plots.contours(ax, surface)
        low, high = ax.get_ylim()
        ax.set_ylim(low, high + 0.05 * (high - low))
        movers = []
        for k, (label, run) in enumerate(runs.items()):
            look = {"color": found[label].light, "marker": plots.MARKERS[k % len(plots.MARKERS)]}
            (past,) = ax.plot([], [], markersize=4, alpha=0.35, linestyle="none", **look)
            (ball,) = ax.plot([], [], markersize=9, linestyle="none",
                              label=plots.name_of(label, run), **look)  # fmt: skip
            x = plots.visible(run.x, surface.domain)
            movers.append((x[:, 0], surface.f(x), past, ball))
        counter = _finish(figure, ax, [plots.name_of(*item) for item in runs.items()], title)

    def draw(frame):
        t = times[frame]
        for x, f, past, ball in movers:
            past.set_data(x[max(0, t - trail) : t], f[max(0, t - trail) : t])
            ball.set_data(x[t : t + 1], f[t : t + 1])
        counter.set_text(f"step {t}")
        return [artist for _, _, past, ball in movers for artist in (past, ball)] + [counter]

    return video(figure, draw, len(times), alt, fps=fps)


def series(
    x, ys, alt, *, frames=120, fps=20, title="", xlabel="step t", ylabel="", yscale="linear",
    ylim=None, guides=None, colours=None,
):  # fmt: skip
    """Show curves ``ys``, {label: y}, grow along ``x``; ``guides`` are there from the start."""
    x = np.asarray(x, dtype=float)
    ys = {label: np.asarray(y, dtype=float) for label, y in ys.items()}
    for label, y in ys.items():
        if y.shape != x.shape or x.ndim != 1:
            raise ValueError(f"ys[{label!r}] has shape {y.shape}; expected x's, {x.shape}")
    if not ys:
        raise ValueError("ys is empty; expected {label: y}")
    found = plots.colours_of(ys, colours)
    frames = min(check_count("frames", frames), len(x))
    ends = np.linspace(1, len(x), frames).round().astype(int)
    with style.use():
        figure = Figure(figsize=style.RC["figure.figsize"], layout="constrained")
        ax = figure.subplots()
        curves = []
        for k, (label, y) in enumerate(ys.items()):
            (curve,) = ax.plot(x, y, color=found[label].light, label=label,
                               linestyle=plots.DASHES[k % len(plots.DASHES)])  # fmt: skip
            curves.append((y, curve))
        plots.draw_guides(ax, x, guides)
        ax.set(xlabel=xlabel, ylabel=ylabel, yscale=yscale, xlim=(x.min(), x.max()))
        ax.set_ylim(ylim or ax.get_ylim())  # as the whole curves need it, in every frame
        counter = _finish(figure, ax, [*map(str, ys), *map(str, guides or {})], title)

    def draw(frame):
        end = ends[frame]
        for y, curve in curves:
            curve.set_data(x[:end], y[:end])
        counter.set_text(f"{xlabel.split()[0] if xlabel else ''} {x[end - 1]:g}".strip())
        return [curve for _, curve in curves] + [counter]

    return video(figure, draw, frames, alt, fps=fps)
