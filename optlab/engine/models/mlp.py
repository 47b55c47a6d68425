"""Models whose parameters carry a settings axis: one flat vector θ for each setting.

A model says which parameters it has (`shapes`), how they start (`start`), and what it makes of inputs:
`model(theta, x)` with `theta` `(settings, parameters)` and `x` `(1 or settings, samples, features)` gives
`(settings, samples, outputs)`. Keeping θ flat makes an update rule one line for the whole network.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import torch
from torch import Tensor, nn
from torch.func import functional_call

from optlab.engine.models.initialization import INITIALIZERS, Initializer
from optlab.engine.validation import choice, whole

__all__ = ["MLP", "Model", "TorchModel", "as_model", "unpack", "weight_mask"]

Shapes = dict[str, tuple[int, ...]]


def unpack(theta: Tensor, shapes: Shapes) -> dict[str, Tensor]:
    """Cut the flat parameters into named tensors (views, nothing is copied).

    Args:
        theta: `(settings, parameters)`.
        shapes: shape of each parameter by name, in order.

    Returns:
        Tensors of shape `(settings, *shape)` by name.

    Example:
        >>> {k: tuple(v.shape) for k, v in unpack(torch.zeros(3, 5), {"w": (2, 2), "b": (1,)}).items()}
        {'w': (3, 2, 2), 'b': (3, 1)}
    """
    pieces = theta.split([math.prod(shape) for shape in shapes.values()], dim=-1)
    return {name: piece.view(len(theta), *shapes[name]) for name, piece in zip(shapes, pieces, strict=True)}


def weight_mask(shapes: Shapes) -> Tensor:
    """1 for every entry of a weight matrix, 0 for every bias, `(parameters,)`."""
    return torch.cat([torch.full((math.prod(shape),), float(len(shape) > 1)) for shape in shapes.values()])


class Model:
    """The interface that `train` expects; `MLP` and `TorchModel` implement it."""

    shapes: Shapes

    def start(self, seed: int) -> Tensor:
        """Initial parameters, `(parameters,)`, the same for the same seed."""
        raise NotImplementedError

    def buffers(self, settings: int) -> dict[str, Tensor]:
        """What the model keeps besides parameters, `(settings, *shape)` by name."""
        return {}

    def __call__(self, theta: Tensor, x: Tensor, buffers: dict[str, Tensor], *, training: bool) -> Tensor:
        """Outputs, `(settings, samples, outputs)`."""
        raise NotImplementedError


@dataclass(frozen=True)
class MLP(Model):
    """A multilayer perceptron: linear layers with a nonlinearity between them.

    Args:
        widths: units in each layer, from the features to the outputs.
        activation: the nonlinearity after each hidden layer, entry by entry.
        output_activation: one after the output layer too (the article asks for ReLU); None leaves it plain.
        init: how weights start: a name from `initialization`, or a function `(weight, bias, generator)`.

    Raises:
        ValueError: if there are fewer than two widths, one is below 1, or `init` is not known.

    Example:
        >>> model = MLP((4, 16, 2))
        >>> model(model.start(seed=0)[None], torch.zeros(1, 5, 4)).shape
        torch.Size([1, 5, 2])

    Source:
        The article, section 4.2.
    """

    widths: tuple[int, ...]
    activation: Callable[[Tensor], Tensor] = torch.relu
    output_activation: Callable[[Tensor], Tensor] | None = None
    init: str | Initializer = "pytorch"

    def __post_init__(self) -> None:
        if len(whole("widths", self.widths)) < 2:
            raise ValueError(f"widths={self.widths!r}: expected at least an input and an output width")
        choice("init", self.init, INITIALIZERS)

    @cached_property
    def shapes(self) -> Shapes:  # type: ignore[override]
        """Weight `(outputs, inputs)` and bias `(outputs,)` of each layer, named as in `nn.Sequential`."""
        shapes: Shapes = {}
        for k, (inputs, outputs) in enumerate(zip(self.widths, self.widths[1:], strict=False)):
            shapes |= {f"{2 * k}.weight": (outputs, inputs), f"{2 * k}.bias": (outputs,)}
        return shapes

    def start(self, seed: int) -> Tensor:
        """Initial parameters, `(parameters,)`; for `init="pytorch"` those of `nn.Linear` after a seed."""
        fill = choice("init", self.init, INITIALIZERS)
        generator = torch.Generator().manual_seed(int(seed))
        tensors = [torch.empty(shape) for shape in self.shapes.values()]
        for weight, bias in zip(tensors[::2], tensors[1::2], strict=True):
            fill(weight, bias, generator)
        return torch.cat([tensor.flatten() for tensor in tensors])

    def __call__(
        self, theta: Tensor, x: Tensor, buffers: dict[str, Tensor] | None = None, *, training: bool = False
    ) -> Tensor:
        """Outputs, `(settings, samples, outputs)`, of inputs `(1 or settings, samples, features)`."""
        parts = list(unpack(theta, self.shapes).values())
        hidden = x.transpose(1, 2).expand(
            len(theta), -1, -1
        )  # a sample is a column, so that a layer is Wh + b
        for weight, bias in zip(parts[:-2:2], parts[1:-2:2], strict=True):
            hidden = self.activation(torch.baddbmm(bias.unsqueeze(2), weight, hidden))
        outputs = torch.baddbmm(parts[-1].unsqueeze(2), parts[-2], hidden).transpose(1, 2)
        return outputs if self.output_activation is None else self.output_activation(outputs)


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
