"""Runs cases and collects their records and numbers, for `record.py`."""

from references.libraries import keras_path, optax_path, sklearn_path, tensorflow_path, torch_path

CHANGE_AT = 101  # the learning rate changes here, in the records that have such a change
CHANGE_BY = 0.3


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
