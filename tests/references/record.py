"""Record what PyTorch, TensorFlow, Keras, Optax and scikit-learn compute, for the tests to compare.

    make references                                       # writes records.json and numbers.npz
    .venv/bin/python tests/references/record.py --check   # compares with them instead

The libraries go into ``tests/references/.venv`` (requirements.txt here), never into the book's own
environment. All run in float64 on one fixed list of gradients, not on a loss, so that a difference
stays where it arises. What the list holds, and why, stands in ``gradients``.
"""

import argparse
import hashlib
import json
import math
import os
import subprocess
import sys
from pathlib import Path

from libraries import (
    amsgrad_as_printed,
    keras_path,
    laprop_as_printed,
    optax_path,
    sklearn_path,
    tensorflow_path,
    torch_path,
)

HERE = Path(__file__).resolve().parent
ENVIRONMENT = HERE / ".venv"
REQUIREMENTS = HERE / "requirements.txt"
INSIDE = "COURSE_REFERENCES_INSIDE"

CHANGE_AT = 101  # the learning rate changes here, in the records that have such a change
CHANGE_BY = 0.3
SAME = 1e-10  # what --check calls the same: libraries mix lerp and multiply-add, never ask for bits


def python_inside():
    """Return the Python of the libraries' environment, made and filled first if it is not there."""
    folder = "Scripts" if os.name == "nt" else "bin"
    python = ENVIRONMENT / folder / "python"
    stamp = ENVIRONMENT / "installed"
    digest = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()
    if not (python.exists() and stamp.exists() and stamp.read_text() == digest):
        print(f"installing the libraries into {ENVIRONMENT} (several minutes)", flush=True)
        subprocess.run([sys.executable, "-m", "venv", ENVIRONMENT], check=True)
        pip = [python, "-m", "pip", "install", "-q", "--disable-pip-version-check"]
        subprocess.run([*pip, "-r", REQUIREMENTS], check=True)
        stamp.write_text(digest)
    return python


def gradients(steps=200):
    """Return the fixed list: (steps, 2), the same numbers on every machine.

    The first coordinate starts small, as a network's gradients may, and is exactly 0 once, later
    (an exact zero as the very first gradient divides 0 by 0 in wrong variants and hides them). The
    second lives near a large ε, falls silent for thirty steps and comes back fifty times larger.
    """
    import numpy as np

    rng = np.random.default_rng(2026)
    ramp = np.concatenate([np.logspace(-3, 0, 20), np.ones(steps - 20)])
    g = np.stack([ramp * (0.3 + rng.normal(size=steps)), 0.02 * rng.normal(size=steps)], axis=1)
    g[36, 0] = 0.0
    g[79:109, 1] = 0.0
    g[109:112, 1] *= 50
    return g


def constant(t):
    """Return the settings that step t changes: none."""
    return {}


def changing(lr, name="lr"):
    """Return a schedule for `at` that multiplies the learning rate at step CHANGE_AT."""
    return lambda t: {name: lr * (CHANGE_BY if t >= CHANGE_AT else 1)}


