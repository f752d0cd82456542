"""The rules: identities between them, their invariances, and the contract that all of them keep.

What each rule computes is pinned down in test_references.py; here stands what they mean.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optlib import follow, minimize
from optlib.exercises.mistakes import AdamUncorrected, RMSPropCorrected, mistake
from optlib.optimizers import (
    ALL,
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
    Optimizer,
    RMSProp,
    RMSPropMomentum,
    RMSPropNesterov,
)
from optlib.surfaces import Quadratic, Rosenbrock

QUICK = settings(max_examples=20, derandomize=True, deadline=None)
SEEDS = st.integers(0, 2**32 - 1)
RATES = st.floats(1e-4, 1.0)
DECAYS = st.floats(0, 0.99)
SIZES = st.floats(1e-3, 1e3)

NORMALISED = [
    AdaGrad,
    RMSProp,
    CenteredRMSProp,
    RMSPropMomentum,
    RMSPropNesterov,
    Adam,
    AMSGrad,
    NAdam,
    LaProp,
]
SAMPLE = {"lr": 0.03, "beta1": 0.8, "beta2": 0.95, "eps": 1e-2, "weight_decay": 0.3}


def name(value):
    return getattr(value, "__name__", str(value))


def each_rule(function):
    return pytest.mark.parametrize("rule", ALL, ids=name)(function)


def sample(rule, **others):
    """A rule with decays and ε that are nobody's defaults."""
    return rule(**{key: SAMPLE[key] for key in rule.__dataclass_fields__} | others)


def gradients(seed, steps=40, dim=3):
    """Gradients of every size from 0.01 to 100, none of them zero."""
    rng = np.random.default_rng(seed)
    return rng.normal(size=(steps, dim)) * 10.0 ** rng.uniform(-2, 2, size=dim)


def steps(opt, g, x0=0.0):
    """The steps a rule takes on fixed gradients."""
    return follow(opt, g, x0).dx


def assert_same(one, other, rtol=1e-9):
    """Equal, up to rounding measured against the largest entry of each coordinate."""
    scale = np.abs(other).max(axis=0)
    assert np.isfinite(one).all() and np.isfinite(other).all()
    assert (np.abs(one - other) <= rtol * scale + 1e-300).all(), np.abs(one - other).max()


# One rule is another


@QUICK
@given(SEEDS, RATES)
def test_momentum_without_memory_is_gradient_descent(seed, lr):
    g = gradients(seed)
    for rule in (Momentum, Nesterov):
        assert_same(steps(rule(lr=lr, beta1=0.0), g), steps(GradientDescent(lr=lr), g))
    assert_same(steps(GradientDescent(lr=lr), g), -lr * g)


@QUICK
@given(SEEDS, RATES, DECAYS)
def test_accumulating_is_averaging_with_the_rate_rescaled(seed, lr, beta):
    g = gradients(seed)
    average = mistake(Momentum, "AveragedM")(lr=lr / (1 - beta), beta1=beta)
    assert_same(steps(Momentum(lr=lr, beta1=beta), g), steps(average, g))


@QUICK
@given(RATES, DECAYS)
def test_momentum_is_polyaks_heavy_ball(lr, beta):
    lr = 0.1 * lr
    surface = Quadratic(kappa=10.0)
    run = minimize(surface, Momentum(lr=lr, beta1=beta), (1.0, -0.5), 60)
    before, x = run.x[0], run.x[0]
    for t in range(1, 61):
        before, x = x, x - lr * surface.grad(x) + beta * (x - before)
        np.testing.assert_allclose(run.x[t], x, rtol=1e-8, atol=1e-10)


@pytest.mark.parametrize(
    "surface, lr",
    [(Quadratic(kappa=20.0), 0.03), (Rosenbrock(), 2e-4)],
    ids=["quadratic", "Rosenbrock"],
)
def test_shifted_nesterov_visits_the_look_ahead_points_of_the_literal_loop(surface, lr):
    beta = 0.9
    run = minimize(surface, Nesterov(lr=lr, beta1=beta), (-1.2, 1.0), 200)
    x, speed = np.array([-1.2, 1.0]), np.zeros(2)
    for t in range(201):
        np.testing.assert_allclose(run.x[t], x + beta * speed, rtol=1e-10, atol=1e-12)
        speed = beta * speed - lr * surface.grad(x + beta * speed)
        x = x + speed


@QUICK
@given(SEEDS, RATES, DECAYS)
def test_rmsprop_with_a_memoryless_buffer_is_rmsprop(seed, lr, beta2):
    g = gradients(seed)
    plain = steps(RMSProp(lr=lr, beta2=beta2, eps=0.01), g)
    for rule in (RMSPropMomentum, RMSPropNesterov):
        assert_same(steps(rule(lr=lr, beta1=0.0, beta2=beta2, eps=0.01), g), plain)


