"""Landscapes to descend: each a frozen dataclass with ``f(x)``, ``grad(x)`` and how to draw it.

``x`` is an array whose last axis is the dimension: ``f`` drops that axis, ``grad`` keeps it, so one
call serves one point or a thousand. A landscape's own fields (κ, an angle) are traced to JavaScript
like a rule's hyperparameters, so the bodies are plain arithmetic on coordinates.
"""

from dataclasses import dataclass, fields

import numpy as np

from optlib.parameters import check_parameter


def stack(*parts):
    """Put coordinates back together along the last axis."""
    return np.stack(parts, axis=-1)


@dataclass(frozen=True, eq=False)
class Surface:
    """A landscape ``f`` with its gradient.

    Class attributes: ``name``; ``domain``, one ``(low, high)`` per coordinate to draw;
    ``minima``, an array of shape (count, dimension).
    """

    name = "Surface"
    domain = ()
    minima = ()

    def __post_init__(self):
        for field in fields(self):
            check_parameter(type(self).__name__, field.name, getattr(self, field.name))

    @property
    def dim(self):
        """The number of coordinates of a point."""
        return len(self.domain)

    def f(self, x):
        """The height at ``x``: shape of ``x`` without its last axis."""
        raise NotImplementedError(f"{type(self).__name__} needs its own f(x)")

    def grad(self, x):
        """The gradient at ``x``: the shape of ``x``."""
        raise NotImplementedError(f"{type(self).__name__} needs its own grad(x)")


# One dimension


@dataclass(frozen=True, eq=False)
class Slope(Surface):
    """A straight slope without end: the same gradient everywhere.

    Formula: ``f = s x``.
    """

    slope: float = 1.0
    name = "slope"
    domain = ((-10.0, 2.0),)

    def f(self, x):
        return self.slope * x[..., 0]

    def grad(self, x):
        return stack(self.slope + 0 * x[..., 0])


@dataclass(frozen=True, eq=False)
class Flat(Surface):
    """A plain without slope: where gradients are given by hand, not by a landscape."""

    name = "flat"
    domain = ((-1.0, 1.0),)

    def f(self, x):
        return 0 * x[..., 0]

    def grad(self, x):
        return stack(0 * x[..., 0])


@dataclass(frozen=True, eq=False)
class Bowl(Surface):
    """The model problem in one dimension, with curvature λ.

    Formula: ``f = ½ λ x²``.
    """

    curvature: float = 1.0
    name = "bowl"
    domain = ((-2.0, 2.0),)
    minima = ((0.0,),)

    def f(self, x):
        return 0.5 * self.curvature * x[..., 0] ** 2

    def grad(self, x):
        return stack(self.curvature * x[..., 0])


@dataclass(frozen=True, eq=False)
class DoubleWell(Surface):
    """Two valleys and a hill between them; ``tilt`` makes the left one the deeper.

    Formula: ``f = ¼ x⁴ − ½ x² + c x``.
    """

    tilt: float = 0.3
    name = "double well"
    domain = ((-2.0, 2.0),)

    @property
    def minima(self):
        """The bottoms of the valleys: roots of ``x³ − x + c`` where the curvature is positive."""
        roots = np.roots([1.0, 0.0, -1.0, self.tilt])
        real = np.sort(roots[np.abs(roots.imag) < 1e-9].real)
        return real[3 * real**2 > 1][:, None]

    def f(self, x):
        u = x[..., 0]
        return 0.25 * u**4 - 0.5 * u**2 + self.tilt * u

    def grad(self, x):
        u = x[..., 0]
        return stack(u**3 - u + self.tilt)


@dataclass(frozen=True, eq=False)
class Waves(Surface):
    """A bowl with ripples: many local minima on the way to the lowest one.

    Formula: ``f = ¼ x² + h (1 − cos 5x)``.
    """

    height: float = 0.3
    name = "waves"
    domain = ((-3.0, 3.0),)
    minima = ((0.0,),)

    def f(self, x):
        u = x[..., 0]
        return 0.25 * u**2 + self.height * (1 - np.cos(5 * u))

    def grad(self, x):
        u = x[..., 0]
        return stack(0.5 * u + 5 * self.height * np.sin(5 * u))