class Recorder:
    """Runs cases and collects their records and numbers."""

    def __init__(self):
        self.numbers = {"gradients": gradients(), "gradients_long": gradients(1200)}
        self.records = []
        self.versions = versions()

    def add(self, rule, ours, library, settings, path, change=False, long=False):
        """Keep the points of one run under a rule's name and our own hyperparameters."""
        import numpy as np

        key = f"x{len(self.records):02d}"
        self.numbers[key] = np.array([np.asarray(point, dtype=np.float64) for point in path])
        self.records.append(
            {
                "rule": rule,
                "hyperparameters": ours,
                "gradients": "gradients_long" if long else "gradients",
                "x": key,
                "library": library,
                "version": self.versions[library] if library != "paper" else settings,
                "settings": settings,
                "change": [CHANGE_AT, ours["lr"] * CHANGE_BY] if change else None,
            }
        )

    def torch(self, rule, ours, name, settings, at=constant, note="", **options):
        """Run an optimiser of PyTorch."""
        g = self.gradients(options)
        said = f"torch.optim.{name}({spell(settings)}){note}"
        self.add(rule, ours, "torch", said, torch_path(name, settings, at, g), **options)

    def optax(self, rule, ours, said, make, at=None, **options):
        """Run a transformation of Optax; `make(optax, rate)` builds it."""
        g = self.gradients(options)
        path = optax_path(make, at or (lambda t: {"lr": ours.get("lr", 1.0)}), g)
        self.add(rule, ours, "optax", said, path, **options)

    def keras(self, rule, ours, name, settings, at=constant, note="", **options):
        """Run an optimiser of Keras, on JAX."""
        g = self.gradients(options)
        said = f"keras.optimizers.{name}({spell(settings)}){note}"
        self.add(rule, ours, "keras", said, keras_path(name, settings, at, g), **options)

    def tensorflow(self, rule, ours, kernel, slots, settings, at=constant, note="", **options):
        """Run a kernel of TensorFlow, its accumulators at zero."""
        g = self.gradients(options)
        said = f"tf.raw_ops.{kernel}({spell(settings)}){note}"
        path = tensorflow_path(kernel, slots, settings, at, g)
        self.add(rule, ours, "tensorflow", said, path, **options)

    def sklearn(self, rule, ours, name, settings, at=constant, note="", **options):
        """Run an optimiser of scikit-learn's MLPClassifier."""
        g = self.gradients(options)
        said = f"{name}({spell(settings)}){note}"
        self.add(rule, ours, "scikit-learn", said, sklearn_path(name, settings, at, g), **options)

    def gradients(self, options):
        """Return the list of gradients that a case asks for."""
        return self.numbers["gradients_long" if options.get("long") else "gradients"]


def spell(settings):
    """Return keyword arguments as one would write them in a call."""
    return ", ".join(f"{name}={value!r}" for name, value in settings.items())


def versions():
    """Return the version of every library."""
    from importlib.metadata import PackageNotFoundError, version

    def of(*names):
        for name in names:
            try:
                return version(name).split("+")[0]
            except PackageNotFoundError:
                continue
        raise PackageNotFoundError(names[0])

    return {
        "torch": of("torch"),
        "optax": of("optax"),
        "keras": of("keras"),
        "tensorflow": of("tensorflow-cpu", "tensorflow"),
        "scikit-learn": of("scikit-learn"),
    }


def without_eps(ours):
    """Return hyperparameters with ε = 0, the only one that converts where ε is inside the root."""
    return {**ours, "eps": 0.0}


def record_plain(to):
    """Gradient descent, momentum, Nesterov."""
    ours = {"lr": 0.05}
    to.torch("GradientDescent", ours, "SGD", {"lr": 0.05})
    to.optax("GradientDescent", ours, "optax.sgd(lr)", lambda o, lr: o.sgd(lr))
    to.keras("GradientDescent", ours, "SGD", {"learning_rate": 0.05})
    to.tensorflow("GradientDescent", ours, "ResourceApplyGradientDescent", (), {"alpha": 0.05})
    to.torch("GradientDescent", ours, "SGD", {"lr": 0.05}, changing(0.05), change=True)

    ours = {"lr": 0.05, "beta1": 0.8}
    for rule, nesterov in (("Momentum", False), ("Nesterov", True)):
        torch = {"lr": 0.05, "momentum": 0.8, "nesterov": nesterov}
        keras = {"learning_rate": 0.05, "momentum": 0.8, "nesterov": nesterov}
        kernel = {"lr": 0.05, "momentum": 0.8, "use_nesterov": nesterov}
        sklearn = {"learning_rate_init": 0.05, "momentum": 0.8, "nesterov": nesterov}
        said = f"optax.sgd(lr, momentum=0.8, nesterov={nesterov})"

        def make(optax, rate, nesterov=nesterov):
            return optax.sgd(rate, momentum=0.8, nesterov=nesterov)

        to.torch(rule, ours, "SGD", torch)
        to.optax(rule, ours, said, make)
        to.keras(rule, ours, "SGD", keras)
        to.tensorflow(rule, ours, "ResourceApplyMomentum", ("accum",), kernel)
        to.sklearn(rule, ours, "SGDOptimizer", sklearn)
        # Keras and scikit-learn keep lr inside the buffer: where it changes they are another rule
        to.torch(rule, ours, "SGD", torch, changing(0.05), change=True)
        to.optax(rule, ours, said, make, changing(0.05), change=True)


