"""The figures of chapter 5, Adam."""

import numpy as np
from matplotlib.figure import Figure

from optlib.descent import follow, minimize
from optlib.experiments import (
    PAIRINGS,
    RACE,
    RACE_START,
    AdamAfterSilence,
    OpenAdam,
    growing,
    paper_bound,
    sharp_bound,
    steps_at_angle,
    turn,
)
from optlib.figures.registry import figure, picture
from optlib.live import Ball, Bars, Cloud, Descent, Gauges, Goal, Series, Slider, Stems, Switch
from optlib.optimizers import Adam, GradientDescent, LaProp, RMSProp, RMSPropMomentum
from optlib.pictures import animate, plots, style, svg
from optlib.pictures.animate import Track, in_lane, over_time
from optlib.surfaces import Bowl, Flat, Himmelblau, Quadratic, Ridge, Tent

FASTEST = 0.999 / 0.9  # the growth of gradients, β₂/β₁, that makes Adam's step longest
TURNED = {"Adam": Adam(lr=0.1), "Gradient descent": GradientDescent(lr=2 / 101)}  # for κ = 100


@figure
def adam_opened(**opening):
    """The parts of every step of Adam, in each of two coordinates."""
    parts = {
        "|g|": lambda g: np.abs(g),
        "|m|": lambda m: np.abs(m),
        "|m̂|": lambda m, beta1, t, fix_m: np.abs(m) / (1 - beta1**t) ** fix_m,
        "√v": lambda v: np.sqrt(v),
        "√v̂": lambda v, beta2, t, fix_v: np.sqrt(v / (1 - beta2**t) ** fix_v),
        "|Δ|/η": lambda dx, lr: np.abs(dx) / lr,
    }
    look = {
        "ylim": (1e-3, 1e2),
        "scale": "log",
        "switches": True,
        "ylabel": "size of each part",
        "colours": dict(zip(parts, ("g", "m", "m_hat", "v", "v_hat", "dx"), strict=True)),
    }
    return Descent(
        {"ridge": Ridge(), "ravine": Quadratic(20), "four valleys": Himmelblau()},
        {"Adam": OpenAdam(lr=0.05)},
        start=(-2.0, 0.6),
        steps=80,
        sliders={
            "lr": (1e-3, 0.3, "log"),
            "beta1": (0, 0.99),
            "beta2": (0, 0.9999, "decay"),
            "eps": (1e-8, 10, "log"),
            "fix_m": Switch("correct m"),
            "fix_v": Switch("correct v"),
        },
        colours={"Adam": "Adam"},
        panels=(
            Series(parts, coordinate=0, title="x₁: along the ridge", **look),
            Series(parts, coordinate=1, title="x₂: across it", **look),
        ),
        name="adam-opened",
        formerly="live-adam-opened",
        states={
            "v-uncorrected": {"fix_v": 0.0},
            "uncorrected": {"fix_m": 0.0, "fix_v": 0.0},
            "no-average": {"beta1": 0.0},
            "large-eps": {"eps": 0.1},
        },
        opening=opening,
        title="Adam, opened",
        alt="Two pictures, one for each coordinate, with six lines on a logarithmic axis over 80 "
        "steps. The gradients begin at 0.1 and at 10, a hundredfold apart; the step in units "
        "of the learning rate begins at one in both.",
        caption="Move the scrubber, the dials, the corrections. A dip to the floor is a change of "
        "sign. Correct neither and the first step is 3.16η; only m, and it is 31.6η. With β₁ "
        "= 0 the lines of m and g are one. Raise ε to 0.1: the gentle coordinate halves its "
        "step, the steep one does not notice.",
    )


