"""The figures of chapter 4, bias correction."""

import numpy as np
from matplotlib.figure import Figure

from optlib.averages import debias, ema
from optlib.exercises.mistakes import RMSPropCorrected
from optlib.experiments import Average, FromFirst, FromOne, OpenAdam, WarmedUp
from optlib.figures.registry import figure
from optlib.live import Ball, Descent, Gauges, Goal, Series, Slider, Stems
from optlib.optimizers import Adam, RMSProp
from optlib.pictures import animate, style
from optlib.surfaces import Bowl, DoubleWell, Slope

FADING_DECAY, FADING_STEPS = 0.95, 80  # the decay β and the ratings of the animation
STARTS = {"lr": 0.01, "beta2": 0.99, "eps": 0.0}  # what the rules of the last figure share


def uncorrected(lr, beta2=0.999):
    """Adam without its corrections; ε = 0, as in all of the chapter."""
    return OpenAdam(lr, beta2=beta2, eps=0.0, fix_m=0.0, fix_v=0.0)


@figure
def ghost_of_zero(**opening):
    """Ratings, their average from a first value, and who in it is still being heard."""
    return Descent(
        Slope(5.0),
        {"average": Average(beta1=0.95)},
        start=0.0,
        steps=100,
        noise=0.5,
        sliders={
            "beta1": Slider(0.5, 0.999, "decay", label="β, memory"),
            "m0": Slider(0, 10, value=0, label="m₀, first value"),
            "noise": Slider(0, 2, label="σ, scatter"),
        },
        panels=(
            Series(
                {
                    "g": lambda s: s,
                    "m": lambda m, m0, beta1, t: m + m0 * beta1**t,
                    "m̂": lambda m, beta1, t: m / (1 - beta1**t),
                },
                ylabel="stars",
                ylim=(0, 10),
                colours={"g": "g", "m": "m", "m̂": "m_hat"},
                switches=True,
                title="What the page shows",
            ),
            Stems(
                lambda k, t, beta1: (1 - beta1) * beta1 ** (t - k),
                ghost=lambda t, beta1: beta1**t,
                ylabel="weight in m",
                ylim=(0, 1),
                title="Who is still being heard",
            ),
        ),
        colours={"average": "Momentum"},
        goal=Goal(
            "Find the β whose start still weighs one half at step 69.",
            lambda t, beta1: (np.abs(t - 69) < 0.5) & (np.abs(beta1**t - 0.5) < 0.02),
        ),
        step=20,
        name="ghost-of-zero",
        formerly="live-the-ghost-of-zero",
        states={
            "high-start": {"m0": 10.0},
            "long-memory": {"beta1": 0.999, "step": 100},
            "no-scatter": {"noise": 0.0},
        },
        opening=opening,
        title="The ghost of zero",
        alt="Left: ratings scatter around 5; the plain average climbs from 0 and is still below "
        "them at step 60; the corrected one is at 5 from the first step. Right, at step 20: "
        "twenty low stems, the weights of the ratings, and at the left edge one that towers over "
        "them, 0.36, the weight of the start.",
        caption="Move the scrubber: the tall stem at k = 0 is the weight of the value that the "
        "average started from. It shrinks as ratings come in. Then change the start, then β. What "
        "does m̂ take notice of?",
    )


