"""The known mistakes of every rule, as optimisers, each with a diagnosis for its author.

Exercises compare what a learner computed with the rule and with every mistake here, and so can name
what happened where "wrong" would help nobody. A mistake has the fields and the state of its rule:
it can be run, traced and drawn beside the right one.

    MISTAKES[Adam]      # the known mistakes of a rule: a tuple of classes
    SEVEN_ADAMS         # those of Adam that still go downhill
    AdamTFrozen.diagnosis

Most are rewrites of the rule (``optlib.exercises.slips``), applied to all rules; a class stands
here where no rewrite says it. Some are sound optimisers by themselves (an average in place of a
sum); they are mistakes only as an answer to the question of how the rule goes.
"""

from collections.abc import Mapping
from functools import cache

import numpy as np

from optlib.averages import debias, ema
from optlib.descent import follow
from optlib.exercises.rewrites import misread
from optlib.exercises.slips import REWRITES
from optlib.optimizers import (
    ALL,
    Adadelta,
    AdaGrad,
    Adam,
    AdamW,
    AMSGrad,
    LaProp,
    Momentum,
    NAdam,
    Nesterov,
    RMSProp,
    RMSPropMomentum,
    RMSPropNesterov,
)
from optlib.trace.record import trace_rule

# Adam: the seven that go downhill all the same


class AdamEpsInsideRoot(Adam):
    """The small constant inside: ``Δx = −η m̂ / √(v̂ + ε)``."""

    diagnosis = (
        "This is Adam with eps inside the square root: it should be added after the root, "
        "sqrt(v_hat) + eps, and inside it acts like the much larger sqrt(eps)."
    )

    def update(self, g, state, t, x):
        m = ema(state.m, g, self.beta1)
        v = ema(state.v, g**2, self.beta2)
        m_hat, v_hat = debias(m, self.beta1, t), debias(v, self.beta2, t)
        return -self.lr * m_hat / np.sqrt(v_hat + self.eps), self.State(m, v)


class AdamEpsOnX(Adam):
    """The small constant added to the parameter: ``Δx = −η m̂ / √v̂ + ε``."""

    diagnosis = (
        "This is Adam with eps added to the parameter at every step: a pair of brackets is "
        "missing, and eps belongs to the denominator, sqrt(v_hat) + eps."
    )

    def update(self, g, state, t, x):
        m = ema(state.m, g, self.beta1)
        v = ema(state.v, g**2, self.beta2)
        m_hat, v_hat = debias(m, self.beta1, t), debias(v, self.beta2, t)
        return -self.lr * m_hat / np.sqrt(v_hat) + self.eps, self.State(m, v)


class AdamEpsHat(Adam):
    """The ε̂ form of the paper's section 2: ``Δx = −η √(1 − β₂ᵗ) / (1 − β₁ᵗ) · m / (√v + ε)``."""

    diagnosis = (
        "This is Adam in its rearranged form, as in TensorFlow and Keras, where eps is added to "
        "the root of the uncorrected v: correct v first, then take the root, then add eps."
    )

    def update(self, g, state, t, x):
        m = ema(state.m, g, self.beta1)
        v = ema(state.v, g**2, self.beta2)
        rate = self.lr * np.sqrt(1 - self.beta2**t) / (1 - self.beta1**t)
        return -rate * m / (np.sqrt(v) + self.eps), self.State(m, v)


class AdamTFrozen(Adam):
    """The corrections of step 1 for ever: ``t = 1``."""

    diagnosis = (
        "This is Adam whose t stays at 1: the corrections have to fade, so count the steps and "
        "use the current t."
    )

    def update(self, g, state, t, x):
        return super().update(g, state, 1, x)


class AdamTAhead(Adam):
    """The corrections of the next step: ``t + 1``."""

    diagnosis = (
        "This is Adam whose t runs one ahead: the first step should use t = 1, so see where your "
        "counter starts and when it moves."
    )

    def update(self, g, state, t, x):
        return super().update(g, state, t + 1, x)


class AdamUncorrected(Adam):
    """No bias correction at all: ``Δx = −η m / (√v + ε)``."""

    diagnosis = (
        "This is Adam without bias correction: divide m by 1 - beta1**t and v by 1 - beta2**t "
        "before the step."
    )

    def update(self, g, state, t, x):
        m = ema(state.m, g, self.beta1)
        v = ema(state.v, g**2, self.beta2)
        return -self.lr * m / (np.sqrt(v) + self.eps), self.State(m, v)


