"""The exercises of 05.4 against Adam's steps in layers of many widths, and plain loops."""

from statistics import mean

import numpy as np
import pytest
import torch

from optlab.course.exercises import EXERCISES


def change(inputs, lr):
    """How far one step of torch's Adam moves what a unit computes, if all weights pull the same way."""
    unit = torch.nn.Linear(inputs, 1, bias=False)
    x = torch.ones(inputs)
    before = unit(x)
    optimizer = torch.optim.Adam(unit.parameters(), lr=lr)
    before.backward()
    optimizer.step()
    return (before - unit(x)).item()


@pytest.mark.parametrize("n", [8, 64, 256])
def test_at_the_rates_of_mup_a_step_moves_every_layer_as_far_at_any_width(n):
    rates, tuned = (EXERCISES["rates_under_mup"].truth(0.01, width, 16) for width in (n, 16))
    moved = [change(inputs, lr) for inputs, lr in zip((64, n, n, n), rates, strict=True)]
    narrow = [change(inputs, lr) for inputs, lr in zip((64, 16, 16, 16), tuned, strict=True)]
    assert tuned == [0.01] * 4
    assert moved == pytest.approx(narrow, rel=1e-4)


def test_a_step_of_lion_moves_each_parameter_by_the_rate_against_its_mixture():
    theta, grad, m = [1.0, -2.0, 0.5], [0.3, 4.0, -0.2], [-0.9, 0.1, 0.0]
    got = EXERCISES["lion_step"].truth(*map(torch.tensor, (theta, grad, m)), 0.1, 0.9, 0.99)
    for k in range(3):
        up = 0.9 * m[k] + 0.1 * grad[k] > 0
        assert float(got[0][k]) == pytest.approx(theta[k] - 0.1 if up else theta[k] + 0.1)
        assert float(got[1][k]) == pytest.approx(0.99 * m[k] + 0.01 * grad[k])


@pytest.mark.parametrize("seed", range(40))
def test_the_race_has_the_verdict_of_a_plain_count(seed):
    rng = np.random.default_rng(seed)
    hill = np.array([2.0, 1.0, 0.5, 1.0, 2.0])[:, None]
    first, second = (
        np.roll(hill, rng.integers(-2, 3), 0) + rng.uniform(0, 1, (5, 6)) + rng.choice([0.0, 0.7])
        for _ in range(2)
    )
    rows = [min(rule.tolist(), key=mean) for rule in (first, second)]
    ends = [rule.tolist().index(row) for rule, row in zip((first, second), rows, strict=True)]
    won = sum(a < b for a, b in zip(*rows, strict=True))
    if 0 in ends or 4 in ends:
        expected = "wider"
    elif 1 < won < 5:
        expected = "undecided"
    else:
        expected = "first" if won > 3 else "second"
    assert EXERCISES["race_of_two"].truth(torch.tensor(first), torch.tensor(second)) == expected