@QUICK
@given(SEEDS, RATES, DECAYS, DECAYS)
def test_rmsprop_with_momentum_is_momentum_on_normalised_gradients(seed, lr, beta1, beta2):
    g = gradients(seed)
    normalised = -steps(RMSProp(lr=1.0, beta2=beta2, eps=0.01), g)
    for rule, outer in ((RMSPropMomentum, Momentum), (RMSPropNesterov, Nesterov)):
        whole = steps(rule(lr=lr, beta1=beta1, beta2=beta2, eps=0.01), g)
        assert_same(whole, steps(outer(lr=lr, beta1=beta1), normalised))


@QUICK
@given(SEEDS, RATES, DECAYS)
def test_adam_without_momentum_is_bias_corrected_rmsprop(seed, lr, beta2):
    g = gradients(seed)
    corrected = steps(RMSPropCorrected(lr=lr, beta2=beta2, eps=0.01), g)
    for rule in (Adam, NAdam, LaProp):
        assert_same(steps(rule(lr=lr, beta1=0.0, beta2=beta2, eps=0.01), g), corrected)


@QUICK
@given(SEEDS, RATES)
def test_adam_without_any_memory_is_sign_descent(seed, lr):
    g = gradients(seed)
    for rule in (Adam, NAdam, LaProp, AMSGrad):
        first = steps(rule(lr=lr, beta1=0.0, beta2=0.0, eps=0.0), g[:1])
        assert_same(first, -lr * np.sign(g[:1]))
    for rule in (Adam, NAdam, LaProp):
        assert_same(steps(rule(lr=lr, beta1=0.0, beta2=0.0, eps=0.0), g), -lr * np.sign(g))


@QUICK
@given(SEEDS, RATES, DECAYS, DECAYS)
def test_adamw_without_decay_is_adam(seed, lr, beta1, beta2):
    g = gradients(seed)
    family = {"lr": lr, "beta1": beta1, "beta2": beta2, "eps": 0.01}
    assert_same(steps(AdamW(**family, weight_decay=0.0), g, 1.0), steps(Adam(**family), g))


@QUICK
@given(SEEDS, RATES, DECAYS, st.floats(0, 1))
def test_adamw_is_adam_and_a_pull_towards_zero_beside_it(seed, lr, beta1, decay):
    g = gradients(seed)
    family = {"lr": lr, "beta1": beta1, "beta2": 0.95, "eps": 0.01}
    run = follow(AdamW(**family, weight_decay=decay), g, 2.0)
    assert_same(run.dx + lr * decay * run.x[:-1], steps(Adam(**family), g), rtol=1e-7)


@QUICK
@given(RATES, st.floats(0, 0.9))
def test_adamw_shrinks_weights_that_have_no_gradient(lr, decay):
    run = follow(AdamW(lr=lr, weight_decay=decay), np.zeros((30, 1)), 5.0)
    np.testing.assert_allclose(run.x[:, 0], 5.0 * (1 - lr * decay) ** np.arange(31), rtol=1e-9)


@QUICK
@given(SEEDS, RATES, DECAYS, DECAYS)
def test_amsgrad_is_uncorrected_adam_while_gradients_grow(seed, lr, beta1, beta2):
    g = gradients(seed)
    growing = np.sort(np.abs(g), axis=0) * np.sign(g)
    family = {"lr": lr, "beta1": beta1, "beta2": beta2, "eps": 0.01}
    assert_same(steps(AMSGrad(**family), growing), steps(AdamUncorrected(**family), growing))


def test_amsgrad_remembers_the_largest_average_when_gradients_shrink():
    g = np.concatenate([np.full((10, 1), 10.0), np.full((90, 1), 0.1)])
    family = {"lr": 1.0, "beta1": 0.0, "beta2": 0.5, "eps": 0.0}
    run = follow(AMSGrad(**family), g)
    assert (np.diff(run.state.v_max, axis=0) >= 0).all()
    assert run.state.v_max[-1] == run.state.v[9]
    np.testing.assert_allclose(run.dx[-1], -0.1 / np.sqrt(run.state.v[9]))
    np.testing.assert_allclose(follow(AdamUncorrected(**family), g).dx[-1], -1.0)


