"""The known wrong variants of the rules, as optimisers, each with a diagnosis for its author.

Exercises compare a learner's trajectory with the rule and with every variant here, and so can name
what happened where "wrong" would help nobody. A variant has the fields and the state of its rule
and, like it, plain arithmetic in ``update``: it can be run, traced and drawn beside the right one.

    MISTAKES[Adam]      # the wrong variants of a rule: a tuple of classes
    SEVEN_ADAMS         # those of Adam that still go downhill, the ones chapter 8 is about
    AdamTFrozen.diagnosis

Some variants are sound optimisers by themselves (an average in place of a sum); they are mistakes
only as an answer to the question of how the rule goes.
"""

import numpy as np

from optlib.averages import debias, ema
from optlib.optimizers import (
    Adadelta,
    AdaGrad,
    Adam,
    AdamW,
    AMSGrad,
    CenteredRMSProp,
    GradientDescent,
    LaProp,
    Momentum,
    NAdam,
    Nesterov,
    RMSProp,
    RMSPropMomentum,
    RMSPropNesterov,
)

# Mistakes that any rule can meet, to be put before a rule in a class's bases


class Uphill:
    """The step with its sign turned: ``Δx → −Δx``."""

    diagnosis = (
        "The steps have the right size but go uphill: the gradient points up, so a minus sign is "
        "missing from the step."
    )

    def update(self, g, state, t, x):
        dx, state = super().update(g, state, t, x)
        return -dx, state


class Forgetful:
    """The state is computed, used, and not kept: each step starts from the first state again."""

    diagnosis = (
        "Each step is computed as if it were the first: the state is not carried over to the next "
        "step, so look at what update returns and at what is stored."
    )

    def update(self, g, state, t, x):
        dx, _ = super().update(g, state, t, x)
        return dx, state


# Gradient descent


class GradientDescentUphill(Uphill, GradientDescent):
    """Gradient ascent: ``Δx = +η g``."""


class GradientDescentNoRate(GradientDescent):
    """The gradient alone: ``Δx = −g``."""

    diagnosis = "The step is the whole gradient: it still has to be multiplied by lr."

    def update(self, g, state, t, x):
        return -g, state


class GradientDescentSign(GradientDescent):
    """The direction alone: ``Δx = −η sign(g)``."""

    diagnosis = (
        "Every step has the length lr, however steep the ground is: you use the sign of the "
        "gradient, or divide by its size, where the gradient itself belongs."
    )

    def update(self, g, state, t, x):
        return -self.lr * np.sign(g), state


# Momentum


class MomentumUphill(Uphill, Momentum):
    """Momentum that climbs: ``Δx = +η m``."""


class MomentumForgetful(Forgetful, Momentum):
    """Momentum whose buffer is never kept, which is gradient descent: ``Δx = −η g``."""


class MomentumAveraged(Momentum):
    """The other convention: ``m ← β m + (1 − β) g``."""

    diagnosis = (
        "The buffer averages, m = beta1*m + (1 - beta1)*g, where this course accumulates, "
        "m = beta1*m + g: your steps are smaller by the factor 1 - beta1."
    )

    def update(self, g, state, t, x):
        m = ema(state.m, g, self.beta1)
        return -self.lr * m, self.State(m)


class MomentumRateTwice(Momentum):
    """The rate inside the buffer and outside it: ``m ← β m + η g``, ``Δx = −η m``."""

    diagnosis = (
        "lr is applied twice, once inside the buffer and once more in the step: keep one of them."
    )

    def update(self, g, state, t, x):
        m = self.beta1 * state.m + self.lr * g
        return -self.lr * m, self.State(m)


class MomentumStale(Momentum):
    """A step with the buffer from before this gradient: ``Δx = −η mₜ₋₁``."""

    diagnosis = (
        "The step uses the buffer from before this gradient, so you are one step late (and the "
        "first step is zero): update m first, then step with it."
    )

    def update(self, g, state, t, x):
        m = self.beta1 * state.m + g
        return -self.lr * state.m, self.State(m)


