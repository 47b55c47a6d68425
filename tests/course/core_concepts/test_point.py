"""One line set by hand: autograd and a fine grid as oracles."""

import numpy as np
import pytest
import torch

from optlab.course.core_concepts.line import least_squares, petals
from optlab.course.core_concepts.point import best_height, best_slope, point
from optlab.course.core_concepts.point_lab import arrow
from optlab.params import grid

X, Y = petals()


def by_torch(theta1, theta2):
    """The loss and its gradient."""
    theta = torch.tensor([theta1, theta2], dtype=torch.float64, requires_grad=True)
    loss = torch.nn.functional.mse_loss(theta[0] + theta[1] * X, Y)
    return loss.item(), torch.autograd.grad(loss, theta)[0].numpy()


@pytest.mark.parametrize("theta", [(0.7, -0.3), (0.2, 1.8), (-1.0, 0.0)])
def test_a_point_is_torchs_loss_gradient_and_angle(theta):
    run = point(grid(theta1=[theta[0]], theta2=[theta[1]]))
    loss, gradient = by_torch(*theta)
    assert run.loss[0] == pytest.approx(loss)
    np.testing.assert_allclose(run.gradient[0], gradient)
    way = least_squares(X, Y)[0].numpy() - theta
    turn = np.angle(complex(*-gradient) / complex(*way), deg=True)
    assert run.degrees[0] == pytest.approx(abs(turn))


@pytest.mark.parametrize("fixed", [-0.5, 0.4, 1.9])
def test_the_best_height_and_slope_have_the_lowest_loss(fixed):
    fine = np.linspace(-4, 4, 80_001)

    def lowest(theta1, theta2):
        return fine[
            np.mean((theta1 + theta2 * X.numpy()[:, None] - Y.numpy()[:, None]) ** 2, axis=0).argmin()
        ]

    assert best_height(fixed) == pytest.approx(lowest(fine, fixed), abs=1e-3)
    assert best_slope(fixed) == pytest.approx(lowest(fixed, fine), abs=1e-3)


def test_an_arrow_ends_at_its_tip_with_two_equal_barbs():
    tail, tip = np.array([0.0, 0.0]), np.array([0.5, 0.2])
    x, y = arrow(tail, tip, (0, 1, 0, 0.58)).T  # the limits of a standard plot, both units alike
    assert (x[1], y[1]) == (x[3], y[3]) == tuple(tip)
    first, second = (np.hypot(x[k] - tip[0], y[k] - tip[1]) for k in (2, 4))
    assert first == pytest.approx(second)
    assert first == pytest.approx(0.04)
    assert np.isfinite(arrow(tail, tail, (0, 1, 0, 1))).all()