def record_adaptive(to):
    """AdaGrad, Adadelta, RMSProp and what is built on it."""
    ours = {"lr": 0.05, "eps": 0.01}
    to.torch("AdaGrad", ours, "Adagrad", ours)
    to.torch("AdaGrad", ours, "Adagrad", ours, changing(0.05), change=True)
    kernel = {"lr": 0.05, "epsilon": 0.01}
    to.tensorflow("AdaGrad", ours, "ResourceApplyAdagradV2", ("accum",), kernel)
    to.tensorflow("AdaGrad", without_eps(ours), "ResourceApplyAdagrad", ("accum",), {"lr": 0.05})
    to.optax(
        "AdaGrad",
        without_eps(ours),
        "optax.adagrad(lr, initial_accumulator_value=0, eps=0)",
        lambda o, lr: o.adagrad(lr, initial_accumulator_value=0.0, eps=0.0),
    )
    keras = {"learning_rate": 0.05, "initial_accumulator_value": 0.0, "epsilon": 0.0}
    to.keras("AdaGrad", without_eps(ours), "Adagrad", keras)

    ours = {"lr": 0.02, "beta2": 0.95, "eps": 0.01}
    kernel = {"lr": 0.02, "rho": 0.95, "momentum": 0.0, "epsilon": 0.0}
    keras = {"learning_rate": 0.02, "rho": 0.95, "epsilon": 0.0}
    for rule, centered in (("RMSProp", False), ("CenteredRMSProp", True)):
        slots = ("mg", "ms", "mom") if centered else ("ms", "mom")
        name = f"ResourceApply{'Centered' * centered}RMSProp"

        def make(optax, rate, centered=centered):
            return optax.rmsprop(rate, decay=0.95, eps=0.01, eps_in_sqrt=False, centered=centered)

        said = f"optax.rmsprop(lr, decay=0.95, eps=0.01, eps_in_sqrt=False, centered={centered})"
        torch = {"lr": 0.02, "alpha": 0.95, "eps": 0.01, "centered": centered}
        to.torch(rule, ours, "RMSprop", torch)
        to.torch(rule, ours, "RMSprop", torch, changing(0.02), change=True)
        to.optax(rule, ours, said, make)
        to.tensorflow(rule, without_eps(ours), name, slots, kernel)
        to.keras(rule, without_eps(ours), "RMSprop", {**keras, "centered": centered})

    ours = {"lr": 0.02, "beta1": 0.8, "beta2": 0.95, "eps": 0.01}
    kernel = {**kernel, "momentum": 0.8}
    keras = {**keras, "momentum": 0.8}
    at = changing(0.02)

    def momentum(optax, rate):
        return optax.rmsprop(rate, decay=0.95, eps=0.01, eps_in_sqrt=False, momentum=0.8)

    def nesterov(optax, rate):
        return optax.rmsprop(
            rate, decay=0.95, eps=0.01, eps_in_sqrt=False, momentum=0.8, nesterov=True
        )

    rule, slots = "RMSPropMomentum", ("ms", "mom")
    said = "optax.rmsprop(lr, decay=0.95, eps=0.01, eps_in_sqrt=False, momentum=0.8)"
    to.optax(rule, ours, said, momentum)
    to.optax(rule, ours, said, momentum, at, change=True)
    to.tensorflow(rule, without_eps(ours), "ResourceApplyRMSProp", slots, kernel)
    to.tensorflow(rule, without_eps(ours), "ResourceApplyRMSProp", slots, kernel, at, change=True)
    to.keras(rule, without_eps(ours), "RMSprop", keras)
    # PyTorch keeps lr outside the buffer: the same rule as long as lr is constant
    torch = {"lr": 0.02, "alpha": 0.95, "eps": 0.01, "momentum": 0.8}
    to.torch(rule, ours, "RMSprop", torch)

    said = said[:-1] + ", nesterov=True)"
    to.optax("RMSPropNesterov", ours, said, nesterov)
    to.optax("RMSPropNesterov", ours, said, nesterov, at, change=True)

    ours = {"beta2": 0.95, "eps": 1e-4}
    to.torch("Adadelta", ours, "Adadelta", {"lr": 1.0, "rho": 0.95, "eps": 1e-4})
    to.optax(
        "Adadelta",
        ours,
        "optax.adadelta(1.0, rho=0.95, eps=1e-4)",
        lambda o, lr: o.adadelta(1.0, rho=0.95, eps=1e-4),
    )
    keras = {"learning_rate": 1.0, "rho": 0.95, "epsilon": 1e-4}
    to.keras("Adadelta", ours, "Adadelta", keras)
    kernel = {"lr": 1.0, "rho": 0.95, "epsilon": 1e-4}
    to.tensorflow("Adadelta", ours, "ResourceApplyAdadelta", ("accum", "accum_update"), kernel)


