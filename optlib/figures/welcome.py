"""The figures of the welcome page: the race that opens the course, and the map of the course."""

from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

from optlib import Adam, GradientDescent, Momentum, RMSProp
from optlib.figures import course
from optlib.figures.registry import figure, picture
from optlib.live import Descent, Slider
from optlib.pictures import style, svg
from optlib.surfaces import Himmelblau

START = (0.5, -0.9)
STEPS = 120
RULES = {
    "GD": GradientDescent(lr=0.01),
    "Momentum": Momentum(lr=0.002, beta1=0.9),
    "RMSProp": RMSProp(lr=0.05, beta2=0.9),
    "Adam": Adam(lr=0.2),
}


@figure
def race(**opening):
    """Four rules from one start among four valleys."""
    return Descent(
        Himmelblau(),
        RULES,
        start=START,
        steps=STEPS,
        sliders={"h": Slider(0.1, 5, "log", label="rate, × its own", value=1.0)},
        derived={
            "GD.lr": lambda h: 0.01 * h,
            "Momentum.lr": lambda h: 0.002 * h,
            "RMSProp.lr": lambda h: 0.05 * h,
            "Adam.lr": lambda h: 0.2 * h,
        },
        panels=("map", "loss"),
        title="One start, four rules, two valleys",
        alt="A map with four valleys. From one start between them, the paths of gradient "
        "descent and momentum end in the lower right valley, those of RMSProp and Adam in the "
        "upper right one.",
        caption="Drag the ring, press Play, switch rules off, push the rate until something "
        "flies away. Beside the map: the loss at each step, on a logarithmic axis.",
        name="race",
        formerly="live-one-start-four-rules-two-valleys",
        states={
            "first-step": {"step": 1},
            "careful": {"h": 0.1},
            "flies-away": {"h": 4},
            "agree": {"start": (3.0, 1.0)},
        },
        opening=opening,
    )


@figure
def own_rule(rule=None, **opening):
    """A rule of the reader's with a rate ``lr``, beside gradient descent and Adam.

    Without one, Adam without memory: sign descent.
    """
    sign = rule or Adam(lr=0.3, beta1=0, beta2=0, eps=0)
    return Descent(
        Himmelblau(),
        {"GD": RULES["GD"], "Sign": sign, "Adam": RULES["Adam"]},
        start=START,
        steps=STEPS,
        sliders={
            "Sign.lr": Slider(0.01, 1, "log", label="η of Sign"),
            "Adam.lr": (0.01, 1, "log"),
        },
        title="A rule written a minute ago, alive",
        alt="The map with four valleys. A staircase path of sign descent leaves the start at 45 "
        "degrees, as Adam does, and both end in the upper right valley; gradient descent ends "
        "in the lower one.",
        caption="Sign descent sets off diagonally, as Adam does: both ignore how steep the "
        "slope is. Chapter 5 shows that Adam without memory is sign descent.",
        name="own-rule",
        formerly="live-a-rule-written-a-minute-ago-alive",
        states={
            "first-step": {"step": 1},
            "same-rate": {"Sign.lr": 0.2},
            "short-steps": {"Sign.lr": 0.03},
        },
        opening=opening,
    )


# The map of the course

# name: (x, y, width, what the box says); units of 0.8 inches across, 0.75 down
BOXES = {
    "GradientDescent": (2.0, 0, 1.5, "Gradient descent"),
    "Momentum": (1.03, 1, 1.0, "Momentum"),
    "AdaGrad": (3.0, 1, 0.9, "AdaGrad"),
    "Nesterov": (0.42, 2, 0.8, "Nesterov"),
    "RMSProp": (2.55, 2, 0.9, "RMSProp"),
    "Adadelta": (3.55, 2, 0.86, "Adadelta"),
    "RMSPropMomentum": (1.79, 3, 1.6, "RMSProp + momentum"),
    "bias": (3.43, 3, 1.16, "Bias correction"),
    "Adam": (2.35, 4, 1.2, "Adam"),
    "NAdam": (0.42, 5, 0.8, "NAdam"),
    "LaProp": (1.48, 5, 0.85, "LaProp"),
    "AdamW": (2.51, 5, 0.85, "AdamW"),
    "AMSGrad": (3.54, 5, 0.85, "AMSGrad"),
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


@picture
def course_map():
    """The family tree of the course's rules, each with its chapter and a link to it."""
    with style.use():
        figure = Figure(figsize=(4.4, 4.6))
        ax = figure.add_axes((0, 0, 1, 1))
        ax.set(xlim=(-0.1, 4.1), ylim=(5.45, -0.45))
        ax.axis("off")
        for origin, target, leaves, arrives in ARROWS:
            _arrow(ax, BOXES[origin], BOXES[target], leaves, arrives)
        for name in BOXES:
            _box(ax, name)
        for x, y, text in NOTES:
            ax.text(
                x, y, text, size=9.5, style="italic", ha="center", va="center",
                color=style.INK["muted"].light,
            )  # fmt: skip
    return svg.picture(figure, MAP_ALT)


def _box(ax, name):
    """A rule's box: what it is called, and its chapter."""
    x, y, width, text = BOXES[name]
    rule = name in style.OPTIMIZERS
    colour = style.OPTIMIZERS[name] if rule else style.SYMBOLS["theory"]
    ax.add_patch(
        FancyBboxPatch(
            (x - width / 2, y - 0.29),
            width,
            0.58,
            boxstyle="round,pad=0,rounding_size=0.1",
            facecolor=style.INK["paper"].light,
            edgecolor=colour.light,
            linestyle="-" if rule else "--",
            linewidth=2.4 if name == "Adam" else 1.4,
        )
    )
    heavy = "bold" if name == "Adam" else "normal"
    heading = {"color": colour.light, "weight": heavy, "size": 9.5, "ha": "center"}
    ax.text(x, y - 0.03, text, va="bottom", url=course.page_of(name, "html"), **heading)
    ax.text(x, y + 0.03, f"chapter {course.CHAPTER_OF[name]}", va="top", **heading)


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
