"""The exercises of 03.3 against autograd, and against the variance of the walk added up step by step."""

import pytest
import torch

from optlab.course.exercises import EXERCISES


def test_a_sample_step_is_torchs_sgd_on_that_sample():
    generator = torch.Generator().manual_seed(1)
    x, y, theta = (torch.randn(*shape, generator=generator) for shape in ((5, 3), (5,), (3,)))
    moved = theta.clone().requires_grad_()
    optimizer = torch.optim.SGD([moved], lr=0.2)
    ((x[3] @ moved - y[3]) ** 2 / 2).backward()
    optimizer.step()
    got = EXERCISES["sample_step"].truth(x, y, theta, 0.2, 3)
    assert got.tolist() == pytest.approx(moved.tolist(), abs=1e-6)


def loss_at_rest(rate, h, variance):
    """½hV of e ← (1 − αh)e − αξ after so many steps that it moves no more."""
    spread = 0.0
    for _ in range(20_000):
        spread = min((1 - rate * h) ** 2 * spread + rate**2 * variance, 1e30)
    return h * spread / 2


@pytest.mark.parametrize("target", [0.02, 0.1, 0.3, 1.0])
@pytest.mark.parametrize(("h", "variance"), [(1.0, 1.0), (2.0, 0.5), (0.5, 2.0)])
def test_the_largest_rate_is_the_last_whose_walk_rests_low_enough(target, h, variance):
    rates = [0.01, 0.05, 0.2, 0.7, 1.3, 2.5, 5.0]
    low = [rate for rate in rates if loss_at_rest(rate, h, variance) <= target]
    assert EXERCISES["largest_rate"].truth(rates, target, h, variance) == max(low)