@figure
def ghost_fades():
    """The weights in an average and the average itself, one rating a frame."""
    ratings = 5 + 0.5 * np.random.default_rng(3).standard_normal(FADING_STEPS)
    averages = [0.0]
    for rating in ratings:
        averages.append(ema(averages[-1], rating, FADING_DECAY))
    m, steps = np.array(averages), np.arange(FADING_STEPS + 1)
    m_hat = debias(m[1:], FADING_DECAY, steps[1:])
    with style.use():
        fig = Figure(figsize=(5.2, 4.6), layout="constrained")
        top, low = fig.subplots(2, 1, sharex=True)
        (stems,) = top.plot([], [], color=style.SYMBOLS["g"].light, linewidth=2)
        (ghost,) = top.plot([], [], color=style.SYMBOLS["m"].light, linewidth=5)
        top.set(xlim=(-1.5, FADING_STEPS + 1), ylim=(0, 1), ylabel="weight in m")
        top.set_title("The ghost of zero fades")
        count = top.set_title("", loc="right", weight="normal", fontsize=10)
        says = top.text(3, 0.82, "", color=style.SYMBOLS["m"].light)
        (dots,) = low.plot([], [], ".", color=style.SYMBOLS["g"].light, alpha=0.5, label="g")
        (plain,) = low.plot([], [], color=style.SYMBOLS["m"].light, label="m")
        (fixed,) = low.plot([], [], "--", color=style.SYMBOLS["m_hat"].light, label="m̂")
        low.set(xlim=(-1.5, FADING_STEPS + 1), ylim=(0, 7), xlabel="rating k", ylabel="stars")
        low.legend(ncols=3, loc="lower right")

    def draw(t):
        k = np.arange(1, t + 1)
        weights = (1 - FADING_DECAY) * FADING_DECAY ** (t - k)
        gap = np.full(t, np.nan)
        left = FADING_DECAY**t
        stems.set_data(np.repeat(k, 3), np.column_stack([0 * weights, weights, gap]).ravel())
        ghost.set_data([0, 0], [0, left])
        count.set_text(f"step {t}")
        says.set_text(f"ghost {left:.2f}, ratings {1 - left:.2f}")
        dots.set_data(k, ratings[:t])
        plain.set_data(steps[: t + 1], m[: t + 1])
        fixed.set_data(k, m_hat[:t])

    return animate.video(
        fig,
        draw,
        FADING_STEPS + 1,
        "Above, the weights in the average as stems: at first one tall stem at zero with the "
        "weight 1, and nothing else. With each rating a low stem appears at the right, the older "
        "ones sink, and the tall one sinks with them: 0.6 at step 10, 0.36 at step 20, 0.02 at "
        "step 80. Below, the plain average climbs from 0 towards 5 as the tall stem sinks; the "
        "corrected average is near 5 from the first rating on.",
        fps=12,
        name="ghost-fades",
    )


@figure
def drifting_gradient(**opening):
    """An average of a mean that moves, corrected and not, and how late each is."""
    return Descent(
        Slope(1.0),
        {"average": Average(beta1=0.9, drift=-0.02)},
        start=0.0,
        steps=100,
        noise=0.0,
        sliders={
            "beta1": Slider(0.5, 0.99, "decay", label="β, memory"),
            "drift": Slider(-0.05, 0.05, label="δ, drift a step"),
            "noise": Slider(0, 0.5, label="σ, noise"),
        },
        panels=(
            Series(
                {"g": lambda s: s, "m": lambda m: m, "m̂": lambda m, beta1, t: m / (1 - beta1**t)},
                ylabel="value",
                ylim=(-2, 2),
                colours={"g": "g", "m": "m", "m̂": "m_hat"},
                title="A mean that moves",
            ),
            Series(
                {
                    "m": lambda m, t, drift, slope: m - slope - drift * t,
                    "m̂": lambda m, beta1, t, drift, slope: m / (1 - beta1**t) - slope - drift * t,
                },
                ylabel="average less the mean E[g]",
                ylim=(-1.2, 1.2),
                guides={"lag": lambda drift, beta1: -drift * beta1 / (1 - beta1)},
                colours={"m": "m", "m̂": "m_hat"},
                title="The start is cured, the lag is not",
            ),
        ),
        colours={"average": "Momentum"},
        name="drifting-gradient",
        formerly="live-a-drifting-gradient-what-no-division-repairs",
        states={
            "no-drift": {"drift": 0.0},
            "long-memory": {"beta1": 0.98},
            "noisy": {"noise": 0.3},
        },
        opening=opening,
        title="A drifting gradient: what no division repairs",
        alt="Left: a line falls from 1 to minus 1. The plain average starts at 0, meets the line "
        "and then runs above it; the corrected one starts on the line and falls behind. Right: "
        "the error of the corrected average rises from 0 to the dashed line at 0.18; the plain "
        "one comes from minus 0.9 and passes through zero before it gets there.",
        caption="Dashed: the bound −δβ/(1−β). Set the drift to zero, and the corrected error is "
        "zero throughout. With drift the plain average has no error once, by accident: two errors "
        "cancel. Then lengthen the memory.",
    )


