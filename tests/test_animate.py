"""Animations: they last as long as said, weigh little, wait to be started, and say what happens."""

import base64
import io
import re
import subprocess

import numpy as np
import PIL.Image
import PIL.ImageColor
import pytest
from matplotlib.figure import Figure

from optlib import GradientDescent, Momentum, minimize, surfaces
from optlib.pictures import animate, style

ALT = "A dot walks along a line, from left to right."
RAVINE = surfaces.Quadratic()
RUNS = {
    "GD": minimize(RAVINE, GradientDescent(lr=0.09), (-1.5, 1.2), 30),
    "Momentum": minimize(RAVINE, Momentum(lr=0.5), (-1.5, 1.2), 30),
}


def walk():
    """A figure and the function that moves its dot, which records when it was called."""
    with style.use():
        figure = Figure(figsize=(2.01, 1.51))
        ax = figure.subplots()
        (dot,) = ax.plot([], [], "o", color=style.OPTIMIZERS["Adam"].light, markersize=12)
        ax.set(xlim=(0, 9), ylim=(-1, 1))

    def draw(k):
        draw.seen.append(k)
        dot.set_data([k], [0])

    draw.seen = []
    return figure, draw


@pytest.fixture(scope="module")
def film():
    return animate.video(*walk(), 10, ALT, fps=5)


@pytest.fixture
def no_ffmpeg(monkeypatch):
    monkeypatch.setattr(animate, "ffmpeg", lambda: None)


def pictures(mp4, path, size):
    """The frames of a video as an array (frames, height, width, 3)."""
    path.write_bytes(mp4)
    command = f"{animate.ffmpeg()} -v error -i {path} -f rawvideo -pix_fmt rgb24 -"
    done = subprocess.run(command.split(), stdout=subprocess.PIPE, check=True)
    return np.frombuffer(done.stdout, np.uint8).reshape(-1, size[1], size[0], 3).astype(int)


def pixels(file):
    """A picture file as an array (height, width, 3)."""
    return np.asarray(PIL.Image.open(io.BytesIO(file)).convert("RGB")).astype(int)


def red(frames):
    """Where the dot is."""
    return (frames[..., 0] - frames[..., 1]) > 90


def test_every_frame_is_there_and_the_dot_walks(film, tmp_path):
    frames = pictures(film.mp4, tmp_path / "film.mp4", film.size)
    assert len(frames) == 10
    places = [np.nonzero(frame)[1] for frame in red(frames)]
    assert (np.diff([place.mean() for place in places]) > 5).all(), "it is further right each time"
    assert max(np.ptp(place) for place in places) < 40, "and nowhere else"


def test_sides_are_even_as_yuv420p_needs(film):
    assert all(side % 2 == 0 for side in film.size)
    assert film.size == (290, 218)  # 2.01 and 1.51 inches at 144 dpi are 289.4 and 217.4


def test_the_same_drawing_gives_the_same_bytes(film):
    assert animate.video(*walk(), 10, ALT, fps=5).mp4 == film.mp4


def test_artists_are_drawn_not_made_again():
    figure, draw = walk()
    count = len(figure.axes[0].lines)
    animate.video(figure, draw, 4, ALT)
    assert len(figure.axes[0].lines) == count and set(draw.seen) == {0, 1, 2, 3}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_waits_plays_and_lasts_as_long_as_said(film, new_page, tmp_path, theme):
    file = tmp_path / "film.html"
    file.write_text(f'<meta charset="utf8"><title>Film</title>{film._repr_html_()}')
    page = new_page(theme=theme, width=360)
    page.goto(file.as_uri())
    player = page.locator("video")
    assert player.evaluate("v => v.paused && !v.autoplay && v.preload === 'none' && v.controls")
    assert player.get_attribute("aria-label") == ALT
    assert player.bounding_box()["width"] <= 344
    seconds = player.evaluate(
        "v => new Promise(done => { v.onended = () => done([v.duration, v.currentTime]);"
        " v.playbackRate = 4; v.play() })"
    )
    assert seconds == pytest.approx([film.seconds] * 2, abs=0.01) and film.seconds == 2
    page.get_by_text("The animation in words").click()
    assert page.get_by_text(ALT, exact=True).is_visible()


def test_the_first_frame_stands_for_the_video_and_the_last_is_there_for_paper(film):
    html = film._repr_html_()
    stood = {
        name: base64.b64decode(re.search(rf'{name}="data:image/webp;base64,([^"]+)"', html)[1])
        for name in ("poster", "data-last")
    }
    places = {name: np.nonzero(red(pixels(webp)))[1].mean() for name, webp in stood.items()}
    assert places["poster"] < places["data-last"], "the dot walks to the right"
    assert len(film.first) < 10_000 and len(film.last) < 10_000
    assert film._repr_mimebundle_()["text/plain"] == ALT