@dataclass(frozen=True, eq=False)
class Tent(Surface):
    """A corner: slope +1 to the right of 0, a gentle −0.1 to its left."""

    right: float = 1.0
    left: float = -0.1
    name = "tent"
    domain = ((-1.0, 2.2),)
    minima = ((0.0,),)

    def f(self, x):
        u = x[..., 0]
        return np.where(u > 0, self.right * u, self.left * u)

    def grad(self, x):
        return stack(np.where(x[..., 0] > 0, self.right, self.left))


@dataclass(frozen=True, eq=False)
class Hinge(Surface):
    """A convex function on which the best momentum for a quadratic cycles for ever.

    Gradient ``25x`` below 1, ``x + 24`` from 1 to 2, ``25x − 24`` above.
    Source: Lessard, Recht and Packard (2016), equation (4.11).
    """

    name = "hinge"
    domain = ((-4.0, 4.0),)
    minima = ((0.0,),)

    def f(self, x):
        u = x[..., 0]
        low, middle, high = 12.5 * u**2, 0.5 * u**2 + 24 * u - 12, 12.5 * u**2 - 24 * u + 36
        return np.where(u < 1, low, np.where(u < 2, middle, high))

    def grad(self, x):
        u = x[..., 0]
        return stack(np.where(u < 1, 25 * u, np.where(u < 2, u + 24, 25 * u - 24)))


# Two dimensions


@dataclass(frozen=True, eq=False)
class Quadratic(Surface):
    """The ravine: curvature 1 along its floor, ``kappa`` across it, turned by ``angle`` degrees.

    Formula: ``f = ½ (a² + κ b²)``, ``(a, b) = x`` in the turned axes.
    """

    kappa: float = 20.0
    angle: float = 0.0
    name = "quadratic"
    domain = ((-2.0, 2.0), (-1.5, 1.5))
    minima = ((0.0, 0.0),)

    def axes(self, x):
        """The coordinates along the floor and across it, and the turn's cosine and sine."""
        turn = self.angle * (np.pi / 180)
        cos, sin = np.cos(turn), np.sin(turn)
        a = cos * x[..., 0] + sin * x[..., 1]
        b = cos * x[..., 1] - sin * x[..., 0]
        return a, b, cos, sin

    def f(self, x):
        a, b, _, _ = self.axes(x)
        return 0.5 * (a**2 + self.kappa * b**2)

    def grad(self, x):
        a, b, cos, sin = self.axes(x)
        along, across = a, self.kappa * b
        return stack(cos * along - sin * across, sin * along + cos * across)


@dataclass(frozen=True, eq=False)
class Ridge(Surface):
    """A long gentle way forward between two cliffs: slopes ``gentle`` and ``steep``, rounded.

    Formula: ``f = s₁ √(x₁² + δ²) + s₂ √(x₂² + δ²) − (s₁ + s₂) δ``.
    """

    gentle: float = 0.1
    steep: float = 10.0
    rounding: float = 0.1
    name = "ridge"
    domain = ((-2.5, 2.5), (-1.0, 1.0))
    minima = ((0.0, 0.0),)

    def f(self, x):
        forward = np.sqrt(x[..., 0] ** 2 + self.rounding**2) - self.rounding
        sideways = np.sqrt(x[..., 1] ** 2 + self.rounding**2) - self.rounding
        return self.gentle * forward + self.steep * sideways

    def grad(self, x):
        p, q = x[..., 0], x[..., 1]
        return stack(
            self.gentle * p / np.sqrt(p**2 + self.rounding**2),
            self.steep * q / np.sqrt(q**2 + self.rounding**2),
        )


