"""The figures of chapter 1: balls on bowls, the ravine, two bottoms, a cloud."""

import numpy as np
from matplotlib.figure import Figure

from optlib import GradientDescent, minimize
from optlib.figures.registry import figure, picture
from optlib.live import Arrow, Ball, Cloud, Descent, Goal, Loss, Map, Series, Slider
from optlib.pictures import animate, style, svg
from optlib.surfaces import Bowl, DoubleWell, Quadratic, Tent, Waves

NAME = "Gradient descent"
KAPPA = 20  # of the chapter's ravine
BEST = 2 / (1 + KAPPA)  # its best learning rate


@figure
def one_dial(**opening):
    """Creep, arrive, zig-zag or leave: a ball on a bowl and one learning rate."""
    return Descent(
        {"bowl": Bowl(), "double well": DoubleWell(), "waves": Waves(), "tent": Tent()},
        {NAME: GradientDescent(lr=0.1)},
        start=(1.6,),
        steps=40,
        sliders={"lr": Slider(0.05, 2.4, ticks=47, label="η, learning rate")},
        panels=(
            Ball(title="One step after another", xlim=(-2.2, 2.2), ylim=(-0.8, 2.4)),
            Series({"x": lambda x: x}, ylabel="x", ylim=(-2.2, 2.2), title="Where the ball is"),
        ),
        goal=Goal(
            "On the bowl, stand at the bottom after one step.",
            lambda f, t: (np.abs(f) < 1e-9) & (t == 1),
        ),
        title="One dial decides: creep, arrive, zig-zag or leave",
        alt="Left: a bowl with a ball that creeps down its right side in small steps. Right: its "
        "position x against the step, falling smoothly from 1.6 towards 0.",
        caption="Move η through 1, then through 2, and watch on which side of the bottom the ball "
        "lands. Then choose another landscape, and drag the ring to start elsewhere.",
        name="one-dial",
        formerly="live-one-dial-decides-creep-arrive-zig-zag-or-leave",
        states={
            "one-step": {"lr": 1.0},
            "zig-zag": {"lr": 1.9},
            "swings": {"lr": 2.0},
            "leaves": {"lr": 2.1},
        },
        opening=opening,
    )


@figure
def product(**opening):
    """A bowl whose curvature is a dial too: only ηλ counts."""
    return Descent(
        Bowl(),
        {NAME: GradientDescent(lr=0.5)},
        start=(1.6,),
        steps=50,
        sliders={
            "lr": Slider(0.05, 2.4, ticks=47, label="η, learning rate"),
            "surface.curvature": Slider(0.5, 4, ticks=35),
        },
        panels=(
            Ball(title="The bowl", ylim=(-0.2, 4)),
            Series(
                {"distance": lambda x: np.abs(x)},
                scale="log",
                ylim=(1e-6, 1e4),
                ylabel="distance |x|",
                title="Its distance from the bottom",
            ),
        ),
        title="Only the product of learning rate and curvature counts",
        alt="Left: a ball on a bowl. Right: on a logarithmic axis its distance from the bottom "
        "falls along a straight line.",
        caption="Find the edge at λ = 1, then at λ = 2 and 4. Set η = 0.5, λ = 1, then η = 0.25, "
        "λ = 2: the right picture stays as it is.",
        name="product",
        formerly="live-only-the-product-of-learning-rate-and-curvature-counts",
        states={
            "half-and-double": {"lr": 0.25, "surface.curvature": 2.0},
            "below-the-edge": {"lr": 0.45, "surface.curvature": 4.0},
            "above-the-edge": {"lr": 0.55, "surface.curvature": 4.0},
        },
        opening=opening,
    )


@figure
def ravine(**opening):
    """One learning rate for a gentle and a steep direction."""
    return Descent(
        Quadratic(kappa=float(KAPPA)),
        {NAME: GradientDescent(lr=0.03)},
        start=(-1.5, 1.0),
        steps=200,
        sliders={
            "lr": (0.005, 2, "log"),
            "surface.kappa": Slider(1, 100, "log", label="κ, steepness"),
        },
        panels=(
            Map(
                title="Seen from above",
                xlabel="x₁, along the floor",
                ylabel="x₂, across",
                arrows={
                    NAME: [
                        Arrow("Δx", tail=lambda x_before: x_before, head=lambda x: x, colour="dx")
                    ]
                },
            ),
            Loss(title="Straight line: constant factor per step"),
        ),
        goal=Goal(
            "With κ at 20 or more, reach a loss below 1e-6 within 80 steps.",
            lambda f, t, kappa: (f < 1e-6) & (t <= 80) & (kappa >= 19.99),
        ),
        title="In a ravine the steep side sets the pace",
        alt="Left: contours of a long valley with a path that drops onto its floor and then creeps "
        "along it. Right: the loss falls fast at first, then slowly on a straight line.",
        caption="Raise η until the path zig-zags, then until it leaves the map. Then raise κ and "
        "find the best η anew. Drag the start, or go through the steps one by one.",
        name="ravine",
        formerly="live-in-a-ravine-the-steep-side-sets-the-pace",
        states={
            "round": {"lr": 1.0, "surface.kappa": 1.0},
            "zig-zag": {"lr": BEST},
            "leaves": {"lr": 1.05 * 2 / KAPPA},
            "steeper": {"lr": 2 / 101, "surface.kappa": 100.0},
        },
        opening=opening,
    )