class MomentumSwapped(Momentum):
    """The decay and its complement exchanged: ``m ← (1 − β) m + g``."""

    diagnosis = (
        "The buffer keeps the share 1 - beta1 of itself where it should keep beta1: with 0.9 it "
        "forgets nine tenths at each step in place of one tenth."
    )

    def update(self, g, state, t, x):
        m = (1 - self.beta1) * state.m + g
        return -self.lr * m, self.State(m)


# Nesterov


class NesterovUphill(Uphill, Nesterov):
    """Nesterov momentum that climbs."""


class NesterovOldBuffer(Nesterov):
    """The buffer from before the step in the look-ahead: ``Δx = −η (g + β mₜ₋₁)``."""

    diagnosis = (
        "This is plain momentum: g + beta1*m with the m from before this gradient is the new m "
        "itself, so update m first and look ahead with that one."
    )

    def update(self, g, state, t, x):
        m = self.beta1 * state.m + g
        return -self.lr * (g + self.beta1 * state.m), self.State(m)


class NesterovAveraged(Nesterov):
    """A buffer that averages: ``m ← β m + (1 − β) g``, ``Δx = −η (g + β m)``."""

    diagnosis = (
        "The buffer averages, m = beta1*m + (1 - beta1)*g, where this course accumulates, "
        "m = beta1*m + g."
    )

    def update(self, g, state, t, x):
        m = ema(state.m, g, self.beta1)
        return -self.lr * (g + self.beta1 * m), self.State(m)


class NesterovTwice(Nesterov):
    """The buffer in the gradient's place: ``Δx = −η (m + β m)``."""

    diagnosis = (
        "The step adds beta1*m to m where it should add it to the gradient g: you counted the "
        "past twice."
    )

    def update(self, g, state, t, x):
        m = self.beta1 * state.m + g
        return -self.lr * (m + self.beta1 * m), self.State(m)


class NesterovUndecayed(Nesterov):
    """The whole buffer in the look-ahead: ``Δx = −η (g + m)``."""

    diagnosis = "The look-ahead adds the whole buffer to g: it should add beta1 times the buffer."

    def update(self, g, state, t, x):
        m = self.beta1 * state.m + g
        return -self.lr * (g + m), self.State(m)


# AdaGrad


class AdaGradUphill(Uphill, AdaGrad):
    """AdaGrad that climbs."""


class AdaGradForgetful(Forgetful, AdaGrad):
    """AdaGrad whose sum is never kept: ``Δx = −η g / (|g| + ε)``."""


class AdaGradAveraged(AdaGrad):
    """The mean of the squares where their sum belongs: ``v ← v + (g² − v) / t``."""

    diagnosis = (
        "You divide by the root of the average of the squared gradients: AdaGrad divides by the "
        "root of their sum, which is why its steps shrink like 1/sqrt(t)."
    )

    def update(self, g, state, t, x):
        v = state.v + (g**2 - state.v) / t
        return -self.lr * g / (np.sqrt(v) + self.eps), self.State(v)


class AdaGradNoRoot(AdaGrad):
    """The root forgotten: ``Δx = −η g / (v + ε)``."""

    diagnosis = (
        "The step is divided by v: it should be divided by the square root of v, which has the "
        "units of a gradient."
    )

    def update(self, g, state, t, x):
        v = state.v + g**2
        return -self.lr * g / (v + self.eps), self.State(v)


class AdaGradNotSquared(AdaGrad):
    """Gradients summed unsquared: ``v ← v + g``."""

    diagnosis = (
        "v adds up g where it should add up g**2: unsquared gradients cancel, and the root of a "
        "negative sum is not a number."
    )

    def update(self, g, state, t, x):
        v = state.v + g
        return -self.lr * g / (np.sqrt(v) + self.eps), self.State(v)


class AdaGradEpsInsideRoot(AdaGrad):
    """The small constant inside: ``Δx = −η g / √(v + ε)``."""

    diagnosis = (
        "eps stands inside the square root, sqrt(v + eps): it should be added after the root, "
        "sqrt(v) + eps, and inside it acts like the much larger sqrt(eps)."
    )

    def update(self, g, state, t, x):
        v = state.v + g**2
        return -self.lr * g / np.sqrt(v + self.eps), self.State(v)


