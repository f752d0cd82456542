"""Run the whole sweep with a jitted, vmapped Optax: print seconds, save end points.

    python -m benchmarks.peers.sweep_optax float64|float32 POINTS.npy

``compile`` is tracing, lowering and compiling, in a process that has compiled nothing before;
importing and starting JAX are not counted.
"""

import json
import os
import sys
import time

import numpy as np

os.environ["JAX_ENABLE_X64"] = str(int(sys.argv[1] == "float64"))

import jax
import jax.numpy as jnp
import optax

from benchmarks.peers import problem


def descend(lr):
    """Return where one run ends."""
    rule = optax.adam(lr, b1=problem.BETA1, b2=problem.BETA2, eps=problem.EPS)
    x = jnp.array(problem.START)

    def step(carry, _):
        x, state = carry
        g = jnp.stack(problem.gradient(x[0], x[1]))
        dx, state = rule.update(g, state, x)
        return (optax.apply_updates(x, dx), state), None

    (x, _), _ = jax.lax.scan(step, (x, rule.init(x)), None, length=problem.STEPS)
    return x


def main():
    """Measure, save, print."""
    rates = jnp.array(problem.RATES)
    jnp.zeros(1).block_until_ready()
    started = time.perf_counter()
    sweep = jax.jit(jax.vmap(descend)).lower(rates).compile()
    compiled = time.perf_counter() - started
    seconds = []
    for _ in range(3):
        started = time.perf_counter()
        points = sweep(rates).block_until_ready()
        seconds.append(time.perf_counter() - started)
    np.save(sys.argv[2], points)
    print(
        json.dumps(
            {
                "version": optax.__version__,
                "jax": jax.__version__,
                "compile": compiled,
                "first": seconds[0],
                "seconds": min(seconds),
            }
        )
    )


if __name__ == "__main__":
    main()
