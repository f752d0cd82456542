"""The sweep that optlib, PyTorch and Optax are all given, and the big step; NumPy alone.

Adam with 10,000 learning rates, 1,000 steps each, on Rosenbrock's banana in float64. Its gradient
is written out for each, so that nobody is measured at differentiating.
"""

import numpy as np

RUNS, STEPS = 10_000, 1_000
START = (-1.5, 1.2)
RATES = np.logspace(-4, -1, RUNS)
BETA1, BETA2, EPS = 0.9, 0.999, 1e-8
PARAMETERS = 10_000_000


def gradient(p, q):
    """Return the gradient of ``(1 - p)² + 100 (q - p²)²`` at (p, q), as a pair.

    The same arithmetic as ``optlib.surfaces.Rosenbrock``. Source: Rosenbrock (1960), equation (8).
    """
    rise = q - p * p
    return -2 * (1 - p) - 400 * p * rise, 200 * rise
