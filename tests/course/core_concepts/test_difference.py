"""Finite differences: autograd and plain float32 arithmetic as oracles, and the laws of both errors."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from optlab.course.core_concepts.difference import (
    DTYPES,
    METHODS,
    STEPS,
    autograd_slope,
    best_step,
    derivatives,
    difference,
    rounding,
    slopes,
    sure,
    truncation,
)
from optlab.params import grid

PLACES = st.floats(-4, 4).filter(lambda v: abs(v) > 0.1)
KINDS = [(method, dtype) for method in METHODS for dtype in DTYPES]


def test_the_loss_is_the_cross_entropy_of_two_logits():
    theta = torch.linspace(-5, 5, 21, dtype=torch.float64)
    logits = torch.stack([torch.zeros_like(theta), theta], dim=1)
    right = torch.ones(21, dtype=torch.int64)
    expected = torch.nn.functional.cross_entropy(logits, right, reduction="none")
    torch.testing.assert_close(sure(theta), expected)


@settings(deadline=None)
@given(PLACES)
@pytest.mark.slow
def test_the_derivatives_are_autograds(theta):
    leaf = torch.tensor(theta, dtype=torch.float64, requires_grad=True)
    expected, value = [], sure(leaf)
    for _ in range(4):
        expected.append(value.item())
        (value,) = torch.autograd.grad(value, leaf, create_graph=True)
    np.testing.assert_allclose(np.array(derivatives(theta)), expected, rtol=1e-9)
    assert autograd_slope(sure, theta) == pytest.approx(expected[1])


@given(st.floats(-3, 3), st.floats(1e-2, 1))
def test_on_a_square_the_central_difference_is_exact_and_the_forward_one_is_off_by_h(theta, h):
    assert difference(torch.square, theta, h) == pytest.approx(2 * theta, abs=1e-9)
    assert difference(torch.square, theta, h, "forward") == pytest.approx(2 * theta + h, abs=1e-9)


def test_float32_is_computed_in_float32():
    theta, h = np.float32(0.7), np.float32(1e-4)
    plain = (np.square(theta + h) - np.square(theta - h)) / (2 * h)
    assert float(difference(torch.square, 0.7, 1e-4, dtype="float32")) == float(plain)
    assert plain.dtype == np.float32


@pytest.mark.parametrize("dtype", DTYPES)
def test_two_points_that_are_the_same_number_have_no_slope(dtype):
    h = 2.0 * torch.finfo(DTYPES[dtype]).eps / 8  # too short for a 2 to notice
    assert difference(sure, 2.0, h, dtype=dtype) == 0


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("theta", [-2.0, 1.0, 3.0])
def test_a_long_step_is_wrong_by_the_term_of_taylors_series(method, theta):
    true = -1 / (1 + math.exp(theta))
    for h in (0.02, 0.01):
        error = abs(difference(sure, theta, h, method) - true)
        assert error == pytest.approx(truncation(theta, h, method), rel=0.01)


@settings(deadline=None, max_examples=300)
@given(PLACES, st.floats(-16, -1), st.sampled_from(KINDS))
def test_no_step_is_wrong_by_more_than_both_errors_together(theta, power, kind):
    method, dtype = kind
    # what is asked for is the slope at the number that the dtype has for θ
    theta = float(torch.tensor(theta, dtype=DTYPES[dtype]))
    h = 10.0**power
    error = abs(difference(sure, theta, h, method, dtype) - derivatives(theta)[1])
    # the loss itself is right to a unit or two in its last place, the bound counts half of one
    assert error <= 1.1 * truncation(theta, h, method) + 4 * rounding(theta, h, method, dtype)


@pytest.mark.parametrize(("method", "dtype"), KINDS)
def test_the_best_step_makes_both_errors_together_smallest(method, dtype):
    steps = np.geomspace(1e-12, 1, 200_001)
    both = truncation(2.0, steps, method) + rounding(2.0, steps, method, dtype)
    assert best_step(2.0, method, dtype) == pytest.approx(steps[both.argmin()], rel=1e-3)
    errors = [abs(difference(sure, 2.0, h, method, dtype) - derivatives(2.0)[1]) for h in steps[::1000]]
    measured = steps[::1000][int(np.argmin(errors))]
    assert 0.02 < measured / best_step(2.0, method, dtype) < 50


def test_unknown_names_are_refused():
    with pytest.raises(ValueError, match="method='backward'"):
        difference(sure, 1.0, 0.1, "backward")
    with pytest.raises(ValueError, match="dtype='float8'"):
        difference(sure, 1.0, 0.1, dtype="float8")


@pytest.mark.parametrize(("method", "dtype"), KINDS)
def test_a_settings_slope_is_the_difference_at_its_own_step(method, dtype):
    run = slopes(grid(h=[1e-5, 0.1], theta=[-1.0], method=[method], dtype=[dtype]))
    np.testing.assert_allclose(run.autograd, -1 / (1 + math.exp(-1.0)))
    for row, h in enumerate((1e-5, 0.1)):
        slope = difference(sure, -1.0, h, method, dtype)
        assert run.slope[row] == pytest.approx(slope, rel=1e-9)
        error = run.errors[row, list(DTYPES).index(dtype), STEPS.index(h)]
        assert error == abs(run.slope[row] - run.autograd[row])


def test_the_slope_in_float32_is_numpys():
    run = slopes(grid(h=[1e-3], theta=[2.0], method=["central"], dtype=["float32"]))
    theta, h = np.float32(2.0), np.float32(1e-3)
    plain = (np.log1p(np.exp(-(theta + h))) - np.log1p(np.exp(-(theta - h)))) / (2 * h)
    unit = float(np.finfo(np.float32).eps) * 0.13  # the last place of the loss; libraries may differ by a few
    assert run.slope[0] == pytest.approx(float(plain), abs=4 * unit / 1e-3)