@figure
def uncorrected_steps(**opening):
    """The steps of a rule without its corrections, in units of those with them."""
    return Descent(
        Slope(1.0),
        {"uncorrected": uncorrected(0.01), "corrected": Adam(0.01, 0.9, 0.999, 0.0)},
        start=0.0,
        steps=400,
        sliders={
            "beta1": Slider(0, 0.99, label="β₁, memory of m", ticks=198),
            "beta2": Slider(0.5, 0.9999, "decay", label="β₂, memory of v", ticks=370),
        },
        panels=(
            Series(
                {"step": lambda dx, lr: -dx / lr},
                ylabel="step, in units of η",
                ylim=(0.1, 100),
                scale="log",
                guides={"1": 1.0},
                title="The schedule nobody chose",
            ),
            Gauges(
                {
                    "1−β₁ᵗ": lambda beta1, t: 1 - beta1**t,
                    "√(1−β₂ᵗ)": lambda beta2, t: np.sqrt(1 - beta2**t),
                    "step/η": lambda dx, lr: np.abs(dx) / lr,
                },
                only={"1−β₁ᵗ": "uncorrected", "√(1−β₂ᵗ)": "uncorrected"},
                xlim=(1e-2, 1e2),
                marks={"1": 1.0},
                xlabel="what is there of m, of √v; their quotient",
                colours={"1−β₁ᵗ": "m", "√(1−β₂ᵗ)": "v", "step/η": "dx"},
                title="Two ghosts, one quotient",
            ),
        ),
        goal=Goal(
            "At β₁ = 0.5, hide the mistake: a first step within 1 % of η, uncorrected.",
            lambda dx, lr, t, beta1: (
                (t == 1) & (np.abs(-dx / lr - 1) < 0.01) & (np.abs(beta1 - 0.5) < 0.003)
            ),
            only="uncorrected",
        ),
        colours={"uncorrected": "Momentum", "corrected": "Adam"},
        step=12,
        name="uncorrected-steps",
        formerly="live-uncorrected-steps-over-time",
        states={
            "coincidence": {"beta2": 0.99, "step": 1},
            "equal-memories": {"beta2": 0.9},
            "shorter-memory-of-v": {"beta2": 0.5},
        },
        opening=opening,
        title="Uncorrected steps over time",
        alt="Left, on a log axis: the corrected step lies on 1. The uncorrected one starts at 3.2, "
        "climbs to 6.6 at step 12 and falls slowly, to 1.7 at step 400. Right, bars at step 12: "
        "of m 0.72 is there, of the root of v 0.11; the quotient is 6.6.",
        caption="Scrub: the bar of m is full after some forty steps, the bar of √v lags far "
        "behind, and the step is their quotient. Then make β₂ equal to β₁, and smaller. When you "
        "have reached the goal, look at the second step.",
    )


