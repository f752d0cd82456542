"""Animations as small videos with controls: ``video``; ready-made: ``tracks``, ``race``, ``balls``.

The artists are made once and a frame only sets their data; what stands still is drawn once. A
video has a light paper of its own, because it cannot follow the theme; in the dark its light is
turned round. Its first frame is its picture, so that nothing is told before it is played, and its
last is kept for paper. Where there is no ffmpeg (in the browser's kernel) the result is a few
frames side by side.
"""

import base64
import io
import math
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from html import escape

import matplotlib as mpl
import numpy as np
from matplotlib.animation import FFMpegWriter, FuncAnimation
from matplotlib.axes import Axes
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
CSS_PIXELS = 120 / DPI  # CSS pixels per pixel of the video
MOVABLE = (Line2D, Text, Patch, Collection, AxesImage)
STRIP = 72  # CSS pixels under the picture, where the player puts its controls
FRAME = (
    "border: 1px solid var(--grid, #d9dee5); border-radius: 8px; box-sizing: border-box; "
    "overflow: hidden; margin-inline: auto; max-width: 100%; "
)
IN_THE_DARK = style.in_the_dark(".animation", f"--film: {style.FILM}")


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
    """What the two forms of an animation share: a name and a text that says what happens."""

    def __init__(self, alt, size, name=None, caption=""):
        self.alt, self.size, self.name, self.caption = alt, size, name, caption

    @property
    def id(self):
        """Its id on a page: its name."""
        return self.name

    def media(self):
        """The moving part as HTML."""
        raise NotImplementedError

    def _repr_html_(self):
        named = f' id="{escape(self.name)}"' if self.name else ""
        caption = f"<figcaption>{escape(self.caption)}</figcaption>" if self.caption else ""
        return (
            f'<figure class="animation"{named} style="margin: 1rem 0"><style>{IN_THE_DARK}</style>'
            f"{self.media()}{caption}<details><summary>The animation in words</summary>"
            f"<p>{escape(self.alt)}</p></details></figure>"
        )

    def _repr_mimebundle_(self, **kwargs):
        return {"text/html": self._repr_html_(), "text/plain": self.alt}


class Video(Animation):
    """An animation as an MP4: its first frame is its picture, its last is there for paper."""

    def __init__(self, mp4, first, last, alt, size, seconds, **named):
        super().__init__(alt, size, **named)
        self.mp4, self.first, self.last, self.seconds = mp4, first, last, seconds

    def media(self):
        width, height = self.size
        return (
            f'<div class="film" style="{FRAME}position: relative; padding-bottom: {STRIP}px; '
            f'width: {width * CSS_PIXELS:.0f}px"><div style="aspect-ratio: {width} / {height}">'
            f'<video controls playsinline muted preload="none" width="{width}" height="{height}" '
            f'aria-label="{escape(self.alt)}" style="position: absolute; inset: 0; width: 100%; '
            "height: 100%; object-fit: contain; object-position: top; border-radius: 0; "
            f'background: {style.INK["paper"].light}; filter: var(--film, none)" '
            f'poster="{_data("image/webp", self.first)}" '
            f'data-last="{_data("image/webp", self.last)}" '
            f'src="{_data("video/mp4", self.mp4)}"></video></div></div>'
        )