def test_it_bears_its_name_and_its_caption():
    film = animate.video(*walk(), 4, ALT, name="walk", caption="Play it: x < 9.")
    html = film._repr_html_()
    assert film.name == film.id == "walk" and '<figure class="animation" id="walk"' in html
    assert "<figcaption>Play it: x &lt; 9.</figcaption>" in html


@pytest.mark.parametrize("width", [360, 800])
def test_the_controls_have_a_strip_of_their_own_under_the_picture(film, new_page, tmp_path, width):
    file = tmp_path / "film.html"
    file.write_text(f'<meta charset="utf8"><title>Film</title>{film._repr_html_()}')
    page = new_page(width=width)
    page.goto(file.as_uri())
    box = page.locator("video").bounding_box()
    picture = box["width"] * film.size[1] / film.size[0]
    assert box["height"] == pytest.approx(picture + animate.STRIP, abs=1)
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    shown = page.locator("video").evaluate("v => getComputedStyle(v).objectPosition")
    assert shown == "50% 0%", "the picture stands at the top"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_its_paper_is_that_of_the_page_in_the_light_and_in_the_dark(
    film, new_page, tmp_path, theme
):
    file = tmp_path / "film.html"
    file.write_text(
        f'<html data-theme="{theme}"><meta charset="utf8"><title>Film</title>'
        f"<style>{style.css()}</style>{film._repr_html_()}</html>"
    )
    page = new_page(theme=theme)
    page.goto(file.as_uri())
    # past the dot's own place, in a corner of the picture
    seen = pixels(page.locator("video").screenshot())[4, 4]
    wanted = getattr(style.INK["paper"], theme)
    assert np.abs(seen - np.array(PIL.ImageColor.getrgb(wanted))).max() <= 12


def test_without_ffmpeg_there_are_frames_to_leaf_through(no_ffmpeg, new_page, tmp_path):
    stills = animate.video(*walk(), 40, ALT)
    assert isinstance(stills, animate.Stills) and len(stills.frames) == animate.STILLS
    file = tmp_path / "stills.html"
    file.write_text(f'<meta charset="utf8"><title>Stills</title>{stills._repr_html_()}')
    page = new_page(width=360)
    page.goto(file.as_uri())
    shown = """() => {
      const frames = document.querySelector('.frames').getBoundingClientRect();
      return [...document.images].map((e, k) => [e.getBoundingClientRect(), k])
        .filter(([box]) => Math.abs(box.left - frames.left) < 3).map(([, k]) => k); }"""
    assert page.evaluate(shown) == [0]
    page.locator(".frames").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function(f"({shown})()[0] === 1")


@pytest.mark.parametrize("ffmpeg", [True, False])
def test_a_strict_policy_lets_it_be(ffmpeg, monkeypatch):
    """No handler stands in the markup, which a page without 'unsafe-inline' would refuse."""
    if not ffmpeg:
        monkeypatch.setattr(animate, "ffmpeg", lambda: None)
    html = animate.video(*walk(), 4, ALT)._repr_html_()
    assert re.findall(r"<script|\son\w+=", html) == []


def test_a_video_that_is_too_heavy_is_refused_with_its_size(monkeypatch):
    monkeypatch.setattr(animate, "LIMIT", 1000)
    with pytest.raises(ValueError, match=r"the video has \d,\d{3} bytes; expected at most 1,000"):
        animate.video(*walk(), 10, ALT)


@pytest.mark.parametrize(
    "frames, options, message",
    [
        (1, {}, "frames = 1; expected at least 2"),
        (2.5, {}, "frames = 2.5"),
        (10, {"fps": 0}, "fps = 0; expected a number from 1 to 60"),
        (10, {"fps": float("nan")}, "fps = nan"),
    ],
)
def test_bad_input_is_refused_by_name(frames, options, message):
    with pytest.raises(ValueError, match=message):
        animate.video(*walk(), frames, ALT, **options)


def test_texts_and_functions_that_say_nothing_are_refused():
    figure, _ = walk()
    with pytest.raises(ValueError, match="alt = 'film'"):
        animate.video(*walk(), 10, "film")
    with pytest.raises(ValueError, match="draw moves nothing"):
        animate.video(figure, lambda k: None, 10, ALT)


def test_axes_that_move_are_refused_because_they_are_drawn_once():
    figure, draw = walk()

    def zoom(k):
        draw(k)
        figure.axes[0].set_xlim(k, k + 1)

    with pytest.raises(ValueError, match="limits of an axis"):
        animate.video(figure, zoom, 10, ALT)


