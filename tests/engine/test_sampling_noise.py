"""The noise of a batch against every batch there is, and the ellipse against a normal cloud."""

from itertools import combinations, product

import numpy as np
import pytest

from optlab.engine.analysis.sampling_noise import RADIUS, batch_noise, ellipse, fraction_inside


@pytest.mark.parametrize("batch_size", [1, 2, 3, 5, 6])
def test_the_noise_of_a_batch_is_that_of_all_batches_there_are(batch_size):
    grads = np.array([0.5, -1.0, 3.0, 2.0, 0.0, -2.5])
    batches = [np.mean(batch) for batch in combinations(grads, batch_size)]
    assert batch_noise(grads.var(), batch_size, samples=6)[0] == pytest.approx(np.var(batches))


@pytest.mark.parametrize("batch_size", [1, 2, 4])
def test_with_replacement_no_batch_has_looked_at_all(batch_size):
    grads = np.array([0.5, -1.0, 3.0])
    batches = [np.mean(batch) for batch in product(grads, repeat=batch_size)]
    drawn = batch_noise(grads.var(), batch_size, samples=3, replacement=True)
    assert drawn[0] == pytest.approx(np.var(batches))


@pytest.mark.parametrize("batch_size", [0, 7, 1.5])
def test_a_batch_that_cannot_be_is_refused(batch_size):
    with pytest.raises(ValueError, match=r"batch_size=.*whole number from 1 to 6 \(there are 6 samples\)"):
        batch_noise(1.0, batch_size, samples=6)


def test_the_ellipse_is_where_95_percent_of_a_normal_cloud_ends():
    rng = np.random.default_rng(0)
    covariance, center = np.array([[2.0, 0.8], [0.8, 0.5]]), np.array([1.0, -1.0])
    points = rng.multivariate_normal(center, covariance, 40_000)
    assert fraction_inside(points, center, covariance) == pytest.approx(0.95, abs=0.005)
    away = ellipse(center, covariance) - center
    np.testing.assert_allclose((away @ np.linalg.inv(covariance) * away).sum(1), RADIUS**2)


def test_many_ellipses_at_once_are_each_its_own_and_one_that_is_not_finite_is_nan():
    covariances = np.array([[[2.0, 0.8], [0.8, 0.5]], [[np.inf, 0.0], [0.0, 1.0]], [[1.0, 0.0], [0.0, 3.0]]])
    centers = np.array([[1.0, 2.0], [0.0, 0.0], [3.0, -1.0]])
    outlines = ellipse(centers, covariances, points=9)
    for k in (0, 2):
        np.testing.assert_allclose(outlines[k], ellipse(centers[k], covariances[k], points=9))
    assert np.isnan(outlines[1]).all()
