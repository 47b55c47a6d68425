"""A learner's own network: any `torch.nn.Module` as a model."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor, nn
from torch.func import functional_call

from optlab.engine.models.mlp import MLP, Model, unpack

__all__ = ["TorchModel", "as_model"]


class TorchModel(Model):
    """Any `torch.nn.Module`, trained from the weights it has now; the module itself is left as it is.

    Args:
        module: takes `(samples, features)` and gives `(samples, outputs)`. Parameters with
            `requires_grad=False` stay as they are.
    """

    def __init__(self, module: nn.Module) -> None:
        self.module = copy.deepcopy(module)
        self.shapes = {name: tuple(p.shape) for name, p in self._parameters(trained=True)}

    def _parameters(self, *, trained: bool) -> Iterator[tuple[str, nn.Parameter]]:
        return ((name, p) for name, p in self.module.named_parameters() if p.requires_grad == trained)

    def start(self, seed: int) -> Tensor:
        """The module's own weights, whatever the seed, `(parameters,)`."""
        return torch.cat([p.detach().flatten() for _, p in self._parameters(trained=True)])

    def buffers(self, settings: int) -> dict[str, Tensor]:
        """Copies of the module's buffers and frozen parameters, `(settings, *shape)` by name."""
        kept = dict(self.module.named_buffers()) | dict(self._parameters(trained=False))
        return {name: b.detach().expand(settings, *b.shape).clone() for name, b in kept.items()}

    def __call__(self, theta: Tensor, x: Tensor, buffers: dict[str, Tensor], *, training: bool) -> Tensor:
        """Outputs, `(settings, samples, outputs)`; dropout draws from torch's global generator."""
        self.module.train(training)
        tensors = unpack(theta, self.shapes) | buffers
        if len(theta) == 1:
            return self._run({name: tensor[0] for name, tensor in tensors.items()}, x[0])[None]
        each = 0 if len(x) > 1 else None
        run = torch.vmap(self._run, in_dims=(0, each), randomness="different")
        return run(tensors, x if len(x) > 1 else x[0])

    def _run(self, tensors: dict[str, Tensor], x: Tensor) -> Tensor:
        outputs = functional_call(self.module, tensors, (x,))
        if not isinstance(outputs, Tensor):
            raise TypeError(f"the module gives a {type(outputs).__name__}, expected one tensor")
        return outputs


def as_model(model: Any, features: int, outputs: int) -> Model:
    """Take a model, wrap a module, or build the article's network when there is none.

    Args:
        model: a `Model`, a `torch.nn.Module`, or None for one hidden layer of 16 ReLU units.
        features: how many features a sample has.
        outputs: how many outputs the labels ask for.

    Returns:
        The model.

    Raises:
        TypeError: if `model` is something else.
        ValueError: if it does not take these features, or its outputs do not fit the labels.
    """
    if model is None:
        return MLP((features, 16, outputs))
    if isinstance(model, nn.Module):
        if not any(p.requires_grad for p in model.parameters()):
            raise ValueError(f"model={type(model).__name__} has no parameters to train")
        model = TorchModel(model)
    if not isinstance(model, Model):
        raise TypeError(f"model={model!r}: expected an MLP, a torch.nn.Module or None")
    _check_fit(model, features, outputs)
    return model


def _check_fit(model: Model, features: int, outputs: int) -> None:
    theta = model.start(0)[None]
    samples = torch.zeros(1, 2, features, dtype=theta.dtype)
    try:
        with torch.no_grad():
            made = model(theta, samples, model.buffers(1), training=False)
    except (RuntimeError, ValueError, TypeError, IndexError) as error:
        raise ValueError(f"model does not work on inputs of shape (samples, {features}): {error}") from error
    shape = tuple(made.shape[1:]) if isinstance(made, Tensor) else type(made).__name__
    if shape != (2, outputs):
        raise ValueError(f"model gives {shape} for 2 samples: expected outputs of shape (2, {outputs})")