@figure
def beat_the_bound(**opening):
    """Gradients drawn by hand after a silence, and the length of the step that they make."""
    steps = 60
    return Descent(
        Flat(),
        {"Adam": AdamAfterSilence(lr=1.0, eps=1e-12)},
        start=0.0,
        steps=steps,
        gradients=np.eye(steps)[-1],
        sliders={
            "beta1": (0, 0.99),
            "beta2": (0.5, 0.9999, "decay"),
            "silence": Slider(0, 10_000, label="zeros before them"),
        },
        panels=(
            Bars(title="Draw the gradient"),
            Gauges(
                {"|Δ|/η": lambda dx, lr: np.abs(dx) / lr},
                xlim=(0, 8.5),
                scale="linear",
                marks={
                    "η": 1.0,
                    "the paper": paper_bound,
                    "sharp": lambda beta1, beta2: (
                        (1 - beta1) / np.sqrt((1 - beta2) * np.maximum(1 - beta1**2 / beta2, 1e-12))
                    ),
                },
                colours={"|Δ|/η": "dx"},
                xlabel="step in units of η",
                title="How long is the step?",
            ),
        ),
        goal=Goal(
            "At β₁ = 0.9 and β₂ = 0.999, make a step longer than 7η.",
            lambda dx, lr, beta1, beta2: (
                (np.abs(dx) > 7 * lr)
                & (np.abs(beta1 - 0.9) < 1e-6)
                & (np.abs(beta2 - 0.999) < 1e-6)
            ),
        ),
        name="beat-the-bound",
        formerly="live-draw-the-gradient-that-beats-the-bound",
        states={
            "sharp": {"gradients": growing(FASTEST, steps).tolist()},
            "no-silence": {"gradients": growing(FASTEST, steps).tolist(), "silence": 0.0},
        },
        opening=opening,
        title="Draw the gradient that beats the bound",
        alt="Sixty bars, all zero but the last. A gauge shows the step at the last of them, 3.16 "
        "times the learning rate, at the second of three marks: 1, 3.16 and 7.27.",
        caption="Drag across the bars, or choose one with the arrow keys and change it. The gauge "
        "shows the step at the scrubber. Marks: η, the bound in the paper, and the bound "
        "derived below.",
    )


@picture
def longest_step():
    """Adam's step after gradients that grow, against their growth."""
    growth = np.linspace(1.0, 1.6, 121)
    last = np.abs(follow(Adam(lr=1, eps=1e-300), growing(growth, 8000)).dx[-1])
    bounds = {"sharp bound": sharp_bound(0.9, 0.999), "the paper's bound": paper_bound(0.9, 0.999)}
    return plots.lines(
        growth,
        {"Adam after 8,000 gradients": last},
        colours={"Adam after 8,000 gradients": Adam},
        guides=bounds,
        title="The longest step: gradients that grow by 1.11",
        xlabel="growth of the gradient per step",
        ylabel="last step in units of η",
        ylim=(0, 8),
        alt="A curve over the growth per step: it rises steeply from 1, peaks at the sharp bound "
        "of 7.27 near a growth of 1.11 and falls slowly towards the paper's 3.16 as the "
        "growth becomes large.",
    )


@figure
def adam_at_rest(**opening):
    """Where Adam and RMSProp stay on a noisy bowl."""
    return Descent(
        Bowl(),
        {"Adam": Adam(lr=0.03), "RMSProp": RMSProp(lr=0.03, beta2=0.99)},
        start=0.0,
        steps=3000,
        sliders={
            "lr": (1e-3, 0.1, "log"),
            "noise": (0.1, 4, "log"),
            "surface.curvature": (0.2, 5, "log"),
        },
        noise=1.0,
        panels=(
            Cloud(
                lambda lr, noise, curvature: lr * noise / (2 * curvature),
                burn=500,
                limits=(-0.8, 0.8),
                height=8.0,
                title="The cloud at rest: one σ, not two",
            ),
        ),
        name="adam-at-rest",
        formerly="live-where-adam-and-rmsprop-rest",
        states={
            "twice-the-noise": {"noise": 2.0},
            "twice-the-rate": {"lr": 0.06},
            "too-little-noise": {"lr": 0.1, "noise": 0.1},
        },
        opening=opening,
        title="Where Adam and RMSProp rest",
        alt="Two histograms of the position on a noisy bowl, of Adam and of RMSProp, nearly the "
        "same, both under one bell curve of variance ησ/(2λ).",
        caption="Double σ: the cloud's variance doubles, where gradient descent's would quadruple. "
        "Double η: it doubles too. Where σ is no larger than ηλ the prediction fails. One run"
        " scatters; the cell below averages 400.",
    )


