"""Where one sample a step fails, against products of random matrices and many walks."""

import numpy as np
import pytest

from optlab.course.stochastic_gradient_descent.cliffs import cliffs, growth
from optlab.engine.analysis.least_squares import LeastSquares, fitness_club

CLUB = fitness_club()


def simulated(lr, steps=400, walks=2000):
    """The mean growth of log |e| over random products, once their direction has settled."""
    rng, grown = np.random.default_rng(0), []
    e = rng.normal(size=(walks, 2))
    for _ in range(steps):
        x = CLUB.x[rng.integers(0, 20, walks)]
        e = e - lr * (x * e).sum(1, keepdims=True) * x
        length = np.linalg.norm(e, axis=1, keepdims=True)
        grown.append(np.log(length).mean())
        e /= length
    return np.mean(grown[20:])


@pytest.mark.parametrize("lr", [0.3, 0.8, 1.1])
def test_the_growth_is_that_of_random_products(lr):
    assert growth(CLUB, lr) == pytest.approx(simulated(lr), abs=5e-3)


def test_only_two_features_have_directions_on_a_circle():
    with pytest.raises(ValueError, match="1 features: expected 2"):
        growth(LeastSquares(np.ones((20, 1)), CLUB.y), 0.1)


def test_between_the_first_two_cliffs_the_median_of_many_walks_stands_still_and_past_the_second_it_does_not():
    first, second, third = cliffs()
    assert first < second < third == pytest.approx(2 / CLUB.curvatures[-1])
    rates = np.array([(first + second) / 2, 1.1])
    rng, e, medians = np.random.default_rng(1), np.ones((2, 2000, 2)), []
    for _ in range(200):
        i = rng.integers(0, 20, 2000)
        error = (e * CLUB.x[i]).sum(-1) - CLUB.residuals[i]
        e = e - (rates[:, None] * error)[..., None] * CLUB.x[i]
        medians.append(np.median(CLUB.gap(e + CLUB.solution), axis=1))
    early, late = medians[49], medians[199]
    assert 0.6 < late[0] / early[0] < 1.6
    assert late[1] > 1000 * early[1]