class AdamOnlyMCorrected(Adam):
    """Half of the bias correction: ``Δx = −η m̂ / (√v + ε)``."""

    diagnosis = (
        "This is Adam with only m corrected: v starts at zero too, so divide it by 1 - beta2**t."
    )

    def update(self, g, state, t, x):
        m = ema(state.m, g, self.beta1)
        v = ema(state.v, g**2, self.beta2)
        return -self.lr * debias(m, self.beta1, t) / (np.sqrt(v) + self.eps), self.State(m, v)


# Other rules: what no rewrite says


class AdadeltaAveragesGradients(Adadelta):
    """The squared gradient in the place of the squared step: ``u ← β₂ u + (1 − β₂) g²``."""

    diagnosis = (
        "u averages the squared gradients: it should average the squared steps dx**2, so that "
        "the units of a step come out."
    )

    def update(self, g, state, t, x):
        dx, after = super().update(g, state, t, x)
        return dx, self.State(after.v, ema(state.u, g**2, self.beta2))


class RMSPropMomentumNormalisedLast(RMSPropMomentum):
    """The order exchanged: ``m ← β₁ m + η g``, ``Δx = −m / (√v + ε)``."""

    diagnosis = (
        "You accumulate first and normalise afterwards, which is Adam's order: here each gradient "
        "is divided by sqrt(v) + eps before it enters the buffer."
    )

    def update(self, g, state, t, x):
        v = ema(state.v, g**2, self.beta2)
        m = self.beta1 * state.m + self.lr * g
        return -m / (np.sqrt(v) + self.eps), self.State(m, v)


class RMSPropNesterovGradient(RMSPropNesterov):
    """The bare gradient in the look-ahead: ``Δx = −(η g + β₁ m)``."""

    diagnosis = (
        "The look-ahead adds the bare gradient to the buffer: what it adds should be normalised "
        "too, like the steps that the buffer holds."
    )

    def update(self, g, state, t, x):
        v = ema(state.v, g**2, self.beta2)
        m = self.beta1 * state.m + self.lr * g / (np.sqrt(v) + self.eps)
        return -(self.lr * g + self.beta1 * m), self.State(m, v)


class AMSGradFeedsBack(AMSGrad):
    """The maximum in the place of the average: ``v ← max(v, β₂ v + (1 − β₂) g²)``."""

    diagnosis = (
        "v itself is replaced by its maximum, and the average then goes on from there: keep v and "
        "v_max apart."
    )

    def update(self, g, state, t, x):
        dx, after = super().update(g, state, t, x)
        return dx, self.State(after.m, after.v_max, after.v_max)


class AMSGradMaximumCorrected(AMSGrad):
    """With Adam's corrections, as PyTorch does: maximum of the raw v, then both corrected."""

    diagnosis = (
        "m and v_max are corrected for their start at zero, as PyTorch has it: the AMSGrad of the "
        "paper corrects neither."
    )

    def update(self, g, state, t, x):
        _, after = super().update(g, state, t, x)
        m_hat, v_hat = debias(after.m, self.beta1, t), debias(after.v_max, self.beta2, t)
        return -self.lr * m_hat / (np.sqrt(v_hat) + self.eps), after


class NAdamNoLookAhead(NAdam):
    """No look-ahead: plain Adam."""

    diagnosis = (
        "This is plain Adam: the look-ahead, beta1*m and (1 - beta1)*g added once more, is missing."
    )

    def update(self, g, state, t, x):
        return Adam.update(self, g, state, t, x)


class LaPropNormalisedLast(LaProp):
    """Adam's order: average, then normalise."""

    diagnosis = (
        "This is Adam: LaProp divides each gradient by the root of v_hat first, and averages what "
        "has been divided."
    )

    def update(self, g, state, t, x):
        return Adam.update(self, g, state, t, x)


