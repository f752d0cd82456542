"""The figures of chapter 3, step sizes that adapt, and the two rules made for them."""

from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure

from optlib import (
    Adadelta,
    AdaGrad,
    CenteredRMSProp,
    GradientDescent,
    Momentum,
    RMSProp,
    RMSPropMomentum,
    RMSPropNesterov,
    ema,
    minimize,
)
from optlib.experiments import turned_start
from optlib.figures.registry import figure, picture
from optlib.live import Descent, Gauges, Goal, Loss, Map, Series, Slider, scaled
from optlib.optimizers import SecondMomentState
from optlib.pictures import animate, style, svg
from optlib.surfaces import Bowl, Quadratic, Ridge, Slope


@dataclass(frozen=True, eq=False)
class DecayingRMSProp(RMSProp):
    """RMSProp whose step is divided by tᵖ, p the ``power``; at 0 it is RMSProp."""

    power: float = 0.0

    def update(self, g, state, t, x):
        dx, state = super().update(g, state, t, x)
        return dx / t**self.power, state


@dataclass(frozen=True, eq=False)
class RMSPropInside(RMSProp):
    """RMSProp with ε under the root: it is compared with g², not with |g|."""

    def update(self, g, state, t, x):
        v = ema(state.v, g**2, self.beta2)
        return -self.lr * g / np.sqrt(v + self.eps), SecondMomentState(v)


@figure
def one_rate(**opening):
    """Gradient descent and RMSProp on the ridge, and the rate of each coordinate."""
    return Descent(
        Ridge(),
        {"GD": GradientDescent(lr=0.02), "RMSProp": RMSProp(lr=0.02)},
        start=(-2.0, 0.6),
        steps=150,
        sliders={
            "GD.lr": Slider(1e-3, 0.5, "log", label="η of GD"),
            "RMSProp.lr": Slider(1e-3, 0.5, "log", label="η of RMSProp"),
        },
        panels=(
            "map",
            Gauges(
                {
                    "|g|": lambda g: np.abs(g),
                    "√v": lambda v: np.sqrt(v),
                    "η/√v": lambda lr, v, eps: lr / (np.sqrt(v) + eps),
                },
                only={"|g|": "RMSProp"},
                coordinates={"x₁": 0, "x₂": 1},
                colours={"|g|": "g", "√v": "v", "η/√v": "dx"},
                xlim=(1e-4, 1e2),
                xlabel="size at this step",
                title="Each coordinate its own rate",
            ),
        ),
        goal=Goal("Loss below 0.05 within 30 steps.", lambda f, t: (f < 0.05) & (t <= 30)),
        step=20,
        name="one-rate",
        formerly="live-the-ridge-one-rate-cannot-serve-both-directions",
        opening=opening,
        states={
            "too-hot": {"GD.lr": 0.05},
            "rmsprop-alone": {"shown": ["RMSProp"]},
            "goal": {"RMSProp.lr": 0.05},
        },
        title="The ridge: one rate cannot serve both directions",
        alt="Contours of a long narrow ridge. Gradient descent jumps to its floor and then hardly "
        "moves; RMSProp walks diagonally to the floor and then along it. Bars show that RMSProp's "
        "rate is a hundred times larger forward than sideways.",
        caption="Move both rates, then scrub through the steps. x₁ is forward, x₂ sideways. The "
        "red bars are the rate that RMSProp gives each coordinate: η divided by √v, its measure of "
        "how large that coordinate's gradients have been. One of the two rules can reach the goal.",
    )


@figure
def long_slope(**opening):
    """AdaGrad's and RMSProp's way and steps on a slope that never changes."""
    return Descent(
        Slope(1.0),
        {"AdaGrad": AdaGrad(lr=0.1), "RMSProp": RMSProp(lr=0.1)},
        start=0.0,
        steps=400,
        sliders={
            "surface.slope": Slider(1e-3, 1e3, "log", label="|g|, steepness"),
            "RMSProp.beta2": Slider(0.5, 0.999, "decay", label="β₂ of RMSProp"),
        },
        panels=(
            Series(
                {"distance": lambda x, lr: -x / lr},
                ylabel="distance, in units of η",
                ylim=(0, 600),
                title="How far each has come",
            ),
            Series(
                {"step": lambda dx, lr: -dx / lr},
                ylabel="step, in units of η",
                ylim=(0.03, 40),
                scale="log",
                title="AdaGrad's steps die out",
            ),
        ),
        name="long-slope",
        formerly="live-the-long-slope-adagrad-starves-rmsprop-keeps-its-pace",
        opening=opening,
        states={
            "gentle": {"surface.slope": 1e-3},
            "steep": {"surface.slope": 1e3},
            "long-memory": {"RMSProp.beta2": 0.999},
        },
        title="The long slope: AdaGrad starves, RMSProp keeps its pace",
        alt="Left: RMSProp's distance grows as a straight line to 409 η, AdaGrad's as a square "
        "root to 39 η. Right, on a log axis: AdaGrad's step falls from 1 to 0.05, RMSProp's from 3 "
        "to 1.",
        caption="Move the steepness |g| over six powers of ten: nothing happens. Then move β₂, "
        "which belongs to RMSProp, the cure that comes next. Look at its first step.",
    )


