"""Which networks the kernel takes: linear layers with entrywise activations between them."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import torch
from torch import nn
from torch.nn import functional

from optlab.engine.models.mlp import MLP
from optlab.engine.models.module import TorchModel

__all__ = ["Layer", "layers_of"]

IDENTITY, RELU, LEAKY_RELU, ELU, TANH, SIGMOID, SILU, SOFTPLUS, GELU = range(9)
"""The numbers of the activations that the kernel knows."""

Activation = tuple[int, float]
"""An activation's number, and its slope or scale below 0 where it has one."""

FUNCTIONS: dict[Any, Activation] = {
    torch.relu: (RELU, 0.0),
    functional.relu: (RELU, 0.0),
    functional.leaky_relu: (LEAKY_RELU, 0.01),
    functional.elu: (ELU, 1.0),
    torch.tanh: (TANH, 0.0),
    functional.tanh: (TANH, 0.0),
    torch.sigmoid: (SIGMOID, 0.0),
    functional.sigmoid: (SIGMOID, 0.0),
    functional.silu: (SILU, 0.0),
    functional.softplus: (SOFTPLUS, 0.0),
    functional.gelu: (GELU, 0.0),
}

MODULES: dict[type[nn.Module], Callable[[Any], Activation | None]] = {
    nn.Identity: lambda _: (IDENTITY, 0.0),
    nn.ReLU: lambda _: (RELU, 0.0),
    nn.LeakyReLU: lambda layer: (LEAKY_RELU, layer.negative_slope) if layer.negative_slope >= 0 else None,
    nn.ELU: lambda layer: (ELU, layer.alpha),
    nn.Tanh: lambda _: (TANH, 0.0),
    nn.Sigmoid: lambda _: (SIGMOID, 0.0),
    nn.SiLU: lambda _: (SILU, 0.0),
    nn.Softplus: lambda layer: (SOFTPLUS, 0.0) if (layer.beta, layer.threshold) == (1, 20) else None,
    nn.GELU: lambda layer: (GELU, 0.0) if layer.approximate == "none" else None,
}


@dataclass(frozen=True)
class Layer:
    """A linear layer and the activation after it.

    Args:
        inputs: how many numbers go in.
        outputs: how many come out.
        bias: whether a bias is added.
        activation: the activation's number, and its slope or scale below 0.
    """

    inputs: int
    outputs: int
    bias: bool
    activation: Activation

    @property
    def parameters(self) -> int:
        """How many entries of θ belong to it: first the weight, row by row, then the bias."""
        return self.outputs * (self.inputs + self.bias)


def layers_of(model: Any) -> list[Layer] | None:
    """The layers of a model that the kernel can train; None if there is anything else in it.

    Args:
        model: an `MLP`, or a `TorchModel` of an `nn.Sequential`.

    Returns:
        One `Layer` for each linear layer, in the order in which θ holds them.

    Example:
        >>> [layer.outputs for layer in layers_of(MLP((4, 16, 2)))]
        [16, 2]
        >>> layers_of(TorchModel(nn.Sequential(nn.Linear(4, 2), nn.Dropout()), torch.zeros(2, 4)))
    """
    if isinstance(model, MLP):
        return _of_mlp(model)
    if isinstance(model, TorchModel):
        return _of_sequential(model.module)
    return None


def _of_mlp(model: MLP) -> list[Layer] | None:
    last = (IDENTITY, 0.0) if model.output_activation is None else _known(model.output_activation)
    hidden = _known(model.activation)
    if hidden is None or last is None:
        return None
    kinds = [*[hidden] * (len(model.widths) - 2), last]
    pairs = zip(pairwise(model.widths), kinds, strict=True)
    return [Layer(inputs, outputs, True, kind) for (inputs, outputs), kind in pairs]


def _of_sequential(module: nn.Module) -> list[Layer] | None:
    if type(module) is not nn.Sequential or not _plain([module, *module]):
        return None
    layers: list[Layer] = []
    for part in module:
        if type(part) in (nn.Flatten, nn.Identity):
            continue  # samples are flat already
        if type(part) is nn.Linear:
            layers.append(Layer(part.in_features, part.out_features, part.bias is not None, (IDENTITY, 0.0)))
        elif not (layers and _add(layers, _known(part))):
            return None
    fits = all(a.outputs == b.inputs for a, b in pairwise(layers))
    return layers if layers and fits else None


def _plain(modules: Sequence[nn.Module]) -> bool:
    """Whether no module stands twice, has hooks or frozen parameters, or is more than its class says."""
    parameters = [p for module in modules[1:] for p in module.parameters()]
    hooked = any(m._forward_hooks or m._forward_pre_hooks or m._backward_hooks for m in modules)  # noqa: SLF001
    plain = all(set(dict(m.named_parameters())) <= {"weight", "bias"} for m in modules[1:])
    return (
        plain
        and not hooked
        and len({id(p) for p in parameters}) == len(parameters)
        and all(p.requires_grad and p.dtype == torch.float32 for p in parameters)
    )


def _known(activation: Any) -> Activation | None:
    if isinstance(activation, nn.Module):
        kind = MODULES.get(type(activation))
        return kind(activation) if kind and _plain([activation]) else None
    try:
        return FUNCTIONS.get(activation)
    except TypeError:  # not hashable
        return None


def _add(layers: list[Layer], activation: Activation | None) -> bool:
    """Put an activation after the last layer; False if there is none to put, or one is there already."""
    if activation is None or not math.isfinite(activation[1]):
        return False
    last = layers[-1]
    if activation[0] != IDENTITY:
        if last.activation[0] != IDENTITY:
            return False
        layers[-1] = Layer(last.inputs, last.outputs, last.bias, activation)
    return True
