"""The live figure as an ``ipywidgets.interact``: what a notebook usually does; run in a kernel.

`live.py` sends this to a kernel, moves its slider as a front end would, and waits for the picture.
"""

import matplotlib.pyplot as plt
import numpy as np
from IPython import get_ipython
from ipywidgets import FloatLogSlider, interact

from optlib import Adam, GradientDescent, Momentum, RMSProp, minimize
from optlib.surfaces import Himmelblau

get_ipython().run_line_magic("matplotlib", "inline")
surface = Himmelblau()
X, Y = np.meshgrid(np.linspace(-5, 5, 121), np.linspace(-5, 5, 91))
Z = surface.f(np.stack([X, Y], axis=-1))
levels = np.quantile(Z, np.linspace(0.02, 0.98, 14))


def draw(h):
    rules = {
        "GD": GradientDescent(lr=0.01 * h),
        "Momentum": Momentum(lr=0.002 * h),
        "RMSProp": RMSProp(lr=0.05 * h),
        "Adam": Adam(lr=0.2 * h),
    }
    fig, (left, right) = plt.subplots(1, 2, figsize=(9, 3.6))
    left.contour(X, Y, Z, levels=levels, colors="0.7", linewidths=0.7)
    for label, rule in rules.items():
        run = minimize(surface, rule, (0.5, -0.9), 500, keep="path")
        left.plot(*run.x.T, label=label)
        right.plot(run.f)
    left.set(xlim=(-5, 5), ylim=(-5, 5))
    left.legend()
    right.set(yscale="log", ylim=(1e-8, 1e2))
    plt.show()


interact(draw, h=FloatLogSlider(value=1, base=10, min=-1, max=0.7, step=0.005))