@figure
def adagrad_starves():
    """Four rules on the ridge, one step a frame."""
    rules = {
        "GD": GradientDescent(lr=0.02),
        "Momentum": Momentum(lr=0.02, beta1=0.9),
        "AdaGrad": AdaGrad(lr=0.05),
        "RMSProp": RMSProp(lr=0.05),
    }
    return animate.race(
        Ridge(),
        {label: minimize(Ridge(), rule, (-2.0, 0.6), 110) for label, rule in rules.items()},
        "Four paths on the ridge. Gradient descent and momentum jump across the floor at once; "
        "gradient descent then hardly moves while momentum speeds up slowly. AdaGrad and RMSProp "
        "set off diagonally; AdaGrad's steps shrink and it stays behind, RMSProp arrives at step "
        "30 and trembles there.",
        frames=111,
        fps=15,
        title="AdaGrad starves on the way",
        colours=rules,
        name="adagrad-starves",
    )


@figure
def hovering(**opening):
    """RMSProp in a bowl: it dives, bursts, and ends in a cycle of radius η/2."""
    return Descent(
        Bowl(1.0),
        {"RMSProp": DecayingRMSProp(lr=0.2, beta2=0.9, eps=1e-8)},
        start=1.0,
        steps=300,
        sliders={
            "lr": Slider(0.01, 1, "log", label="η"),
            "surface.curvature": (0.1, 10, "log"),
            "beta2": Slider(0.5, 0.999, "decay", label="β₂, memory of v"),
            "eps": Slider(1e-8, 1, "log", label="ε"),
            "power": Slider(0, 1.5, label="p: η falls like 1/tᵖ"),
        },
        panels=(
            Series(
                {
                    "|x|": lambda x: np.abs(x),
                    "η/2tᵖ": lambda lr, t, power: lr / (2 * np.maximum(t, 1) ** power),
                },
                ylabel="distance |x| from the minimum",
                ylim=(1e-16, 10),
                scale="log",
                colours={"|x|": "x", "η/2tᵖ": "theory"},
                title="It dives, bursts, and ends at η/2",
            ),
            Series(
                {
                    "ηλ/√v": lambda lr, curvature, v, eps, t, power: (
                        lr * curvature / (np.sqrt(v) + eps) / t**power
                    )
                },
                guides={"2": 2.0},
                ylabel="effective rate times curvature",
                ylim=(0.05, 50),
                scale="log",
                title="The effective rate finds its bound",
            ),
        ),
        goal=Goal("End with |x| below 0.001.", lambda x: np.abs(x) < 1e-3, at="end"),
        colours={"RMSProp": "RMSProp"},
        name="hovering",
        formerly="live-rmsprop-near-a-minimum-a-two-cycle-at-the-edge-of-stability",
        opening=opening,
        states={
            "steep": {"surface.curvature": 10},
            "late-burst": {"beta2": 0.99},
            "falling-rate": {"power": 1.0},
            "damped": {"eps": 0.12},
        },
        title="RMSProp near a minimum: a two-cycle at the edge of stability",
        alt="Left, on a log axis: the distance falls from 1 to a million-billionth within 24 "
        "steps, shoots up to 0.4 and swings into a level line at 0.1, half of η. Right: the "
        "effective rate times the curvature climbs past 2 to 8, drops, and swings into a level "
        "line at 2.",
        caption="Turn η and the curvature: the plateau on the left follows η alone, the one on the "
        "right nothing at all. Reach the goal in two ways, once with p and once with ε. (A third, "
        "β₂, only postpones the burst.)",
    )


