"""Take Adam steps on ten million parameters with torch.optim: print seconds a step.

Each entry is the fastest of several steps after two to warm up: the library as it comes, told to go
through all parameters at once (foreach) or in one kernel (fused), and in its usual float32.
"""

import json
import time

import torch

from benchmarks.peers import problem

KINDS = {
    "default": (torch.float64, {}),
    "foreach": (torch.float64, {"foreach": True}),
    "fused": (torch.float64, {"fused": True}),
    "default, float32": (torch.float32, {}),
    "fused, float32": (torch.float32, {"fused": True}),
}


def step_time(dtype, settings):
    """Return the seconds of one step."""
    x = torch.ones(problem.PARAMETERS, dtype=dtype, requires_grad=True)
    x.grad = torch.randn(problem.PARAMETERS, dtype=dtype)
    optimizer = torch.optim.Adam([x], lr=0.001, **settings)
    seconds = []
    for _ in range(9):
        started = time.perf_counter()
        optimizer.step()
        seconds.append(time.perf_counter() - started)
    return min(seconds[2:])


def main():
    """Measure and print."""
    print(
        json.dumps(
            {
                "version": torch.__version__,
                "threads": torch.get_num_threads(),
                "seconds": {kind: step_time(*how) for kind, how in KINDS.items()},
            }
        )
    )


if __name__ == "__main__":
    main()