def record_adams(to):
    """Adam and its family."""
    ours = {"lr": 0.02, "beta1": 0.8, "beta2": 0.95, "eps": 0.01}
    torch = {"lr": 0.02, "betas": (0.8, 0.95), "eps": 0.01}
    keras = {"learning_rate": 0.02, "beta_1": 0.8, "beta_2": 0.95, "epsilon": 0.01}
    optax = {"b1": 0.8, "b2": 0.95, "eps": 0.01}
    kernel = {"lr": 0.02, "beta1": 0.8, "beta2": 0.95, "epsilon": 0.01}
    slots = ("m", "v")

    def c1(t):
        return 1 - 0.8**t

    def c2(t):
        return 1 - 0.95**t

    def eps_hat(name):
        """The ε̂ libraries add ε to the root of the uncorrected v: give them ε√(1 − β₂ᵗ)."""
        return lambda t: {name: 0.01 * math.sqrt(c2(t))}

    def powers(t):
        return {"beta1_power": 0.8**t, "beta2_power": 0.95**t, **eps_hat("epsilon")(t)}

    note = ", ε̂ = ε√(1 − β₂ᵗ) at each step"
    to.torch("Adam", ours, "Adam", torch)
    to.torch("Adam", ours, "Adam", torch, changing(0.02), change=True)
    to.optax("Adam", ours, f"optax.adam(lr, {spell(optax)})", lambda o, lr: o.adam(lr, **optax))
    to.keras("Adam", ours, "Adam", keras, eps_hat("epsilon"), note)
    to.tensorflow("Adam", ours, "ResourceApplyAdam", slots, kernel, powers, note)
    sklearn = {"learning_rate_init": 0.02, "beta_1": 0.8, "beta_2": 0.95, "epsilon": 0.01}
    to.sklearn("Adam", ours, "AdamOptimizer", sklearn, eps_hat("epsilon"), note)

    long = {"lr": 0.001, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8}  # the paper's, t to 1200
    settings = {"lr": 0.001, "betas": (0.9, 0.999), "eps": 1e-8}
    to.torch("Adam", long, "Adam", settings, long=True)

    decayed = {**ours, "weight_decay": 0.3}
    to.torch("AdamW", decayed, "AdamW", {**torch, "weight_decay": 0.3})
    to.torch("AdamW", decayed, "AdamW", {**torch, "weight_decay": 0.3}, changing(0.02), change=True)
    to.optax(
        "AdamW",
        decayed,
        f"optax.adamw(lr, {spell(optax)}, weight_decay=0.3)",
        lambda o, lr: o.adamw(lr, **optax, weight_decay=0.3),
    )
    to.keras("AdamW", decayed, "AdamW", {**keras, "weight_decay": 0.3}, eps_hat("epsilon"), note)

    # Reddi et al. correct no bias. TensorFlow's kernel is told so by powers of 0; for PyTorch and
    # Keras the corrections are undone in lr and ε.
    to.tensorflow(
        "AMSGrad",
        ours,
        "ResourceApplyAdamWithAmsgrad",
        (*slots, "vhat"),
        {"beta1_power": 0.0, "beta2_power": 0.0, **kernel},
    )
    to.torch(
        "AMSGrad",
        ours,
        "Adam",
        {**torch, "amsgrad": True},
        lambda t: {"lr": 0.02 * c1(t) / math.sqrt(c2(t)), "eps": 0.01 / math.sqrt(c2(t))},
        ", lr(1 − β₁ᵗ)/√(1 − β₂ᵗ) and ε/√(1 − β₂ᵗ) at each step",
    )
    to.keras(
        "AMSGrad",
        ours,
        "Adam",
        {**keras, "amsgrad": True},
        lambda t: {"learning_rate": 0.02 * c1(t) / math.sqrt(c2(t))},
        ", lr(1 − β₁ᵗ)/√(1 − β₂ᵗ) at each step",
    )
    g = to.numbers["gradients"]
    said = "Reddi, Kale and Kumar (2018), Algorithm 2, with ε (literal transcription)"
    to.add("AMSGrad", ours, "paper", said, amsgrad_as_printed(g, **ours))

    to.torch(
        "NAdam",
        ours,
        "NAdam",
        {**torch, "momentum_decay": 1e6},
        note=", whose decay of β₁ this turns off",
    )
    to.optax("NAdam", ours, f"optax.nadam(lr, {spell(optax)})", lambda o, lr: o.nadam(lr, **optax))

    to.optax(
        "LaProp",
        ours,
        "optax.chain(scale_by_rms(0.95, 0.01, eps_in_sqrt=False, bias_correction=True), "
        "ema(0.8), scale_by_learning_rate(lr))",
        lambda o, lr: o.chain(
            o.scale_by_rms(0.95, 0.01, eps_in_sqrt=False, bias_correction=True),
            o.ema(0.8, debias=True),
            o.scale_by_learning_rate(lr),
        ),
    )
    said = "Ziyin, Wang and Ueda (2020), Algorithm 1 (literal transcription)"
    to.add("LaProp", ours, "paper", said, laprop_as_printed(g, **ours))


