"""Pruning, folding and averaging against PyTorch's own tools, and against plain loops."""

import copy
import itertools
from typing import Any

import pytest
import torch
from torch import nn
from torch.nn.utils import fusion, prune
from torch.optim.swa_utils import AveragedModel

from optlab.engine.systems.compression import (
    average_weights,
    fold_batchnorm,
    magnitude_mask,
    parameter_count,
    prune_weights,
)
from optlab.engine.systems.neurons import neuron_scores, prune_neurons


def network(*, norm=False, seed=0, act=nn.Sigmoid):
    """A network whose BatchNorms, if it has some, have seen data and have weights of their own."""
    torch.manual_seed(seed)
    layers = [nn.Linear(7, 9), nn.BatchNorm1d(9), act(), nn.Linear(9, 8), nn.BatchNorm1d(8), act()]
    layers = [layer for layer in layers if norm or not isinstance(layer, nn.BatchNorm1d)]
    net = nn.Sequential(*layers, nn.Linear(8, 3))
    for layer in net:
        if isinstance(layer, nn.BatchNorm1d):
            nn.init.uniform_(layer.weight, -2, 2)
            nn.init.normal_(layer.bias)
    for _ in range(20):
        net(3 * torch.randn(16, 7) + 1)
    return net.eval()


X = torch.randn(11, 7, generator=torch.Generator().manual_seed(5))


@pytest.mark.parametrize("amount", [0.0, 0.13, 0.5, 0.9])
def test_the_mask_is_that_of_torch_prune(amount):
    layer = nn.Linear(13, 7)
    mask = magnitude_mask(layer.weight, amount)
    prune.l1_unstructured(layer, "weight", amount)
    assert torch.equal(mask, layer.weight_mask.bool())


@pytest.mark.parametrize("amount", [0.0, 0.37, 0.95])
@pytest.mark.parametrize("layer_by_layer", [False, True])
def test_pruned_weights_are_those_of_torch_prune(amount, layer_by_layer):
    net = network(norm=True)
    theirs, before = copy.deepcopy(net), copy.deepcopy(net.state_dict())
    linear = [(layer, "weight") for layer in theirs if isinstance(layer, nn.Linear)]
    if layer_by_layer:
        for layer, name in linear:
            prune.l1_unstructured(layer, name, amount)
    else:
        prune.global_unstructured(linear, prune.L1Unstructured, amount=amount)
    ours = prune_weights(net, amount, layer_by_layer=layer_by_layer)
    assert torch.equal(ours(X), theirs(X))
    assert all(torch.equal(before[name], tensor) for name, tensor in net.state_dict().items())


@pytest.mark.parametrize("norm", [False, True])
@pytest.mark.parametrize("amount", [0.0, 0.5, 0.99])
def test_removing_neurons_is_cutting_the_weights_that_leave_them(norm, amount):
    net = network(norm=norm)
    small, cut = prune_neurons(net, amount), copy.deepcopy(net)
    linear = [layer for layer in cut if isinstance(layer, nn.Linear)]
    for layer, following in itertools.pairwise(linear):
        scores = [layer.weight[k].norm() * following.weight[:, k].norm() for k in range(layer.out_features)]
        gone = sorted(range(len(scores)), key=lambda k: scores[k])
        gone = gone[: min(round(amount * len(scores)), len(scores) - 1)]
        following.weight.data[:, gone] = 0
    torch.testing.assert_close(small(X), cut(X))
    assert net[0].out_features == 9
    expected = {0.0: 9, 0.5: 5, 0.99: 1}[amount]
    assert small[0].out_features == expected
    assert small(X).shape == (11, 3)
    assert parameter_count(small) <= parameter_count(net)


def test_other_scores_can_choose_the_neurons_too():
    """Judged by its incoming weights, the neurons that go are those of torch's ln_structured."""
    net = network()
    small = prune_neurons(net[:3], 0.5, score=lambda layer, _: layer.weight.norm(dim=1))
    prune.ln_structured(net[0], "weight", 0.5, n=2, dim=0)
    assert torch.equal(small[0].weight, net[0].weight[net[0].weight_mask[:, 0].bool()])


