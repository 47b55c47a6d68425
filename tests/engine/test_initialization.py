"""Initial weights: PyTorch's own numbers and the variances of the papers."""

import math

import pytest
import torch
from torch import nn

from optlab import iris_pair, train
from optlab.engine.models.initialization import INITIALIZERS, he, normal, pytorch, xavier, zeros
from optlab.engine.models.mlp import MLP

INPUTS, OUTPUTS = 400, 300


def filled(initializer, seed=0):
    weight, bias = torch.full((OUTPUTS, INPUTS), torch.nan), torch.full((OUTPUTS,), torch.nan)
    initializer(weight, bias, torch.Generator().manual_seed(seed))
    return weight, bias


@pytest.mark.parametrize("seed", [0, 7])
def test_pytorch_draws_what_nn_linear_draws(seed):
    torch.manual_seed(seed)
    layer = nn.Linear(INPUTS, OUTPUTS)
    weight, bias = filled(pytorch, seed)
    assert torch.equal(weight, layer.weight)
    assert torch.equal(bias, layer.bias)


@pytest.mark.parametrize(
    ("initializer", "variance"),
    [(he, 2 / INPUTS), (xavier, 2 / (INPUTS + OUTPUTS)), (normal(0.3), 0.09), (normal(0.0), 0.0)],
)
def test_weights_are_normal_with_the_papers_variance_and_biases_zero(initializer, variance):
    weight, bias = filled(initializer)
    assert weight.var().item() == pytest.approx(variance, rel=0.02)  # 120,000 draws: 5 standard errors
    assert abs(weight.mean().item()) <= 5 * math.sqrt(variance / weight.numel())
    if variance:  # a normal has kurtosis 3, a uniform 1.8
        assert ((weight / weight.std()) ** 4).mean().item() == pytest.approx(3, abs=0.1)
    assert (bias == 0).all()


@pytest.mark.parametrize("initializer", [he, xavier, normal(1.0), pytorch])
def test_draws_come_from_the_generator_alone(initializer):
    torch.manual_seed(1)
    first, _ = filled(initializer, seed=3)
    torch.manual_seed(2)
    again, _ = filled(initializer, seed=3)
    other, _ = filled(initializer, seed=4)
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


def test_zeros_keep_hidden_units_alike():
    weight, bias = filled(zeros)
    assert (weight == 0).all()
    assert (bias == 0).all()
    history = train(iris_pair(), model=MLP((4, 16, 2), init="zeros"), lr=0.5, epochs=20)
    hidden = history.weights["0.weight"][0]
    assert (hidden == hidden[0]).all()


@pytest.mark.parametrize("name", INITIALIZERS)
def test_every_name_trains(name):
    history = train(iris_pair(), model=MLP((4, 8, 2), init=name), epochs=1)
    assert history.diverged_at.tolist() == [-1]


@pytest.mark.parametrize("scale", [-0.1, math.nan, math.inf])
def test_bad_scale(scale):
    with pytest.raises(ValueError, match=f"scale={scale}: expected a finite number, 0 or above"):
        normal(scale)
