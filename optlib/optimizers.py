"""The update rules of the course, in increasing complexity, each written once.

Every rule is a frozen dataclass whose fields are its hyperparameters, with two methods:

    state = rule.init(x)                      # a NamedTuple of arrays like x
    dx, state = rule.update(g, state, t, x)   # t = 1, 2, …; dx is what is ADDED to x

``update`` is pure and elementwise. The live figures, the rendered equations and the tests all come
from these lines (see ``optlib.trace``), so a rule must stay plain arithmetic on arrays.
Hyperparameters may be arrays that broadcast against x: a thousand runs are then one run.

Units: with x in [x] and the loss in [f], a gradient g is in [f]/[x]. What ``lr`` is measured in
differs from rule to rule and stands in each docstring.
"""

from dataclasses import dataclass, fields
from typing import NamedTuple

import numpy as np

from optlib.averages import debias, ema
from optlib.parameters import check_parameter


class NoState(NamedTuple):
    """What a rule without memory remembers."""


@dataclass(frozen=True, eq=False)
class Optimizer:
    """What all rules share: checked hyperparameters and a state that starts at zero."""

    State = NoState

    def __post_init__(self):
        for field in fields(self):
            value = check_parameter(type(self).__name__, field.name, getattr(self, field.name))
            object.__setattr__(self, field.name, value)

    def init(self, x):
        """Return the state before the first step: zeros shaped like ``x``."""
        return self.State(*(np.zeros_like(x, dtype=float) for _ in self.State._fields))

    def update(self, g, state, t, x):
        """Return the step ``dx`` and the new state, given the gradient ``g`` at ``x`` in step t."""
        raise NotImplementedError(f"{type(self).__name__} needs its own update(g, state, t, x)")


@dataclass(frozen=True, eq=False)
class GradientDescent(Optimizer):
    """Step downhill in proportion to the slope: ``Δx = −η g``.

    ``lr`` in [x]²/[f]. Source: Cauchy (1847).
    """

    lr: float = 0.1

    def update(self, g, state, t, x):
        return -self.lr * g, state


class MomentumState(NamedTuple):
    m: np.ndarray


@dataclass(frozen=True, eq=False)
class Momentum(Optimizer):
    """Accumulate gradients, forgetting a share 1 − β each step: ``m ← β m + g``, ``Δx = −η m``.

    ``lr`` in [x]²/[f], ``m`` in the units of g. Source: Polyak (1964), eq. (9), the heavy ball.
    """

    lr: float = 0.01
    beta1: float = 0.9
    State = MomentumState

    def update(self, g, state, t, x):
        m = self.beta1 * state.m + g
        return -self.lr * m, MomentumState(m)


@dataclass(frozen=True, eq=False)
class Nesterov(Optimizer):
    """Momentum that asks for the gradient where it is about to be, in the form libraries ship.

    Formula: ``m ← β m + g``, ``Δx = −η (g + β m)``. ``x`` is the look-ahead point.

    ``lr`` in [x]²/[f]. Source: Nesterov (1983); this form: Sutskever et al. (2013), shifted.
    """

    lr: float = 0.01
    beta1: float = 0.9
    State = MomentumState

    def update(self, g, state, t, x):
        m = self.beta1 * state.m + g
        return -self.lr * (g + self.beta1 * m), MomentumState(m)


class SecondMomentState(NamedTuple):
    v: np.ndarray


@dataclass(frozen=True, eq=False)
class AdaGrad(Optimizer):
    """Divide each coordinate by the root of all its squared gradients so far.

    Formula: ``v ← v + g²``, ``Δx = −η g / (√v + ε)``.

    ``lr`` in [x], ``eps`` in the units of g. Source: Duchi, Hazan and Singer (2011), section 1.1.
    """

    lr: float = 0.1
    eps: float = 1e-8
    State = SecondMomentState

    def update(self, g, state, t, x):
        v = state.v + g**2
        return -self.lr * g / (np.sqrt(v) + self.eps), SecondMomentState(v)


@dataclass(frozen=True, eq=False)
class RMSProp(Optimizer):
    """Divide each coordinate by the root of a moving average of its squared gradients.

    Formula: ``v ← β₂ v + (1 − β₂) g²``, ``Δx = −η g / (√v + ε)``.

    ``lr`` in [x], ``eps`` in the units of g. Source: Tieleman and Hinton (2012), lecture 6.5.
    """

    lr: float = 0.01
    beta2: float = 0.9
    eps: float = 1e-8
    State = SecondMomentState

    def update(self, g, state, t, x):
        v = ema(state.v, g**2, self.beta2)
        return -self.lr * g / (np.sqrt(v) + self.eps), SecondMomentState(v)


class MomentsState(NamedTuple):
    m: np.ndarray
    v: np.ndarray