@QUICK
@given(SEEDS, RATES, DECAYS, DECAYS, SIZES)
def test_laprop_is_adam_while_the_gradient_changes_only_its_sign(seed, lr, beta1, beta2, size):
    signs = np.random.default_rng(seed).choice([-1.0, 1.0], size=(40, 3))
    family = {"lr": lr, "beta1": beta1, "beta2": beta2, "eps": 0.0}
    assert_same(steps(LaProp(**family), size * signs), steps(Adam(**family), size * signs))


@QUICK
@given(SEEDS, RATES)
def test_adagrad_is_the_limit_of_adam_with_a_shrinking_rate(seed, lr):
    g = gradients(seed)
    adagrad = steps(AdaGrad(lr=lr, eps=0.01), g)
    x, moments = np.zeros(3), None
    for t, slope in enumerate(g, 1):
        adam = Adam(lr=lr / np.sqrt(t), beta1=0.0, beta2=1 - 1e-8, eps=0.01 / np.sqrt(t))
        dx, moments = adam.update(slope, moments or adam.init(x), t, x)
        np.testing.assert_allclose(dx, adagrad[t - 1], rtol=1e-5)


@QUICK
@given(SEEDS, RATES, DECAYS)
def test_centered_rmsprop_divides_by_the_weighted_standard_deviation(seed, lr, beta2):
    g = gradients(seed)
    last = steps(CenteredRMSProp(lr=lr, beta2=beta2, eps=0.01), g)[-1]
    weights = ((1 - beta2) * beta2 ** np.arange(40)[::-1])[:, None]
    variance = (weights * g**2).sum(axis=0) - (weights * g).sum(axis=0) ** 2
    expected = -lr * g[-1] / (np.sqrt(np.maximum(variance, 0)) + 0.01)
    np.testing.assert_allclose(last, expected, rtol=1e-5)


def test_centered_rmsprop_survives_a_variance_that_rounds_below_zero():
    slopes = np.tile(np.linspace(0.1, 1, 50), (2000, 1))
    run = follow(CenteredRMSProp(lr=0.1, beta2=0.9, eps=1e-8), slopes)
    v, m = run.state.v, run.state.m
    assert (v - m**2 < 0).any(), "the case is met"
    assert np.isfinite(run.x).all()


def test_adadelta_matches_the_size_of_its_recent_steps_to_that_of_the_gradients():
    g = gradients(3)
    run = follow(Adadelta(beta2=0.95, eps=1e-4), g)
    for t in range(1, 40):
        weights = (0.05 * 0.95 ** np.arange(t)[::-1])[:, None]
        recent_steps = (weights * run.dx[:t] ** 2).sum(axis=0)
        weights = (0.05 * 0.95 ** np.arange(t + 1)[::-1])[:, None]
        recent_slopes = (weights * g[: t + 1] ** 2).sum(axis=0)
        expected = -g[t] * np.sqrt(recent_steps + 1e-4) / np.sqrt(recent_slopes + 1e-4)
        np.testing.assert_allclose(run.dx[t], expected, rtol=1e-9)


@QUICK
@given(SEEDS, RATES, DECAYS, DECAYS)
def test_nadam_is_adam_one_step_ahead_with_the_present_gradient_once_more(seed, lr, beta1, beta2):
    g = gradients(seed)
    run = follow(NAdam(lr=lr, beta1=beta1, beta2=beta2, eps=0.01), g)
    t = np.arange(1, 41)[:, None]
    v_hat = run.state.v / (1 - beta2**t)
    m_bar = beta1 * run.state.m / (1 - beta1 ** (t + 1)) + (1 - beta1) * g / (1 - beta1**t)
    assert_same(run.dx, -lr * m_bar / (np.sqrt(v_hat) + 0.01))


# A constant slope


SLOPES = st.floats(1e-2, 1e2)


@QUICK
@given(RATES, DECAYS, SLOPES)
def test_on_a_constant_slope_momentum_speeds_up_to_a_terminal_step(lr, beta, slope):
    t = np.arange(1, 101)
    dx = steps(Momentum(lr=lr, beta1=beta), np.full((100, 1), slope))[:, 0]
    np.testing.assert_allclose(dx, -lr * slope * (1 - beta**t) / (1 - beta), rtol=1e-9)


@QUICK
@given(RATES, DECAYS, DECAYS, SLOPES, st.sampled_from([-1, 1]))
def test_on_a_constant_slope_adam_steps_by_exactly_its_rate(lr, beta1, beta2, slope, sign):
    for rule in (Adam, LaProp):
        opt = rule(lr=lr, beta1=beta1, beta2=beta2, eps=0.0)
        dx = steps(opt, np.full((100, 1), sign * slope))
        np.testing.assert_allclose(dx, -lr * sign, rtol=1e-9)