@figure
def resurrection(**opening):
    """Adam arrives at the minimum of a bowl, and leaves it."""
    return Descent(
        Bowl(),
        {"Adam": Adam(lr=0.1, beta2=0.99, eps=1e-12)},
        start=1.0,
        steps=1300,
        sliders={
            "eps": (1e-12, 1e-1, "log"),
            "beta1": (0, 0.95),
            "beta2": (0.95, 0.999, "decay"),
            "lr": (0.01, 1, "log"),
        },
        panels=(
            Series(
                {"|x|": lambda x: np.abs(x)},
                scale="log",
                ylim=(1e-28, 1e1),
                ylabel="distance from the minimum |x|",
                title="Adam arrives, and leaves",
            ),
            Series(
                {
                    "ratio": lambda lr, curvature, v, beta2, t, eps: (
                        lr * curvature / (np.sqrt(v / (1 - beta2**t)) + eps)
                    )
                },
                guides={"2(1+β₁)/(1−β₁)": lambda beta1: 2 * (1 + beta1) / (1 - beta1)},
                scale="log",
                ylim=(1e-1, 1e3),
                ylabel="effective rate × curvature",
                title="The line it must not cross",
            ),
        ),
        goal=Goal(
            "Make Adam stay: end within 1e-12 of the minimum.",
            lambda x: np.abs(x) < 1e-12,
            at="end",
        ),
        name="resurrection",
        formerly="live-adam-s-resurrection",
        states={
            "arrival": {"step": 800},
            "no-average": {"beta1": 0.0},
            "beta1-half": {"beta1": 0.5},
            "held": {"eps": 0.0027},  # just above ηλ/38
        },
        opening=opening,
        title="Adam’s resurrection",
        alt="Left, the distance from the minimum on a logarithmic axis falls steadily to 1e-21 "
        "until step 886, then bursts up to 0.03 within sixty steps and stays in a jagged band"
        " below. Right, the effective rate times the curvature climbs steadily, crosses a "
        "line at 38 at the same step, and then hovers about that line.",
        caption="Compare the two pictures step by step: the burst begins where the right curve "
        "crosses its line. β₁ moves the line (2 at β₁ = 0, 6 at 0.5, 38 at 0.9). ε caps the "
        "curve: find the ε from which on it never reaches the line.",
    )


@picture
def turned_ravine():
    """Steps to the floor of a ravine against its angle."""
    angles = np.linspace(0, 90, 13)
    steps = {k: [steps_at_angle(r, a, steps=800)[0] for a in angles] for k, r in TURNED.items()}
    return plots.lines(
        angles,
        steps,
        colours=TURNED,
        title="Turning the ravine: free for GD, costly for Adam",
        xlabel="angle of the ravine in degrees",
        ylabel="steps to a loss of 1e-6",
        ylim=(0, 600),
        alt="Steps against the angle. Gradient descent is a level line at 444. Adam needs 82 "
        "steps at 0 and at 90 degrees, about 380 at 22.5 degrees and 500 at 45 degrees.",
    )


@figure
def turning_round(**opening):
    """Adam and RMSProp with momentum at the kink of the tent."""
    return Descent(
        Tent(),
        {
            "Adam": Adam(lr=0.1, eps=1e-10),
            "RMSProp with momentum": RMSPropMomentum(lr=0.01, eps=1e-10),
        },
        start=1.995,
        steps=120,
        step=41,
        sliders={
            "lr": Slider(0.01, 0.1, "log", value=0.1, label="η of Adam"),
            "share": Slider(0.1, 1, "log", value=0.1, label="RMSProp’s η / Adam’s"),
            "Adam.beta2": Slider(0.9, 0.999, "decay", label="β₂ of Adam"),
            "RMSProp with momentum.beta2": Slider(0.9, 0.999, "decay", label="β₂ of RMSProp"),
        },
        derived={"RMSProp with momentum.lr": lambda lr, share: lr * share},
        panels=(
            Ball(title="Turning round at the kink", xlim=(-1.5, 2.5)),
            Series(
                {"x": lambda x: x}, ylabel="position x", ylim=(-1.5, 2.5), title="Late, or slow?"
            ),
        ),
        name="turning-round",
        formerly="live-adam-against-rmsprop-with-momentum",
        states={
            "same-rate": {"share": 1.0, "lr": 0.01},
            "half-a-step-nearer": {"start": [1.945]},
            "short-memory": {"Adam.beta2": 0.9},
        },
        opening=opening,
        title="Adam against RMSProp with momentum",
        alt="Two balls on a kinked line, and their positions over 120 steps. Both pass 0 near "
        "step 20 and go to about -0.7; RMSProp with momentum is back at 0 at step 66, Adam "
        "only at step 89.",
        caption="It opens at equal arrival speed. For the same η set the share to 1 and Adam’s η "
        "to 0.01. Drag the start by half a step, 0.05: who goes further is then decided by where"
        " each lands beyond the kink.",
    )