@dataclass(frozen=True, eq=False)
class CenteredRMSProp(Optimizer):
    """RMSProp that divides by the standard deviation of the gradient, not by its size.

    Formula: ``m ← β₂ m + (1 − β₂) g``, ``v ← β₂ v + (1 − β₂) g²``,
    ``Δx = −η g / (√max(v − m², 0) + ε)``; the maximum guards against rounding below zero.

    ``lr`` in [x], ``eps`` in the units of g. Source: Graves (2013), equations (38) to (41), where
    ε stands inside the root.
    """

    lr: float = 0.01
    beta2: float = 0.9
    eps: float = 1e-8
    State = MomentsState

    def update(self, g, state, t, x):
        m = ema(state.m, g, self.beta2)
        v = ema(state.v, g**2, self.beta2)
        spread = np.sqrt(np.maximum(v - m**2, 0))
        return -self.lr * g / (spread + self.eps), MomentsState(m, v)


@dataclass(frozen=True, eq=False)
class RMSPropMomentum(Optimizer):
    """Normalise the gradient as RMSProp does, then accumulate the steps as momentum does.

    Formula: ``v ← β₂ v + (1 − β₂) g²``, ``m ← β₁ m + η g / (√v + ε)``, ``Δx = −m``.

    ``lr`` and ``m`` in [x]: the buffer holds steps, with η inside, as TensorFlow keeps it.
    Source: Tieleman and Hinton (2012), lecture 6.5; TensorFlow's ApplyRMSProp.
    """

    lr: float = 0.01
    beta1: float = 0.9
    beta2: float = 0.9
    eps: float = 1e-8
    State = MomentsState

    def update(self, g, state, t, x):
        v = ema(state.v, g**2, self.beta2)
        m = self.beta1 * state.m + self.lr * g / (np.sqrt(v) + self.eps)
        return -m, MomentsState(m, v)


@dataclass(frozen=True, eq=False)
class RMSPropNesterov(Optimizer):
    """RMSProp with Nesterov momentum on the normalised steps.

    Formula: ``v ← β₂ v + (1 − β₂) g²``, ``u = η g / (√v + ε)``, ``m ← β₁ m + u``,
    ``Δx = −(u + β₁ m)``.

    ``lr`` and ``m`` in [x]. Source: Optax, ``rmsprop(momentum=…, nesterov=True)``.
    """

    lr: float = 0.01
    beta1: float = 0.9
    beta2: float = 0.9
    eps: float = 1e-8
    State = MomentsState

    def update(self, g, state, t, x):
        v = ema(state.v, g**2, self.beta2)
        u = self.lr * g / (np.sqrt(v) + self.eps)
        m = self.beta1 * state.m + u
        return -(u + self.beta1 * m), MomentsState(m, v)


class AdadeltaState(NamedTuple):
    v: np.ndarray
    u: np.ndarray


@dataclass(frozen=True, eq=False)
class Adadelta(Optimizer):
    """Match units: scale the normalised gradient by the size of recent steps; no learning rate.

    Formula: ``v ← β₂ v + (1 − β₂) g²``, ``Δx = −g √(u + ε) / √(v + ε)``,
    ``u ← β₂ u + (1 − β₂) Δx²``.

    ``eps`` is added to squares of two different units, [x]² above and [f]²/[x]² below; above, it
    takes the place of the learning rate. Source: Zeiler (2012), Algorithm 1.
    """

    beta2: float = 0.9
    eps: float = 1e-6
    State = AdadeltaState

    def update(self, g, state, t, x):
        v = ema(state.v, g**2, self.beta2)
        dx = -g * np.sqrt(state.u + self.eps) / np.sqrt(v + self.eps)
        u = ema(state.u, dx**2, self.beta2)
        return dx, AdadeltaState(v, u)


@dataclass(frozen=True, eq=False)
class Adam(Optimizer):
    """Average the gradient, average its square, correct both for their start at zero, divide.

    Formula: ``m ← β₁ m + (1 − β₁) g``, ``v ← β₂ v + (1 − β₂) g²``, ``m̂ = m / (1 − β₁ᵗ)``,
    ``v̂ = v / (1 − β₂ᵗ)``, ``Δx = −η m̂ / (√v̂ + ε)``.

    ``lr`` in [x], ``eps`` in the units of g. Source: Kingma and Ba (2015), Algorithm 1.
    """

    lr: float = 0.001
    beta1: float = 0.9
    beta2: float = 0.999
    eps: float = 1e-8
    State = MomentsState

    def update(self, g, state, t, x):
        m = ema(state.m, g, self.beta1)
        v = ema(state.v, g**2, self.beta2)
        m_hat = debias(m, self.beta1, t)
        v_hat = debias(v, self.beta2, t)
        return -self.lr * m_hat / (np.sqrt(v_hat) + self.eps), MomentsState(m, v)


