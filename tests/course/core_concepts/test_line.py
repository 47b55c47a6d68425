"""The line through twenty petals: scikit-learn and autograd as oracles."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.datasets import load_iris
from sklearn.linear_model import LinearRegression, Ridge

from optlab.course.core_concepts.line import (
    curvatures,
    least_squares,
    line_at,
    line_gradient,
    line_loss,
    optimality_gap,
    petals,
)

X, Y = petals()
PLACES = st.floats(-5, 5)
STRENGTHS = st.sampled_from([0.0, 0.01, 0.3, 5.0])


def at(*points):
    return torch.tensor(points, dtype=torch.float64)


def on_average(theta, l2=0.0):
    """The loss as torch has it."""
    wrong = torch.nn.functional.mse_loss(theta[0] + theta[1] * X, Y)
    return wrong + l2 * theta.square().sum()


def test_the_petals_are_twenty_of_fishers():
    iris = load_iris()
    assert X.shape == Y.shape == (20,)
    rows = iris.data[50::5]
    np.testing.assert_allclose(X + 4, rows[:, 2], atol=1e-12)
    np.testing.assert_array_equal(Y, rows[:, 3])
    assert set(iris.target_names[iris.target[50::5]]) == {"versicolor", "virginica"}


@settings(deadline=None)
@given(PLACES, PLACES, STRENGTHS)
def test_loss_and_gradient_are_torchs(one, two, l2):
    theta = at(one, two).requires_grad_()
    loss = on_average(theta, l2)
    assert line_loss(theta.detach(), X, Y, l2).item() == pytest.approx(loss.item())
    (gradient,) = torch.autograd.grad(on_average(theta), theta)
    torch.testing.assert_close(line_gradient(theta.detach()[None], X, Y)[0], gradient)


def test_the_line_is_where_its_formula_says():
    assert line_at(np.array([1.0, 2.0]), np.array([0.0, 3.0])).tolist() == [1.0, 7.0]


def test_the_lowest_point_is_scikit_learns_ridge():
    strengths = np.array([0.0, 0.01, 0.3, 5.0])
    plain = LinearRegression().fit(X[:, None], Y)
    found = least_squares(X, Y, strengths)
    np.testing.assert_allclose(found[0], [plain.intercept_, *plain.coef_])
    design = np.stack([np.ones(20), X], axis=1)
    for row, l2 in enumerate(strengths[1:], start=1):
        ridge = Ridge(alpha=20 * l2, fit_intercept=False).fit(design, Y)  # it minimises the sum, not the mean
        np.testing.assert_allclose(found[row], ridge.coef_)


@pytest.mark.parametrize("l2", [0.0, 0.3])
def test_the_curvatures_are_the_hessians(l2):
    hessian = torch.autograd.functional.hessian(lambda t: on_average(t, l2), at(0.3, 0.4))
    np.testing.assert_allclose(curvatures(X, l2), np.linalg.eigvalsh(hessian.numpy()))


@settings(deadline=None)
@given(PLACES, PLACES, STRENGTHS)
def test_the_optimality_gap_is_the_loss_minus_the_smallest_loss(one, two, l2):
    gap = optimality_gap(X, Y, l2)(at([one, two]))
    lowest = line_loss(least_squares(X, Y, l2)[0], X, Y, l2)
    assert gap.item() >= 0
    assert gap.item() == pytest.approx((on_average(at(one, two), l2) - lowest).item(), abs=1e-9)


def test_each_setting_has_a_penalty_of_its_own():
    points, strengths = at([1.0, 1.0], [1.0, 1.0]), np.array([0.0, 2.0])
    alone = [optimality_gap(X, Y, l2)(points[:1]).item() for l2 in strengths]
    assert optimality_gap(X, Y, strengths)(points).tolist() == pytest.approx(alone)


def test_a_negative_penalty_is_refused():
    with pytest.raises(ValueError, match="l2=-1"):
        least_squares(X, Y, -1.0)
    with pytest.raises(ValueError, match="l2=-1"):
        optimality_gap(X, Y, -1.0)
