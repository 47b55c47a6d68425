"""Least squares against scikit-learn and autograd."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from sklearn.datasets import load_linnerud
from sklearn.linear_model import LinearRegression
from sklearn.preprocessing import StandardScaler

from optlab.engine.analysis.least_squares import LeastSquares, fitness_club


def random_problem(seed, samples=7, features=3):
    rng = np.random.default_rng(seed)
    return LeastSquares(rng.normal(size=(samples, features)), rng.normal(size=samples))


def loss(problem, theta):
    """The plain formula."""
    return sum((x @ theta - y) ** 2 for x, y in zip(problem.x, problem.y, strict=True)) / (2 * len(problem))


def test_the_solution_is_scikit_learns():
    problem = random_problem(0)
    fit = LinearRegression(fit_intercept=False).fit(problem.x, problem.y)
    np.testing.assert_allclose(problem.solution, fit.coef_)
    np.testing.assert_allclose(problem.residuals, problem.y - fit.predict(problem.x))


@given(seed=st.integers(0, 1000), at=st.lists(st.floats(-10, 10), min_size=3, max_size=3))
def test_the_gap_is_the_loss_above_the_smallest(seed, at):
    problem = random_problem(seed)
    theta = np.array(at)
    assert problem.gap(theta) == pytest.approx(
        loss(problem, theta) - loss(problem, problem.solution), abs=1e-9
    )
    assert problem.minimum == pytest.approx(loss(problem, problem.solution))


def test_the_gap_takes_many_points_at_once():
    problem, points = random_problem(1), np.arange(12.0).reshape(2, 2, 3)
    each = [[problem.gap(point) for point in row] for row in points]
    np.testing.assert_allclose(problem.gap(points), each)


def test_gradients_and_curvature_are_autograds():
    problem, at = random_problem(2), torch.tensor([0.3, -1.0, 2.0], dtype=torch.float64)
    for k in range(len(problem)):
        x, y = torch.from_numpy(problem.x[k]), problem.y[k]
        own = torch.func.grad(lambda theta, x=x, y=y: (x @ theta - y) ** 2 / 2)(at)
        np.testing.assert_allclose(problem.gradients(at.numpy())[k], own)
    x, y = torch.from_numpy(problem.x), torch.from_numpy(problem.y)
    hessian = torch.autograd.functional.hessian(lambda theta: ((x @ theta - y) ** 2).mean() / 2, at)
    np.testing.assert_allclose(problem.hessian, hessian)
    np.testing.assert_allclose(problem.curvatures, torch.linalg.eigvalsh(hessian))


def test_the_fitness_club_is_the_data_of_scikit_learn_standardised():
    men, club = load_linnerud(), fitness_club()
    columns = [men.feature_names.index("Chins"), men.feature_names.index("Situps")]
    np.testing.assert_allclose(club.x, StandardScaler().fit_transform(men.data[:, columns]))
    waist = men.target[:, [men.target_names.index("Waist")]]
    np.testing.assert_allclose(club.y, StandardScaler().fit_transform(waist)[:, 0])


@pytest.mark.parametrize(
    ("x", "y", "words"),
    [
        ([1.0, 2.0], [1.0, 2.0], r"x \(2,\), y \(2,\): expected \(samples, features\)"),
        ([[1.0], [2.0]], [1.0], r"x \(2, 1\), y \(1,\)"),
        ([[1.0], [np.nan]], [1.0, 2.0], "not finite"),
        ([[1.0, 2.0], [2.0, 4.0]], [1.0, 2.0], "rank 1: expected independent columns"),
    ],
)
def test_bad_data_are_refused(x, y, words):
    with pytest.raises(ValueError, match=words):
        LeastSquares(x, y)
