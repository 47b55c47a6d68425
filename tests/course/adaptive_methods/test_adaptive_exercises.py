"""The exercises of 05.2 against PyTorch's AdaDelta, Adam, SGD and AdaGrad."""

from math import inf

import pytest
import torch

from optlab.course.exercises import EXERCISES


def test_an_adadelta_step_is_torchs():
    generator = torch.Generator().manual_seed(0)
    theta, s, d = (
        torch.randn(4, generator=generator).double(),
        torch.zeros(4).double(),
        torch.zeros(4).double(),
    )
    moved = theta.clone().requires_grad_()
    optimizer = torch.optim.Adadelta([moved], lr=1.0, rho=0.9, eps=1e-6)
    for _ in range(30):
        moved.grad = grad = 10 * torch.randn(4, generator=generator).double()
        optimizer.step()
        theta, s, d = EXERCISES["adadelta_step"].truth(theta, grad, s, d, 0.9)
    torch.testing.assert_close(theta, moved.detach(), rtol=1e-9, atol=1e-12)


def test_a_step_of_torchs_adam_is_one_corrected_mean_over_the_root_of_another():
    generator = torch.Generator().manual_seed(1)
    theta = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.Adam([theta], lr=0.1, betas=(0.8, 0.95), eps=0.0)
    corrected, grads = EXERCISES["corrected_mean"].truth, []
    for _ in range(20):
        theta.grad = torch.randn(1, generator=generator).double()
        grads.append(theta.grad.item())
        before = theta.item()
        optimizer.step()
        scale = corrected([grad**2 for grad in grads], 0.95) ** 0.5
        assert before - theta.item() == pytest.approx(0.1 * corrected(grads, 0.8) / scale)


def newtons(theta, hessian):
    return lambda: theta.data.sub_(0.4 * torch.linalg.solve(hessian, theta.grad))


def steps(make, kappa, turned=False):
    """Until the loss of a valley is under 0.01, on a parabola with curvatures 1 and κ; `inf` after 2000."""
    turn = torch.tensor([[1.0, -1.0], [1.0, 1.0]]).double() / 2**0.5 if turned else torch.eye(2).double()
    hessian = turn @ torch.diag(torch.tensor([1.0, kappa]).double()) @ turn.T
    theta = (turn @ torch.tensor([-2.5, 1.5]).double()).requires_grad_()
    step = make(theta, hessian)
    for k in range(2000):
        loss = theta @ hessian @ theta / 2
        if loss < 0.01:
            return k
        (theta.grad,) = torch.autograd.grad(loss, theta)
        step()
    return inf


@pytest.mark.parametrize(
    ("make", "kind"),
    [
        (lambda theta, h: torch.optim.SGD([theta], lr=2 / float(h.trace())).step, "one rate"),
        (lambda theta, _: torch.optim.Adagrad([theta], lr=0.3).step, "each parameter"),
        (newtons, "each direction"),
    ],
    ids=["SGD", "AdaGrad", "Newton"],
)
def test_a_rule_is_recognised_by_its_steps_in_three_valleys(make, kind):
    measured = steps(make, 10.0), steps(make, 1000.0), steps(make, 1000.0, turned=True)
    assert EXERCISES["kind_of_rule"].truth(*measured) == kind
