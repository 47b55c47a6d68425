"""Walks on a noisy parabola: against torch.optim, against every noise there is, and against closed forms."""

import itertools

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar  # type: ignore[import-untyped]
from torch.optim import lr_scheduler

from optlab.course.learning_rate_decay.decay import best_constant, expected_loss, floor, walk
from optlab.course.learning_rate_decay.steps import noise

COINS = np.array(list(itertools.product([-1.0, 1.0], repeat=8))).T
"""Every sequence of 8 coin tosses, (8, 256): noise of mean 0 and variance 1 with nothing left to chance."""


def plain_walk(xi, factor, lr, curvature, start):
    """One walk with torch's own optimiser and scheduler."""
    theta = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([theta], lr)
    scheduler = lr_scheduler.LambdaLR(optimizer, factor)
    path = [start]
    for step in xi:
        optimizer.zero_grad()
        (curvature * theta**2 / 2 + float(step) * theta).backward()
        optimizer.step()
        scheduler.step()
        path.append(theta.item())
    return np.array(path)


@pytest.mark.parametrize("curvature", [0.1, 1.0, 1.9])
def test_walks_are_those_of_torchs_sgd_under_lambda_lr(curvature):
    xi = noise(50, 3, seed=5)
    rates = 0.8 * (1 + 0.3 * np.arange(50)) ** -0.75
    run = walk(rates, xi, curvature=curvature, start=4.0)
    paths = [plain_walk(x, lambda t: (1 + 0.3 * t) ** -0.75, 0.8, curvature, 4.0) for x in xi.T]
    np.testing.assert_allclose(run.first[0], paths[0], rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(run.loss[0], curvature * np.square(paths).mean(0) / 2, rtol=1e-10)


def test_each_row_is_what_its_setting_gives_alone():
    xi, rates = noise(20, 4), np.random.default_rng(0).uniform(0.1, 1, (3, 20))
    h = np.array([0.2, 0.5, 1.0])
    together = walk(rates, xi, curvature=h, settings={"curvature": h})
    for row in range(3):
        alone = walk(rates[row], xi, curvature=h[row])
        np.testing.assert_array_equal(together.select(row).loss, alone.loss)
        np.testing.assert_allclose(together.select(row).expected, alone.expected)
    assert together.select([2, 0]).settings["curvature"].tolist() == [1.0, 0.2]


@settings(deadline=None, max_examples=40)
@given(
    rates=st.lists(st.floats(0, 3), min_size=8, max_size=8),
    curvature=st.floats(0.05, 2),
    start=st.floats(-10, 10),
)
def test_theory_is_the_mean_over_all_sequences_of_coin_tosses(rates, curvature, start):
    run = walk(rates, COINS, curvature=curvature, start=start)
    np.testing.assert_allclose(run.loss, run.expected, rtol=1e-9, atol=1e-9)


def test_rates_of_one_over_t_make_the_plain_average():
    readings = np.random.default_rng(1).normal(size=(30, 1))
    run = walk(1 / np.arange(1, 31), -readings, start=77.0)
    np.testing.assert_allclose(run.first[0, 1:], np.cumsum(readings) / np.arange(1, 31), rtol=1e-12)
    np.testing.assert_allclose(run.expected[0, 1:], 0.5 / np.arange(1, 31), rtol=1e-12)


@settings(deadline=None, max_examples=40)
@given(fraction=st.floats(0.05, 1.9), curvature=st.floats(0.05, 5))
def test_a_constant_rate_comes_to_rest_at_the_floor(fraction, curvature):
    lr = fraction / curvature
    rest = expected_loss(np.full(2000, lr), curvature=curvature)[0, -1]
    assert rest == pytest.approx(float(floor(lr, curvature)), rel=1e-9)


def test_there_is_no_floor_from_two_over_h_on():
    assert np.isinf(floor([2.0, 2.5])).all()
    assert np.isinf(floor(0.5, curvature=4.0))


@pytest.mark.parametrize("curvature", [0.03, 0.3, 1.0])
@pytest.mark.parametrize("steps", [50, 400])
def test_the_best_constant_rate_is_the_one_that_scipy_finds(steps, curvature):
    def end(log_rate):
        return expected_loss(np.full(steps, np.exp(log_rate)), curvature=curvature)[0, -1]

    found = minimize_scalar(end, bounds=np.log([1e-4, 2 / curvature]), method="bounded")
    rate, loss = best_constant(steps, curvature=curvature)
    assert loss == pytest.approx(found.fun, rel=1e-5)
    assert rate == pytest.approx(np.exp(found.x), rel=1e-2)


def test_noise_is_the_same_for_the_same_seed_and_torchs_own():
    generator = torch.Generator().manual_seed(3)
    np.testing.assert_array_equal(noise(7, 2, seed=3), torch.randn(7, 2, generator=generator).double())
    assert not np.array_equal(noise(7, 2, seed=3), noise(7, 2, seed=4))


def test_a_walk_that_explodes_raises_nothing():
    run = walk(np.full(2000, 50.0), noise(2000, 2))
    assert not run.loss[0, -1] < 1e300
    assert not run.expected[0, -1] < 1e300


def test_wrong_arguments_are_named():
    with pytest.raises(ValueError, match="xi has 3 rows: expected one for each of the 5 steps"):
        walk(np.ones(5), noise(3, 2))
    with pytest.raises(ValueError, match="curvature=0"):
        walk(np.ones(3), noise(3, 2), curvature=0.0)