# Ready-made: looked at through what they hand to video()


@pytest.fixture
def handed(monkeypatch):
    calls = []
    monkeypatch.setattr(animate, "video", lambda *args, **kwargs: calls.append((args, kwargs)))
    return calls


def moved(handed, frame):
    """The lines of the picture, and its words, as they are in a frame."""
    figure, draw, *_ = handed[-1][0]
    draw(frame)
    words = [ax.get_title(loc="right") for ax in figure.axes]
    return [line for ax in figure.axes for line in ax.lines], words


def test_a_race_shows_every_run_at_the_same_step(handed):
    animate.race(RAVINE, RUNS, ALT, frames=16, colours={"GD": GradientDescent})
    (figure, draw, frames, alt), _ = handed[0]
    assert (frames, alt) == (16, ALT)
    lines, words = moved(handed, 8)
    gd_path, gd_head, _, momentum_head = lines[-4:]
    assert words == ["step 16"]
    assert gd_head.get_xydata() == pytest.approx(RUNS["GD"].x[16:17])
    assert gd_path.get_xydata() == pytest.approx(RUNS["GD"].x[:17])
    assert gd_path.get_color() == style.OPTIMIZERS["GradientDescent"].light
    assert len(momentum_head.get_xydata()) == 0, "it diverged: it has left the picture"
    labels = [text.get_text() for text in figure.legends[0].texts]
    assert labels[1].startswith("Momentum, diverged at step")
    assert moved(handed, frames - 1)[1] == ["step 30"]


def test_short_runs_get_a_frame_a_step(handed):
    animate.race(RAVINE, RUNS, ALT, frames=500)
    assert handed[0][0][2] == 31


def test_balls_lie_on_the_curve(handed):
    well = surfaces.DoubleWell()
    run = minimize(well, Momentum(lr=0.02), 1.9, 40)
    animate.race(well, {"Momentum": run}, ALT, frames=41)
    past, ball = moved(handed, 20)[0][-2:]
    assert ball.get_xydata()[0] == pytest.approx([run.x[20, 0], run.f[20]])
    assert past.get_xydata()[:, 0] == pytest.approx(run.x[8:20, 0])
    with pytest.raises(ValueError, match="'quadratic' has dimension 2; expected 1"):
        animate.balls(RAVINE, RUNS, ALT)


def test_a_track_is_a_ball_with_what_it_leaves_behind(handed):
    x = np.linspace(2, 0, 41)
    with style.use():
        figure = Figure()
        left, right = figure.subplots(1, 2)
    adam = style.OPTIMIZERS["Adam"]
    tracks = [
        animate.Track(left, animate.over_time(x), adam, says=lambda t: f"x = {x[t]:.1f}"),
        animate.Track(right, animate.in_lane(x, 3), adam, trail="marks", every=20),
        animate.Track(right, animate.in_lane(x[:10], 4), adam, trail="dots", last=5),
    ]
    animate.tracks(figure, tracks, ALT, every=10, counter=right)
    assert handed[0][0][2] == 5, "steps 0, 10, 20, 30 and 40"
    lines, words = moved(handed, 3)
    line, ball, marks, marked, dots, gone = (part.get_xydata() for part in lines)
    assert words == ["x = 0.5", "step 30"]
    assert line == pytest.approx(animate.over_time(x)[:31]) and ball[0] == pytest.approx([30, 0.5])
    assert marks.ravel() == pytest.approx([2, 3, 1, 3]) and marked[0] == pytest.approx([0.5, 3])
    assert len(dots) == 0 and len(gone) == 0, "it ended at step 9"
    dots = moved(handed, 0)[0][4].get_xydata()
    assert len(dots) == 0, "nothing is behind it at the start"


def test_tracks_that_cannot_be_drawn_are_refused_by_name():
    ax, adam = Figure().subplots(), style.OPTIMIZERS["Adam"]
    with pytest.raises(ValueError, match=r"places has shape \(3,\); expected \(steps \+ 1, 2\)"):
        animate.Track(ax, [1, 2, 3], adam)
    with pytest.raises(ValueError, match="trail = 'smoke'; expected one of line, dots, marks"):
        animate.Track(ax, [[0, 0]], adam, trail="smoke")
    with pytest.raises(ValueError, match="tracks is empty"):
        animate.tracks(ax.figure, [], ALT)


def test_a_real_race_is_a_video_of_a_few_kilobytes():
    film = animate.race(RAVINE, RUNS, ALT)
    assert isinstance(film, animate.Video) and len(film.mp4) < 60_000
    assert film.seconds == pytest.approx(31 / 20)
