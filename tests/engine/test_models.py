"""The models: shapes and starts of the MLP; any nn.Module against a plain loop."""

import itertools
import re

import numpy as np
import pytest
import torch
from plain_loop import TORCH, article_mlp, assert_same, curves, decay, plain_loop
from torch import nn

from optlab import iris_pair, train
from optlab.engine.models.mlp import MLP, unpack, weight_mask
from optlab.engine.models.module import TorchModel


@pytest.mark.parametrize("seed", [0, 1, 12345])
def test_mlp_starts_from_the_weights_of_nn_linear(seed):
    expected = torch.cat([p.detach().flatten() for p in article_mlp(seed).parameters()])
    assert torch.equal(MLP((4, 16, 2)).start(seed), expected)


@pytest.mark.parametrize("widths", [(3, 2), (4, 16, 2), (2, 5, 7, 3)])
def test_mlp_computes_what_nn_sequential_does_for_every_setting(widths):
    model, x = MLP(widths, activation=torch.tanh), torch.randn(6, widths[0])
    theta = torch.stack([model.start(seed) for seed in range(3)])
    outputs = model(theta, x[None])
    for row, parameters in enumerate(theta):
        layers = []
        for inputs, units in itertools.pairwise(widths):
            layers += [nn.Linear(inputs, units), nn.Tanh()]
        module = nn.Sequential(*layers[:-1])
        named = unpack(parameters[None], model.shapes)
        module.load_state_dict({name: value[0] for name, value in named.items()})
        torch.testing.assert_close(outputs[row], module(x), rtol=1e-5, atol=1e-5)


def test_mlp_takes_inputs_of_each_settings_own():
    model, x = MLP((4, 16, 2)), torch.randn(3, 5, 4)
    theta = torch.stack([model.start(seed) for seed in range(3)])
    together = model(theta, x)
    apart = torch.cat([model(theta[k : k + 1], x[k : k + 1]) for k in range(3)])
    torch.testing.assert_close(together, apart)


def test_output_activation_comes_after_the_last_layer():
    plain, rectified = MLP((4, 16, 2)), MLP((4, 16, 2), output_activation=torch.relu)
    theta, x = plain.start(0)[None], torch.randn(1, 9, 4)
    torch.testing.assert_close(rectified(theta, x), plain(theta, x).relu())
    assert (plain(theta, x) < 0).any()


def test_weight_mask_is_one_for_matrices_only():
    assert weight_mask({"w": (2, 2), "b": (2,), "kernel": (1, 1, 2)}).tolist() == [1, 1, 1, 1, 0, 0, 1, 1]


@pytest.mark.parametrize(
    ("widths", "init", "words"),
    [
        ((4,), "he", "widths=(4,): expected at least an input and an output"),
        ((4, 0, 2), "he", "widths=0: expected a whole number of at least 1"),
        ((4, 2.5, 2), "he", "widths=2.5: expected a whole number"),
        ((4, 2), "kaiming", "init='kaiming': expected a function or one of he, pytorch"),
    ],
)
def test_bad_mlp(widths, init, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        MLP(widths, init=init)


def test_a_module_with_tied_weights_has_each_parameter_once():
    module = nn.Sequential(nn.Linear(4, 4), nn.Tanh(), nn.Linear(4, 4), nn.Linear(4, 2))
    module[2].weight = module[0].weight
    x = torch.randn(5, 4)
    model = TorchModel(module, x)
    theta = model.start(0).expand(2, -1)
    assert theta.shape[1] == sum(p.numel() for p in module.parameters())
    torch.testing.assert_close(model(theta, x[None], model.buffers(2), training=False)[1], module(x))


def batch_norm_net():
    torch.manual_seed(5)
    return nn.Sequential(nn.Linear(4, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Linear(8, 2))


def deep_net():
    torch.manual_seed(6)
    return nn.Sequential(
        nn.Linear(4, 8), nn.Tanh(), nn.LayerNorm(8), nn.Linear(8, 8), nn.GELU(), nn.Linear(8, 2)
    )


@pytest.mark.parametrize("make", [batch_norm_net, deep_net])
@pytest.mark.slow
def test_module_equals_a_plain_loop_alone_and_in_a_sweep(make):
    data, lrs = iris_pair(), [0.05, 0.1, 0.3]
    sweep = train(data, model=make(), lr=lrs, l2=0.002, epochs=20)
    for row, lr in enumerate(lrs):
        expected = plain_loop(data, make(), optimizer=TORCH["sgd"], rate=decay(lr), l2=0.002, epochs=20)
        assert_same(curves(sweep, row), expected)
        assert_same(curves(train(data, model=make(), lr=lr, l2=0.002, epochs=20)), expected)


def test_module_is_left_as_it_was_and_starts_from_its_own_weights():
    module = batch_norm_net()
    before = {key: value.clone() for key, value in module.state_dict().items()}
    first = train(iris_pair(), model=module, lr=0.1, epochs=3)
    assert all(torch.equal(before[key], value) for key, value in module.state_dict().items())
    assert module.training
    assert np.array_equal(first.train_loss, train(iris_pair(), model=module, lr=0.1, epochs=3).train_loss)


def test_frozen_parameters_stay_frozen():
    module = deep_net()
    module[0].requires_grad_(requires_grad=False)
    oracle = deep_net()
    oracle[0].requires_grad_(requires_grad=False)
    history = train(iris_pair(), model=module, lr=[0.1, 0.2], epochs=10)
    expected = plain_loop(iris_pair(), oracle, optimizer=TORCH["sgd"], rate=decay(0.1), epochs=10)
    assert "0.weight" not in history.weights
    assert_same(curves(history), expected)


def test_module_of_another_dtype_is_trained_in_that_of_the_data():
    history = train(iris_pair(dtype=torch.float64), model=batch_norm_net(), lr=[0.1, 0.2], epochs=2)
    assert history.train_loss.dtype == np.float64


def test_own_xy_pair_with_three_classes():
    generator = np.random.default_rng(1)
    x = generator.normal(size=(90, 3)) + np.repeat(np.eye(3) * 4, 30, axis=0)
    history = train((x, np.repeat(["a", "b", "c"], 30)), lr=0.1, epochs=30)
    assert history.weights["2.weight"].shape == (1, 3, 16)
    assert history.test_accuracy[0, -1] > 0.9