def compute():
    """Run every case and return the records and their numbers."""
    os.environ.update(
        KERAS_BACKEND="jax",
        JAX_ENABLE_X64="1",
        JAX_PLATFORMS="cpu",
        TF_CPP_MIN_LOG_LEVEL="3",
        CUDA_VISIBLE_DEVICES="-1",
    )
    import keras

    keras.config.set_floatx("float64")
    to = Recorder()
    record_plain(to)
    record_adaptive(to)
    record_adams(to)
    return to.records, to.numbers


def write(records, numbers):
    """Write the two files that the tests read."""
    import numpy as np

    from references import NUMBERS, RECORDS

    if RECORDS.exists():
        check(records, numbers)  # says what moved since the last time
    text = ",\n".join(json.dumps(record, ensure_ascii=False) for record in records)
    RECORDS.write_text(f"[\n{text}\n]\n", encoding="utf-8")
    np.savez_compressed(NUMBERS, **numbers)
    size = RECORDS.stat().st_size + NUMBERS.stat().st_size
    print(f"{len(records)} records, {size / 1000:.0f} kB")


def check(records, numbers):
    """Print how far today's numbers are from the recorded ones; return the exit status."""
    import numpy as np

    from references import difference, load

    recorded = load()
    asked = [(r["rule"], r["hyperparameters"], r["settings"]) for r in records]
    if asked != [(r.rule, r.hyperparameters, r.settings) for r in recorded]:
        print("the cases themselves changed: run `make references` to record them")
        return 1
    worst = 0.0
    for new, old in zip(records, recorded, strict=True):
        same = np.array_equal(numbers[new["gradients"]], old.gradients)
        off = difference(numbers[new["x"]], old) if same else math.inf
        if not off <= SAME:
            print(f"{old.name}: {off:.1e} from {old.version}, now {new['version']}")
        worst = max(worst, off)
    print(f"{len(records)} records compared, worst difference {worst:.1e}, allowed {SAME:.0e}")
    return int(not worst <= SAME)


def main():
    """Enter the libraries' environment, then write or check."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare with the recorded numbers")
    asked = parser.parse_args()
    if os.environ.get(INSIDE) != "1":
        inside = {**os.environ, INSIDE: "1", "PYTHONPATH": str(HERE.parent)}
        command = [python_inside(), __file__, *sys.argv[1:]]
        return subprocess.run(command, env=inside).returncode
    records, numbers = compute()
    if asked.check:
        return check(records, numbers)
    write(records, numbers)
    return 0


if __name__ == "__main__":
    sys.exit(main())