class AdaGradStale(AdaGrad):
    """The sum from before this gradient: ``Δx = −η g / (√vₜ₋₁ + ε)``."""

    diagnosis = (
        "The step divides by the sum from before this gradient, which is zero in step 1, so the "
        "first step is huge: update v first."
    )

    def update(self, g, state, t, x):
        v = state.v + g**2
        return -self.lr * g / (np.sqrt(state.v) + self.eps), self.State(v)


# RMSProp


class RMSPropUphill(Uphill, RMSProp):
    """RMSProp that climbs."""


class RMSPropForgetful(Forgetful, RMSProp):
    """RMSProp whose average is never kept."""


class RMSPropSummed(RMSProp):
    """AdaGrad's sum: ``v ← v + g²``."""

    diagnosis = (
        "v adds up all squared gradients, which is AdaGrad: RMSProp keeps a moving average, "
        "v = beta2*v + (1 - beta2)*g**2."
    )

    def update(self, g, state, t, x):
        v = state.v + g**2
        return -self.lr * g / (np.sqrt(v) + self.eps), self.State(v)


class RMSPropUnweighted(RMSProp):
    """A sum with forgetting: ``v ← β₂ v + g²``."""

    diagnosis = (
        "The new squared gradient enters v with weight 1: in a moving average it enters with "
        "weight 1 - beta2, so that the weights add up to 1."
    )

    def update(self, g, state, t, x):
        v = self.beta2 * state.v + g**2
        return -self.lr * g / (np.sqrt(v) + self.eps), self.State(v)


class RMSPropSwapped(RMSProp):
    """The decay and its complement exchanged: ``v ← (1 − β₂) v + β₂ g²``."""

    diagnosis = (
        "beta2 weighs the new squared gradient and 1 - beta2 the old average: it should be the "
        "other way round, the larger weight on the past."
    )

    def update(self, g, state, t, x):
        v = ema(state.v, g**2, 1 - self.beta2)
        return -self.lr * g / (np.sqrt(v) + self.eps), self.State(v)


class RMSPropNotSquared(RMSProp):
    """Gradients averaged unsquared: ``v ← β₂ v + (1 − β₂) g``."""

    diagnosis = (
        "v averages g where it should average g**2: unsquared gradients cancel, and the root of a "
        "negative average is not a number."
    )

    def update(self, g, state, t, x):
        v = ema(state.v, g, self.beta2)
        return -self.lr * g / (np.sqrt(v) + self.eps), self.State(v)


class RMSPropNoRoot(RMSProp):
    """The root forgotten: ``Δx = −η g / (v + ε)``."""

    diagnosis = (
        "The step is divided by v: it should be divided by the square root of v, which has the "
        "units of a gradient."
    )

    def update(self, g, state, t, x):
        v = ema(state.v, g**2, self.beta2)
        return -self.lr * g / (v + self.eps), self.State(v)


class RMSPropEpsInsideRoot(RMSProp):
    """The small constant inside, as TensorFlow and Keras do: ``Δx = −η g / √(v + ε)``."""

    diagnosis = (
        "eps stands inside the square root, sqrt(v + eps), as TensorFlow has it: this course adds "
        "it after the root, sqrt(v) + eps, and inside it acts like the much larger sqrt(eps)."
    )

    def update(self, g, state, t, x):
        v = ema(state.v, g**2, self.beta2)
        return -self.lr * g / np.sqrt(v + self.eps), self.State(v)


class RMSPropStale(RMSProp):
    """The average from before this gradient: ``Δx = −η g / (√vₜ₋₁ + ε)``."""

    diagnosis = (
        "The step divides by the average from before this gradient, which is zero in step 1, so "
        "the first step is huge: update v first."
    )

    def update(self, g, state, t, x):
        v = ema(state.v, g**2, self.beta2)
        return -self.lr * g / (np.sqrt(state.v) + self.eps), self.State(v)


class RMSPropCorrected(RMSProp):
    """With Adam's bias correction: ``Δx = −η g / (√v̂ + ε)``."""

    diagnosis = (
        "v is corrected for its start at zero, which is a good idea, and Adam's: plain RMSProp "
        "divides by the root of v as it is."
    )

    def update(self, g, state, t, x):
        v = ema(state.v, g**2, self.beta2)
        return -self.lr * g / (np.sqrt(debias(v, self.beta2, t)) + self.eps), self.State(v)


# RMSProp's variants


