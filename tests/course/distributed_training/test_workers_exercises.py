"""The exercises of 05.3 against autograd, NumPy, and a clock that is counted by hand."""

import numpy as np
import pytest
import torch

from optlab.course.exercises import EXERCISES


def test_the_batch_is_the_first_at_which_a_step_is_longer_than_two_means():
    """Half a step and a mean are less than a step exactly when the step is longer than two means."""
    draw = np.random.default_rng(0)
    for _ in range(20):
        seconds, mean = np.sort(draw.uniform(0, 1, 6)), draw.uniform(0, 0.6)
        batches = [2**k for k in range(4, 10)]
        (paying,) = np.nonzero(seconds > 2 * mean)
        expected = batches[paying[0]] if len(paying) else 0
        assert EXERCISES["two_pay"].truth(batches, seconds, mean) == expected


@pytest.mark.parametrize("n1", [1, 5, 11])
def test_the_whole_gradient_is_autograds_on_the_whole_batch(n1):
    generator = torch.Generator().manual_seed(n1)
    x, y = torch.randn(12, 3, generator=generator), torch.randn(12, generator=generator)

    def grad(part):
        theta = torch.ones(3, requires_grad=True)
        return torch.autograd.grad(((x[part] @ theta - y[part]) ** 2).mean(), theta)[0]

    got = EXERCISES["whole_gradient"].truth(grad(slice(n1)), n1, grad(slice(n1, None)), 12 - n1)
    torch.testing.assert_close(got, grad(slice(None)))


@pytest.mark.parametrize("seed", range(3))
def test_the_noise_scale_has_the_trace_of_numpys_covariance(seed):
    grads = np.random.default_rng(seed).normal(1, 2, (9, 4))
    mean = sum(grads) / len(grads)
    expected = np.trace(np.cov(grads.T)) / np.dot(mean, mean)
    assert float(EXERCISES["noise_scale"].truth(torch.tensor(grads))) == pytest.approx(expected)
