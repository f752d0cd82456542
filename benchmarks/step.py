"""One step of Adam on ten million parameters, beside torch.optim and the speed of memory."""

import gc
import time

import numpy as np

from benchmarks.environments import ask, say
from benchmarks.peers import problem
from benchmarks.table import Row, duration, times
from optlib import Adam

BLOCK = 8192  # parameters at a time: what a step touches then stays in a core's cache
TOUCHED = 7  # arrays that a step cannot avoid to touch: it reads x, g, m, v and writes x, m, v


def fastest(act, repeats):
    """Return the seconds of the fastest of several calls, after one to warm up."""
    act()
    seconds = []
    for _ in range(repeats):
        started = time.perf_counter()
        act()
        seconds.append(time.perf_counter() - started)
    return min(seconds)


def whole_step(x, g):
    """Return a function that takes one step on all parameters at once, as ``minimize`` does."""
    rule, t = Adam(lr=0.001), 0
    state = rule.init(x)

    def step():
        nonlocal x, state, t
        t += 1
        dx, state = rule.update(g, state, t, x)
        x = x + dx

    return step


def step_in_blocks(x, g):
    """Return a function that takes the same step block by block, writing into ``x``, m and v.

    Rules are elementwise, so the result is the same to the last bit.
    """
    rule, t = Adam(lr=0.001), 0
    state = rule.init(x)

    def step():
        nonlocal t
        t += 1
        for start in range(0, len(x), BLOCK):
            part = slice(start, start + BLOCK)
            before = type(state)(*(column[part] for column in state))
            dx, after = rule.update(g[part], before, t, x[part])
            x[part] += dx
            for column, new in zip(state, after, strict=True):
                column[part] = new

    return step


def copy_time():
    """Return the seconds that NumPy needs to move as many bytes as a step must, by copying."""
    source = np.ones(problem.PARAMETERS * TOUCHED // 2)
    target = np.empty_like(source)
    return fastest(lambda: np.copyto(target, source), 7)


def measure():
    """Return the rows of this section."""
    say("step: optlib")
    g = np.random.default_rng(0).normal(size=problem.PARAMETERS)
    whole = fastest(whole_step(np.ones(problem.PARAMETERS), g), 5)
    gc.collect()
    blocks = fastest(step_in_blocks(np.ones(problem.PARAMETERS), g), 5)
    copied = copy_time()
    say("step: torch.optim, five ways")
    torch = ask("step_torch")
    seconds, version = torch["seconds"], f"torch.optim {torch['version']}"
    rows = [
        Row(
            f"one step of Adam on {problem.PARAMETERS:,} parameters, float64, one thread, beside "
            f"{version} as it comes ({torch['threads']} threads)",
            duration(whole),
            duration(seconds["default"]),
            times(seconds["default"] / whole),
        ),
        Row(
            f"the same, {BLOCK:,} parameters at a time",
            duration(blocks),
            duration(seconds["default"]),
            times(seconds["default"] / blocks),
        ),
    ]
    rows += [
        Row(
            f"the same, beside {version}, {kind}",
            duration(blocks),
            duration(seconds[kind]),
            times(seconds[kind] / blocks),
        )
        for kind in seconds
        if kind != "default"
    ]
    return rows + [
        Row(
            f"the same, beside copying as many bytes as a step must touch "
            f"({TOUCHED * 8 * problem.PARAMETERS / 1e6:.0f} MB, one thread)",
            duration(blocks),
            duration(copied),
            times(copied / blocks),
        ),
        Row(
            f"that copy beside {version}, fused",
            duration(seconds["fused"]),
            duration(copied),
            times(copied / seconds["fused"]),
        ),
    ]