class CenteredRMSPropUphill(Uphill, CenteredRMSProp):
    """Centered RMSProp that climbs."""


class CenteredRMSPropNotCentered(CenteredRMSProp):
    """Plain RMSProp: the mean is kept and not used."""

    diagnosis = (
        "This is plain RMSProp: the square of m, the mean gradient, has to be subtracted from v."
    )

    def update(self, g, state, t, x):
        m = ema(state.m, g, self.beta2)
        v = ema(state.v, g**2, self.beta2)
        return -self.lr * g / (np.sqrt(v) + self.eps), self.State(m, v)


class CenteredRMSPropEpsInsideRoot(CenteredRMSProp):
    """The small constant inside, as Graves has it: ``Δx = −η g / √(v − m² + ε)``."""

    diagnosis = (
        "eps stands inside the square root, as in Graves's paper: this course adds it after the "
        "root, sqrt(v - m**2) + eps."
    )

    def update(self, g, state, t, x):
        m = ema(state.m, g, self.beta2)
        v = ema(state.v, g**2, self.beta2)
        spread = np.maximum(v - m**2, 0)
        return -self.lr * g / np.sqrt(spread + self.eps), self.State(m, v)


class CenteredRMSPropMeanNotSquared(CenteredRMSProp):
    """The mean subtracted unsquared: ``√max(v − m, 0)``."""

    diagnosis = (
        "m is subtracted from v as it is: a variance is the mean square minus the square of the "
        "mean, v - m**2."
    )

    def update(self, g, state, t, x):
        m = ema(state.m, g, self.beta2)
        v = ema(state.v, g**2, self.beta2)
        spread = np.sqrt(np.maximum(v - m, 0))
        return -self.lr * g / (spread + self.eps), self.State(m, v)


class RMSPropMomentumUphill(Uphill, RMSPropMomentum):
    """RMSProp with momentum that climbs."""


class RMSPropMomentumAveraged(RMSPropMomentum):
    """A buffer that averages: ``m ← β₁ m + (1 − β₁) η g / (√v + ε)``."""

    diagnosis = (
        "The buffer averages the normalised steps where it should add them up, m = beta1*m + step: "
        "yours are smaller by the factor 1 - beta1."
    )

    def update(self, g, state, t, x):
        v = ema(state.v, g**2, self.beta2)
        m = ema(state.m, self.lr * g / (np.sqrt(v) + self.eps), self.beta1)
        return -m, self.State(m, v)


class RMSPropMomentumRateTwice(RMSPropMomentum):
    """The rate inside the buffer and outside it: ``Δx = −η m``."""

    diagnosis = (
        "lr is applied twice: it is already inside the buffer, so the step is -m and not -lr*m."
    )

    def update(self, g, state, t, x):
        dx, state = super().update(g, state, t, x)
        return self.lr * dx, state


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


class RMSPropMomentumEpsInsideRoot(RMSPropMomentum):
    """The small constant inside, as TensorFlow and Keras do."""

    diagnosis = (
        "eps stands inside the square root, sqrt(v + eps), as TensorFlow has it: this course adds "
        "it after the root, sqrt(v) + eps."
    )

    def update(self, g, state, t, x):
        v = ema(state.v, g**2, self.beta2)
        m = self.beta1 * state.m + self.lr * g / np.sqrt(v + self.eps)
        return -m, self.State(m, v)


class RMSPropNesterovUphill(Uphill, RMSPropNesterov):
    """RMSProp with Nesterov momentum that climbs."""


class RMSPropNesterovOldBuffer(RMSPropNesterov):
    """No look-ahead: ``Δx = −(u + β₁ mₜ₋₁)``, which is ``−m``."""

    diagnosis = (
        "This is RMSProp with plain momentum: the look-ahead needs the new buffer, and step + "
        "beta1*m with the old one is the new buffer itself."
    )

    def update(self, g, state, t, x):
        v = ema(state.v, g**2, self.beta2)
        m = self.beta1 * state.m + self.lr * g / (np.sqrt(v) + self.eps)
        return -m, self.State(m, v)


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


# Adadelta


class AdadeltaUphill(Uphill, Adadelta):
    """Adadelta that climbs."""