@figure
def two_bowls(**opening):
    """The two directions of a ravine as two balls that share one learning rate."""
    return Descent(
        Bowl(),
        {"along": GradientDescent(lr=0.05), "across": GradientDescent(lr=0.5)},
        start=(1.6,),
        steps=60,
        sliders={
            "eta": Slider(0.005, 1, "log", value=0.05, label="η, learning rate"),
            "kappa": Slider(1, 100, "log", value=10, label="κ, steepness"),
        },
        derived={"along.lr": lambda eta: eta, "across.lr": lambda eta, kappa: eta * kappa},
        panels=(
            Ball(
                title="Each on its own bowl",
                xlabel="distance x from the bottom",
                ylabel="height / curvature",
            ),
            Series(
                {"distance": lambda x: np.abs(x)},
                scale="log",
                ylim=(1e-6, 1e2),
                ylabel="distance |x|",
                title="Two factors, two straight lines",
            ),
        ),
        colours={"along": "GradientDescent", "across": "g"},
        goal=Goal(
            "Keep κ at 10 or more, and bring both lines from 1.6 to below 1e-4 by step 60.",
            lambda eta, kappa: (
                (kappa > 9.99)
                & (1.6 * np.maximum(np.abs(1 - eta), np.abs(1 - eta * kappa)) ** 60 < 1e-4)
            ),
            at="end",
        ),
        title="A ravine is two bowls that share one learning rate",
        alt="Left: two balls on one bowl, one creeping, one near the bottom. Right: on a "
        "logarithmic axis both distances are straight lines, the one across the ravine far "
        "steeper.",
        caption="Raise η: the line along gets steeper; the line across gets steeper too, then "
        "turns back. Where both are equally steep, the ravine is crossed as fast as it can be.",
        name="two-bowls",
        formerly="live-a-ravine-is-two-bowls-that-share-one-learning-rate",
        states={
            "steep-side-arrives": {"eta": 1 / 10},
            "equally-steep": {"eta": 2 / 11},
            "edge": {"eta": 2 / 10},
        },
        opening=opening,
    )


@picture
def corner():
    """The factor per step over the learning rate, with rates measured on 29 runs."""
    lrs, few = np.linspace(0.002, 0.1035, 400), np.linspace(0.004, 0.1034, 29)
    run = minimize(Quadratic(kappa=KAPPA), GradientDescent(lr=few[:, None]), [-1.5, 1.0], 400)
    r = np.linalg.norm(run.x, axis=-1)
    grey, blue = style.OPTIMIZERS["GradientDescent"].light, style.SYMBOLS["g"].light
    theory, muted = style.SYMBOLS["theory"].light, style.INK["muted"].light
    with style.use():
        fig = Figure(figsize=(4.8, 3.3), layout="constrained")
        ax = fig.add_subplot()
        ax.plot(lrs, np.abs(1 - lrs), color=grey)
        ax.plot(lrs, np.abs(1 - lrs * KAPPA), color=blue)
        measured = (r[400] / r[200]) ** (1 / 200)
        ax.plot(few, measured, "o", color=theory, markersize=4, fillstyle="none")
        ax.axhline(1, color=muted, linewidth=0.8, linestyle="--")
        ax.plot([BEST, BEST], [0, (KAPPA - 1) / (KAPPA + 1)], ":", color=muted, linewidth=0.8)
        ax.annotate("along: |1 − η|", (0.026, 0.925), va="top", color=grey)
        ax.annotate("across: |1 − 20η|", (0.026, 0.52), color=blue)
        ax.annotate("measured on runs", (0.053, 0.86), va="top", color=theory)
        ax.annotate("η* = 2/21 ", (BEST, 0.06), ha="right")
        ax.annotate("diverges above 1", (0.001, 1.03), color=muted)
        ax.set(
            xlim=(0, 0.105),
            ylim=(0, 1.12),
            xlabel="learning rate η (curvatures 1 and 20)",
            ylabel="factor per step",
            title="The slower factor decides; the corner is best",
        )
    return svg.picture(
        fig,
        alt="Factor per step against the learning rate for curvatures 1 and 20. The line "
        "along falls slowly from 1; the line across falls to 0 at 0.05 and rises again. "
        "Measured rates lie on the upper of the two; the lowest is at the corner, 0.095.",
    )


