"""The cases: which library is asked what, for every rule, and how its settings are converted."""

import math

from references.libraries import amsgrad_as_printed, laprop_as_printed
from references.recorder import changing, spell


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