@figure
def two_pairings():
    """Adam and RMSProp with momentum at the kink, at the same η and at equal arrival speed."""
    steps = 300
    with style.use():
        fig = Figure(figsize=(8, 3.6), layout="constrained")
        tracks = []
        axes = fig.subplots(1, 2, sharey=True)
        for ax, (pairing, rules) in zip(axes, PAIRINGS.items(), strict=True):
            ax.axhline(0, color=style.INK["land"].light, linewidth=1)
            ax.set(title=pairing.capitalize(), xlabel="step t", xlim=(0, steps), ylim=(-1, 2.2))
            for rule, width in rules:
                x = minimize(Tent(), rule, 2 + width / 2, steps, keep="path").x[:, 0]
                look = {"label": type(rule).__name__, "size": 9, "width": 1.8}
                tracks.append(Track(ax, over_time(x), style.colour_of(rule), **look))
        ax.legend(loc="upper right")
        axes[0].set_ylabel("position x, the kink is at 0")
    return animate.tracks(
        fig,
        tracks,
        every=2,
        name="two-pairings",
        alt="Position against step for 300 steps, two pictures side by side. Left, same η: "
        "RMSProp with momentum is at the kink after 22 steps, goes 0.7 beyond, returns and "
        "settles; Adam goes down in a straight line, arrives at step 201 and turns within "
        "0.08. Right, equal arrival speed: both arrive together and go about equally far; "
        "RMSProp with momentum is back while Adam still creeps.",
    )


def adds(k, t, beta1, g_k, divisor):
    """What the gradient of step k adds to the corrected average of g / divisor at step t."""
    return (1 - beta1) * beta1 ** (t - k) / (1 - beta1**t) * g_k / divisor


def divided_now(k, t, beta1, beta2, eps, v, g_k):
    """In Adam the v̂ of now divides all gradients."""
    return adds(k, t, beta1, g_k, np.sqrt(v / (1 - beta2**t)) + eps)


def divided_then(k, t, beta1, beta2, eps, v_k, g_k):
    """In LaProp each gradient is divided by the v̂ of its own time."""
    return adds(k, t, beta1, g_k, np.sqrt(v_k / (1 - beta2**k)) + eps)


@figure
def order_against_memory(**opening):
    """Average first or normalise first, at one memory of v: turn, return, and why."""
    return Descent(
        Tent(),
        {
            "Average first (Adam)": Adam(lr=0.1, beta2=0.9, eps=1e-10),
            "Normalise first (LaProp)": LaProp(lr=0.1, beta2=0.9, eps=1e-10),
        },
        start=1.995,
        steps=120,
        step=36,
        sliders={"beta2": (0.9, 0.999, "decay"), "beta1": (0.5, 0.97, "decay")},
        panels=(
            Ball(title="Same speed, two orders", xlim=(-1.5, 2.5)),
            Series(
                {"x": lambda x: x}, ylabel="position x", ylim=(-1.5, 2.5), title="Turn and return"
            ),
            Stems(
                {"Average first (Adam)": divided_now, "Normalise first (LaProp)": divided_then},
                ylabel="share of −Δ/η",
                ylim=(-0.12, 0.12),
                last=60,
                title="What each gradient adds to this step",
            ),
        ),
        name="order-against-memory",
        formerly="live-order-against-memory",
        states={
            "slow-v": {"beta2": 0.999},
            "slow-m": {"beta1": 0.97},
        },
        opening=opening,
        title="Order against memory",
        alt="At β₂ = 0.9 the ball that normalises first turns five steps before the one that "
        "averages first. The stems show why: its old gradients, above the line, have shrunk, "
        "and its new ones, below, count for more.",
        caption="Scrub through the turn: a ball turns when its stems above and below the line "
        "balance. Then move β₂ to 0.999: the late turn becomes common to both, and so does "
        "the slow return.",
    )