@figure
def epsilon_sweep(**opening):
    """ε outside and inside the root, as the gradient passes through it."""
    return Descent(
        Slope(1e-6),
        {"outside": RMSProp(lr=0.1, eps=1e-8), "inside": RMSPropInside(lr=0.1, eps=1e-8)},
        start=0.0,
        steps=60,
        sliders={
            "surface.slope": Slider(1e-10, 1, "log", label="|g|, gradient"),
            "eps": Slider(1e-10, 1e-2, "log", label="ε of both"),
        },
        panels=(
            Series(
                {"step": lambda dx, lr: -dx / lr},
                ylabel="step, in units of η",
                ylim=(1e-9, 10),
                scale="log",
                guides={"1": 1.0},
                title="One number, two places",
            ),
            Gauges(
                {"|g|": lambda g: np.abs(g), "√v": lambda v: np.sqrt(v)},
                colours={"|g|": "g", "√v": "v"},
                marks={"ε": lambda eps: eps, "√ε": lambda eps: np.sqrt(eps)},
                xlim=(1e-10, 1),
                xlabel="size (dashed: ε and √ε)",
                title="Which is larger?",
            ),
        ),
        colours={"outside": "RMSProp", "inside": "theory"},
        name="epsilon-sweep",
        formerly="live-sweep-the-gradient-through",
        opening=opening,
        states={
            "above-both": {"surface.slope": 1e-2},
            "at-the-root-of-epsilon": {"surface.slope": 1e-4},
            "at-epsilon": {"surface.slope": 1e-8},
        },
        title="Sweep the gradient through ε",
        alt="Left: with gradients of one millionth, the rule with epsilon outside the root steps "
        "by nearly η, the one with epsilon inside by a hundredth of η. Right: bars for the "
        "gradient's size with marks at ε and √ε.",
        caption="Sweep |g| from right to left. The steps of 'inside' give way when the bar passes "
        "the mark √ε, those of 'outside' only when it passes ε. At the mark itself: which keeps "
        "half, which keeps 71 %?",
    )


@picture
def two_thresholds():
    """Step over η against the size of the gradient, ε = 1e-8 outside and inside the root."""
    size, inside_colour = np.logspace(-10, 0, 80), style.SYMBOLS["theory"].light
    with style.use():
        drawing = Figure(figsize=(6.4, 3.0), layout="constrained")
        ax = drawing.subplots()
        ax.loglog(size, size / (size + 1e-8), color=style.OPTIMIZERS["RMSProp"].light)
        ax.loglog(size, size / np.sqrt(size**2 + 1e-8), "--", color=inside_colour)
        ax.text(2e-8, 0.2, "outside the root", color=style.OPTIMIZERS["RMSProp"].light)
        ax.text(4e-5, 0.12, "inside the root", color=inside_colour)
        ax.set(xlabel="size of the gradient |g|", ylabel="step / η", ylim=(1e-4, 3))
        ax.set_title("ε = 1e-8 damps gradients below 1e-8, or below 1e-4")
    return svg.picture(
        drawing,
        "Two curves of step over η against the size of the gradient, on log axes. Both are 1 for "
        "large gradients; the curve for epsilon outside bends down below 1e-8, the one for epsilon "
        "inside below 1e-4.",
    )


@figure
def six_fingerprints(**opening):
    """Six rules of the family on a constant slope: their steps, and how far they come."""
    return Descent(
        Slope(1.0),
        {
            "AdaGrad": AdaGrad(lr=0.01),
            "RMSProp": RMSProp(lr=0.01),
            "centred": CenteredRMSProp(lr=0.01),
            "+ momentum": RMSPropMomentum(lr=0.01),
            "+ Nesterov": RMSPropNesterov(lr=0.01),
            "Adadelta": Adadelta(),
        },
        start=0.0,
        steps=200,
        noise=0.0,
        sliders={
            "noise": Slider(0, 3, label="σ, noise in the gradient"),
            "lr": Slider(1e-3, 0.1, "log", label="η"),
            "beta1": Slider(0, 0.99, label="β₁, memory of m"),
            "beta2": Slider(0.5, 0.999, "decay", label="β₂, memory of v"),
            "Adadelta.eps": Slider(1e-8, 1e-2, "log", label="ε of Adadelta"),
        },
        panels=(
            Series(
                {"step": lambda dx: np.abs(dx)},
                ylabel="step |Δx|",
                ylim=(1e-4, 10),
                scale="log",
                title="Six fingerprints",
            ),
            Series(
                {"distance": lambda x: -x},
                ylabel="distance",
                ylim=(-1, 20),
                title="How far each comes",
            ),
        ),
        name="six-fingerprints",
        formerly="live-the-family-on-a-constant-slope",
        opening=opening,
        states={
            "noisy": {"noise": 1.0},
            "drowned": {"noise": 3.0},
            "centred-beside-rmsprop": {"shown": ["RMSProp", "centred"]},
        },
        title="The family on a constant slope",
        alt="Steps on a log axis over 200 steps. AdaGrad's fall, RMSProp's stay level, momentum's "
        "and Nesterov's rise tenfold, Adadelta's grow slowly, and those of centred RMSProp "
        "explode.",
        caption="Switch rules off until you can name each line. Then raise the noise from 0: which "
        "line changes most, and why was it the wildest before?",
    )


