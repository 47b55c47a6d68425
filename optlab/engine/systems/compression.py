"""Smaller networks from trained ones: weights pruned, BatchNorm folded, weights averaged.

Every function takes plain PyTorch modules, leaves them as they are, and gives back a new module.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn

from optlab.engine.systems.layers import LAYERS, check_sequential, copied, is_plain, normalizes, weighted
from optlab.engine.validation import share

__all__ = [
    "average_weights",
    "fold_batchnorm",
    "magnitude_mask",
    "parameter_count",
    "prune_weights",
]


def magnitude_mask(weight: Tensor, amount: float) -> Tensor:
    """Which weights stay when the smallest are removed: k = round(amount · n) of them go.

    Args:
        weight: any tensor, n entries.
        amount: the share to remove, 0 to below 1.

    Returns:
        True where a weight stays, in the shape of `weight`.

    Raises:
        ValueError: if `amount` is out of range.

    Example:
        >>> magnitude_mask(torch.tensor([0.1, -3.0, 0.5, -0.2]), 0.5)
        tensor([False,  True,  True, False])

    Source:
        S. Han, J. Pool, J. Tran and W. Dally, "Learning both weights and connections for efficient neural
        networks", 2015; `torch.nn.utils.prune.L1Unstructured`.
    """
    k = round(float(share("amount", amount)[0]) * weight.numel())
    mask = torch.ones(weight.numel(), dtype=torch.bool)
    mask[torch.topk(weight.detach().abs().flatten(), k, largest=False).indices] = False
    return mask.view(weight.shape)


def prune_weights(module: nn.Module, amount: float, *, layer_by_layer: bool = False) -> nn.Module:
    """Set the smallest weights of a network to 0. It keeps its shape, and so its running time.

    Args:
        module: any module with linear or convolutional layers; their biases stay. A weight that
            several layers share counts once.
        amount: the share of all weights to remove, 0 to below 1.
        layer_by_layer: remove this share from each layer, instead of the smallest ones wherever they are.

    Returns:
        A copy with zeros in it.

    Raises:
        ValueError: if `amount` is out of range, or there is no such layer.
        TypeError: if a layer's weight is worked out from other tensors.

    Example:
        >>> net = prune_weights(nn.Sequential(nn.Linear(10, 10), nn.ReLU(), nn.Linear(10, 2)), 0.9)
        >>> sum(int((p != 0).sum()) for name, p in net.named_parameters() if "weight" in name)
        12

    Source:
        S. Han and others, 2015; `torch.nn.utils.prune.global_unstructured` and `l1_unstructured`.
    """
    if not weighted(module, LAYERS):
        raise ValueError(f"module={type(module).__name__} has no linear or convolutional layer to prune")
    pruned = copy.deepcopy(module)
    weights = [layer.weight for layer in weighted(pruned, LAYERS)]
    together = magnitude_mask(torch.cat([w.detach().flatten() for w in weights]), amount)
    parts = together.split([w.numel() for w in weights])
    with torch.no_grad():
        for weight, part in zip(weights, parts, strict=True):
            weight.mul_(magnitude_mask(weight, amount) if layer_by_layer else part.view(weight.shape))
    return pruned


def parameter_count(module: nn.Module) -> int:
    """How many parameters a module has that are not 0.

    Example:
        >>> net = nn.Linear(10, 10)
        >>> parameter_count(net), parameter_count(prune_weights(net, 0.9))
        (110, 20)
    """
    return sum(int(torch.count_nonzero(parameter)) for parameter in module.parameters())


# ---------------------------------------------------------------- merging


def fold_batchnorm(module: nn.Sequential) -> nn.Sequential:
    """Fold every BatchNorm into the layer before it: one layer less, the same outputs to rounding.

    With s = γ / √(σ² + ε) per neuron: W ← s W, b ← s (b − μ) + β, where μ and σ² are the running statistics.

    Args:
        module: layers in a row; nested `nn.Sequential`s are folded too. A BatchNorm that does not follow a
            linear or convolutional layer at once stays, and so does everything in a module with a `forward`
            of its own, with hooks or with a parametrised weight. A layer that stands in it twice is folded
            at each place by itself. A `BatchNorm1d` after a `Linear` is taken for one over its outputs, as it
            is for inputs `(samples, features)`.

    Returns:
        A network for inference (in `eval` mode): in training a BatchNorm normalises by the batch at hand,
        which no fixed weight can do.

    Raises:
        TypeError: if `module` is no `nn.Sequential`, or has a `forward` of its own or hooks.
        ValueError: if a BatchNorm keeps no running statistics.

    Example:
        >>> net = nn.Sequential(nn.Linear(64, 32), nn.BatchNorm1d(32), nn.ReLU(), nn.Linear(32, 10)).eval()
        >>> folded, x = fold_batchnorm(net), torch.randn(5, 64)
        >>> len(net), len(folded), torch.allclose(net(x), folded(x), atol=1e-6)
        (4, 3, True)

    Source:
        B. Jacob and others, "Quantization and training of neural networks for efficient
        integer-arithmetic-only inference", 2018, section 3.2; `torch.nn.utils.fusion`.
    """
    check_sequential(module)
    return _folded(copied(module)).eval()


def _folded(module: Any) -> nn.Sequential:
    layers: list[nn.Module] = []
    for layer in module:
        if layers and normalizes(layer, layers[-1]):
            layers[-1] = _merged(layers[-1], layer)
        else:
            layers.append(_folded(layer) if is_plain(layer, (nn.Sequential,)) else layer)
    return nn.Sequential(*layers)


@torch.no_grad()
def _merged(layer: Any, norm: Any) -> nn.Module:
    if norm.running_mean is None:
        raise ValueError(f"{norm} keeps no running statistics: expected track_running_stats=True")
    scale = torch.rsqrt(norm.running_var + norm.eps)
    shift = -norm.running_mean * scale
    if norm.affine:
        scale, shift = scale * norm.weight, shift * norm.weight + norm.bias
    merged = copy.deepcopy(layer)  # the layer itself may stand elsewhere in the network too
    merged.bias = nn.Parameter(shift if layer.bias is None else scale * layer.bias + shift)
    merged.weight *= scale.view(-1, *[1] * (layer.weight.dim() - 1))
    return merged


def average_weights(modules: Sequence[nn.Module]) -> nn.Module:
    """One network whose every weight is the mean of several networks' weights.

    Args:
        modules: networks of one shape, one or more. The mean is of use only when they come from one
            ancestor, trained on from there: independently trained networks number their neurons differently.

    Returns:
        A copy of the first with the mean of all parameters and running statistics in it. After averaging,
        BatchNorm statistics should be measured anew (`torch.optim.swa_utils.update_bn`).

    Raises:
        ValueError: if there is no module, or their parameters differ in name or shape.

    Example:
        >>> nets = [nn.Linear(3, 2) for _ in range(4)]
        >>> mean = torch.stack([net.weight for net in nets]).mean(0)
        >>> torch.allclose(average_weights(nets).weight, mean)
        True

    Source:
        P. Izmailov and others, "Averaging weights leads to wider optima and better generalization", 2018;
        `torch.optim.swa_utils.AveragedModel`.
    """
    if not modules:
        raise ValueError("modules is empty: expected one network or more")
    states = [module.state_dict() for module in modules]
    shapes = [{name: tensor.shape for name, tensor in state.items()} for state in states]
    for k, shape in enumerate(shapes):
        if shape != shapes[0]:
            raise ValueError(f"modules[{k}] has other parameters than modules[0]: expected the same shapes")
    average = copied(modules[0])
    average.load_state_dict({name: _mean([state[name] for state in states]) for name in states[0]})
    return average


def _mean(tensors: Sequence[Tensor]) -> Tensor:
    """The mean; counters, which are whole numbers, keep the first's value."""
    first = tensors[0]
    return torch.stack(list(tensors)).mean(0) if first.is_floating_point() or first.is_complex() else first
