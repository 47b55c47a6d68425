"""The exercise of the lesson: answers of other forms, and autograd as the oracle."""

import numpy as np
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
