"""The exercises of 03.4 against the schedulers of PyTorch, and against all ways in which coins can fall."""

from itertools import product

import numpy as np
import pytest
import torch
from torch.optim.lr_scheduler import ConstantLR, LinearLR, SequentialLR

from optlab.course.exercises import EXERCISES


def test_a_decayed_rate_is_torchs_lambda_rate():
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=0.4)
    scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda t: (1 + 0.5 * t) ** (-1.5 / 2))
    for epoch in range(6):
        for step in range(epoch * 7, epoch * 7 + 7):
            got = EXERCISES["decayed_rate"].truth(step, 0.4, 0.5, 1.5, 7)
            assert got == pytest.approx(scheduler.get_last_lr()[0])
        optimizer.step()
        scheduler.step()


@pytest.mark.parametrize(("fork", "span"), [(3, 5), (10, 1), (1, 12)])
def test_the_rate_of_a_fork_is_torchs_constant_rate_and_then_its_linear_one(fork, span):
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=0.3)
    kept = ConstantLR(optimizer, factor=1.0, total_iters=fork)
    falls = LinearLR(optimizer, start_factor=1.0, end_factor=0.0, total_iters=span)
    scheduler = SequentialLR(optimizer, [kept, falls], milestones=[fork])
    for t in range(fork + span + 4):
        rate = scheduler.get_last_lr()[0]
        assert EXERCISES["fork_rate"].truth(t, 0.3, fork, span) == pytest.approx(rate, abs=1e-12)
        optimizer.step()
        scheduler.step()


@pytest.mark.parametrize("pairs", [4, 6, 9, 12])
def test_the_better_schedule_is_decided_where_coins_are_hardly_ever_so_one_sided(pairs):
    rng = np.random.default_rng(pairs)
    heads = [sum(coins) for coins in product((0, 1), repeat=pairs)]
    for wins in range(pairs + 1):
        second = rng.normal(5, 1, pairs)
        first = second + np.where(np.arange(pairs) < wins, -1, 1) * rng.uniform(0.1, 3, pairs)
        chance = np.mean([abs(count - pairs / 2) >= abs(wins - pairs / 2) for count in heads])
        expected = ("first" if wins > pairs / 2 else "second") if chance < 0.05 else "undecided"
        assert EXERCISES["better_schedule"].truth(first.tolist(), second.tolist()) == expected