@dataclass(frozen=True, eq=False)
class Rosenbrock(Surface):
    """The banana: a curved valley, easy to fall into and slow to follow.

    Formula: ``f = (a − x₁)² + b (x₂ − x₁²)²``.

    Source: Rosenbrock (1960), equation (8).
    """

    a: float = 1.0
    b: float = 100.0
    name = "Rosenbrock"
    domain = ((-2.0, 2.0), (-1.0, 3.0))

    @property
    def minima(self):
        return np.array([[self.a, self.a**2]])

    def f(self, x):
        p, q = x[..., 0], x[..., 1]
        return (self.a - p) ** 2 + self.b * (q - p**2) ** 2

    def grad(self, x):
        p, q = x[..., 0], x[..., 1]
        rise = q - p**2
        return stack(-2 * (self.a - p) - 4 * self.b * p * rise, 2 * self.b * rise)


@dataclass(frozen=True, eq=False)
class Beale(Surface):
    """Flat plateaus and sharp corners: gradients of very different size.

    Formula: ``f = Σₖ (cₖ − x₁ + x₁ x₂ᵏ)²``, ``c = (1.5, 2.25, 2.625)``.

    Source: Beale (1958).
    """

    name = "Beale"
    domain = ((-4.5, 4.5), (-4.5, 4.5))
    minima = ((3.0, 0.5),)

    def residuals(self, x):
        """The three terms whose squares are added."""
        p, q = x[..., 0], x[..., 1]
        return 1.5 - p + p * q, 2.25 - p + p * q**2, 2.625 - p + p * q**3

    def f(self, x):
        r1, r2, r3 = self.residuals(x)
        return r1**2 + r2**2 + r3**2

    def grad(self, x):
        p, q = x[..., 0], x[..., 1]
        r1, r2, r3 = self.residuals(x)
        return stack(
            2 * (r1 * (q - 1) + r2 * (q**2 - 1) + r3 * (q**3 - 1)),
            2 * p * (r1 + 2 * r2 * q + 3 * r3 * q**2),
        )


@dataclass(frozen=True, eq=False)
class Himmelblau(Surface):
    """Four equal minima: where a run ends depends on where it began.

    Formula: ``f = (x₁² + x₂ − 11)² + (x₁ + x₂² − 7)²``.

    Source: Himmelblau (1972).
    """

    name = "Himmelblau"
    domain = ((-5.0, 5.0), (-5.0, 5.0))
    minima = (
        (3.0, 2.0),
        (-2.805118086952745, 3.131312518250573),
        (-3.779310253377747, -3.283185991286170),
        (3.584428340330492, -1.848126526964404),
    )

    def f(self, x):
        p, q = x[..., 0], x[..., 1]
        return (p**2 + q - 11) ** 2 + (p + q**2 - 7) ** 2

    def grad(self, x):
        p, q = x[..., 0], x[..., 1]
        first, second = p**2 + q - 11, p + q**2 - 7
        return stack(4 * p * first + 2 * second, 2 * first + 4 * q * second)


@dataclass(frozen=True, eq=False)
class Saddle(Surface):
    """A pass between two valleys: flat at its middle, downhill only sideways.

    Formula: ``f = ½ x₁² − ½ x₂² + ¼ x₂⁴``.
    """

    name = "saddle"
    domain = ((-1.5, 1.5), (-1.75, 1.75))
    minima = ((0.0, -1.0), (0.0, 1.0))

    def f(self, x):
        p, q = x[..., 0], x[..., 1]
        return 0.5 * p**2 - 0.5 * q**2 + 0.25 * q**4

    def grad(self, x):
        p, q = x[..., 0], x[..., 1]
        return stack(p, q**3 - q)


ALL = (
    Slope,
    Flat,
    Bowl,
    DoubleWell,
    Waves,
    Tent,
    Hinge,
    Quadratic,
    Ridge,
    Rosenbrock,
    Beale,
    Himmelblau,
    Saddle,
)