@figure
def step_too_long(**opening):
    """Two valleys and a bowl: where a step without correction cannot be taken back."""
    return Descent(
        {"two valleys": DoubleWell(tilt=0.1), "bowl": Bowl()},
        {
            "uncorrected": uncorrected(0.1),
            "corrected": OpenAdam(0.1, eps=0.0),
        },
        start=-1.9,
        steps=150,
        sliders={
            "lr": Slider(0.01, 0.3, "log", label="η"),
            "beta2": Slider(0.5, 0.9999, "decay", label="β₂, memory of v"),
        },
        panels=(
            Ball(xlim=(-2.4, 2.4), ylim=(-0.6, 2.2), title="Thrown out of the better valley"),
            Series(
                {"x": lambda x: x},
                ylabel="position x",
                ylim=(-2.4, 2.4),
                title="One of them stays",
            ),
        ),
        goal=Goal(
            "Bring the uncorrected ball to rest in the deeper valley.",
            lambda x, x_before: (np.abs(x + 1.05) < 0.05) & (np.abs(x - x_before) < 0.01),
            at="end",
            only="uncorrected",
        ),
        colours={"uncorrected": "Momentum", "corrected": "Adam"},
        step=25,
        name="step-too-long",
        formerly="live-a-step-too-long",
        states={
            "first-steps": {"step": 10},
            "half-the-rate": {"lr": 0.05, "step": 150},
            "bowl": {"surface": "bowl", "step": 150},
        },
        opening=opening,
        title="A step too long",
        alt="Left: a curve with two valleys, the left one deeper. Two balls start high on the left "
        "wall. Right: the corrected one swings and settles at minus 1.05; the uncorrected one "
        "shoots over the hill at once, and settles at 0.95 in the shallower valley.",
        caption="Scrub through the first ten steps. Then reach the goal by η, and by β₂. Then "
        "change the landscape: on the bowl both arrive.",
    )


@figure
def five_starts(**opening):
    """Five ways to deal with the zero in RMSProp's average, and the rate that each gives."""
    return Descent(
        Slope(0.3),
        {
            "nothing": RMSProp(**STARTS),
            "corrected": RMSPropCorrected(**STARTS),
            "from g₁": FromFirst(**STARTS),
            "from 1": FromOne(**STARTS),
            "warm-up": WarmedUp(**STARTS),
        },
        start=0.0,
        steps=300,
        noise=0.3,
        sliders={
            "beta2": Slider(0.9, 0.9999, "decay", label="β₂, memory of v"),
            "surface.slope": Slider(0.01, 100, "log", label="|g|, mean gradient"),
            "noise": Slider(0, 3, label="σ, noise"),
            "warm": Slider(1, 300, "log", label="T, steps of warm-up"),
        },
        panels=(
            Series(
                {
                    "rate": lambda dx, g, lr, slope, noise: (
                        np.abs(dx) / np.abs(g) * np.sqrt(slope**2 + noise**2) / lr
                    )
                },
                ylabel="rate times size of g, in units of η",
                ylim=(0.01, 100),
                scale="log",
                guides={"1": 1.0},
                title="Right would be 1",
            ),
        ),
        colours={
            "nothing": "GradientDescent",
            "corrected": "Adam",
            "from g₁": "Momentum",
            "from 1": "RMSProp",
            "warm-up": "Nesterov",
        },
        name="five-starts",
        formerly="live-five-rules-and-their-first-steps",
        states={
            "no-noise": {"noise": 0.0},
            "gradient-of-size-one": {"noise": 0.0, "surface.slope": 1.0},
            "large-gradient": {"noise": 0.0, "surface.slope": 100.0},
            "rule-of-thumb": {"noise": 0.0, "warm": 200.0},  # 2/(1 − β₂)
        },
        opening=opening,
        title="Five rules and their first steps",
        alt="Five curves over 300 steps on a log axis, in noise. Without any measure the rate "
        "starts above 10 and falls towards 1. The warm-up starts at 0.2, from one at 0.4 and from "
        "the first gradient at 2; each takes a hundred steps and more to reach 1. The corrected "
        "one trembles around 1 almost from the start.",
        caption="Take the noise away: 'from g₁' joins 'corrected'. Move |g| to 1, and 'from 1' "
        "joins them; move it on, and it leaves again. Choose T so that the warm-up stays close to "
        "1.",
    )
