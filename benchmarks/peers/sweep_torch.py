"""Loop torch.optim.Adam over a sample of the sweep's runs: print seconds a run, save end points.

    python -m benchmarks.peers.sweep_torch SAMPLE POINTS.npy

It is asked as kindly as a loop can be: no autograd, the gradient computed on Python's own floats.
"""

import json
import sys
import time

import numpy as np
import torch

from benchmarks.peers import problem


def descend(lr):
    """Return where one run ends, as a pair."""
    x = torch.tensor(problem.START, dtype=torch.float64, requires_grad=True)
    x.grad = torch.zeros_like(x)
    betas = (problem.BETA1, problem.BETA2)
    optimizer = torch.optim.Adam([x], lr=lr, betas=betas, eps=problem.EPS)
    for _ in range(problem.STEPS):
        x.grad = torch.tensor(problem.gradient(*x.tolist()), dtype=torch.float64)
        optimizer.step()
    return x.tolist()


def main():
    """Measure, save, print."""
    sample, points = int(sys.argv[1]), sys.argv[2]
    torch.set_num_threads(1)  # two numbers are no work for two threads
    descend(0.01)
    seconds, ends = [], []
    for lr in problem.RATES[:: problem.RUNS // sample]:
        started = time.perf_counter()
        ends.append(descend(float(lr)))
        seconds.append(time.perf_counter() - started)
    np.save(points, ends)
    print(json.dumps({"version": torch.__version__, "seconds": float(np.median(seconds))}))


if __name__ == "__main__":
    main()
