"""The figures of chapter 2, momentum: live figures, an animation, and pictures."""

import numpy as np
from matplotlib.figure import Figure

from optlib import GradientDescent, Momentum, Nesterov, follow, minimize, surfaces
from optlib.experiments import momentum_rate
from optlib.figures.registry import figure, picture
from optlib.live import Arrow, Ball, Cloud, Descent, Goal, Loss, Map, Phase, Series, Slider
from optlib.pictures import animate, plots, style, svg

WELL = surfaces.DoubleWell(tilt=0.1)


@figure
def escape(**opening):
    """Two balls start above the shallow valley; more memory rolls on, and then too far."""
    return Descent(
        WELL,
        {"GD": GradientDescent(lr=0.1), "Momentum": Momentum(lr=0.1, beta1=0.5)},
        start=(1.8,),
        steps=600,
        step=60,
        sliders={
            "Momentum.beta1": Slider(0, 0.98, label="β, share of the last step kept", ticks=196)
        },
        goal=Goal("Bring a ball to rest in the deeper valley.", lambda x: x < -0.8, at="end"),
        panels=(
            Ball(title="A hill between two valleys"),
            Series(
                {"x": lambda x: x}, ylabel="position x", ylim=(-2.1, 2.1), title="Where the ball is"
            ),
        ),
        name="escape",
        formerly="live-escape-from-the-shallow-valley",
        opening=opening,
        states={
            "arrives": {"Momentum.beta1": 0.85, "step": 600},
            "passes-through": {"Momentum.beta1": 0.93, "step": 600},
            "leaves-the-good-valley": {"start": (-1.8,), "Momentum.beta1": 0.87, "step": 600},
        },
        title="Escape from the shallow valley",
        alt="A curve with a shallow valley on the right and a deeper one on the left. Both balls "
        "start high on the right. Gradient descent stops in the shallow valley, and so does "
        "momentum with a memory of one half; with more memory it rolls over the hill.",
        caption="Raise β slowly, all the way to the right, and watch where the ball ends. Then "
        "drag the start to −1.8, on the side of the deeper valley, and do it again.",
    )


@picture
def fading_weights():
    """What a gradient k steps old weighs in the buffer, for three decays."""
    return plots.stems(
        {f"β = {b}": b ** np.arange(31) for b in (0.5, 0.9, 0.97)},
        "Three rows of stems that fall from one. With a memory of 0.5 they are gone after five "
        "steps, with 0.9 they pass one half between steps six and seven, with 0.97 they still "
        "stand at 0.4 after thirty.",
        title="Weights fall by the factor β each step back",
        xlabel="k, steps back",
        ylabel="weight βᵏ in m",
        guides={"half": 0.5},
        colours={"β = 0.5": "g", "β = 0.9": "m", "β = 0.97": "v"},
    )


@figure
def terminal_speed(**opening):
    """Momentum on a slope that never changes: every memory has its top speed."""
    return Descent(
        surfaces.Slope(),
        {"GD": GradientDescent(lr=0.01), "Momentum": Momentum(lr=0.01, beta1=0.9)},
        start=(0.0,),
        steps=500,
        sliders={"Momentum.beta1": Slider(0, 0.99, "decay", label="β, memory")},
        panels=(
            Series(
                {"step": lambda dx, lr: -dx / lr},
                ylabel="step, in units of η·slope",
                ylim=(0.8, 130),
                scale="log",
                guides={"1/(1−β)": lambda beta1: 1 / (1 - beta1)},
                title="Every memory has its top speed",
            ),
        ),
        goal=Goal(
            "Within 100 steps, reach a step fifty times as long as gradient descent's.",
            lambda dx, lr, t: (-dx / lr >= 50) & (t <= 100),
        ),
        name="terminal-speed",
        formerly="live-a-long-straight-slope",
        opening=opening,
        states={
            "short-memory": {"Momentum.beta1": 0.5},
            "misses-the-goal": {"Momentum.beta1": 0.98, "step": 100},
            "hundredfold": {"Momentum.beta1": 0.99},
        },
        title="A long straight slope",
        alt="Length of the step against time on a slope of constant steepness. Gradient descent "
        "stays at one; momentum with memory 0.9 rises to ten within some forty steps and stays "
        "there.",
        caption="Turn β: the dashed line is the top speed, the curve how long it takes to get "
        "there. A top speed of 50 (β = 0.98) does not reach the goal: why?",
    )


