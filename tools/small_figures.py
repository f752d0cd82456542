"""One live figure for every kind of panel, small enough to be made anew in a test."""

import numpy as np

from optlib.live import (
    Arrow,
    Ball,
    Bars,
    Cloud,
    Descent,
    Gauges,
    Goal,
    Map,
    Phase,
    Series,
    Slider,
    Stems,
)
from optlib.optimizers import Adam, GradientDescent, Momentum, Nesterov, RMSProp
from optlib.surfaces import Bowl, DoubleWell, Flat, Himmelblau, Quadratic, Rosenbrock, Slope, Tent


def paths(**changes):
    """A map and a loss curve, two rules, a goal."""
    return Descent(
        **{
            "surface": Quadratic(kappa=10.0),
            "optimizers": {"Momentum": Momentum(lr=0.02, beta1=0.8), "Adam": Adam(lr=0.02)},
            "start": (-1.5, 1.2),
            "steps": 80,
            "sliders": {
                "lr": (1e-3, 1, "log"),
                "Momentum.beta1": (0, 0.99, "decay"),
                "Adam.beta2": (0.5, 0.999),
            },
            "panels": ("map", "loss"),
            "goal": Goal("Loss below 0.01 within 40 steps.", lambda f, t: (f < 0.01) & (t <= 40)),
            "title": "Two rules in a ravine",
            "alt": "Contours of a narrow valley with two paths, and the loss of each against the step.",
            "caption": "Drag the start: momentum swings, Adam walks.",
            **changes,
        }
    )


def arrows(**changes):
    """A map whose landscape turns, with arrows that explain a step."""
    return Descent(
        **{
            "surface": Quadratic(kappa=8.0, angle=20.0),
            "optimizers": {"Nesterov": Nesterov(lr=0.03), "GD": GradientDescent(lr=0.03)},
            "start": (1.5, -1.0),
            "steps": 60,
            "step": 9,
            "sliders": {
                "lr": (1e-3, 0.5, "log"),
                "surface.kappa": (1, 50, "log"),
                "surface.angle": (-90, 90),
            },
            "panels": (
                Map(
                    arrows={
                        "Nesterov": [
                            Arrow(
                                "memory",
                                tail=lambda x_before: x_before,
                                head=lambda x_before, x, lr, g: x + lr * g,
                                colour="m",
                            ),
                            Arrow("gradient", tail=lambda x, lr, g: x + lr * g, head=lambda x: x),
                        ]
                    }
                ),
            ),
            "title": "Where the last step came from",
            "alt": "Contours of a turned valley, a path and two arrows that add up to its last step.",
            **changes,
        }
    )


def menu(**changes):
    """A choice of landscapes in two dimensions, and the gradient's noise."""
    return Descent(
        **{
            "surface": {"banana": Rosenbrock(b=5.0), "four pits": Himmelblau()},
            "optimizers": {"GD": GradientDescent(lr=0.005), "RMSProp": RMSProp(lr=0.01)},
            "start": (-1.0, 1.5),
            "steps": 60,
            "noise": 0.5,
            "sliders": {"GD.lr": (1e-4, 0.05, "log"), "noise": (0, 5)},
            "panels": ("map",),
            "title": "Choose a landscape",
            "alt": "Contours of the landscape that was chosen, with the noisy paths of two rules.",
            **changes,
        }
    )


def ball(**changes):
    """Balls in one dimension, on a choice of landscapes."""
    return Descent(
        **{
            "surface": {"two valleys": DoubleWell(), "bowl": Bowl(), "tent": Tent()},
            "optimizers": {"GD": GradientDescent(lr=0.05), "Momentum": Momentum(lr=0.05)},
            "start": (1.6,),
            "steps": 70,
            "sliders": {
                "lr": (1e-3, 3, "log"),
                "Momentum.beta1": (0, 0.99),
                "surface.tilt": (0, 0.6),
            },
            "panels": (Ball(xlim=(-2, 2), ylim=(-1, 2)),),
            "goal": Goal("End in the left valley.", lambda x: x < -0.5, at="end"),
            "title": "A ball on a landscape",
            "alt": "Two balls roll on a curve with two valleys; one is caught in the first of them.",
            **changes,
        }
    )


