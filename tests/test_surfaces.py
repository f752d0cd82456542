"""The landscapes: gradients against two independent derivatives, minima, known values, symmetry."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optlib import GradientDescent, Momentum, minimize
from optlib.surfaces import (
    ALL,
    Beale,
    Bowl,
    DoubleWell,
    Flat,
    Himmelblau,
    Hinge,
    Quadratic,
    Ridge,
    Rosenbrock,
    Saddle,
    Slope,
    Surface,
    Tent,
    Waves,
)

QUICK = settings(max_examples=25, derandomize=True, deadline=None)
SEEDS = st.integers(0, 2**32 - 1)

BOTTOMLESS = (Slope, Flat)

# Every landscape as it comes, and with other parameters where it has some
SURFACES = [
    *(surface() for surface in ALL),
    Slope(slope=-2.5),
    Bowl(curvature=7.0),
    DoubleWell(tilt=0.0),
    DoubleWell(tilt=-0.2),
    DoubleWell(tilt=1.0),
    Waves(height=0.8),
    Tent(right=3.0, left=-0.7),
    Quadratic(kappa=100.0, angle=33.0),
    Quadratic(kappa=5.0, angle=-120.0),
    Ridge(gentle=0.5, steep=4.0, rounding=0.3),
    Rosenbrock(a=0.7, b=20.0),
]


def label(surface):
    fields = ", ".join(f"{key}={value}" for key, value in vars(surface).items())
    return f"{type(surface).__name__}({fields})"


each_surface = pytest.mark.parametrize("surface", SURFACES, ids=label)


def points(surface, seed, count=20):
    """Random points of the domain, none within 0.001 of a corner."""
    low, high = np.transpose(surface.domain)
    x = np.random.default_rng(seed).uniform(low, high, size=(count, surface.dim))
    corners = {Tent: [0.0], Hinge: [1.0, 2.0]}.get(type(surface), [])
    for corner in corners:
        x = np.where(np.abs(x - corner) < 1e-3, corner + 1e-2, x)
    return x


@each_surface
@QUICK
@given(SEEDS)
def test_the_gradient_is_the_complex_step_derivative(surface, seed):
    x = points(surface, seed)
    g = surface.grad(x)
    assert g.shape == x.shape
    for i in range(surface.dim):
        step = np.zeros(surface.dim, dtype=complex)
        step[i] = 1e-30j
        np.testing.assert_allclose(g[:, i], surface.f(x + step).imag / 1e-30, rtol=1e-9, atol=1e-9)


@each_surface
@QUICK
@given(SEEDS)
def test_the_gradient_is_the_central_difference(surface, seed):
    x = points(surface, seed)
    scale = 1 + np.abs(surface.f(x)).max()
    for i in range(surface.dim):
        step = np.zeros(surface.dim)
        step[i] = 1e-5
        slope = (surface.f(x + step) - surface.f(x - step)) / 2e-5
        np.testing.assert_allclose(surface.grad(x)[:, i], slope, rtol=1e-5, atol=1e-7 * scale)


@each_surface
def test_its_minima_are_lowest_in_their_neighbourhood_and_flat_unless_a_corner(surface):
    minima = np.asarray(surface.minima)
    if isinstance(surface, BOTTOMLESS):
        assert minima.size == 0
        return
    assert minima.ndim == 2 and minima.shape[1] == surface.dim
    assert len(np.unique(minima, axis=0)) == len(minima), "each is listed once"
    low, high = np.transpose(surface.domain)
    assert ((low <= minima) & (minima <= high)).all()
    around = np.random.default_rng(0).uniform(-0.05, 0.05, size=(2000, surface.dim))
    for bottom in minima:
        assert surface.f(bottom) < surface.f(bottom + around).min()
        if not isinstance(surface, Tent):
            np.testing.assert_allclose(surface.grad(bottom), 0, atol=1e-9)


@each_surface
def test_no_point_of_the_domain_lies_below_every_minimum(surface):
    if isinstance(surface, BOTTOMLESS):
        return
    lowest = surface.f(np.asarray(surface.minima)).min()
    assert surface.f(points(surface, 1, count=5000)).min() >= lowest - 1e-12


@each_surface
@pytest.mark.parametrize("shape", [(), (1,), (5,), (2, 3)], ids=str)
def test_f_drops_the_last_axis_and_grad_keeps_it(surface, shape):
    x = np.full((*shape, surface.dim), 0.3)
    assert np.shape(surface.f(x)) == shape
    assert np.shape(surface.grad(x)) == x.shape
    alone = surface.f(np.full(surface.dim, 0.3))
    np.testing.assert_allclose(surface.f(x), alone, rtol=1e-15)


@each_surface
def test_nothing_breaks_at_the_origin(surface):
    origin = np.zeros(surface.dim)
    assert np.isfinite(surface.f(origin)) and np.isfinite(surface.grad(origin)).all()


@each_surface
def test_it_says_how_to_be_drawn(surface):
    assert surface.name and surface.__doc__
    assert surface.dim == len(surface.domain) in {1, 2}
    assert all(low < high for low, high in surface.domain)


VALUES = [
    (Slope(slope=2.0), (3.0,), 6.0),
    (Flat(), (3.0,), 0.0),
    (Bowl(curvature=4.0), (3.0,), 18.0),
    (DoubleWell(tilt=0.3), (2.0,), 2.6),
    (Waves(height=0.3), (2 * np.pi / 5,), 0.25 * (2 * np.pi / 5) ** 2),
    (Waves(height=0.3), (np.pi / 5,), 0.25 * (np.pi / 5) ** 2 + 0.6),
    (Tent(), (2.0,), 2.0),
    (Tent(), (-2.0,), 0.2),
    (Tent(), (0.0,), 0.0),
    (Hinge(), (-1.0,), 12.5),
    (Hinge(), (1.0,), 12.5),
    (Hinge(), (2.0,), 38.0),
    (Hinge(), (3.0,), 76.5),
    (Quadratic(kappa=20.0), (2.0, 3.0), 92.0),
    (Quadratic(kappa=20.0, angle=90.0), (2.0, 3.0), 44.5),
    (Ridge(), (0.0, 0.0), 0.0),
    (Ridge(gentle=0.1, steep=10.0, rounding=4.0), (3.0, 3.0), 10.1),
    (Rosenbrock(), (-1.2, 1.0), 24.2),
    (Beale(), (0.0, 0.0), 14.203125),
    (Beale(), (3.0, 0.5), 0.0),
    (Himmelblau(), (0.0, 0.0), 170.0),
    (Himmelblau(), (-0.270844590667, -0.923038522097), 181.616521522),
    (Himmelblau(), (3.0, 2.0), 0.0),
    (Saddle(), (0.0, 0.0), 0.0),
    (Saddle(), (1.0, -1.0), 0.25),
]


@pytest.mark.parametrize("surface, x, height", VALUES, ids=str)
def test_known_heights(surface, x, height):
    assert surface.f(np.array(x)) == pytest.approx(height, rel=1e-9, abs=1e-15)


def test_the_tents_corner_belongs_to_its_left_side():
    np.testing.assert_array_equal(
        Tent().grad(np.array([[0.0], [1e-300], [-1.0]])).ravel(), [-0.1, 1.0, -0.1]
    )


def test_the_hinge_is_in_one_piece_with_the_gradient_of_the_paper():
    x = np.linspace(-3, 3, 6001)[:, None]
    assert np.abs(np.diff(Hinge().f(x))).max() < 80 * 1e-3
    assert (np.diff(Hinge().grad(x).ravel()) > 0).all(), "strictly convex"
    at = np.array([[-1.0], [0.5], [1.0], [1.5], [2.0], [3.0]])
    np.testing.assert_allclose(Hinge().grad(at).ravel(), [-25, 12.5, 25, 25.5, 26, 51])


def test_on_the_hinge_the_best_momentum_of_a_quadratic_cycles_where_descent_arrives():
    run = minimize(Hinge(), Momentum(lr=1 / 9, beta1=4 / 9), 3.3, 3000)
    np.testing.assert_allclose(run.x[-1], run.x[-4], atol=1e-9)
    assert np.ptp(run.x[-3:]) > 1
    assert minimize(Hinge(), GradientDescent(lr=2 / 26), 3.3, 3000).f[-1] < 1e-20


@QUICK
@given(st.floats(1, 200), st.floats(-180, 180), SEEDS)
def test_a_turned_quadratic_is_the_plain_one_in_its_eigenbasis(kappa, angle, seed):
    turn = np.radians(angle)
    axes = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    plain, turned = Quadratic(kappa=kappa), Quadratic(kappa=kappa, angle=angle)
    z = np.random.default_rng(seed).normal(size=(10, 2))
    x = z @ axes.T
    np.testing.assert_allclose(turned.f(x), plain.f(z), rtol=1e-9)
    np.testing.assert_allclose(turned.grad(x), plain.grad(z) @ axes.T, rtol=1e-8, atol=1e-8)
    hessian = np.stack([turned.grad(np.eye(2)[i]) for i in range(2)])
    np.testing.assert_allclose(np.linalg.eigvalsh(hessian), [1, kappa], rtol=1e-9)
    for rule in (GradientDescent(lr=1 / kappa), Momentum(lr=0.5 / kappa, beta1=0.5)):
        one = minimize(plain, rule, z[0], 30).x @ axes.T
        np.testing.assert_allclose(minimize(turned, rule, x[0], 30).x, one, rtol=1e-7, atol=1e-9)


@pytest.mark.parametrize("tilt, count", [(-0.3, 2), (0.0, 2), (0.3, 2), (0.5, 1), (-0.5, 1)])
def test_a_double_well_tilted_too_far_has_one_bottom(tilt, count):
    minima = DoubleWell(tilt=tilt).minima
    assert minima.shape == (count, 1)
    if tilt > 0:
        assert DoubleWell(tilt=tilt).f(minima).argmin() == 0, "the left one is the deeper"


def test_a_parameter_that_is_not_a_number_is_named():
    with pytest.raises(ValueError, match=r"Quadratic: kappa = nan; expected a finite number"):
        Quadratic(kappa=float("nan"))
    with pytest.raises(TypeError, match=r"Tent: left = 'steep'; expected a finite number"):
        Tent(left="steep")


def test_a_surface_is_frozen_and_all_holds_each_once():
    with pytest.raises(AttributeError):
        Quadratic().kappa = 3.0
    assert len(set(ALL)) == len(ALL)
    assert {type(surface) for surface in SURFACES} == set(ALL)


def test_a_surface_without_a_body_says_what_is_missing():
    with pytest.raises(NotImplementedError, match=r"Surface needs its own f\(x\)"):
        Surface().f(np.zeros(2))
    with pytest.raises(NotImplementedError, match=r"Surface needs its own grad\(x\)"):
        Surface().grad(np.zeros(2))