@picture
def coasting():
    """The learning rate falls to a tenth: outside the buffer it brakes at once, inside it coasts."""
    lr = np.repeat([0.1, 0.01], 100)
    buffer = Momentum(lr=1.0, beta1=0.9)
    outside = -lr * follow(buffer, np.ones(200)).dx[:, 0]
    inside = -follow(buffer, lr).dx[:, 0]
    return plots.lines(
        np.arange(90, 171),
        {"η outside: m ← βm + g": outside[89:170], "η inside: b ← βb + ηg": inside[89:170]},
        "Length of the step against time. At step 101 the learning rate falls to a tenth. With the "
        "rate outside the buffer the step falls at once; with the rate inside it coasts down over "
        "some sixty steps.",
        title="η outside brakes at once, η inside coasts",
        xlabel="step t",
        ylabel="length of the step",
        colours={"η outside: m ← βm + g": "Momentum", "η inside: b ← βb + ηg": "RMSPropMomentum"},
    )


@picture
def where_it_ends():
    """In which valley the ball ends, for every start and memory."""
    starts, betas = np.meshgrid(np.linspace(-2, 2, 201), np.linspace(0.6, 0.97, 149))
    rule = Momentum(lr=0.1, beta1=betas.reshape(-1, 1))
    ends = minimize(WELL, rule, starts.reshape(-1, 1), 800, keep="last").x[0, :, 0]
    with style.use():
        drawing = Figure(figsize=(5.2, 3.4), layout="constrained")
        ax = drawing.subplots()
        shades = [style.OPTIMIZERS["Momentum"].light, style.INK["grid"].light]
        ax.contourf(starts, betas, ends.reshape(starts.shape), levels=[-9, 0, 9], colors=shades)
        for start in (1.8, -1.8):
            ax.axvline(start, color=style.INK["ink"].light, linestyle=(0, (4, 3)), linewidth=1)
        deep = {"ha": "center", "color": style.INK["paper"].light}
        ax.text(-0.85, 0.68, "ends in the\ndeep valley", **deep)
        ax.text(0.95, 0.68, "ends in the\nshallow valley", ha="center")
        ax.set(title="Where the ball ends", xlabel="start x", ylabel="β, memory")
    return svg.picture(
        drawing,
        "A map of start against memory in two colours, from β = 0.6 up. At its lower edge the "
        "hilltop near 0.1 divides the starts. Higher up the deep valley's colour enters from the "
        "right and the shallow one's from the left, in bands that grow thin towards the corners.",
    )


@figure
def four_memories():
    """Four balls with four memories: one arrives in the deep valley, one passes through it."""
    return animate.balls(
        WELL,
        {
            f"β = {b}": minimize(WELL, Momentum(lr=0.1, beta1=b), 1.8, 160)
            for b in (0, 0.6, 0.85, 0.93)
        },
        "Four balls start together high on the right. With no memory the ball creeps into the "
        "shallow valley and stops. With 0.6 it swings there and stays. With 0.85 it rolls over the "
        "hill and comes to rest in the deep valley. With 0.93 it crosses the hill, climbs the far "
        "side, comes back over the hill, and ends in the shallow valley.",
        frames=161,
        title="Four memories, one start",
        colours={
            "β = 0": "GradientDescent",
            "β = 0.6": "RMSProp",
            "β = 0.85": "Momentum",
            "β = 0.93": "Nesterov",
        },
        name="four-memories",
    )


@figure
def phase(**opening):
    """Creep, ring or diverge: the rate over ηλ and β, and the run at the chosen point."""
    return Descent(
        surfaces.Bowl(),
        {"Momentum": Momentum(lr=0.3, beta1=0.8)},
        start=(1.0,),
        steps=60,
        sliders={
            "lr": Slider(0.01, 4, "log", label="ηλ (here λ = 1)", ticks=260),
            "beta1": Slider(0, 0.99, label="β, memory", ticks=198),
        },
        panels=(
            Phase(momentum_rate, label="rate ρ per step", title="Creep, ring or diverge"),
            Series(
                {"x": lambda x: x},
                ylabel="position x",
                ylim=(-1.6, 1.6),
                title="The run at that point",
            ),
        ),
        goal=Goal(
            "Choose ηλ of 3 or more, where gradient descent explodes, and end with |x| below 0.05.",
            lambda x, lr: (np.abs(x) < 0.05) & (lr >= 3),
            at="end",
        ),
        name="phase",
        formerly="live-the-phase-diagram-of-momentum",
        opening=opening,
        states={
            "creeping": {"lr": 0.02, "beta1": 0.5},
            "critical": {"lr": 0.1, "beta1": (1 - np.sqrt(0.1)) ** 2},
            "ringing": {"lr": 0.1, "beta1": 0.9},
            "diverging": {"lr": 3.81, "beta1": 0.9},
        },
        title="The phase diagram of momentum",
        alt="On the left a map of learning rate times curvature against memory, coloured by the "
        "rate per step; a line marks where it reaches one. On the right the position over sixty "
        "steps at the chosen point, a decaying oscillation.",
        caption="Click or drag in the map: the run at that point appears beside it. Far left the "
        "ball creeps; in the wedge it rings, and the colour depends on β alone; right of the line "
        "it diverges.",
    )


