"""Walks over some petals a step: plain loops with torch.optim as oracles."""

import numpy as np
import pytest
import torch

from optlab.course.core_concepts.falling_rate import falling_rate
from optlab.course.core_concepts.line import START, least_squares, petals
from optlab.course.core_concepts.two_ways import expected_gap, two_ways
from optlab.course.core_concepts.walk import picks, walk
from optlab.params import grid

X, Y = petals()


def loss_of(theta):
    """The loss as torch has it."""
    return torch.nn.functional.mse_loss(theta[0] + theta[1] * X, Y).item()


LOWEST = loss_of(least_squares(X, Y)[0])


def by_torch(rates, batches):
    """The path of a plain loop with torch's own optimiser, the rate set before each step."""
    theta = torch.tensor(START, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([theta], lr=1.0)
    path = [theta.detach().clone()]
    for lr, batch in zip(rates, batches, strict=True):
        optimizer.param_groups[0]["lr"] = float(lr)
        optimizer.zero_grad()
        torch.nn.functional.mse_loss(theta[0] + theta[1] * X[batch], Y[batch]).backward()
        optimizer.step()
        path.append(theta.detach().clone())
    return torch.stack(path).numpy()


@pytest.mark.parametrize("size", [1, 5, 20])
def test_a_walk_is_torch_optims(size):
    batches = torch.stack([picks(20, size, epochs=3, seed=seed) for seed in (0, 7)])
    rates = np.geomspace(0.01, 0.05, 2 * batches.shape[1]).reshape(2, -1)
    paths = walk(START, rates, batches, X, Y)
    for row in range(2):
        np.testing.assert_allclose(paths[row], by_torch(rates[row], batches[row]), rtol=1e-10)


def test_an_epoch_looks_at_every_sample_once_in_an_order_of_its_seed():
    order = picks(20, 4, epochs=2, seed=3)
    generator = torch.Generator().manual_seed(3)
    plain = [torch.randperm(20, generator=generator) for _ in range(2)]
    assert torch.equal(order.flatten(), torch.cat(plain))
    assert sorted(order[:5].flatten().tolist()) == list(range(20))
    assert not torch.equal(order, picks(20, 4, epochs=2, seed=4))


def test_a_batch_that_does_not_divide_the_samples_is_refused():
    with pytest.raises(ValueError, match="batch_size=3: expected a divisor of 20"):
        picks(20, 3, epochs=1, seed=0)


@pytest.mark.parametrize("lr", [0.05, 0.38, 0.41])
def test_the_closed_form_of_full_batch_descent_is_the_plain_loop(lr):
    gaps = [loss_of(theta) - LOWEST for theta in by_torch([lr] * 40, [torch.arange(20)] * 40)]
    np.testing.assert_allclose(expected_gap(START, lr, 40, X, Y), gaps, rtol=1e-7, atol=1e-12)


@pytest.mark.parametrize(("size", "seed"), [(1, 0), (5, 3), (20, 1)])
def test_both_ways_are_torch_optims(size, seed):
    run = two_ways(grid(lr=[0.05], batch_size=[size], seed=[seed]))
    generator = torch.Generator().manual_seed(seed)
    batches = [b for _ in range(20) for b in torch.randperm(20, generator=generator).split(size)]
    expected = by_torch([0.05] * len(batches), batches)
    np.testing.assert_allclose(run.path[0, ::size], expected, rtol=1e-9)
    np.testing.assert_allclose(run.loss[0, ::size], [loss_of(t) - LOWEST for t in expected], atol=1e-12)
    every = by_torch([0.05] * 20, [torch.arange(20)] * 20)
    np.testing.assert_allclose(run.other[0, ::20], every, rtol=1e-10)
    np.testing.assert_allclose(run.other_loss[0], run.expected[0], rtol=1e-7)


def test_a_mark_is_one_look_at_a_petal():
    path = two_ways(grid(lr=[0.05], batch_size=[5], seed=[0])).path[0]
    assert len(path) == 401
    moved = np.flatnonzero((path[1:] != path[:-1]).any(1)) + 1
    assert moved.tolist() == list(range(5, 401, 5))


def test_walks_of_many_batch_sizes_come_back_in_their_order():
    many = two_ways(
        {"lr": np.array([0.05, 0.1, 0.05]), "batch_size": np.array([20, 1, 5]), "seed": np.array([0, 2, 1])}
    )
    for one in many:
        np.testing.assert_allclose(one.path, two_ways(one.settings).path, rtol=1e-12)


@pytest.mark.slow
def test_the_falling_rate_is_torchs_lambda_lr_and_its_loss_the_mean_of_ten_plain_loops():
    run = falling_rate(grid(lr=[0.05], delta=[0.3], p=[2.0]))
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.05)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda t: (1 / (1 + 0.3 * t) ** 0.5) ** 2.0)
    rates = []
    for _ in range(100):
        rates.append(schedule.get_last_lr()[0])
        optimizer.step()
        schedule.step()
    np.testing.assert_allclose(run.lr[0], rates)
    ends = []
    for seed in range(10):
        generator = torch.Generator().manual_seed(seed)
        order = torch.cat([torch.randperm(20, generator=generator) for _ in range(100)])[:, None]
        ends.append(by_torch(np.repeat(rates, 20), order)[-1])
    np.testing.assert_allclose(run.path[0, -1], ends[0], rtol=1e-9)
    away = np.array(ends) - least_squares(X, Y).numpy()
    gap = np.mean([np.mean((d[0] + d[1] * X.numpy()) ** 2) for d in away])
    assert run.loss[0, -1] == pytest.approx(gap)