SEVEN_ADAMS = (
    AdamEpsInsideRoot,
    AdamEpsOnX,
    AdamEpsHat,
    AdamTFrozen,
    AdamTAhead,
    AdamUncorrected,
    AdamOnlyMCorrected,
)
CLASSES = {
    Adam: SEVEN_ADAMS,
    Adadelta: (AdadeltaAveragesGradients,),
    RMSPropMomentum: (RMSPropMomentumNormalisedLast,),
    RMSPropNesterov: (RMSPropNesterovGradient,),
    AMSGrad: (AMSGradFeedsBack, AMSGradMaximumCorrected),
    NAdam: (NAdamNoLookAhead,),
    LaProp: (LaPropNormalisedLast,),
}
SAID = {  # where a rewrite makes one rule another, and its diagnosis can say which
    (Momentum, "AveragedM"): "The buffer averages, m = beta1*m + (1 - beta1)*g, where this course "
    "accumulates, m = beta1*m + g: your steps are smaller by the factor 1 - beta1.",
    (Nesterov, "StaleM"): "This is plain momentum: g + beta1*m with the m from before this "
    "gradient is the new m itself, so update m first and look ahead with that one.",
    (RMSPropNesterov, "StaleM"): "This is RMSProp with plain momentum: the look-ahead needs the "
    "new buffer, and step + beta1*m with the old one is the new buffer itself.",
    (AdaGrad, "StaleV"): "The step divides by the sum from before this gradient, which is zero in "
    "step 1, so the first step is huge: update v first.",
    (RMSProp, "StaleV"): "The step divides by the average from before this gradient, which is zero "
    "in step 1, so the first step is huge: update v first.",
    (RMSProp, "SummedV"): "v adds up all squared gradients, which is AdaGrad: RMSProp keeps a "
    "moving average, v = beta2*v + (1 - beta2)*g**2.",
    (RMSProp, "EpsInsideRoot"): "eps stands inside the square root, sqrt(v + eps), as TensorFlow "
    "has it: this course adds it after the root, sqrt(v) + eps.",
    (Adadelta, "UnkeptU"): "u stays at zero, so every step has the size of the first: u has to "
    "average the squares of the steps taken.",
    (AdamW, "NoDecay"): "This is plain Adam: weight_decay*x is missing from the step.",
}

# What tells them apart: a hundred steps along fixed gradients, with an ε that is large enough to see

SETTINGS = {"lr": 0.03, "beta1": 0.8, "beta2": 0.95, "eps": 1e-2, "weight_decay": 0.3}
START = (1.0, -2.0)
TOLERANCE = 1e-6  # of a step, or of 1 if that is more: what is closer everywhere is the same


def gradients(steps=100):
    """The fixed gradients, shape (steps, 2): none is zero, and the first is small, in units of g."""
    rng = np.random.default_rng(8)
    g = 0.3 + rng.normal(size=(steps, 2)) * [1.0, 0.05]
    g[0] = [1e-3, -2e-3]
    return g


def settings_of(rule, settings=SETTINGS):
    """Those of some settings that a rule has a hyperparameter for."""
    return {name: settings[name] for name in rule.__dataclass_fields__}


def steps_of(rule, settings=SETTINGS):
    """The steps Δx of a rule along the fixed gradients, shape (100, 2); NaN once it is lost."""
    run = follow(rule(**settings_of(rule, settings)), gradients(), START)
    with np.errstate(invalid="ignore"):  # what was infinite leads nowhere
        return np.diff(run.x, axis=0)


def gaps(steps, other):
    """How far some steps are from others, step by step, as shares of the other or of 1 if more.

    Infinite where one of them is not a number.
    """
    same = (steps == other) | (np.isnan(steps) & np.isnan(other))
    with np.errstate(invalid="ignore"):
        gap = np.abs(steps - other) / np.maximum(np.abs(other), 1.0)
    return np.where(same, 0.0, np.where(np.isnan(gap), np.inf, gap)).max(axis=-1)


@cache
def candidates(rule):
    """Every class and every rewrite that can happen to a rule, by name."""
    record = trace_rule(rule())
    found = {wrong.__name__: wrong for wrong in CLASSES.get(rule, ())}
    for rewrite in REWRITES:
        wrong = misread(rule, rewrite, record, SAID.get((rule, rewrite.name)))
        if wrong:
            found.setdefault(wrong.__name__, wrong)
    return tuple(found.values())


@cache
def told_apart(rule):
    """The mistakes of a rule that compute something of their own, each with its steps.

    What computes the same as the rule, or as a mistake before it, drops out.
    """
    right, found = steps_of(rule), {}
    for wrong in candidates(rule):
        steps = steps_of(wrong)
        if all(gaps(steps, other).max() > TOLERANCE for other in (right, *found.values())):
            found[wrong] = steps
    return found


class _Mistakes(Mapping):
    """A rule's mistakes, worked out when they are first asked for."""

    def __getitem__(self, rule):
        if rule not in ALL:
            raise KeyError(rule)
        return tuple(told_apart(rule))

    def __iter__(self):
        return iter(ALL)

    def __len__(self):
        return len(ALL)


MISTAKES = _Mistakes()


def mistake(rule, name):
    """The mistake of a rule that ``REWRITES`` or a class here calls ``name``, such as "NoRoot".

    Raises ValueError for a name that is none, or cannot happen to this rule.
    """
    named = {wrong.__name__: wrong for wrong in candidates(rule)}
    if f"{rule.__name__}{name}" not in named:
        names = ", ".join(wrong.removeprefix(rule.__name__) for wrong in named)
        raise ValueError(f"mistake {name!r} of {rule.__name__}; expected one of {names}")
    return named[f"{rule.__name__}{name}"]


RMSPropCorrected = mistake(RMSProp, "Corrected")
