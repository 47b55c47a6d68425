"""Signals through deep networks: torch's layers and initialisers, and closed forms, as oracles."""

import math

import numpy as np
import pytest
import torch
from torch import nn

from optlab.course.core_concepts.layers import ACTIVATIONS, expected_sizes, he_std, layers, send, xavier_std
from optlab.course.core_concepts.layers_lab import PARAMS
from optlab.engine.models.initialization import he

MODULES = {"relu": nn.ReLU, "tanh": nn.Tanh}


def rms(tensor):
    return tensor.square().mean().sqrt().item()


def by_torch(std, width, depth, activation, seed):
    """The same draws through an nn.Sequential, the gradients left by backward()."""
    generator = torch.Generator().manual_seed(seed)

    def normal(*shape):
        return torch.randn(*shape, generator=generator, dtype=torch.float64)

    hidden, kept = normal(width, 32).T.clone().requires_grad_(), []
    for _ in range(depth + 1):
        hidden.retain_grad()
        kept.append(hidden)
        if len(kept) > depth:
            break
        layer = nn.Sequential(nn.Linear(width, width, bias=False), MODULES[activation]()).double()
        with torch.no_grad():
            layer[0].weight.copy_(std * normal(width, width))
        hidden = layer(hidden)
    hidden.backward(normal(width, 32).T)
    return [rms(h.detach()) for h in kept], [rms(h.grad) for h in kept]


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_sizes_are_those_of_plain_torch_layers(activation):
    sizes = send([0.1, 0.3], width=40, depth=5, activation=activation, seed=4)
    for row, std in enumerate((0.1, 0.3)):
        forward, backward = by_torch(std, 40, 5, activation, seed=4)
        np.testing.assert_allclose(sizes.activation[row], forward, rtol=1e-10)
        np.testing.assert_allclose(sizes.gradient[row], backward, rtol=1e-10)


def test_many_networks_come_back_in_their_order():
    many = layers(
        {
            "std": np.array([0.1, 0.2, 0.05, 1.0]),
            "activation": np.array(["tanh", "relu", "tanh", "relu"]),
            "width": np.array([200, 50, 50, 200]),
        }
    )
    for one in many:
        alone = layers(one.settings)
        np.testing.assert_allclose(one.activation, alone.activation, rtol=1e-12)
        np.testing.assert_allclose(one.gradient, alone.gradient, rtol=1e-12)


@pytest.mark.parametrize("std", [0.02, 0.1, 0.5])
def test_relu_layers_multiply_by_the_closed_form(std):
    forward, backward = expected_sizes(std, width=200, depth=30, activation="relu")
    powers = (std * math.sqrt(100)) ** np.arange(31.0)
    np.testing.assert_allclose(forward, powers, rtol=1e-6)
    np.testing.assert_allclose(backward, powers[::-1], rtol=1e-6)


@pytest.mark.parametrize("std", [0.1, 0.3, 1.0, 3.0])
def test_a_tanh_layer_is_the_mean_over_many_draws(std):
    before = std * 10 * np.random.default_rng(0).normal(size=2_000_000)
    forward, backward = expected_sizes(std, width=100, depth=1, activation="tanh")
    assert forward[1] == pytest.approx(np.sqrt(np.mean(np.tanh(before) ** 2)), rel=0.01)
    slopes = np.mean((1 - np.tanh(before) ** 2) ** 2)
    assert backward[0] == pytest.approx(10 * std * np.sqrt(slopes), rel=0.02)


@pytest.mark.parametrize(("activation", "std"), [("relu", 0.1), ("tanh", 0.0707), ("tanh", 0.2)])
def test_wide_layers_do_what_theory_expects(activation, std):
    runs = [send(std, width=200, depth=10, activation=activation, seed=seed) for seed in range(10)]
    for name in ("activation", "gradient"):
        measured = np.mean([getattr(run, name)[0] ** 2 for run in runs], axis=0)
        np.testing.assert_allclose(measured, getattr(runs[0], f"expected_{name}")[0] ** 2, rtol=0.25)


def test_the_papers_values_are_those_of_torchs_initialisers():
    weight = torch.empty(300, 500)
    nn.init.kaiming_normal_(weight, nonlinearity="relu", generator=torch.Generator().manual_seed(0))
    assert he_std(500) == pytest.approx(weight.std().item(), rel=0.01)
    nn.init.xavier_normal_(weight, generator=torch.Generator().manual_seed(0))
    assert xavier_std(500, 300) == pytest.approx(weight.std().item(), rel=0.01)


def test_the_mark_on_the_slider_is_what_the_librarys_initialiser_draws():
    mark = PARAMS[0].marks(width=200, activation="relu")["He"]
    weight, bias = torch.empty(200, 200), torch.empty(200)
    he(weight, bias, torch.Generator().manual_seed(0))
    assert mark == pytest.approx(weight.std().item(), rel=0.02)


def test_only_hes_value_keeps_thirty_relu_layers_at_their_size():
    best = float(he_std(200))
    small, right, large = send([best / 2, best, 2 * best], width=200, depth=30).activation[:, -1]
    assert 0.2 < right < 5
    assert small / right == pytest.approx(2.0**-30)
    assert large / right == pytest.approx(2.0**30)


def test_bad_arguments_are_named():
    with pytest.raises(ValueError, match="std=0"):
        send([0.1, 0.0])
    with pytest.raises(ValueError, match="activation='step'"):
        send(0.1, activation="step")
    with pytest.raises(ValueError, match="depth=0"):
        send(0.1, depth=0)
