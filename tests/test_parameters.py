"""Hyperparameters and their ranges: what passes, and what is said about what does not."""

import numpy as np
import pytest
import sympy as sp

from optlib.optimizers import ALL
from optlib.parameters import PARAMETERS, check_parameter

FIELDS = [(rule, name) for rule in ALL for name in rule.__dataclass_fields__]
NAMED = [f"{rule.__name__}.{name}" for rule, name in FIELDS]
DECAYS = {"beta1", "beta2"}


def outside(name):
    """Numbers outside a field's range, infinities and NaN among them."""
    edges = [1, 1.0, 1.5] if name in DECAYS else []
    return [-1, -1e-9, np.nan, np.inf, -np.inf, np.float32(-2.0), *edges]


@pytest.mark.parametrize("rule, name", FIELDS, ids=NAMED)
def test_a_number_out_of_range_is_named_with_its_class_field_value_and_range(rule, name):
    expected = PARAMETERS[name].range.expected
    for value in outside(name):
        with pytest.raises(ValueError) as error:
            rule(**{name: value})
        assert str(error.value) == f"{rule.__name__}: {name} = {value}; expected {expected}"


@pytest.mark.parametrize("rule, name", FIELDS, ids=NAMED)
def test_the_one_bad_value_of_an_array_is_named(rule, name):
    for bad in outside(name):
        with pytest.raises(ValueError) as error:
            rule(**{name: np.array([[0.1], [bad], [0.2]])})
        assert str(error.value).startswith(f"{rule.__name__}: {name} = {float(bad)}; expected ")


@pytest.mark.parametrize("rule, name", FIELDS, ids=NAMED)
def test_what_is_not_a_number_is_a_type_error_that_names_it(rule, name):
    for value in [None, "0.1", b"0.1", 1j, ["a"], {"lr": 1}, {1}, print, float, 10**400]:
        with pytest.raises(TypeError) as error:
            rule(**{name: value})
        said = f"{rule.__name__}: {name} = {value!r}; expected {PARAMETERS[name].range.expected}"
        assert str(error.value) == said


@pytest.mark.parametrize("rule, name", FIELDS, ids=NAMED)
def test_the_edges_of_the_range_pass_unchanged(rule, name):
    for value in [0, 0.0, np.float32(0.5), 0.999]:
        assert getattr(rule(**{name: value}), name) is value


@pytest.mark.parametrize("rule, name", FIELDS, ids=NAMED)
def test_lists_become_arrays_of_floats_and_arrays_stay_arrays(rule, name):
    kept = getattr(rule(**{name: [[0.1], [0.2]]}), name)
    assert isinstance(kept, np.ndarray) and kept.shape == (2, 1) and kept.dtype == float


@pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.__name__)
def test_every_field_has_a_range_and_a_default_inside_it(rule):
    assert set(rule.__dataclass_fields__) <= set(PARAMETERS)
    opt = rule()
    for name in rule.__dataclass_fields__:
        assert check_parameter("again", name, getattr(opt, name)) == getattr(opt, name)


@pytest.mark.parametrize("rule, name", FIELDS, ids=NAMED)
def test_symbols_pass_unchecked(rule, name):
    symbol = sp.Symbol("eta")
    assert getattr(rule(**{name: symbol}), name) is symbol


def test_an_unknown_name_has_to_be_finite():
    assert check_parameter("Surface", "kappa", -3.0) == -3.0
    with pytest.raises(ValueError, match=r"Surface: kappa = nan; expected a finite number"):
        check_parameter("Surface", "kappa", np.nan)


def test_an_unknown_field_is_refused():
    with pytest.raises(TypeError, match="rho"):
        ALL[4](rho=0.9)


@pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.__name__)
def test_a_rule_is_frozen(rule):
    for name in rule.__dataclass_fields__:
        with pytest.raises(AttributeError):
            setattr(rule(), name, 0.5)