@figure
def three_ravines():
    """Without a zig-zag, at the best learning rate, and just below the edge."""
    surface = Quadratic(kappa=KAPPA)
    rates = {
        "η = 1/λmax: no zig-zag": 1 / KAPPA,
        "η*: the best": BEST,
        "η just below 2/λmax": 0.099,
    }
    grid = np.meshgrid(np.linspace(-1.8, 0.5, 120), np.linspace(-0.9, 0.9, 80))
    heights = surface.f(np.stack(grid, axis=-1))
    with style.use():
        fig = Figure(figsize=(4.6, 4.6), layout="constrained")
        axes = fig.subplots(3, sharex=True)
        balls = []
        for ax, (name, lr) in zip(axes, rates.items(), strict=True):
            ax.contour(*grid, heights, levels=np.linspace(0.2, 2.9, 8) ** 2,
                       colors=style.INK["land"].light, linewidths=0.6)  # fmt: skip
            ax.set_ylabel("x₂, across")
            ax.set_title(f"{name} ({lr:.3f})", fontsize=9.5)
            balls.append(_ball(ax, minimize(surface, GradientDescent(lr=lr), [-1.7, 0.8], 80)))
        axes[-1].set_xlabel("x₁, along the floor")
    return animate.tracks(
        fig,
        balls,
        "Three ravines above each other, 80 steps. At 1/λmax the ball drops onto the floor at "
        "once and creeps along it. At the best η it zig-zags across all the way and ends with "
        "the lowest loss. Just below 2/λmax it swings from wall to wall and is still far from "
        "the bottom.",
        fps=10,
        name="three-ravines",
    )


def _ball(ax, run):
    """A run in its ravine, which says its step and its loss."""
    return animate.Track(
        ax,
        run.x,
        style.SYMBOLS["dx"],
        size=6,
        trail_colour=style.OPTIMIZERS["GradientDescent"],
        says=lambda t: f"step {t}, loss {run.f[t]:.0e}",
    )


@figure
def first_bottom(**opening):
    """Two bottoms with a hill between them."""
    return Descent(
        DoubleWell(),
        {NAME: GradientDescent(lr=0.05)},
        start=(1.8,),
        steps=100,
        sliders={
            "lr": Slider(0.01, 0.6, ticks=59, label="η, learning rate"),
            "surface.tilt": Slider(0, 0.5, ticks=50, label="tilt"),
        },
        panels=(
            Ball(title="Two bottoms", ylim=(-0.8, 2.0)),
            Series({"x": lambda x: x}, ylabel="x", ylim=(-2, 2), title="Where it stays"),
        ),
        goal=Goal(
            "From the start at 1.8, end in the left, deeper bottom by moving η alone.",
            lambda x: x < -0.9,
            at="end",
        ),
        title="The ball stays in the first bottom it meets",
        alt="Left: a landscape with two bottoms, the left one deeper; the ball comes from the "
        "right and stays in the right one. Right: x against the step levels off near 0.8.",
        caption="Drag the start over the hill, near 0.34: there the end changes. Then go back to "
        "1.8 and raise η until a step is long enough to jump the hill: luck, not a method.",
        name="first-bottom",
        formerly="live-the-ball-stays-in-the-first-bottom-it-meets",
        states={
            "right-of-the-hilltop": {"start": (0.36,)},
            "left-of-the-hilltop": {"start": (0.32,)},
            "jumps": {"lr": 0.4},
        },
        opening=opening,
    )


@figure
def cloud(**opening):
    """A run in noise, and where it is from step 300 on."""
    return Descent(
        Bowl(),
        {NAME: GradientDescent(lr=0.3)},
        start=(1.8,),
        steps=1500,
        noise=1.0,
        sliders={"lr": (0.01, 2.2, "log"), "noise": (0, 2), "surface.curvature": (0.25, 4, "log")},
        panels=(
            Series({"x": lambda x: x}, ylabel="x", ylim=(-2, 2), title="It falls, then it wanders"),
            Cloud(
                variance=lambda lr, noise, curvature: (
                    lr * noise**2 / (curvature * (2 - lr * curvature))
                ),
                burn=300,
                limits=(-2, 2),
                height=2,
                title="Where it is, from step 300 on",
            ),
        ),
        title="A constant learning rate ends in a cloud, not in a point",
        alt="Left: x falls from 1.8 and then wanders irregularly about 0. Right: a histogram of "
        "the later positions, and a dashed bell curve of the predicted variance over it.",
        caption="Halve η and the cloud gets narrower, but the fall takes longer. Raise η λ towards "
        "2 and the cloud grows without bound. The dashed curve is the formula derived below.",
        name="cloud",
        formerly="live-a-constant-learning-rate-ends-in-a-cloud-not-in-a-point",
        states={
            "half": {"lr": 0.15},
            "small": {"lr": 0.02},
            "large": {"lr": 0.5},
            "near-the-limit": {"lr": 1.9},
        },
        opening=opening,
    )
