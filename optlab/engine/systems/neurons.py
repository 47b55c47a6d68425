"""Whole neurons removed: smaller matrices, which any machine multiplies faster."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Callable
from typing import Any

from torch import Tensor, nn

from optlab.engine.systems.layers import check_sequential, copied, is_plain
from optlab.engine.validation import share

__all__ = ["neuron_scores", "prune_neurons"]

ENTRYWISE = (nn.ReLU, nn.LeakyReLU, nn.GELU, nn.SiLU, nn.ELU, nn.Tanh, nn.Sigmoid, nn.Identity, nn.Dropout)
"""Layers that treat every neuron by itself and have no parameters of one."""


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
        >>> _ = a.weight.data[0].fill_(3.0), a.weight.data[1].fill_(1.0), b.weight.data.fill_(2.0)
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
        module: linear layers, with entrywise nonlinearities, dropout and `BatchNorm1d` between them. A layer
            that stands in it twice becomes two, as each place keeps neurons of its own.
        amount: the share of each hidden layer to remove, 0 to below 1; one neuron at least stays.
        score: how much each neuron counts, `score(layer, following) -> (neurons,)`.

    Returns:
        A smaller network. It computes what the larger one does without these neurons.

    Raises:
        TypeError: if `module` is no `nn.Sequential`, or has a `forward` of its own or hooks; or a layer in it
            is of another kind, or has such.
        ValueError: if `amount` is out of range, or a BatchNorm is not over the neurons before it.

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
    gone, pruned = float(share("amount", amount)[0]), copied(module)
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
    check_sequential(module)
    width = None
    for layer in module:
        if not is_plain(layer, (nn.Linear, nn.BatchNorm1d, *ENTRYWISE)):
            raise TypeError(
                f"module holds a {type(layer).__name__}: expected linear layers, BatchNorm1d, and layers "
                "that treat every neuron by itself, all as torch.nn has them"
            )
        if isinstance(layer, nn.BatchNorm1d) and width not in (None, layer.num_features):
            raise ValueError(f"module holds {layer} after {width} neurons: expected one over these neurons")
        width = layer.out_features if isinstance(layer, nn.Linear) else width


def _rows(layer: nn.Module, keep: Tensor) -> nn.Module:
    """A copy of the layer with these of its neurons only."""
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
    """A copy of the layer with these of its inputs only."""
    small = copy.deepcopy(layer)
    small.weight.data = small.weight.data[:, keep]
    small.in_features = len(keep)
    return small
