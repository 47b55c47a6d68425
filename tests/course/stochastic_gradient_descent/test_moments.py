"""The exact moments of stochastic descent against every sequence of samples that there is."""

from itertools import product

import numpy as np
import pytest

from optlab.course.stochastic_gradient_descent.moments import moments
from optlab.course.stochastic_gradient_descent.theory import best_possible_gap, stationary_covariance
from optlab.engine.analysis.least_squares import LeastSquares, fitness_club

THREE = LeastSquares([[1.0, 0.5], [-0.5, 2.0], [1.5, 1.0]], [1.0, -1.0, 0.5])
RATES = (0.3, 0.1, 0.2, 0.05)


def every_sequence(start):
    """Distances from the solution, and of their running means, of all 3⁴ equally likely walks."""
    points, means = [], []
    for sequence in product(range(3), repeat=len(RATES)):
        theta, walked = np.array(start), []
        for lr, i in zip(RATES, sequence, strict=True):
            theta = theta - lr * (THREE.x[i] @ theta - THREE.y[i]) * THREE.x[i]
            walked.append(theta)
        points.append(np.array(walked) - THREE.solution)
        means.append([np.mean(walked[: k + 1], axis=0) - THREE.solution for k in range(len(RATES))])
    return np.array(points), np.array(means)


def test_the_moments_are_those_of_all_sequences_there_are():
    found = moments(THREE, [RATES], [2.0, -1.0], at=range(1, 5))
    points, means = every_sequence([2.0, -1.0])
    for mean, second, walks in (
        (found.mean, found.second, points),
        (found.averaged_mean, found.averaged_second, means),
    ):
        np.testing.assert_allclose(mean[0], walks.mean(0), atol=1e-12)
        np.testing.assert_allclose(second[0], np.einsum("wti,wtj->tij", walks, walks) / 81, atol=1e-12)


def test_each_setting_has_its_own_rates_and_only_the_steps_asked_for_are_kept():
    rates = np.array([[0.1] * 6, [0.3] * 6])
    both = moments(THREE, rates, [2.0, -1.0], at=[0, 2, 6])
    assert both.second.shape == (2, 3, 2, 2)
    for k in range(2):
        alone = moments(THREE, rates[k : k + 1], [2.0, -1.0], at=[0, 1, 2, 6])
        np.testing.assert_allclose(both.averaged_second[k], alone.averaged_second[0, [0, 2, 3]])
    error = np.array([2.0, -1.0]) - THREE.solution
    np.testing.assert_allclose(both.second[:, 0], [np.outer(error, error)] * 2)


@pytest.mark.slow
def test_in_the_end_the_cloud_is_the_stationary_one_and_the_average_as_good_as_can_be():
    club = fitness_club()
    last = moments(club, np.full((1, 20_000), 0.1), [1.0, 1.0], at=[20_000])
    np.testing.assert_allclose(last.second[0, 0], stationary_covariance(club, 0.1), rtol=1e-6)
    gap = (last.averaged_second[0, 0] * club.hessian).sum() / 2
    assert gap == pytest.approx(best_possible_gap(club, 20_000), rel=0.2)
