"""A sweep of ten thousand runs, beside a loop over torch.optim and a jitted, vmapped Optax."""

import tempfile
import time
import tracemalloc
from pathlib import Path

import numpy as np

from benchmarks.environments import ask, say
from benchmarks.peers import problem
from benchmarks.table import Row, amount, duration, times
from optlib import Adam, minimize
from optlib.surfaces import Rosenbrock

SAMPLE = 50  # runs of the loop that are measured; the rest is extrapolated
ROUNDS = 5  # of optlib and Optax in turn, so that a busy moment does not fall on one alone


def descend(steps=problem.STEPS):
    """Return the last points of the sweep, computed by optlib."""
    rule = Adam(
        lr=problem.RATES[:, None], beta1=problem.BETA1, beta2=problem.BETA2, eps=problem.EPS
    )
    return minimize(Rosenbrock(), rule, problem.START, steps, keep="last").x[-1]


def ours():
    """Return seconds and last points of one sweep by optlib."""
    started = time.perf_counter()
    points = descend()
    return time.perf_counter() - started, points


def peak(steps):
    """Return the most memory, in bytes, that Python and NumPy held at once during a sweep."""
    tracemalloc.start()
    descend(steps)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most


def measure():
    """Return the rows of this section."""
    size = f"{problem.RUNS:,} runs × {problem.STEPS:,} steps"
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "points.npy"
        say(f"sweep: torch.optim.Adam, {SAMPLE} of {problem.RUNS:,} runs")
        torch = ask("sweep_torch", SAMPLE, file)
        looped = np.load(file)
        mine, optax, single = [], [], []
        for k in range(ROUNDS):
            say(f"sweep: optlib and Optax, round {k + 1} of {ROUNDS}")
            seconds, points = ours()
            mine.append(seconds)
            optax.append(ask("sweep_optax", "float64", file))
            vmapped = np.load(file)
            single.append(ask("sweep_optax", "float32", file))
    usual, loop = np.median(mine), torch["seconds"] * problem.RUNS
    whole = np.median([run["compile"] + run["first"] for run in optax])
    warm = np.median([run["seconds"] for run in optax])
    compiled = np.median([run["compile"] for run in optax])
    whole32 = np.median([run["compile"] + run["first"] for run in single])
    every = problem.RUNS // SAMPLE
    off_torch = np.abs(points[::every] - looped).max()
    off_optax = np.abs(points - vmapped).max()
    few, many = peak(100), peak(1000)
    return [
        Row(
            f"sweep: {size}, Adam in 2 dimensions, beside a loop over torch.optim "
            f"{torch['version']} ({SAMPLE} runs measured, the rest extrapolated)",
            duration(usual),
            duration(loop),
            times(loop / usual),
            ("at least 300 ×", loop / usual >= 300),
        ),
        Row(
            f"the same, beside Optax {optax[0]['version']}, jitted and vmapped, with its "
            f"compilation ({duration(compiled)})",
            duration(usual),
            duration(whole),
            times(whole / usual),
            ("more than 1 ×", whole > usual),
        ),
        Row(
            "the same, beside Optax in float32 with its compilation (optlib in float64)",
            duration(usual),
            duration(whole32),
            times(whole32 / usual),
        ),
        Row(
            "the same, beside Optax once compiled",
            duration(usual),
            duration(warm),
            times(warm / usual),
        ),
        Row(
            "that all three did the same: largest difference of a coordinate at the end",
            "",
            f"PyTorch {off_torch:.1e}, Optax {off_optax:.1e}",
        ),
        Row(
            'peak memory of the sweep with keep="last": 1,000 steps beside 100',
            amount(many),
            amount(few),
            times(many / few),
            ("does not grow", many <= 1.01 * few),
        ),
    ]
