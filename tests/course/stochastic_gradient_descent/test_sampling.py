"""Walks with one sample a step against torch.optim, and the orders against plain generators."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.optim.swa_utils import AveragedModel

from optlab.course.checkpoint import judge
from optlab.course.exercises import EXERCISES
from optlab.course.stochastic_gradient_descent.sampling import ORDERS, sample_order, walk
from optlab.engine.analysis.least_squares import fitness_club

CLUB = fitness_club()
X, Y = torch.from_numpy(CLUB.x), torch.from_numpy(CLUB.y)


def torchs_own(order, rates, start):
    """The same walk and its average with torch's optimiser and torch's averaging."""
    model = torch.nn.Linear(2, 1, bias=False, dtype=torch.float64)
    model.weight.data[:] = torch.tensor(start, dtype=torch.float64)
    optimizer, average = torch.optim.SGD(model.parameters(), lr=1.0), AveragedModel(model)
    for i, lr in zip(order, rates, strict=True):
        optimizer.param_groups[0]["lr"] = lr
        optimizer.zero_grad()
        ((model(X[i]) - Y[i]) ** 2 / 2).sum().backward()
        optimizer.step()
        average.update_parameters(model)
    return model.weight.detach().numpy()[0], average.module.weight.detach().numpy()[0]


@pytest.mark.parametrize("order", ORDERS)
def test_every_seed_of_every_setting_walks_like_torchs_own_optimiser(order):
    samples = sample_order(order, 20, 50, seeds=[3, 4])
    rates = np.stack([np.full(50, 0.1), 0.3 / np.arange(1, 51)])
    walks = walk(CLUB, samples, rates, [1.0, -2.0], at=[50])
    for setting in range(2):
        for seed in range(2):
            last, average = torchs_own(samples[:, seed].tolist(), rates[setting], [1.0, -2.0])
            np.testing.assert_allclose(walks.points[setting, seed, 0], last, rtol=1e-9)
            np.testing.assert_allclose(walks.averages[setting, seed, 0], average, rtol=1e-9)


def test_only_the_steps_asked_for_are_kept_and_step_0_is_the_start():
    samples = sample_order("reshuffled", 20, 40, seeds=[0])
    kept = walk(CLUB, samples, np.full((1, 40), 0.1), [1.0, 1.0], at=[0, 7, 40])
    every = walk(CLUB, samples, np.full((1, 40), 0.1), [1.0, 1.0], at=range(41))
    np.testing.assert_array_equal(kept.points, every.points[:, :, [0, 7, 40]])
    np.testing.assert_array_equal(kept.averages, every.averages[:, :, [0, 7, 40]])
    np.testing.assert_array_equal(kept.points[0, 0, 0], [1.0, 1.0])
    np.testing.assert_allclose(every.averages[0, 0, 40], every.points[0, 0, 1:].mean(0))


def test_a_walk_that_diverges_raises_nothing():
    samples = sample_order("with replacement", 20, 2000, seeds=[0])
    assert not np.isfinite(walk(CLUB, samples, np.full((1, 2000), 5.0), [1.0, 1.0], at=[2000]).points).any()


def test_with_replacement_is_torchs_randint_and_without_its_randperm():
    generator = torch.Generator().manual_seed(5)
    drawn = torch.randint(20, (30,), generator=generator)
    assert sample_order("with replacement", 20, 30, [5])[:, 0].tolist() == drawn.tolist()
    generator = torch.Generator().manual_seed(5)
    epochs = torch.cat([torch.randperm(20, generator=generator) for _ in range(2)])
    assert sample_order("reshuffled", 20, 30, [5])[:, 0].tolist() == epochs[:30].tolist()
    assert sample_order("one shuffle", 20, 30, [5])[:, 0].tolist() == [*epochs[:20], *epochs[:10]]


@given(samples=st.integers(2, 30), epochs=st.integers(1, 4), seed=st.integers(0, 2**40))
def test_without_replacement_every_epoch_takes_every_sample_once(samples, epochs, seed):
    for order in ("reshuffled", "one shuffle"):
        taken = sample_order(order, samples, samples * epochs, [seed]).reshape(epochs, samples)
        assert (np.sort(taken, axis=1) == np.arange(samples)).all()


def test_the_same_seed_draws_the_same_whatever_seeds_stand_beside_it():
    for order in ORDERS:
        both = sample_order(order, 20, 100, [1, 2])
        np.testing.assert_array_equal(both[:, 1:], sample_order(order, 20, 100, [2]))
        assert (both[:, 0] != both[:, 1]).any()


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: sample_order("sorted", 20, 10, [0]), "order='sorted': expected a function or one of"),
        (lambda: sample_order("reshuffled", 20, 10, [-1]), "seeds=-1: expected a whole number"),
        (lambda: walk(CLUB, np.zeros((5, 1), int), [[0.1] * 4], [0, 0], at=[4]), "4 steps and order has 5"),
        (lambda: walk(CLUB, np.zeros((5, 1), int), [[0.1] * 5], [0, 0], at=[6]), "at=6: expected a whole"),
    ],
)
def test_bad_calls_are_refused(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_the_exercise_is_torchs_averaged_sgd():
    """The truth of the checkpoint against an oracle of its own; written in another way it is right too."""
    order = [3, 3, 17, 0, 8]
    _, average = torchs_own(order, [0.2] * 5, [1.0, -2.0])
    exercise = EXERCISES["averaged_sgd"]
    start = torch.tensor([1.0, -2.0], dtype=torch.float64)
    np.testing.assert_allclose(exercise.truth(X, Y, start, 0.2, order), average)

    def with_autograd(x, y, theta, lr, order):
        theta, total = theta.clone().requires_grad_(), torch.zeros_like(theta)
        for i in order:
            ((x[i] * theta).sum() - y[i]).square().div(2).backward()
            with torch.no_grad():
                theta -= lr * theta.grad
                total += theta
            theta.grad = None
        return total / len(order)

    assert judge(exercise, with_autograd)[0] == "right"
