"""Models whose parameters carry a settings axis: one flat vector θ for each setting.

A model says which parameters it has (`shapes`), how they start (`start`), and what it makes of inputs:
`model(theta, x)` with `theta` `(settings, parameters)` and `x` `(1 or settings, samples, *features)` gives
`(settings, samples, outputs)`. Keeping θ flat makes an update rule one line for the whole network.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor

from optlab.engine.models.initialization import INITIALIZERS, Initializer
from optlab.engine.validation import choice, whole

__all__ = ["MLP", "Model", "Shapes", "unpack", "weight_mask"]

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
    """The interface that `train` expects; `MLP` and `module.TorchModel` implement it."""

    shapes: Shapes

    draws: bool = False
    """Whether training draws random numbers, as dropout does."""

    together: bool = True
    """Whether settings are computed at once, and with the same random numbers; else one after another."""

    def start(self, seed: int) -> Tensor:
        """Initial parameters, `(parameters,)`, the same for the same seed."""
        raise NotImplementedError

    def buffers(self, settings: int) -> dict[str, Tensor]:
        """What the model keeps besides parameters, `(settings, *shape)` by name."""
        return {}

    def state(self, theta: Tensor, buffers: dict[str, Tensor]) -> dict[str, Tensor]:
        """What a History keeps of these parameters and buffers, `(settings, *shape)` by name."""
        return unpack(theta, self.shapes)

    def refusal(self, samples: int) -> str:
        """Why it cannot train on a batch of so few samples; empty where it can."""
        return ""

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
        tensors = [torch.empty(shape, device="cpu") for shape in self.shapes.values()]
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