class Stills(Animation):
    """An animation as a few frames side by side, where no video can be made.

    A finger, a wheel or the arrow keys bring the next one into the window.
    """

    def __init__(self, frames, alt, size, **named):
        super().__init__(alt, size, **named)
        self.frames = frames

    def media(self):
        width, height = self.size
        images = "".join(
            f'<img alt="{"" if k else escape(self.alt)}" width="{width}" height="{height}" '
            'style="flex: 0 0 100%; max-width: 100%; height: auto; scroll-snap-align: start; '
            f'filter: var(--film, none)" src="{_data("image/jpeg", frame)}"/>'
            for k, frame in enumerate(self.frames)
        )
        return (
            f'<div class="frames" role="group" tabindex="0" style="{FRAME}display: flex; '
            f'overflow-x: auto; scroll-snap-type: x mandatory; width: {width * 2 * CSS_PIXELS:.0f}px"'
            f' aria-label="{len(self.frames)} frames of the animation, one beside the other">'
            f"{images}</div>"
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


def video(figure, draw, frames, alt, *, fps=20, name=None, caption=""):
    """Turn a figure into an animation of ``frames`` frames, ``frames / fps`` seconds long.

    ``draw(k)`` sets the data of artists that exist already, for k = 0, …, frames − 1, in axes that
    stand still. The first frame stands for the video until it is played; ``alt`` says what happens,
    ``name`` is its id on a page. Raises ValueError for a count, a rate or a text that cannot be
    used, and when the video has more than 300 kB.
    """
    check_alt(alt)
    if check_count("frames", frames) < 2:
        raise ValueError(f"frames = {frames!r}; expected at least 2")
    if not (math.isfinite(fps) and 1 <= fps <= 60):
        raise ValueError(f"fps = {fps!r}; expected a number from 1 to 60")
    named = {"name": name, "caption": caption}
    draw(frames - 1)
    with style.use():
        size = _lay_out(figure)
        movers = _movers(figure, draw, frames)
        if ffmpeg() is None:
            chosen = np.linspace(0, frames - 1, min(frames, STILLS)).round().astype(int)
            stills = [_frame(figure, draw, k, "jpeg", DPI // 2) for k in chosen]
            return Stills(stills, alt, tuple(side // 2 for side in size), **named)
        first, last = (_frame(figure, draw, k, "webp", DPI * 2 // 3) for k in (0, frames - 1))
        mp4 = _encode(figure, draw, frames, fps, movers)
    if len(mp4) > LIMIT:
        raise ValueError(
            f"the video has {len(mp4):,} bytes; expected at most {LIMIT:,} "
            "(fewer frames, a smaller figure, or less that moves at once)"
        )
    return Video(mp4, first, last, alt, size, frames / fps, **named)


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


@dataclass(eq=False)
class Track:
    """A ball in ``ax`` and the trail it leaves.

    ``places`` are where the ball is at each step, (steps + 1, 2); a track may end early. ``trail``
    is "line" (the path so far), "dots" (past places), "marks" (upright strokes) or "" (none), with
    a mark ``every`` so many steps, of the ``last`` so many steps only. ``says`` turns a step into
    what stands at the right above the axes; ``label`` is for a legend.
    Raises ValueError for places or a trail that cannot be drawn.
    """

    ax: Axes
    places: np.ndarray
    colour: style.Colour
    label: str = ""
    marker: str = "o"
    size: float = 7
    trail: str = "line"
    trail_colour: style.Colour | None = None
    width: float = 1.3
    every: int = 1
    last: int | None = None
    says: Callable[[int], str] | None = None

    def __post_init__(self):
        self.places = np.asarray(self.places, dtype=float)
        if self.places.ndim != 2 or self.places.shape[1] != 2 or not len(self.places):
            raise ValueError(f"places has shape {self.places.shape}; expected (steps + 1, 2)")
        looks = {
            "line": {"linewidth": self.width},
            "dots": {"linestyle": "none", "marker": self.marker, "markersize": 4, "alpha": 0.35},
            "marks": {"linestyle": "none", "marker": "|", "markersize": 11},
            "": {},
        }
        if self.trail not in looks:
            raise ValueError(f"trail = {self.trail!r}; expected one of {', '.join(looks)}")
        if check_count("every", self.every) < 1:
            raise ValueError("every = 0; expected at least 1")
        past = (self.trail_colour or self.colour).light
        (self.past,) = self.ax.plot([], [], color=past, **looks[self.trail])
        (self.ball,) = self.ax.plot(
            [], [], self.marker, color=self.colour.light, markersize=self.size, label=self.label
        )
        self.words = _right_of(self.ax) if self.says else None

    def show(self, t):
        """Draw it as it is at step t."""
        begin = 0 if self.last is None else max(0, t - self.last)
        end = t if self.trail == "dots" else t + 1
        trail = self.places[begin : end : self.every] if self.trail else self.places[:0]
        self.past.set_data(*trail.T)
        self.ball.set_data(*self.places[t : t + 1].T)
        if self.words:
            self.words.set_text(self.says(t))


def over_time(x):
    """The places of a ball whose position ``x`` is drawn against the step."""
    return np.column_stack([np.arange(len(x)), x])


def in_lane(x, lane):
    """The places of a ball that runs along its own lane of a picture."""
    return np.column_stack([x, np.full(len(x), float(lane))])


def _right_of(ax):
    """A text at the right above the axes, empty as yet."""
    return ax.set_title(" ", loc="right", weight="normal", fontsize=style.RC["font.size"] - 1)


def tracks(
    figure, tracks, alt, *, steps=None, every=1, fps=20, counter=None, name=None, caption=""
):  # fmt: skip
    """Show balls leave their tracks, in axes that the caller has drawn.

    A frame shows the steps 0, ``every``, 2 · ``every``, … up to ``steps``, by default the end of
    the longest track; above the axes ``counter`` stands the step. The rest is as for ``video``.
    """
    if not tracks:
        raise ValueError("tracks is empty; expected a list of Track")
    longest = max(len(track.places) for track in tracks) - 1
    last = longest if steps is None else check_count("steps", steps)
    return _play(figure, tracks, range(0, last + 1, every), counter, alt, fps, name, caption)


def _play(figure, tracks, times, counter, alt, fps, name, caption):
    """A video of the tracks at the given steps."""
    count = _right_of(counter) if counter else None

    def draw(frame):
        for track in tracks:
            track.show(times[frame])
        if count:
            count.set_text(f"step {times[frame]}")

    return video(figure, draw, len(times), alt, fps=fps, name=name, caption=caption)


def _times(runs, frames):
    """The steps shown in each frame: from the start to the end of the longest run."""
    steps = max(run.steps for run in runs.values())
    frames = min(check_count("frames", frames), steps + 1)
    return np.linspace(0, steps, frames).round().astype(int)


def race(
    surface, runs, alt, *, frames=120, fps=20, title="", colours=None, name=None, caption=""
):  # fmt: skip
    """Show ``runs``, {label: Trajectory}, move over the landscape together, each with its path.

    In one dimension the runs are balls on the curve. Every run stands at the same step in every
    frame; one that leaves the picture does not come back before its path does.
    """
    if surface.dim == 1:
        return balls(surface, runs, alt, frames=frames, fps=fps, title=title, colours=colours,
                     name=name, caption=caption)  # fmt: skip
    plots.check_runs(runs, surface.dim)
    return _on_landscape(surface, runs, lambda x: x, {}, title, colours, frames,
                         alt=alt, fps=fps, name=name, caption=caption)  # fmt: skip


def balls(
    surface, runs, alt, *, frames=120, fps=20, title="", colours=None, trail=12, name=None,
    caption="",
):  # fmt: skip
    """Show ``runs``, {label: Trajectory}, as balls on the curve of a landscape of one dimension.

    Behind a ball its last ``trail`` positions are drawn.
    """
    if surface.dim != 1:
        raise ValueError(f"surface {surface.name!r} has dimension {surface.dim}; expected 1")
    plots.check_runs(runs, 1)
    look = {"size": 9, "trail": "dots", "last": check_count("trail", trail)}
    return _on_landscape(surface, runs, lambda x: np.column_stack([x[:, 0], surface.f(x)]), look,
                         title, colours, frames, alt=alt, fps=fps, name=name,
                         caption=caption)  # fmt: skip


def _on_landscape(surface, runs, place, look, title, colours, frames, **told):
    """Runs as tracks on a landscape, named in a legend; ``place`` says where a point is drawn."""
    found = plots.colours_of(runs, colours)
    labels = {label: plots.name_of(label, run) for label, run in runs.items()}
    times = _times(runs, frames)
    with style.use():
        figure = Figure(figsize=plots.map_size(surface), layout="constrained")
        ax = figure.subplots()
        plots.contours(ax, surface)
        if surface.dim == 1:  # room for a ball on the highest point
            low, high = ax.get_ylim()
            ax.set_ylim(low, high + 0.05 * (high - low))
        balls = [
            Track(ax, place(plots.visible(run.x, surface.domain)), found[label], labels[label],
                  plots.MARKERS[k % len(plots.MARKERS)], **look)
            for k, (label, run) in enumerate(runs.items())
        ]  # fmt: skip
        plots.legend_below(figure, list(labels.values()))
        ax.set_title(title)
    return _play(figure, balls, times, ax, **told)
