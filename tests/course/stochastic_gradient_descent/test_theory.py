"""Closed forms of gradient noise against enumeration, plain recursions and many random walks."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from optlab.course.stochastic_gradient_descent.moments import moments
from optlab.course.stochastic_gradient_descent.theory import (
    average_ratio,
    best_possible_gap,
    largest_noisy_rate,
    noise_covariance,
    parabola_gap,
    parabola_variance,
    stationary_covariance,
)
from optlab.engine.analysis.least_squares import LeastSquares, fitness_club

CLUB = fitness_club()
WAISTS = LeastSquares(np.ones((20, 1)), CLUB.y)
"""The mean of 20 numbers as least squares: a parabola with noise that is the same everywhere."""


def test_the_noise_of_a_sample_is_numpys_covariance():
    at = np.array([0.3, -2.0])
    grads = (CLUB.x @ at - CLUB.y)[:, None] * CLUB.x
    np.testing.assert_allclose(noise_covariance(CLUB, at), np.cov(grads.T, bias=True))
    np.testing.assert_allclose(noise_covariance(CLUB), noise_covariance(CLUB, CLUB.solution))


# ---------------------------------------------------------------- a constant rate


@given(lr=st.floats(0.02, 1.9), curvature=st.floats(0.5, 1.0), variance=st.floats(0.0, 10.0))
def test_the_variance_on_a_parabola_is_where_its_recursion_ends(lr, curvature, variance):
    spread = 0.0
    for _ in range(3000):
        spread = (1 - lr * curvature) ** 2 * spread + lr**2 * variance
    assert parabola_variance(lr, curvature, variance) == pytest.approx(spread, rel=1e-6)


def test_from_two_over_the_curvature_on_it_has_none():
    assert np.isinf(parabola_variance([2.0, 2.5], 1.0, 1.0)).all()


@pytest.mark.parametrize("lr", [0.1, 0.5, 1.5])
def test_many_walks_on_a_parabola_have_that_variance(lr):
    rng = np.random.default_rng(0)
    theta = np.zeros(20_000)
    for _ in range(200):
        theta -= lr * (theta - rng.choice(CLUB.y, theta.size))
    assert theta.var() == pytest.approx(parabola_variance(lr, 1.0, CLUB.y.var()), rel=0.05)


@pytest.mark.parametrize("lr", [0.01, 0.1, 0.3, 0.6])
@pytest.mark.slow
def test_the_stationary_covariance_is_where_the_plain_recursion_ends(lr):
    """E[e eᵀ] over one more random sample, written out sample by sample."""
    moment = np.zeros((2, 2))
    for _ in range(4000):
        after = [
            (np.eye(2) - lr * np.outer(x, x)) @ moment @ (np.eye(2) - lr * np.outer(x, x))
            + lr**2 * r**2 * np.outer(x, x)
            for x, r in zip(CLUB.x, CLUB.residuals, strict=True)
        ]
        moment = np.mean(after, axis=0)
    np.testing.assert_allclose(stationary_covariance(CLUB, lr), moment, rtol=1e-6)


def test_on_a_parabola_both_closed_forms_are_one():
    for lr in (0.1, 1.0, 1.9):
        exact = stationary_covariance(WAISTS, lr)[0, 0]
        assert exact == pytest.approx(parabola_variance(lr, 1.0, WAISTS.y.var()))
        assert parabola_gap(WAISTS, lr) == pytest.approx(exact / 2)


def test_for_small_rates_the_parabola_tells_the_gap_and_for_large_ones_too_little():
    def exact(lr):
        return np.trace(CLUB.hessian @ stationary_covariance(CLUB, lr)) / 2

    assert parabola_gap(CLUB, 0.001) == pytest.approx(exact(0.001), rel=0.01)
    assert exact(0.5) > 2 * parabola_gap(CLUB, 0.5)


def test_the_largest_rate_is_where_the_recursion_begins_to_grow():
    def grows(lr):
        each = [np.eye(2) - lr * np.outer(x, x) for x in CLUB.x]
        once = np.mean([np.kron(a, a) for a in each], axis=0)
        return np.abs(np.linalg.eigvals(once)).max() > 1

    limit = largest_noisy_rate(CLUB)
    assert not grows(0.999 * limit)
    assert grows(1.001 * limit)
    assert limit < 2 / CLUB.curvatures[-1]
    assert np.isinf(stationary_covariance(CLUB, 1.001 * limit)).all()
    assert np.isfinite(stationary_covariance(CLUB, 0.999 * limit)).all()


def test_the_best_possible_gap_is_what_the_mean_of_all_draws_has():
    """For a parabola the best estimate of a mean from t draws is their mean: variance σ²/t."""
    rng = np.random.default_rng(0)
    means = rng.choice(CLUB.y, (50, 20_000)).mean(0)
    assert best_possible_gap(WAISTS, 50) == pytest.approx((means**2).mean() / 2, rel=0.05)


def test_a_rate_that_is_none_is_refused():
    with pytest.raises(ValueError, match="lr=0: expected a finite number above 0"):
        stationary_covariance(CLUB, 0.0)


def test_the_average_at_a_constant_rate_stays_above_the_best_possible_by_that_ratio():
    """Against the exact moments after 4000 steps, and a parabola, where the noise is the same everywhere."""
    rates = np.array([0.15, 0.3, 0.5])
    second = moments(CLUB, np.repeat(rates[:, None], 4000, 1), CLUB.solution, [4000]).averaged_second[:, 0]
    ratio = np.einsum("sij,ij->s", second, CLUB.hessian) / 2 / best_possible_gap(CLUB, 4000)
    np.testing.assert_allclose([average_ratio(CLUB, lr) for lr in rates], ratio, rtol=0.02)
    assert average_ratio(WAISTS, 0.5) == pytest.approx(1)
    assert average_ratio(CLUB, 0.8) == np.inf
