"""The exercises of 06 against losses that keep the promise exactly, and PyTorch's own rounding."""

import pytest
import torch

from optlab.course.exercises import EXERCISES


@pytest.mark.parametrize("lr", [0.1, 0.4, 0.9])
def test_a_bowl_that_is_round_goes_down_by_just_what_is_promised(lr):
    theta, L = torch.tensor([1.0, -2.0, 0.5], dtype=torch.float64), 2.5
    slope = L * theta
    loss, after = L * (theta**2).sum() / 2, L * ((theta - lr * slope) ** 2).sum() / 2
    got = EXERCISES["promised"].truth(float(loss), float((slope**2).sum()), lr, L)
    assert got == pytest.approx(float(after))


def largest_relative_error(weight, bits):
    """As PyTorch rounds, a scale for each row."""
    n = 2 ** (bits - 1) - 1
    largest = weight.abs().amax(dim=1)
    zeros = torch.zeros(len(weight), dtype=torch.int32)
    back = torch.fake_quantize_per_channel_affine(weight, largest / n, zeros, 0, -n, n)
    return float(((back - weight).abs() / largest[:, None]).max())


@pytest.mark.parametrize("seed", range(5))
def test_the_fewest_bits_are_enough_and_one_less_is_not(seed):
    weight = torch.randn(3, 7, generator=torch.Generator().manual_seed(seed)) * torch.tensor(
        [[5.0], [1], [0.01]]
    )
    for tolerance in (0.3, 0.1, 0.02, 0.01):
        bits = EXERCISES["fewest_bits"].truth(weight, tolerance)
        assert largest_relative_error(weight, bits) <= tolerance + 1e-6
        assert all(largest_relative_error(weight, fewer) > tolerance - 1e-6 for fewer in range(2, bits))