class AdadeltaForgetsSteps(Adadelta):
    """The size of the steps is never averaged: ``u`` stays 0."""

    diagnosis = (
        "u stays at zero, so every step has the size of the first: u has to average the squares "
        "of the steps taken."
    )

    def update(self, g, state, t, x):
        dx, after = super().update(g, state, t, x)
        return dx, self.State(after.v, state.u)


class AdadeltaAveragesGradients(Adadelta):
    """The squared gradient in the place of the squared step: ``u ← β₂ u + (1 − β₂) g²``."""

    diagnosis = (
        "u averages the squared gradients: it should average the squared steps dx**2, so that "
        "the units of a step come out."
    )

    def update(self, g, state, t, x):
        dx, after = super().update(g, state, t, x)
        return dx, self.State(after.v, ema(state.u, g**2, self.beta2))


class AdadeltaEpsOutsideRoots(Adadelta):
    """The small constant outside both roots: ``Δx = −g (√u + ε) / (√v + ε)``."""

    diagnosis = (
        "eps stands outside the two roots: in Adadelta it is inside both, sqrt(u + eps) over "
        "sqrt(v + eps), where it also sets the size of the first step."
    )

    def update(self, g, state, t, x):
        v = ema(state.v, g**2, self.beta2)
        dx = -g * (np.sqrt(state.u) + self.eps) / (np.sqrt(v) + self.eps)
        u = ema(state.u, dx**2, self.beta2)
        return dx, self.State(v, u)


class AdadeltaNoRoots(Adadelta):
    """Both roots forgotten: ``Δx = −g (u + ε) / (v + ε)``."""

    diagnosis = (
        "The mean squares u and v are used as they are: the step takes the square root of each."
    )

    def update(self, g, state, t, x):
        v = ema(state.v, g**2, self.beta2)
        dx = -g * (state.u + self.eps) / (v + self.eps)
        u = ema(state.u, dx**2, self.beta2)
        return dx, self.State(v, u)


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


# Adam: others


class AdamUphill(Uphill, Adam):
    """Adam that climbs."""


class AdamForgetful(Forgetful, Adam):
    """Adam whose averages are never kept."""


class AdamSwapped(Adam):
    """The two decays exchanged, in the averages and in their corrections."""

    diagnosis = "beta1 and beta2 have changed places: beta1 is the decay of m, beta2 that of v."

    def update(self, g, state, t, x):
        m = ema(state.m, g, self.beta2)
        v = ema(state.v, g**2, self.beta1)
        m_hat, v_hat = debias(m, self.beta2, t), debias(v, self.beta1, t)
        return -self.lr * m_hat / (np.sqrt(v_hat) + self.eps), self.State(m, v)


class AdamNoRoot(Adam):
    """The root forgotten: ``Δx = −η m̂ / (v̂ + ε)``."""

    diagnosis = (
        "The step is divided by v_hat: it should be divided by the square root of v_hat, which "
        "has the units of a gradient."
    )

    def update(self, g, state, t, x):
        m = ema(state.m, g, self.beta1)
        v = ema(state.v, g**2, self.beta2)
        m_hat, v_hat = debias(m, self.beta1, t), debias(v, self.beta2, t)
        return -self.lr * m_hat / (v_hat + self.eps), self.State(m, v)


class AdamNotSquared(Adam):
    """Gradients averaged unsquared in v: ``v ← β₂ v + (1 − β₂) g``."""

    diagnosis = (
        "v averages g where it should average g**2: unsquared gradients cancel, and the root of a "
        "negative average is not a number."
    )

    def update(self, g, state, t, x):
        m = ema(state.m, g, self.beta1)
        v = ema(state.v, g, self.beta2)
        m_hat, v_hat = debias(m, self.beta1, t), debias(v, self.beta2, t)
        return -self.lr * m_hat / (np.sqrt(v_hat) + self.eps), self.State(m, v)


class AdamKeepsCorrected(Adam):
    """The corrected averages stored, and corrected again at the next step."""

    diagnosis = (
        "The corrected m_hat and v_hat are stored and averaged on: keep m and v as they are, and "
        "correct a copy for the step."
    )

    def update(self, g, state, t, x):
        m_hat = debias(ema(state.m, g, self.beta1), self.beta1, t)
        v_hat = debias(ema(state.v, g**2, self.beta2), self.beta2, t)
        return -self.lr * m_hat / (np.sqrt(v_hat) + self.eps), self.State(m_hat, v_hat)