@figure
def perfectly_tuned(**opening):
    """Gradient descent and momentum, each at its best for the condition number κ."""
    return Descent(
        surfaces.Quadratic(kappa=30),
        {"GD": GradientDescent(lr=2 / 31), "Momentum": Momentum(lr=0.1, beta1=0.5)},
        start=(-1.8, 0.5),
        steps=250,
        sliders={"surface.kappa": Slider(1.5, 300, "log", label="κ, steepness across")},
        derived={
            "GD.lr": lambda kappa: 2 / (1 + kappa),
            "Momentum.lr": lambda kappa: (2 / (1 + np.sqrt(kappa))) ** 2,
            "Momentum.beta1": lambda kappa: ((np.sqrt(kappa) - 1) / (np.sqrt(kappa) + 1)) ** 2,
        },
        panels=(Map(title="Best against best in a ravine"), Loss(low=1e-12, high=1e4)),
        name="perfectly-tuned",
        formerly="live-perfectly-tuned-both",
        opening=opening,
        states={
            "kappa-4": {"surface.kappa": 4},
            "kappa-100": {"surface.kappa": 100},
            "kappa-300": {"surface.kappa": 300},
        },
        title="Perfectly tuned, both",
        alt="A long valley with two paths. Gradient descent zig-zags along its floor; momentum "
        "swings wider at first and reaches the bottom in far fewer steps, as the loss beside it "
        "shows.",
        caption="Raise κ. Gradient descent's line tilts towards flat much sooner than momentum's. "
        "Look at momentum's first steps: the loss goes up before it goes down.",
    )


@figure
def caught_in_a_loop(**opening):
    """A convex function on which momentum, tuned best for quadratics, circles for ever."""
    return Descent(
        surfaces.Hinge(),
        {"GD": GradientDescent(lr=1 / 13), "Momentum": Momentum(lr=1 / 9, beta1=4 / 9)},
        start=(3.3,),
        steps=60,
        sliders={
            "Momentum.lr": Slider(0.02, 0.13, label="η of momentum (1/9 = 0.111)", ticks=220),
            "Momentum.beta1": Slider(0, 0.9, label="β of momentum (4/9 = 0.444)", ticks=180),
        },
        panels=(
            Ball(title="A convex function with a bend"),
            Series(
                {"x": lambda x: x}, ylabel="position x", ylim=(-4, 4), title="Where the ball is"
            ),
        ),
        name="caught-in-a-loop",
        formerly="live-the-perfect-tuning-caught-in-a-loop",
        opening=opening,
        states={
            "another-start": {"start": (2.5,)},
            "smaller-steps": {"Momentum.lr": 0.1},
            "both-turned-down": {"Momentum.lr": 0.1, "Momentum.beta1": 0.42},
        },
        title="The perfect tuning, caught in a loop",
        alt="A convex curve with its minimum at 0 and position against step. Gradient descent "
        "settles at zero; momentum keeps jumping between three points for all sixty steps.",
        caption="Drag the start, then turn η and β of momentum a little down: the loop opens and "
        "the ball comes home.",
    )


