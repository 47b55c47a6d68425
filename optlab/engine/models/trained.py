"""The way back from a History: a row of its weights as a network that is ready to use."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping

import numpy as np
import torch
from torch import Tensor, nn

from optlab.engine.models.mlp import MLP, Model
from optlab.engine.models.module import TorchModel

__all__ = ["as_module"]

LAYERS: dict[Callable[[Tensor], Tensor], type[nn.Module]] = {
    torch.relu: nn.ReLU,
    torch.tanh: nn.Tanh,
    torch.sigmoid: nn.Sigmoid,
}
"""The activations that torch has a layer for."""


def as_module(model: Model, weights: Mapping[str, np.ndarray], row: int = 0) -> nn.Module:
    """A trained network as a `torch.nn.Module`.

    Args:
        model: what was trained, an `MLP` or a module as `as_model` takes it.
        weights: of a History of this model, each `(settings, *shape)`.
        row: which setting.

    Returns:
        A new module in `eval` mode with these weights, and the buffers of BatchNorm and the like.

    Raises:
        TypeError: if `model` is of another kind.
        ValueError: if the weights are not this model's.

    Example:
        >>> from optlab import iris_pair, train
        >>> flowers, model = iris_pair(), MLP((4, 16, 2))
        >>> history = train(flowers, model=model, epochs=20)
        >>> net = as_module(model, history.weights)
        >>> loss = nn.functional.cross_entropy(net(flowers.x_test), flowers.y_test)
        >>> round(loss.item() - history.test_loss[0, -1].item(), 5)
        0.0
    """
    net = _empty(model)
    state = {key: torch.as_tensor(value[row]) for key, value in weights.items()}
    if dtype := next((tensor.dtype for tensor in state.values() if tensor.is_floating_point()), None):
        net = net.to(dtype)
    expected = {
        key: tuple(t.shape[1:]) for key, t in model.state(model.start(0)[None], model.buffers(1)).items()
    }
    if (given := {key: tuple(tensor.shape) for key, tensor in state.items()}) != expected:
        raise ValueError(f"weights of shapes {given}: expected this model's, {expected}")
    net.load_state_dict(state, strict=False)  # what is frozen is in the module already
    return net.eval()


def _empty(model: Model) -> nn.Module:
    """A module of the same layers."""
    if isinstance(model, TorchModel):
        return copy.deepcopy(model.module)
    if not isinstance(model, MLP):
        raise TypeError(f"model={model!r}: expected an MLP or a torch.nn.Module that as_model has taken")
    layers: list[nn.Module] = []
    for inputs, outputs in zip(model.widths, model.widths[1:], strict=False):
        layers += [nn.utils.skip_init(nn.Linear, inputs, outputs), _activation(model.activation)]
    last = model.output_activation
    return nn.Sequential(*layers[:-1], *([] if last is None else [_activation(last)]))


def _activation(fn: Callable[[Tensor], Tensor]) -> nn.Module:
    return LAYERS[fn]() if fn in LAYERS else _Function(fn)


class _Function(nn.Module):
    """A function that torch has no layer for."""

    def __init__(self, fn: Callable[[Tensor], Tensor]) -> None:
        super().__init__()
        self.fn = fn

    def forward(self, x: Tensor) -> Tensor:
        return self.fn(x)