@QUICK
@given(RATES, DECAYS, SLOPES)
def test_on_a_constant_slope_rmsprop_begins_long_and_adagrad_slows_down(lr, beta2, slope):
    t = np.arange(1, 101)
    g = np.full((100, 1), slope)
    rmsprop = steps(RMSProp(lr=lr, beta2=beta2, eps=0.0), g)[:, 0]
    np.testing.assert_allclose(rmsprop, -lr / np.sqrt(1 - beta2**t), rtol=1e-9)
    np.testing.assert_allclose(steps(AdaGrad(lr=lr, eps=0.0), g)[:, 0], -lr / np.sqrt(t))
    first = steps(Adadelta(beta2=beta2, eps=1e-6), g[:1])[0, 0]
    assert first == pytest.approx(-np.sqrt(1e-6 / (1 - beta2 + 1e-6 / slope**2)), rel=1e-9)


# What a rule does not notice


@pytest.mark.parametrize("rule", NORMALISED, ids=name)
@QUICK
@given(SEEDS, SIZES, SIZES)
def test_without_eps_the_scale_of_the_loss_and_of_each_coordinate_is_not_noticed(
    rule, seed, size, other
):
    g = gradients(seed)
    opt = sample(rule, eps=0.0)
    assert_same(steps(opt, size * g), steps(opt, g), rtol=1e-6)
    assert_same(steps(opt, [size, other, 1.0] * g), steps(opt, g), rtol=1e-6)


@pytest.mark.parametrize("rule", NORMALISED, ids=name)
def test_with_eps_the_scale_of_the_loss_is_noticed(rule):
    g = gradients(1)
    assert np.abs(steps(sample(rule), 1e-3 * g) / steps(sample(rule), g) - 1).max() > 0.1


@pytest.mark.parametrize("rule", NORMALISED, ids=name)
@QUICK
@given(SEEDS, SIZES, SIZES)
def test_eps_has_the_units_of_the_gradient_and_lr_those_of_x(rule, seed, size, length):
    g = gradients(seed)
    scaled = sample(rule, eps=SAMPLE["eps"] * size, lr=SAMPLE["lr"] * length)
    assert_same(steps(scaled, size * g), length * steps(sample(rule), g), rtol=1e-6)


@pytest.mark.parametrize("rule", [GradientDescent, Momentum, Nesterov], ids=name)
@QUICK
@given(SEEDS, SIZES)
def test_plain_rules_are_linear_in_the_gradient(rule, seed, size):
    g, h = gradients(seed), gradients(seed + 1)
    opt = sample(rule)
    assert_same(steps(opt, size * g), size * steps(opt, g))
    assert_same(steps(opt, g + h), steps(opt, g) + steps(opt, h), rtol=1e-8)


@each_rule
@QUICK
@given(SEEDS)
def test_turning_the_landscape_over_turns_the_steps_over(rule, seed):
    g = gradients(seed)
    np.testing.assert_array_equal(steps(sample(rule), -g), -steps(sample(rule), g))


# How large can a step be?


@QUICK
@given(SEEDS, DECAYS, DECAYS)
def test_adams_steps_keep_the_bound_of_cauchy_and_schwarz(seed, beta1, beta2):
    if beta1**2 >= 0.98 * beta2:
        beta1 = 0.9 * np.sqrt(beta2)
    bound = (1 - beta1) / np.sqrt((1 - beta2) * max(1 - beta1**2 / max(beta2, 1e-12), 1e-12))
    rng = np.random.default_rng(seed)
    g = rng.normal(size=(200, 5)) * 10.0 ** rng.uniform(-3, 3, size=(200, 5))
    opt = AdamUncorrected(lr=1.0, beta1=beta1, beta2=beta2, eps=0.0)
    assert np.abs(steps(opt, g)).max() <= bound * (1 + 1e-9)


def test_growing_gradients_after_a_silence_come_close_to_that_bound_of_seven_rates():
    g = np.concatenate([np.full(8000, 1e-30), (0.999 / 0.9) ** np.arange(400)])[:, None]
    largest = np.abs(steps(Adam(lr=1.0, eps=0.0), g)).max()
    bound = 0.1 / np.sqrt(0.001 * (1 - 0.81 / 0.999))
    assert bound == pytest.approx(7.27, abs=5e-3)
    assert largest == pytest.approx(bound, rel=1e-2)


# The contract


