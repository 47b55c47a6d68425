"""The exercises of the lesson: every batch there is, and plain steps, as the oracles."""

from itertools import combinations

import pytest
import torch

from optlab.course.exercises import EXERCISES


def noise_of(gradients, size):
    """The mean square of how far a batch's gradient is from the full one, over all batches of a size."""
    full = gradients.mean(dim=0)
    batches = [gradients[list(chosen)].mean(dim=0) for chosen in combinations(range(len(gradients)), size)]
    return torch.stack([((batch - full) ** 2).sum() for batch in batches]).mean().item()


@pytest.mark.parametrize("seed", range(5))
def test_the_smallest_batch_is_the_first_that_is_quiet_enough_over_all_batches(seed):
    generator = torch.Generator().manual_seed(seed)
    gradients = torch.randn(9, 3, generator=generator, dtype=torch.float64) + 0.5
    level = (gradients.mean(dim=0) ** 2).sum().item()
    expected = next(size for size in range(1, 10) if noise_of(gradients, size) <= level + 1e-12)
    assert EXERCISES["smallest_batch"].truth(gradients) == expected


@pytest.mark.parametrize(("old", "new"), [(1, 4), (2, 12), (3, 6)])
def test_at_the_scaled_rate_an_epoch_of_short_steps_gets_as_far(old, new):
    """To the first order in the rate: what is left is under a thousandth of the way."""
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(12, 2, generator=generator, dtype=torch.float64)
    y, start = x @ torch.tensor([1.0, -2.0], dtype=torch.float64), torch.zeros(2, dtype=torch.float64)
    epoch, lr = EXERCISES["batch_epoch"].truth, 1e-5
    here = epoch(x, y, start, lr, old)
    there = epoch(x, y, start, EXERCISES["scaled_rate"].truth(lr, old, new), new)
    assert (here - there).norm() < 1e-3 * here.norm()