def test_scores_do_not_see_a_scale_that_the_network_does_not_see():
    net = network(act=nn.ReLU)
    a, b = net[0], net[2]
    scores, outputs = neuron_scores(a, b), net(X)
    a.weight.data *= 4
    a.bias.data *= 4
    b.weight.data /= 4
    torch.testing.assert_close(neuron_scores(a, b), scores)
    torch.testing.assert_close(net(X), outputs)


def test_a_folded_batchnorm_is_that_of_torch_fusion():
    net = network(norm=True)
    folded = fold_batchnorm(net)
    assert len(net) - len(folded) == 2
    torch.testing.assert_close(folded(X), net(X))
    for k, at in ((0, 0), (2, 3)):
        theirs = fusion.fuse_linear_bn_eval(net[at], net[at + 1])
        torch.testing.assert_close(folded[k].weight, theirs.weight)
        torch.testing.assert_close(folded[k].bias, theirs.bias)


def test_convolutions_plain_norms_and_nested_layers_are_folded():
    block = nn.Sequential(nn.Conv2d(2, 4, 3, bias=False), nn.BatchNorm2d(4, affine=False), nn.ReLU())
    net = nn.Sequential(nn.BatchNorm2d(2), block, nn.Flatten(), nn.Linear(16, 3, bias=False))
    x = torch.randn(6, 2, 4, 4)
    for _ in range(9):
        net(x)
    folded = fold_batchnorm(net.eval())
    assert [len(folded), len(folded[1])] == [4, 2]
    torch.testing.assert_close(folded(x), net(x))


def test_the_average_is_that_of_swa():
    nets = [network(norm=True, seed=seed) for seed in range(5)]
    theirs = AveragedModel(nets[0], use_buffers=True)
    for net in nets:
        theirs.update_parameters(net)
    ours = average_weights(nets)
    for name, tensor in theirs.module.state_dict().items():
        if tensor.is_floating_point():
            torch.testing.assert_close(ours.state_dict()[name], tensor, msg=name)
    torch.testing.assert_close(average_weights(nets[:1])(X), nets[0](X))


NOT_A_CHAIN: Any = nn.Linear(2, 2)
CHAIN = nn.Sequential(nn.Linear(2, 2), nn.ReLU(), nn.Linear(2, 1))
BAD: list = [
    (lambda: magnitude_mask(torch.ones(3), 1.0), ValueError, "amount=1: expected a number from 0 to below 1"),
    (lambda: prune_weights(CHAIN, -0.1), ValueError, "amount=-0.1: expected"),
    (lambda: prune_weights(nn.ReLU(), 0.5), ValueError, "module=ReLU has no linear"),
    (lambda: prune_neurons(CHAIN, 2), ValueError, "amount=2: expected"),
    (lambda: prune_neurons(NOT_A_CHAIN, 0.5), TypeError, "module is a Linear: expected an nn.Sequential"),
    (lambda: prune_neurons(nn.Sequential(nn.LSTM(2, 2)), 0.5), TypeError, "module holds a LSTM: expected"),
    (lambda: fold_batchnorm(NOT_A_CHAIN), TypeError, "module is a Linear: expected an nn.Sequential"),
    (
        lambda: fold_batchnorm(nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2, track_running_stats=False))),
        ValueError,
        "running statistics",
    ),
    (lambda: average_weights([]), ValueError, "modules is empty"),
    (lambda: average_weights([nn.Linear(2, 2), nn.Linear(2, 3)]), ValueError, r"modules\[1\] has other"),
]


@pytest.mark.parametrize(("call", "error", "says"), BAD)
def test_wrong_arguments_raise_at_once(call, error, says):
    with pytest.raises(error, match=says):
        call()
