"""The exercises of the lesson: torch and a plain descent as the oracles."""

import math

import pytest
import torch

from optlab.course.exercises import EXERCISES


def test_steps_with_momentum_are_torch_s():
    theta = torch.tensor([1.0, -2.0], dtype=torch.float64)
    moved, velocity = theta.clone().requires_grad_(), torch.zeros(2, dtype=torch.float64)
    optimizer = torch.optim.SGD([moved], lr=0.05, momentum=0.9)
    for _ in range(5):
        grad = torch.stack([theta[0], 10 * theta[1]])
        theta = EXERCISES["momentum_step"].truth(theta, velocity, grad, 0.05, 0.9)
        velocity = 0.9 * velocity + grad
        optimizer.zero_grad()
        ((moved[0] ** 2 + 10 * moved[1] ** 2) / 2).backward()
        optimizer.step()
    assert theta.tolist() == pytest.approx(moved.tolist(), abs=1e-12)


def loss_at_the_end(lr, curvatures, steps=1000):
    """Descent on a bowl from 1 along each axis; nan where it overflows."""
    try:
        return sum(h * (1 - lr * h) ** (2 * steps) / 2 for h in curvatures)
    except OverflowError:
        return math.nan


@pytest.mark.parametrize("first", [1e-3, 0.05, 0.3, 7.0])
def test_asking_for_the_next_rate_again_and_again_ends_below_the_cliff_and_not_far_below(first):
    curvatures, rates = (0.01, 1.0, 4.0), [first]
    for _ in range(30):
        losses = [loss_at_the_end(lr, curvatures) for lr in rates]
        new = EXERCISES["next_rate"].truth(rates, losses, sum(curvatures) / 2)
        if new in rates:
            break
        rates.append(new)
    assert new in rates
    assert 0.5 / 4 < new < 2 / 4