@picture
def orders_and_memories():
    """Two orders by two memories: the position after crossing the kink."""
    start, orders = 10.05, {"Average first": Adam, "Normalise first": LaProp}
    with style.use():
        fig = Figure(figsize=(6.6, 4.6), layout="constrained")
        grid = fig.subplots(2, 2, sharex=True, sharey=True)
        for row, (words, order) in zip(grid, orders.items(), strict=True):
            for ax, beta2 in zip(row, (0.9, 0.999), strict=True):
                _draw_turn(ax, order(0.1, beta2=beta2, eps=1e-10), start)
                ax.set(title=f"{words}, β₂ = {beta2}", xlim=(-10, 115), ylim=(-1.4, 1))
        fig.supxlabel("steps after crossing the kink", fontsize=10)
        fig.supylabel("position x", fontsize=10)
    return svg.picture(
        fig,
        alt="Two by two pictures of the position after the crossing. Rows: average first, "
        "normalise first. Columns: β₂ 0.9 and 0.999. The left column comes back within about "
        "26 steps of the turn, the right column within about 68, in both rows. Only the lower"
        " left one turns early, at step 17; the others turn at 22.",
    )


def _draw_turn(ax, rule, start):
    """The path of a rule after it crosses the kink, with its turn and its return marked."""
    crossing, turning, depth, back = (column[0] for column in turn(rule, start))
    x = minimize(Tent(), rule, start, 260, keep="path").x[:, 0]
    ax.axhline(0, color=style.INK["land"].light, linewidth=1)
    ax.plot(np.arange(len(x)) - crossing, x, color=style.colour_of(rule).light)
    ax.plot([turning, turning + back], [-depth, 0], "o", color=style.SYMBOLS["x"].light)
    ax.annotate(f"turns: {turning}", (turning, -depth), (turning, -depth - 0.25))
    ax.annotate(f"back: +{back}", (turning + back, 0), (turning + back - 12, 0.15))


@figure
def nine_rules():
    """Nine rules come down one slope, each leaving a mark every twenty steps."""
    with style.use():
        fig = Figure(figsize=(7, 3.9), layout="constrained")
        ax = fig.subplots()
        ax.axvline(0, color=style.INK["muted"].light, linewidth=1, dashes=(4, 3))
        ax.set(xlim=(2.1, -0.15), ylim=(len(RACE) - 0.4, -0.6), xlabel="position x, 0 is the kink")
        ax.set_yticks(range(len(RACE)), list(RACE))
        ax.tick_params(axis="y", length=0)
        ax.set_title("Nine rules, one arrival time")
        tracks = []
        for lane, rule in enumerate(RACE.values()):
            x = minimize(Tent(), rule, RACE_START, 400, keep="path").x[:, 0]
            look = {"size": 9, "trail": "marks", "every": 20}
            tracks.append(Track(ax, in_lane(x, lane), style.colour_of(rule), **look))
    return animate.tracks(
        fig,
        tracks,
        every=4,
        fps=15,
        name="nine-rules",
        alt="Nine lanes, 400 steps, a mark left behind every 20 steps. Eight rules cross the line"
        " at 0 between steps 191 and 209, Adadelta at step 370. The marks of gradient "
        "descent, RMSProp and Adam are evenly spaced; those of momentum and Nesterov begin "
        "dense and even out; AdaGrad's begin far apart and crowd together; Adadelta's spread "
        "more and more.",
    )