# Adam's family


class AdamWUphill(Uphill, AdamW):
    """AdamW that climbs."""


class AdamWCoupled(AdamW):
    """The L2 penalty that AdamW was written against: ``g ← g + λ x``, then Adam."""

    diagnosis = (
        "The decay is added to the gradient, which is Adam with an L2 penalty: in AdamW it goes "
        "beside the adaptive step, so that it is not divided by the root of v_hat."
    )

    def update(self, g, state, t, x):
        return Adam.update(self, g + self.weight_decay * x, state, t, x)


class AdamWUndecayed(AdamW):
    """The decay left out: plain Adam."""

    diagnosis = "This is plain Adam: weight_decay*x is missing from the step."

    def update(self, g, state, t, x):
        return Adam.update(self, g, state, t, x)


class AdamWFixedDecay(AdamW):
    """A decay that lr does not scale: ``Δx = −η m̂ / (√v̂ + ε) − λ x``."""

    diagnosis = (
        "The weight decay is not scaled by lr: the step is -lr*(adaptive step + weight_decay*x)."
    )

    def update(self, g, state, t, x):
        dx, state = Adam.update(self, g, state, t, x)
        return dx - self.weight_decay * x, state


class AdamWGrowth(AdamW):
    """A decay of the wrong sign: ``Δx = −η (m̂ / (√v̂ + ε) − λ x)``."""

    diagnosis = (
        "The weights are pushed away from zero: weight_decay*x has to be subtracted, like the step."
    )

    def update(self, g, state, t, x):
        dx, state = Adam.update(self, g, state, t, x)
        return dx + self.lr * self.weight_decay * x, state


class AMSGradUphill(Uphill, AMSGrad):
    """AMSGrad that climbs."""


class AMSGradNoMaximum(AMSGrad):
    """The largest average is kept and not used: ``Δx = −η m / (√v + ε)``."""

    diagnosis = (
        "The step divides by the root of v: AMSGrad divides by the root of the largest v so far."
    )

    def update(self, g, state, t, x):
        _, after = super().update(g, state, t, x)
        return -self.lr * after.m / (np.sqrt(after.v) + self.eps), after


class AMSGradFeedsBack(AMSGrad):
    """The maximum in the place of the average: ``v ← max(v, β₂ v + (1 − β₂) g²)``."""

    diagnosis = (
        "v itself is replaced by its maximum, and the average then goes on from there: keep v and "
        "v_max apart."
    )

    def update(self, g, state, t, x):
        dx, after = super().update(g, state, t, x)
        return dx, self.State(after.m, after.v_max, after.v_max)


class AMSGradCorrected(AMSGrad):
    """With Adam's corrections, as PyTorch does: maximum of the raw v, then both corrected."""

    diagnosis = (
        "m and v_max are corrected for their start at zero, as PyTorch has it: the AMSGrad of the "
        "paper corrects neither."
    )

    def update(self, g, state, t, x):
        _, after = super().update(g, state, t, x)
        m_hat, v_hat = debias(after.m, self.beta1, t), debias(after.v_max, self.beta2, t)
        return -self.lr * m_hat / (np.sqrt(v_hat) + self.eps), after


class NAdamUphill(Uphill, NAdam):
    """NAdam that climbs."""


class NAdamNoLookAhead(NAdam):
    """No look-ahead: plain Adam."""

    diagnosis = (
        "This is plain Adam: the look-ahead, beta1*m and (1 - beta1)*g added once more, is missing."
    )

    def update(self, g, state, t, x):
        return Adam.update(self, g, state, t, x)


class NAdamSameT(NAdam):
    """The averages of the look-ahead corrected for step t, not t + 1."""

    diagnosis = (
        "The m of the look-ahead is corrected with beta1**t: it stands for the next step, so its "
        "correction is 1 - beta1**(t + 1)."
    )

    def update(self, g, state, t, x):
        _, after = super().update(g, state, t, x)
        m_bar = debias(ema(after.m, g, self.beta1), self.beta1, t)
        v_hat = debias(after.v, self.beta2, t)
        return -self.lr * m_bar / (np.sqrt(v_hat) + self.eps), after


