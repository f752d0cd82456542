"""Animations: they last as long as said, weigh little, wait to be started, and say what happens."""

import re
import subprocess

import numpy as np
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


def test_every_frame_is_there_and_the_dot_walks(film, tmp_path):
    frames = pictures(film.mp4, tmp_path / "film.mp4", film.size)
    assert len(frames) == 10
    red = (frames[..., 0] - frames[..., 1]) > 90
    places = [np.nonzero(frame)[1] for frame in red]
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


def test_the_last_frame_stands_for_the_video(film):
    html = film._repr_html_()
    assert re.search(r'poster="data:image/webp;base64,UklGR', html)
    assert len(film.poster) < 10_000
    assert film._repr_mimebundle_()["text/plain"] == ALT


def test_without_ffmpeg_there_are_frames_with_a_slider(no_ffmpeg, new_page, tmp_path):
    stills = animate.video(*walk(), 40, ALT)
    assert isinstance(stills, animate.Stills) and len(stills.frames) == animate.STILLS
    file = tmp_path / "stills.html"
    file.write_text(f'<meta charset="utf8"><title>Stills</title>{stills._repr_html_()}')
    page = new_page(width=360)
    page.goto(file.as_uri())
    shown = "[...document.images].map((e, k) => e.hidden ? -1 : k).filter(k => k >= 0)"
    assert page.evaluate(shown) == [animate.STILLS - 1]
    slider = page.get_by_label("Time")
    slider.press("Home")
    assert page.evaluate(shown) == [0]
    slider.press("ArrowRight")
    assert page.evaluate(shown) == [1]


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


def test_a_race_shows_every_run_at_the_same_step(handed):
    animate.race(RAVINE, RUNS, ALT, frames=16)
    (figure, draw, frames, alt), _ = handed[0]
    assert (frames, alt) == (16, ALT)
    gd_path, gd_head, _, momentum_head, counter = draw(8)
    assert counter.get_text() == "step 16"
    assert gd_head.get_xydata() == pytest.approx(RUNS["GD"].x[16:17])
    assert gd_path.get_xydata() == pytest.approx(RUNS["GD"].x[:17])
    assert len(momentum_head.get_xydata()) == 0, "it diverged: it has left the picture"
    labels = [text.get_text() for text in figure.legends[0].texts]
    assert labels[1].startswith("Momentum, diverged at step")
    assert [a.get_text() for a in draw(frames - 1)[-1:]] == ["step 30"]


def test_short_runs_get_a_frame_a_step(handed):
    animate.race(RAVINE, RUNS, ALT, frames=500)
    assert handed[0][0][2] == 31


def test_balls_lie_on_the_curve(handed):
    well = surfaces.DoubleWell()
    run = minimize(well, Momentum(lr=0.02), 1.9, 40)
    animate.race(well, {"Momentum": run}, ALT, frames=41)
    past, ball, counter = handed[0][0][1](20)
    assert ball.get_xydata()[0] == pytest.approx([run.x[20, 0], run.f[20]])
    assert past.get_xydata()[:, 0] == pytest.approx(run.x[8:20, 0])
    with pytest.raises(ValueError, match="'quadratic' has dimension 2; expected 1"):
        animate.balls(RAVINE, RUNS, ALT)


def test_series_grow_and_guides_stand_still(handed):
    t = np.arange(1, 41)
    animate.series(t, {"β = 0.9": 1 - 0.9**t}, ALT, frames=20, guides={"limit": 1.0})
    figure, draw, frames, _ = handed[0][0]
    curve, counter = draw(9)
    assert frames == 20 and len(curve.get_xdata()) < 40
    assert counter.get_text() == f"step {curve.get_xdata()[-1]:g}"
    assert len(figure.axes[0].lines) == 2 and len(draw(19)[0].get_xdata()) == 40
    with pytest.raises(ValueError, match=r"ys\['y'\] has shape \(2,\)"):
        animate.series(t, {"y": [1, 2]}, ALT)


def test_a_real_race_is_a_video_of_a_few_kilobytes():
    film = animate.race(RAVINE, RUNS, ALT)
    assert isinstance(film, animate.Video) and len(film.mp4) < 60_000
    assert film.seconds == pytest.approx(31 / 20)
