"""Curvature without a Hessian: against the full one, on small models."""

import pytest
import torch

from optlab import MLP
from optlab.course.edge_of_stability.edge import network, wave_loss
from optlab.engine.analysis.curvature import hessian_product, sharpness
from optlab.engine.systems.threads import threads

MODEL = MLP((2, 5, 1), activation=torch.tanh)
X = torch.randn(12, 2, generator=torch.Generator().manual_seed(1), dtype=torch.float64)


@pytest.fixture(autouse=True)
def _quietly():
    with threads(1):
        yield


def loss(theta):
    return ((MODEL(theta, X[None]) - X.sum(1, keepdim=True) ** 2) ** 2).mean((1, 2))


def places(n=4):
    generator = torch.Generator().manual_seed(3)
    return torch.randn(n, 21, generator=generator, dtype=torch.float64)


def hessian(fn, theta):
    return torch.autograd.functional.hessian(lambda t: fn(t[None])[0], theta)


def test_the_product_is_the_full_hessians():
    theta, v = places(), places().flip(0)
    got = hessian_product(loss, theta, v)
    for row in range(len(theta)):
        torch.testing.assert_close(got[row], hessian(loss, theta[row]) @ v[row])


def test_the_sharpness_is_the_largest_eigenvalue_also_where_a_negative_one_is_larger():
    theta = places()
    found, direction = sharpness(loss, theta, rounds=21)
    exact = torch.stack([torch.linalg.eigvalsh(hessian(loss, row)) for row in theta])
    torch.testing.assert_close(found, exact[:, -1], rtol=1e-8, atol=1e-10)
    torch.testing.assert_close(hessian_product(loss, theta, direction), found[:, None] * direction)
    upside_down = sharpness(lambda t: -loss(t), theta, rounds=21)[0]
    torch.testing.assert_close(upside_down, -exact[:, 0], rtol=1e-8, atol=1e-10)


def test_few_rounds_from_a_near_start_do_what_many_do():
    theta = network().start(1).double()[None]
    direction = sharpness(wave_loss, theta, rounds=40)[1]
    moved = theta + 1e-3 * torch.ones_like(theta)
    near = sharpness(wave_loss, moved, direction, rounds=5)[0]
    assert near.item() == pytest.approx(sharpness(wave_loss, moved, rounds=40)[0].item(), rel=1e-6)


def test_a_lost_run_has_no_sharpness_and_spoils_no_other():
    theta = torch.stack([network().start(0).double(), torch.full((481,), torch.inf).double()])
    found = sharpness(wave_loss, theta)[0]
    alone = sharpness(wave_loss, theta[:1])[0]
    assert found[0] == pytest.approx(alone.item(), rel=1e-6)
    assert found[1].isnan()


def test_bad_arguments_are_named():
    with pytest.raises(ValueError, match=r"vector has shape \(1, 3\)"):
        hessian_product(loss, places(1), torch.zeros(1, 3))
    with pytest.raises(ValueError, match="rounds=0"):
        sharpness(loss, places(1), rounds=0)