@dataclass(frozen=True, eq=False)
class AdamW(Optimizer):
    """Adam, with the weights shrunk beside the gradient's step instead of through the gradient.

    Formula: as Adam, ``Δx = −η (m̂ / (√v̂ + ε) + λ x)`` with λ the ``weight_decay``.

    ``lr`` in [x], ``weight_decay`` in 1/[x]. Source: Loshchilov and Hutter (2019), Algorithm 2,
    where a schedule but not η scales λ; here η scales both, as in PyTorch, Keras and Optax.
    """

    lr: float = 0.001
    beta1: float = 0.9
    beta2: float = 0.999
    eps: float = 1e-8
    weight_decay: float = 0.01
    State = MomentsState

    def update(self, g, state, t, x):
        m = ema(state.m, g, self.beta1)
        v = ema(state.v, g**2, self.beta2)
        m_hat = debias(m, self.beta1, t)
        v_hat = debias(v, self.beta2, t)
        step = m_hat / (np.sqrt(v_hat) + self.eps)
        return -self.lr * (step + self.weight_decay * x), MomentsState(m, v)


class AMSGradState(NamedTuple):
    m: np.ndarray
    v: np.ndarray
    v_max: np.ndarray


@dataclass(frozen=True, eq=False)
class AMSGrad(Optimizer):
    """Adam whose denominator never shrinks: it divides by the largest average so far.

    Formula: ``m ← β₁ m + (1 − β₁) g``, ``v ← β₂ v + (1 − β₂) g²``, ``v_max ← max(v_max, v)``,
    ``Δx = −η m / (√v_max + ε)``, without bias correction, as in the paper.

    ``lr`` in [x], ``eps`` in the units of g. Source: Reddi, Kale and Kumar (2018), Algorithm 2
    (which has no ε).
    """

    lr: float = 0.001
    beta1: float = 0.9
    beta2: float = 0.999
    eps: float = 1e-8
    State = AMSGradState

    def update(self, g, state, t, x):
        m = ema(state.m, g, self.beta1)
        v = ema(state.v, g**2, self.beta2)
        v_max = np.maximum(state.v_max, v)
        return -self.lr * m / (np.sqrt(v_max) + self.eps), AMSGradState(m, v, v_max)


@dataclass(frozen=True, eq=False)
class NAdam(Optimizer):
    """Adam with Nesterov's look-ahead in the first moment, for a constant β₁.

    Formula: ``m``, ``v``, ``v̂`` as in Adam,
    ``m̄ = β₁ m / (1 − β₁ᵗ⁺¹) + (1 − β₁) g / (1 − β₁ᵗ)``, ``Δx = −η m̄ / (√v̂ + ε)``.

    ``lr`` in [x], ``eps`` in the units of g. Source: Dozat (2016), Algorithm 2, with μₜ = β₁.
    """

    lr: float = 0.001
    beta1: float = 0.9
    beta2: float = 0.999
    eps: float = 1e-8
    State = MomentsState

    def update(self, g, state, t, x):
        m = ema(state.m, g, self.beta1)
        v = ema(state.v, g**2, self.beta2)
        v_hat = debias(v, self.beta2, t)
        m_bar = self.beta1 * debias(m, self.beta1, t + 1) + (1 - self.beta1) * debias(
            g, self.beta1, t
        )
        return -self.lr * m_bar / (np.sqrt(v_hat) + self.eps), MomentsState(m, v)


@dataclass(frozen=True, eq=False)
class LaProp(Optimizer):
    """Adam with its two halves swapped: normalise first, then average what was normalised.

    Formula: ``v ← β₂ v + (1 − β₂) g²``, ``v̂ = v / (1 − β₂ᵗ)``,
    ``m ← β₁ m + (1 − β₁) g / (√v̂ + ε)``, ``Δx = −η m / (1 − β₁ᵗ)``.

    ``lr`` in [x], ``m`` a pure number. Source: Ziyin, Wang and Ueda (2020), Algorithm 1.
    """

    lr: float = 0.001
    beta1: float = 0.9
    beta2: float = 0.999
    eps: float = 1e-8
    State = MomentsState

    def update(self, g, state, t, x):
        v = ema(state.v, g**2, self.beta2)
        v_hat = debias(v, self.beta2, t)
        m = ema(state.m, g / (np.sqrt(v_hat) + self.eps), self.beta1)
        return -self.lr * debias(m, self.beta1, t), MomentsState(m, v)


ALL = (
    GradientDescent,
    Momentum,
    Nesterov,
    AdaGrad,
    RMSProp,
    CenteredRMSProp,
    RMSPropMomentum,
    RMSPropNesterov,
    Adadelta,
    Adam,
    AdamW,
    AMSGrad,
    NAdam,
    LaProp,
)