@figure
def look_ahead(**opening):
    """One step of momentum and of Nesterov's rule, each as memory and gradient."""
    return Descent(
        surfaces.Quadratic(kappa=6),
        {"Momentum": Momentum(lr=0.2, beta1=0.8), "Nesterov": Nesterov(lr=0.2, beta1=0.8)},
        start=(-1.8, 0.8),
        steps=40,
        step=3,
        sliders={
            "lr": Slider(0.02, 0.3, label="η", ticks=280),
            "beta1": Slider(0, 0.95, label="β, memory", ticks=190),
        },
        panels=(
            Map(
                title="Same memory, other gradient",
                arrows={
                    "Momentum": [
                        Arrow(
                            "memory",
                            lambda x_before: x_before,
                            lambda x_before, lr, m, g: x_before - lr * (m - g),
                            colour="m",
                        ),
                        Arrow(
                            "gradient",
                            lambda x_before, lr, m, g: x_before - lr * (m - g),
                            lambda x: x,
                            colour="g",
                        ),
                    ],
                    "Nesterov": [
                        Arrow(
                            "memory",
                            lambda x_before, lr, m, g: x_before + lr * (m - g),
                            lambda x_before: x_before,
                            colour="m",
                        ),
                        Arrow(
                            "gradient",
                            lambda x_before: x_before,
                            lambda x_before, lr, g: x_before - lr * g,
                            colour="g",
                        ),
                    ],
                },
            ),
            Loss(low=1e-6, high=1e2),
        ),
        name="look-ahead",
        formerly="live-where-is-the-gradient-asked-for",
        opening=opening,
        states={
            "momentum": {"shown": ["Momentum"]},
            "nesterov": {"shown": ["Nesterov"]},
            "at-the-end": {"step": 40},
        },
        title="Where is the gradient asked for?",
        alt="A valley with two zig-zag paths and the arrows of one step of each: an orange memory "
        "arrow, then a blue gradient arrow. Momentum's blue arrow ends on its path. Nesterov's "
        "starts on its path, which joins the look-ahead points.",
        caption="Each step is memory, then gradient. Momentum's gradient was measured where its "
        "memory arrow begins, Nesterov's where it ends. Step with −1 and +1, and show one rule at "
        "a time. Nesterov's path is drawn through its look-ahead points.",
    )


@figure
def two_clouds(**opening):
    """Where gradient descent and momentum rest in the same noise, at equal effective rate."""
    return Descent(
        surfaces.Bowl(),
        {"GD": GradientDescent(lr=0.1), "Momentum": Momentum(lr=0.01, beta1=0.9)},
        start=(0.0,),
        steps=12000,
        noise=1.0,
        sliders={
            "h": Slider(0.02, 1.9, "log", value=0.1, label="h = η/(1−β), effective rate"),
            "Momentum.beta1": Slider(0, 0.98, "decay", label="β, memory"),
            "noise": Slider(0.1, 2, label="σ, noise"),
        },
        derived={"GD.lr": lambda h: h, "Momentum.lr": lambda h, beta1: h * (1 - beta1)},
        panels=(
            Cloud(
                {  # at λ = 1
                    "GD": lambda h, noise: h * noise**2 / (2 - h),
                    "Momentum": lambda h, beta1, noise: (
                        h * noise**2 / (2 - h * (1 - beta1) / (1 + beta1))
                    ),
                },
                limits=(-1.5, 1.5),
                height=2.2,
                title="Two balls, one noise, equal h",
            ),
        ),
        name="two-clouds",
        formerly="live-the-cloud-at-equal-effective-rate",
        opening=opening,
        states={
            "long-memory": {"Momentum.beta1": 0.98},
            "ten-times-the-rate": {"h": 1.0},
            "near-the-edge": {"h": 1.8},
        },
        title="The cloud at equal effective rate",
        alt="Histograms of the positions of gradient descent and momentum after settling: two bell "
        "shapes of almost the same width.",
        caption="Turn β: the cloud hardly changes. Turn h: it grows. Only near h = 2, where "
        "gradient descent is about to diverge, do the two part.",
    )


@picture
def smoother_not_closer():
    """Two balls in the same noise: momentum's path is smooth and strays as far."""
    noise = np.random.default_rng(3).normal(size=(400, 1))
    rules = {
        "GD, h = 0.1": GradientDescent(lr=0.1),
        "Momentum (β = 0.9), h = 0.1": Momentum(lr=0.01, beta1=0.9),
    }
    return plots.lines(
        np.arange(200, 401),
        {
            label: minimize(surfaces.Bowl(), rule, 0.0, 400, noise=noise).x[200:, 0]
            for label, rule in rules.items()
        },
        "Position against time for two balls in the same noise. Gradient descent's line is ragged, "
        "momentum's smooth, and both wander about equally far from zero.",
        title="Smoother, not closer",
        xlabel="step t",
        ylabel="position x",
        colours={"GD, h = 0.1": "GradientDescent", "Momentum (β = 0.9), h = 0.1": "Momentum"},
    )