@each_rule
def test_update_changes_nothing_it_is_given_and_answers_the_same_twice(rule):
    opt = sample(rule)
    rng = np.random.default_rng(0)
    g, x = rng.normal(size=(2, 4, 3))
    state = type(opt.init(x))(*rng.uniform(0.1, 1, size=(len(opt.init(x)), 4, 3)))
    for array in (g, x, *state):
        array.setflags(write=False)
    before = [array.copy() for array in (g, x, *state)]
    first, second = opt.update(g, state, 3, x), opt.update(g, state, 3, x)
    for one, other in zip((first[0], *first[1]), (second[0], *second[1]), strict=True):
        np.testing.assert_array_equal(one, other)
    for was, array in zip(before, (g, x, *state), strict=True):
        np.testing.assert_array_equal(was, array)


@each_rule
@pytest.mark.parametrize("shape", [(), (1,), (3,), (4, 2), (2, 3, 2)], ids=str)
def test_steps_and_states_have_the_shape_of_x(rule, shape):
    opt = sample(rule)
    x = np.ones(shape, dtype=int)
    state = opt.init(x)
    dx, after = opt.update(np.full(shape, 0.5), state, 1, x)
    assert np.shape(dx) == shape
    assert type(after) is type(state) is rule.State
    for old, new in zip(state, after, strict=True):
        assert old.shape == np.shape(new) == shape
        assert old.dtype == float and not old.any(), "a state starts at zero, in floats"


@each_rule
def test_a_rule_works_on_each_coordinate_alone(rule):
    g = gradients(5)
    together = steps(sample(rule), g, [1.0, 2.0, 3.0])
    for i in range(3):
        alone = steps(sample(rule), g[:, [i]], [float(i + 1)])
        np.testing.assert_array_equal(together[:, [i]], alone)


@each_rule
def test_the_step_is_what_is_added_to_x(rule):
    run = minimize(Quadratic(), sample(rule), (1.0, -0.5), 30)
    np.testing.assert_array_equal(run.x[1:], run.x[:-1] + run.dx)
    assert run.dx[0] @ run.g[0] < 0, "and it goes downhill"


@each_rule
def test_a_zero_gradient_from_rest_moves_nothing(rule):
    opt = sample(rule, **({"weight_decay": 0.0} if rule is AdamW else {}))
    assert not steps(opt, np.zeros((5, 2)), 1.0).any()


@each_rule
@pytest.mark.parametrize("field", ["lr", "beta1", "beta2", "eps", "weight_decay"])
def test_a_sweep_is_its_single_runs_side_by_side(rule, field):
    if field not in rule.__dataclass_fields__:
        assert field not in vars(rule()), "nothing to sweep"
        return
    values = np.linspace(0.1, 0.9, 5) * (0.1 if field in {"lr", "eps"} else 1)
    sweep = minimize(Quadratic(), sample(rule, **{field: values[:, None]}), (1.0, -0.5), 40)
    assert sweep.x.shape == (41, 5, 2)
    for i, value in enumerate(values):
        single = minimize(Quadratic(), sample(rule, **{field: float(value)}), (1.0, -0.5), 40)
        np.testing.assert_allclose(sweep.x[:, i], single.x, rtol=1e-11, atol=1e-13)
    assert len({tuple(end) for end in np.round(sweep.x[-1], 12)}) > 1 or field == "eps"


@each_rule
def test_two_fields_swept_at_once_span_a_grid(rule):
    first, *others = rule.__dataclass_fields__
    grid = {first: np.array([0.1, 0.2, 0.3])[:, None, None]}
    if others:
        grid[others[0]] = np.array([0.5, 0.7])[:, None]
    run = minimize(Quadratic(), sample(rule, **grid), (1.0, -0.5), 20)
    assert run.x.shape == ((21, 3, 2, 2) if others else (21, 3, 1, 2))
    last = {key: float(value.ravel()[-1]) for key, value in grid.items()}
    single = minimize(Quadratic(), sample(rule, **last), (1.0, -0.5), 20)
    np.testing.assert_allclose(run.x[:, -1, -1], single.x, rtol=1e-11, atol=1e-13)


@each_rule
def test_a_rule_says_what_it_does_its_formula_its_units_and_its_source(rule):
    said = rule.__doc__
    assert said.splitlines()[0].endswith((".", "``.", ":"))
    assert "Source: " in said and "[x]" in said and ("Formula: " in said or "``Δx" in said)


def test_all_holds_every_rule_once_simplest_first():
    assert len(set(ALL)) == len(ALL) == 14
    assert ALL[0] is GradientDescent
    assert all(issubclass(rule, Optimizer) for rule in ALL)


def test_a_rule_without_an_update_says_what_is_missing():
    class Unfinished(Optimizer):
        pass

    with pytest.raises(NotImplementedError, match="Unfinished needs its own update"):
        Unfinished().update(1.0, (), 1, 0.0)
