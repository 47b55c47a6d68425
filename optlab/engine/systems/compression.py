"""Smaller networks from trained ones: weights pruned, neurons pruned, BatchNorm folded, weights averaged.

Every function takes plain PyTorch modules, leaves them as they are, and gives back a new module.
"""

from __future__ import annotations

import copy
import itertools
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from optlab.engine.validation import share

__all__ = [
    "average_weights",
    "fold_batchnorm",
    "magnitude_mask",
    "neuron_scores",
    "parameter_count",
    "prune_neurons",
    "prune_weights",
]

LAYERS = (nn.Linear, nn.Conv1d, nn.Conv2d, nn.Conv3d)
NORMS = (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d)
ENTRYWISE = (nn.ReLU, nn.LeakyReLU, nn.GELU, nn.SiLU, nn.ELU, nn.Tanh, nn.Sigmoid, nn.Identity, nn.Dropout)
"""Layers that treat every neuron by itself and have no parameters of one."""


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
        module: any module with linear or convolutional layers; their biases stay.
        amount: the share of all weights to remove, 0 to below 1.
        layer_by_layer: remove this share from each layer, instead of the smallest ones wherever they are.

    Returns:
        A copy with zeros in it.

    Raises:
        ValueError: if `amount` is out of range, or there is no such layer.

    Example:
        >>> net = prune_weights(nn.Sequential(nn.Linear(10, 10), nn.ReLU(), nn.Linear(10, 2)), 0.9)
        >>> sum(int((p != 0).sum()) for name, p in net.named_parameters() if "weight" in name)
        12

    Source:
        S. Han and others, 2015; `torch.nn.utils.prune.global_unstructured` and `l1_unstructured`.
    """
    pruned = copy.deepcopy(module)
    weights = [layer.weight for layer in pruned.modules() if isinstance(layer, LAYERS)]
    if not weights:
        raise ValueError(f"module={type(module).__name__} has no linear or convolutional layer to prune")
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


# ---------------------------------------------------------------- whole neurons


def neuron_scores(layer: nn.Linear, following: nn.Linear) -> Tensor:
    """How much goes through each neuron: ‖weights into it‖ · ‖weights out of it‖.

    Args:
        layer: gives the neurons, weight `(neurons, inputs)`.
        following: takes them, weight `(outputs, neurons)`.

    Returns:
        `(neurons,)`. The product stays as it is when a ReLU neuron is scaled up on one side and down on the
        other, which changes nothing that the network computes.

    Example:
        >>> a, b = nn.Linear(1, 2), nn.Linear(2, 1)
        >>> _ = a.weight.data.copy_(torch.tensor([[3.0], [1.0]])), b.weight.data.fill_(2.0)
        >>> neuron_scores(a, b)
        tensor([6., 2.])
    """
    return (layer.weight.norm(dim=1) * following.weight.norm(dim=0)).detach()


def prune_neurons(
    module: nn.Sequential,
    amount: float,
    *,
    score: Callable[[nn.Linear, nn.Linear], Tensor] = neuron_scores,
) -> nn.Sequential:
    """Remove the least of the hidden neurons of every layer. The matrices get smaller, so it runs faster.

    Args:
        module: linear layers, with entrywise nonlinearities, dropout and `BatchNorm1d` between them.
        amount: the share of each hidden layer to remove, 0 to below 1; one neuron at least stays.
        score: how much each neuron counts, `score(layer, following) -> (neurons,)`.

    Returns:
        A smaller network. It computes what the larger one does without these neurons.

    Raises:
        TypeError: if `module` is no `nn.Sequential`, or holds a layer of another kind.
        ValueError: if `amount` is out of range.

    Example:
        >>> prune_neurons(nn.Sequential(nn.Linear(64, 100), nn.ReLU(), nn.Linear(100, 10)), 0.75)
        Sequential(
          (0): Linear(in_features=64, out_features=25, bias=True)
          (1): ReLU()
          (2): Linear(in_features=25, out_features=10, bias=True)
        )

    Source:
        H. Li and others, "Pruning filters for efficient ConvNets", ICLR 2017;
        `torch.nn.utils.prune.ln_structured` sets such neurons to 0 and leaves them in.
    """
    _check_chain(module)
    gone, pruned = float(share("amount", amount)[0]), copy.deepcopy(module)
    layers: Any = pruned  # an nn.Sequential does not say of what kind its layers are
    places = [k for k, layer in enumerate(pruned) if isinstance(layer, nn.Linear)]
    for at, following in itertools.pairwise(places):
        scores = score(layers[at], layers[following])
        keep = scores.topk(max(1, len(scores) - round(gone * len(scores)))).indices.sort().values
        for k in range(at, following):
            layers[k] = _rows(layers[k], keep)
        layers[following] = _columns(layers[following], keep)
    return pruned


def _check_chain(module: Any) -> None:
    if not isinstance(module, nn.Sequential):
        raise TypeError(f"module is a {type(module).__name__}: expected an nn.Sequential")
    for layer in module:
        if not isinstance(layer, (nn.Linear, nn.BatchNorm1d, *ENTRYWISE)):
            raise TypeError(
                f"module holds a {type(layer).__name__}: expected linear layers, BatchNorm1d, and layers "
                "that treat every neuron by itself"
            )


def _rows(layer: nn.Module, keep: Tensor) -> nn.Module:
    """The layer with these of its neurons only."""
    small = copy.deepcopy(layer)
    for tensors in (small._parameters, small._buffers):  # noqa: SLF001
        for name, tensor in tensors.items():
            if tensor is not None and tensor.dim() and name != "num_batches_tracked":
                tensor.data = tensor.data[keep]
    if isinstance(small, nn.Linear):
        small.out_features = len(keep)
    if isinstance(small, nn.BatchNorm1d):
        small.num_features = len(keep)
    return small


def _columns(layer: nn.Linear, keep: Tensor) -> nn.Linear:
    """The layer with these of its inputs only."""
    small = copy.deepcopy(layer)
    small.weight.data = small.weight.data[:, keep]
    small.in_features = len(keep)
    return small


# ---------------------------------------------------------------- merging


def fold_batchnorm(module: nn.Sequential) -> nn.Sequential:
    """Fold every BatchNorm into the layer before it: one layer less, the same outputs to rounding.

    With s = γ / √(σ² + ε) per neuron: W ← s W, b ← s (b − μ) + β, where μ and σ² are the running statistics.

    Args:
        module: layers in a row; nested `nn.Sequential`s are folded too. A BatchNorm that does not follow a
            linear or convolutional layer at once stays.

    Returns:
        A network for inference (in `eval` mode): in training a BatchNorm normalises by the batch at hand,
        which no fixed weight can do.

    Raises:
        TypeError: if `module` is no `nn.Sequential`.
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
    if not isinstance(module, nn.Sequential):
        raise TypeError(f"module is a {type(module).__name__}: expected an nn.Sequential")
    folded: list[nn.Module] = []
    for layer in copy.deepcopy(module):
        if isinstance(layer, NORMS) and folded and isinstance(folded[-1], LAYERS):
            _fold(folded[-1], layer)
        else:
            folded.append(fold_batchnorm(layer) if isinstance(layer, nn.Sequential) else layer)
    return nn.Sequential(*folded).eval()


@torch.no_grad()
def _fold(layer: Any, norm: Any) -> None:
    if norm.running_mean is None:
        raise ValueError(f"{norm} keeps no running statistics: expected track_running_stats=True")
    scale = torch.rsqrt(norm.running_var + norm.eps)
    shift = -norm.running_mean * scale
    if norm.affine:
        scale, shift = scale * norm.weight, shift * norm.weight + norm.bias
    bias = torch.zeros_like(shift) if layer.bias is None else layer.bias
    layer.bias = nn.Parameter(scale * bias + shift)
    layer.weight *= scale.view(-1, *[1] * (layer.weight.dim() - 1))


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
    average = copy.deepcopy(modules[0])
    average.load_state_dict({name: _mean([state[name] for state in states]) for name in states[0]})
    return average


def _mean(tensors: Sequence[Tensor]) -> Tensor:
    """The mean; counters, which are whole numbers, keep the first's value."""
    return torch.stack(list(tensors)).mean(0) if tensors[0].is_floating_point() else tensors[0]
