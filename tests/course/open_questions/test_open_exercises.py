"""The exercises of 05.6 on real trainings, against scikit-learn's ridge, and on shapes of known dimension."""

from math import log2

import numpy as np
import pytest
import torch
from sklearn.linear_model import Ridge

from optlab.course.exercises import EXERCISES
from optlab.course.open_questions.boundary_networks import NETWORKS, SMALLEST, losses

asked = EXERCISES["safe_rate"].truth


def test_every_finer_rate_below_the_chosen_one_works():
    rates = np.linspace(0.5, 16, 32)
    run = losses(NETWORKS[SMALLEST], rates, np.full(32, 2.5))
    works = run[:, -1] < run[:, 0]
    assert not works.all()
    chosen = asked(rates.tolist(), works.tolist())
    finer = losses(NETWORKS[SMALLEST], np.linspace(0.01, chosen, 32), np.full(32, 2.5))
    assert (finer[:, -1] < finer[:, 0]).all()
    assert chosen == rates[np.argmin(works) - 1] / 2


def test_nothing_is_safe_where_the_smallest_rate_fails():
    assert asked([0.1, 0.2], [False, True]) == 0


@pytest.mark.parametrize("l2", [1e-4, 0.1, 2.0])
@pytest.mark.parametrize("features", [3, 8, 12])
def test_the_ridge_weights_are_scikit_learns(features, l2):
    rng = np.random.default_rng(features)
    x, y = rng.normal(size=(8, features)), rng.normal(size=8)
    expected = Ridge(alpha=8 * l2, fit_intercept=False).fit(x, y).coef_
    got = EXERCISES["ridge_weights"].truth(torch.tensor(x), torch.tensor(y), l2)
    np.testing.assert_allclose(got, expected, rtol=1e-6, atol=1e-9)


def sierpinski(side):
    """A picture that is three of itself at half the side."""
    return [[row & column == 0 for column in range(side)] for row in range(side)]


@pytest.mark.parametrize(
    ("picture", "expected"),
    [
        (sierpinski(16), log2(3)),
        ([[row == column for column in range(16)] for row in range(16)], 1),
        ([[row == 5 for _ in range(16)] for row in range(16)], 1),
        ([[True] * 16 for _ in range(16)], 2),
        ([[row == column == 7 for column in range(16)] for row in range(16)], 0),
    ],
    ids=["Sierpinski's triangle", "diagonal", "line", "square", "point"],
)
def test_the_dimension_is_that_of_the_shape(picture, expected):
    assert float(EXERCISES["dimension"].truth(torch.tensor(picture))) == pytest.approx(expected)