def series(**changes):
    """Quantities over time with guides, a derived rate, on a slope."""
    return Descent(
        **{
            "surface": Slope(),
            "optimizers": {"Momentum": Momentum(lr=0.1), "GD": GradientDescent(lr=0.1)},
            "start": (0.0,),
            "steps": 90,
            "sliders": {
                "h": Slider(0.01, 1, "log", value=0.1, label="η/(1−β)"),
                "beta1": (0, 0.99, "decay"),
            },
            "derived": {"Momentum.lr": lambda h, beta1: h * (1 - beta1)},
            "panels": (
                Series(
                    {"step": lambda dx, lr: -dx / lr},
                    ylabel="step / η",
                    ylim=(0, 12),
                    guides={"1/(1−β)": lambda beta1: 1 / (1 - beta1)},
                ),
                Series(
                    {"m": lambda m: abs(m), "x": lambda x: abs(x)},
                    ylim=(0.1, 100),
                    scale="log",
                    colours={"m": "m", "x": "x"},
                    title="Memory and place",
                ),
            ),
            "title": "Terminal speed",
            "alt": "The step of momentum grows to ten times that of gradient descent and stays there.",
            **changes,
        }
    )


def rate(h, beta1):
    """The larger modulus of the companion matrix's eigenvalues for momentum on a bowl."""
    half = (1 + beta1 - h) / 2
    root = np.sqrt((half**2 - beta1).astype(complex))
    return np.maximum(abs(half + root), abs(half - root))


def phase(**changes):
    """A map over two sliders, beside the run that it chooses."""
    return Descent(
        **{
            "surface": Bowl(),
            "optimizers": {"Momentum": Momentum(lr=0.5, beta1=0.5)},
            "start": (1.0,),
            "steps": 60,
            "sliders": {"lr": (0, 4), "beta1": (0, 0.99)},
            "panels": (
                Phase(rate),
                Series({"x": lambda x: x}, ylabel="x", ylim=(-2, 2), title="The run at this point"),
            ),
            "title": "Every setting at once",
            "alt": "A coloured map of the rate per step; next to it the run at the chosen point.",
            **changes,
        }
    )


def cloud(**changes):
    """Where noisy descent rests."""
    return Descent(
        **{
            "surface": Bowl(),
            "optimizers": {"GD": GradientDescent(lr=0.1)},
            "start": (1.0,),
            "steps": 1500,
            "noise": 1.0,
            "sliders": {"lr": (0.01, 3), "noise": (0, 2), "surface.curvature": (0.5, 2)},
            "panels": (
                Cloud(
                    variance=lambda lr, noise, curvature: (
                        lr * noise**2 / (curvature * (2 - lr * curvature))
                    ),
                    burn=100,
                    limits=(-1.5, 1.5),
                    height=2.5,
                ),
            ),
            "title": "A cloud at the bottom",
            "alt": "A histogram of where noisy descent rests, and the normal curve that predicts it.",
            **changes,
        }
    )


def by_hand(**changes):
    """Gradients to draw, what they still weigh, and gauges of what became of them."""
    return Descent(
        **{
            "surface": Flat(),
            "optimizers": {"Adam": Adam(lr=0.1, beta2=0.99)},
            "start": (0.0,),
            "steps": 30,
            "gradients": [0.0] * 20 + [0.5] * 10,
            "sliders": {"beta1": (0, 0.99, "decay"), "beta2": (0.5, 0.999, "decay")},
            "panels": (
                Bars(),
                Stems(
                    lambda beta1, t, k: (1 - beta1) * beta1 ** (t - k),
                    ghost=lambda beta1, t: beta1**t,
                ),
                Gauges({"step / η": lambda dx, lr: abs(dx) / lr}, marks={"1": lambda: 1.0}),
            ),
            "title": "Draw the gradient",
            "alt": "Bars of a gradient that begins late, its weights, and a gauge of the step.",
            **changes,
        }
    )


KINDS = {
    "paths": paths,
    "arrows": arrows,
    "menu": menu,
    "ball": ball,
    "series": series,
    "phase": phase,
    "cloud": cloud,
    "by_hand": by_hand,
}