@figure
def adadelta_on_a_slope(**opening):
    """Adadelta's step on a constant slope: it grows like √t until it is as long as |g|."""
    return Descent(
        Slope(1.0),
        {"Adadelta": Adadelta(beta2=0.9, eps=1e-6)},
        start=0.0,
        steps=400,
        sliders={
            "surface.slope": Slider(1e-3, 10, "log", label="|g|, gradient"),
            "eps": Slider(1e-9, 1e-2, "log", label="ε"),
            "beta2": Slider(0.5, 0.999, "decay", label="β₂"),
        },
        panels=(
            Series(
                {
                    "|Δx|": lambda dx: np.abs(dx),
                    "√((1−β₂)εt)": lambda eps, beta2, t: np.sqrt((1 - beta2) * eps * t),
                },
                guides={"|g|": lambda slope: slope},
                ylabel="step |Δx|",
                ylim=(1e-5, 10),
                scale="log",
                colours={"|Δx|": "dx", "√((1−β₂)εt)": "theory"},
                title="The steps grow, until |g|",
            ),
        ),
        name="adadelta-on-a-slope",
        formerly="live-adadelta-on-a-constant-slope",
        opening=opening,
        states={
            "steep": {"surface.slope": 10},
            "hundredfold-epsilon": {"eps": 1e-4},
            "levels-off": {"surface.slope": 0.01, "eps": 1e-4},
        },
        title="Adadelta on a constant slope",
        alt="On a log axis, Adadelta's step starts at 0.003 and approaches a line that grows like "
        "the root of the number of steps. A dashed line marks the size of the gradient, far above.",
        caption="A steeper slope changes nothing; a hundredfold ε makes every step ten times "
        "longer. Now lower |g|, the dashed line, to 0.01 and raise ε: where do the steps stop "
        "growing?",
    )


@figure
def turning_ravine(**opening):
    """Seven rules in a ravine that can be turned, each with a rate of its own."""
    start = (-1.6, 0.8)
    rules = {
        "GD": GradientDescent(lr=0.035),
        "AdaGrad": AdaGrad(lr=0.4),
        "RMSProp": RMSProp(lr=0.1),
        "centred": CenteredRMSProp(lr=0.1),
        "+ momentum": RMSPropMomentum(lr=0.02),
        "+ Nesterov": RMSPropNesterov(lr=0.02),
        "Adadelta": Adadelta(eps=1e-4),
    }
    return Descent(
        Quadratic(50),
        rules,
        start=start,
        steps=120,
        sliders={
            "surface.angle": (0, 90),
            "h": Slider(0.01, 10, "log", label="rate, × its own", value=1.0),
            "surface.kappa": (1, 100, "log"),
        },
        derived=scaled(rules, "h") | {"Adadelta.eps": lambda h: 1e-4 * h**2},  # steps go like √ε
        panels=(Map(levels=8), Loss(low=1e-6)),
        step=40,
        name="turning-ravine",
        formerly="live-seven-rules-in-a-ravine-that-turns",
        opening=opening,
        states={
            "turned": {"surface.angle": 45, "start": tuple(turned_start(start, 45))},
            "half-turned": {"surface.angle": 22.5, "start": tuple(turned_start(start, 22.5))},
            "round": {"surface.kappa": 1},
        },
        title="Seven rules in a ravine that turns",
        alt="A map of a narrow ravine along the first coordinate with seven paths, and their "
        "losses. Gradient descent jumps from wall to wall; the adaptive rules run diagonally to "
        "the floor and along it.",
        caption="Switch rules off to follow one. In the loss panel some lines fall for good, some "
        "burst and then hover: which? Then turn the angle slowly to 45°.",
    )
