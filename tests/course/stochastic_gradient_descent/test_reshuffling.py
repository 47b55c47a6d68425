"""The closed form of reshuffling against every order that there is, and against many walks."""

from itertools import permutations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from optlab.course.stochastic_gradient_descent.reshuffling import _pair_covariance, reshuffled_gap
from optlab.engine.analysis.least_squares import LeastSquares, fitness_club


def test_the_spread_of_an_epochs_second_order_is_that_of_all_orders_there_are():
    rng = np.random.default_rng(3)
    five = LeastSquares(rng.normal(size=(5, 2)), rng.normal(size=5))
    slopes, pushes = np.einsum("ni,nj->nij", five.x, five.x), five.residuals[:, None] * five.x
    sums = [
        sum(slopes[order[late]] @ pushes[order[early]] for late in range(5) for early in range(late))
        for order in permutations(range(5))
    ]
    assert_allclose(_pair_covariance(five), np.cov(np.transpose(sums), bias=True))


@pytest.mark.parametrize("lr", [0.01, 0.02, 0.03])
def test_walks_that_reshuffle_end_where_it_says(lr):
    club, rng = fitness_club(), np.random.default_rng(0)
    theta = np.tile(club.solution, (4000, 1))
    for _ in range(40):
        order = rng.permuted(np.tile(np.arange(20), (4000, 1)), axis=1)
        for i in order.T:
            x = club.x[i]
            theta -= lr * ((theta * x).sum(1) - club.y[i])[:, None] * x
    assert club.gap(theta).mean() == pytest.approx(reshuffled_gap(club, lr), rel=0.08)