class LaPropUphill(Uphill, LaProp):
    """LaProp that climbs."""


class LaPropNormalisedLast(LaProp):
    """Adam's order: average, then normalise."""

    diagnosis = (
        "This is Adam: LaProp divides each gradient by the root of v_hat first, and averages what "
        "has been divided."
    )

    def update(self, g, state, t, x):
        return Adam.update(self, g, state, t, x)


class LaPropUncorrected(LaProp):
    """No bias correction of m: ``Δx = −η m``."""

    diagnosis = (
        "m is not corrected for its start at zero: divide it by 1 - beta1**t, so that the first "
        "step has the size lr."
    )

    def update(self, g, state, t, x):
        _, after = super().update(g, state, t, x)
        return -self.lr * after.m, after


class LaPropVUncorrected(LaProp):
    """No bias correction of v before the division."""

    diagnosis = (
        "v is not corrected for its start at zero before it divides the gradient: divide v by "
        "1 - beta2**t first."
    )

    def update(self, g, state, t, x):
        v = ema(state.v, g**2, self.beta2)
        m = ema(state.m, g / (np.sqrt(v) + self.eps), self.beta1)
        return -self.lr * debias(m, self.beta1, t), self.State(m, v)


SEVEN_ADAMS = (
    AdamEpsInsideRoot,
    AdamEpsOnX,
    AdamEpsHat,
    AdamTFrozen,
    AdamTAhead,
    AdamUncorrected,
    AdamOnlyMCorrected,
)

MISTAKES = {
    GradientDescent: (GradientDescentUphill, GradientDescentNoRate, GradientDescentSign),
    Momentum: (
        MomentumUphill,
        MomentumForgetful,
        MomentumAveraged,
        MomentumRateTwice,
        MomentumStale,
        MomentumSwapped,
    ),
    Nesterov: (
        NesterovUphill,
        NesterovOldBuffer,
        NesterovAveraged,
        NesterovTwice,
        NesterovUndecayed,
    ),
    AdaGrad: (
        AdaGradUphill,
        AdaGradForgetful,
        AdaGradAveraged,
        AdaGradNoRoot,
        AdaGradNotSquared,
        AdaGradEpsInsideRoot,
        AdaGradStale,
    ),
    RMSProp: (
        RMSPropUphill,
        RMSPropForgetful,
        RMSPropSummed,
        RMSPropUnweighted,
        RMSPropSwapped,
        RMSPropNotSquared,
        RMSPropNoRoot,
        RMSPropEpsInsideRoot,
        RMSPropStale,
        RMSPropCorrected,
    ),
    CenteredRMSProp: (
        CenteredRMSPropUphill,
        CenteredRMSPropNotCentered,
        CenteredRMSPropEpsInsideRoot,
        CenteredRMSPropMeanNotSquared,
    ),
    RMSPropMomentum: (
        RMSPropMomentumUphill,
        RMSPropMomentumAveraged,
        RMSPropMomentumRateTwice,
        RMSPropMomentumNormalisedLast,
        RMSPropMomentumEpsInsideRoot,
    ),
    RMSPropNesterov: (
        RMSPropNesterovUphill,
        RMSPropNesterovOldBuffer,
        RMSPropNesterovGradient,
    ),
    Adadelta: (
        AdadeltaUphill,
        AdadeltaForgetsSteps,
        AdadeltaAveragesGradients,
        AdadeltaEpsOutsideRoots,
        AdadeltaNoRoots,
    ),
    Adam: (
        *SEVEN_ADAMS,
        AdamUphill,
        AdamForgetful,
        AdamSwapped,
        AdamNoRoot,
        AdamNotSquared,
        AdamKeepsCorrected,
    ),
    AdamW: (AdamWUphill, AdamWCoupled, AdamWUndecayed, AdamWFixedDecay, AdamWGrowth),
    AMSGrad: (AMSGradUphill, AMSGradNoMaximum, AMSGradFeedsBack, AMSGradCorrected),
    NAdam: (NAdamUphill, NAdamNoLookAhead, NAdamSameT),
    LaProp: (LaPropUphill, LaPropNormalisedLast, LaPropUncorrected, LaPropVUncorrected),
}
