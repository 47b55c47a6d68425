"""The exercises of the lesson: answers of other forms, and torch as the oracle."""

import numpy as np
import pytest
import torch

from optlab.course.checkpoint import judge
from optlab.course.exercises import EXERCISES


def test_the_numeric_gradient_is_autograds_on_a_quadratic():
    """Central differences have no error on a quadratic but rounding's."""
    matrix = torch.tensor([[2.0, 0.5], [0.5, 1.0]], dtype=torch.float64)
    theta = torch.tensor([0.3, -2.0], dtype=torch.float64, requires_grad=True)

    def quadratic(t):
        return t @ matrix @ t / 2 + t.sum()

    (expected,) = torch.autograd.grad(quadratic(theta), theta)
    got = EXERCISES["numeric_gradient"].truth(quadratic, theta.detach(), 0.1)
    torch.testing.assert_close(got, expected)


def test_an_answer_in_numpy_that_moves_in_place_and_back_is_right():
    def numeric_gradient(J, theta, h):
        slopes = np.zeros(len(theta))
        for k in range(len(theta)):
            theta[k] += h
            right = float(J(theta))
            theta[k] -= 2 * h
            slopes[k] = (right - float(J(theta))) / h / 2
            theta[k] += h
        return slopes

    assert judge(EXERCISES["numeric_gradient"], numeric_gradient)[0] == "right"


@pytest.mark.parametrize(("inputs", "outputs"), [(400, 1000), (1000, 400)])
def test_he_s_deviation_is_that_of_torch_s_own_weights(inputs, outputs):
    weight = torch.empty(outputs, inputs)
    torch.nn.init.kaiming_normal_(
        weight, nonlinearity="relu", generator=torch.Generator().manual_seed(inputs)
    )
    assert EXERCISES["he_std"].truth(inputs, outputs) == pytest.approx(weight.std().item(), rel=0.02)


def ends_lower(lr, L, l2):
    """Whether torch's SGD, on ½Lθ² + λθ², gets nearer to 0 in 200 steps."""
    theta = torch.ones(1, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([theta], lr=lr)
    for _ in range(200):
        optimizer.zero_grad()
        (L * theta**2 / 2 + l2 * theta**2).sum().backward()
        optimizer.step()
    return abs(theta.item()) < 0.99


@pytest.mark.parametrize(("rates", "L", "l2"), EXERCISES["rate_with_penalty"].cases)
def test_the_rate_with_a_penalty_is_the_largest_at_which_torch_converges(rates, L, l2):
    expected = max(rate for rate in rates if ends_lower(rate, L, l2))
    assert EXERCISES["rate_with_penalty"].truth(rates, L, l2) == expected
