"""The exercises of 05.5 against gradient descent on parabolas and on two layers, and autograd."""

import numpy as np
import pytest
import torch

from optlab.course.exercises import EXERCISES


@pytest.mark.parametrize(("curvature", "verdict"), [(8.0, "below"), (20.0, "at the edge"), (26.0, "above")])
def test_on_a_parabola_the_verdict_says_whether_the_steps_shrink_or_grow(curvature, verdict):
    lr, theta = 0.1, [1.0]
    for _ in range(30):
        theta.append(theta[-1] - lr * curvature * theta[-1])
    fate = np.sign(round(abs(theta[-1]) - abs(theta[0]), 6))
    assert EXERCISES["where_it_is"].truth([curvature] * 30, lr) == verdict
    assert {"below": -1, "at the edge": 0, "above": 1}[verdict] == fate


def test_only_the_last_third_counts():
    asked = EXERCISES["where_it_is"].truth
    assert asked([100.0] * 6 + [20.0] * 3, 0.1) == "at the edge"


def test_the_curvature_along_a_direction_is_autograds_second_derivative():
    generator = torch.Generator().manual_seed(0)
    theta, v = (torch.randn(4, generator=generator).double() for _ in range(2))

    def loss(point):
        return torch.sin(point).prod() + (point**3).sum()

    def along(distance):
        return loss(theta + distance * v / (v @ v) ** 0.5)

    expected = torch.autograd.functional.hessian(along, torch.zeros((), dtype=torch.float64))
    hessian = torch.autograd.functional.hessian(loss, theta)
    torch.testing.assert_close(EXERCISES["curvature_along"].truth(hessian, v), expected)


@pytest.mark.parametrize("lr", [0.3, 1.2, 2.5])
def test_a_step_of_the_catapult_is_torchs_sgd_on_two_layers(lr):
    n, generator = 50, torch.Generator().manual_seed(2)
    u, v = (torch.randn(n, generator=generator).double().requires_grad_() for _ in range(2))
    optimizer = torch.optim.SGD([u, v], lr=lr)

    def measured():
        with torch.no_grad():
            return float(u @ v / n**0.5), float((u @ u + v @ v) / n)

    for _ in range(3):
        expected = EXERCISES["catapult_step"].truth(*measured(), lr, n)
        optimizer.zero_grad()
        ((u @ v / n**0.5) ** 2 / 2).backward()
        optimizer.step()
        assert measured() == pytest.approx(expected)
