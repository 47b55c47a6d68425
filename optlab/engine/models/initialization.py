"""Initial weights: functions that fill one layer's weight and bias from a random generator."""

from __future__ import annotations

import math
from collections.abc import Callable

from torch import Generator, Tensor, nn

__all__ = ["INITIALIZERS", "he", "normal", "pytorch", "xavier", "zeros"]

Initializer = Callable[[Tensor, Tensor, Generator], None]


def zeros(weight: Tensor, bias: Tensor, generator: Generator) -> None:  # noqa: ARG001
    """All weights and biases 0: every hidden unit then stays the same as every other."""
    nn.init.zeros_(weight)
    nn.init.zeros_(bias)


def normal(scale: float) -> Initializer:
    """Weights from N(0, scale²), biases 0: the article's "small or large values".

    Args:
        scale: standard deviation of the weights, 0 or above.

    Returns:
        The initializer.

    Raises:
        ValueError: if `scale` is negative or not finite.
    """
    if not (math.isfinite(scale) and scale >= 0):
        raise ValueError(f"scale={scale!r}: expected a finite number, 0 or above")

    def fill(weight: Tensor, bias: Tensor, generator: Generator) -> None:
        nn.init.normal_(weight, std=scale, generator=generator)
        nn.init.zeros_(bias)

    return fill


def xavier(weight: Tensor, bias: Tensor, generator: Generator) -> None:
    """Weights from N(0, 2 / (inputs + outputs)), biases 0; keeps tanh layers at one scale.

    Source:
        X. Glorot and Y. Bengio, AISTATS 2010.
    """
    nn.init.xavier_normal_(weight, generator=generator)
    nn.init.zeros_(bias)


def he(weight: Tensor, bias: Tensor, generator: Generator) -> None:
    """Weights from N(0, 2 / inputs), biases 0; keeps ReLU layers at one scale.

    Source:
        K. He et al., ICCV 2015.
    """
    nn.init.kaiming_normal_(weight, nonlinearity="relu", generator=generator)
    nn.init.zeros_(bias)


def pytorch(weight: Tensor, bias: Tensor, generator: Generator) -> None:
    """What `nn.Linear` does by itself: weights and biases from U(−1/√inputs, 1/√inputs).

    The draws are those of `torch.manual_seed(seed)` followed by building the layers in order.
    """
    bound = 1 / math.sqrt(weight.shape[1])
    nn.init.kaiming_uniform_(weight, a=math.sqrt(5), generator=generator)
    nn.init.uniform_(bias, -bound, bound, generator=generator)


INITIALIZERS: dict[str, Initializer] = {f.__name__: f for f in (zeros, xavier, he, pytorch)}
