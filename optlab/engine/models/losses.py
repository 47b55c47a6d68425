"""Losses, accuracy and penalties, all with a settings axis."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

__all__ = ["LOSSES", "PENALTIES", "Penalty", "accuracy", "cross_entropy", "squared_error"]


def cross_entropy(outputs: Tensor, y: Tensor) -> Tensor:
    """−log of the probability that softmax gives the right class.

    Args:
        outputs: logits, `(settings, samples, classes)`.
        y: class numbers, `(samples,)` or `(settings, samples)`.

    Returns:
        The loss of each sample, `(settings, samples)`.

    Example:
        >>> cross_entropy(torch.zeros(1, 1, 2), torch.tensor([0]))
        tensor([[0.6931]])

    Source:
        The article, section 4.3.
    """
    return functional.cross_entropy(outputs.transpose(1, 2), y.expand(outputs.shape[:2]), reduction="none")


def squared_error(outputs: Tensor, y: Tensor) -> Tensor:
    """(output − y)² of each sample; for classes, summed over outputs, with y 1 for the right one, else 0.

    Args:
        outputs: predictions, `(settings, samples, 1)`; for classes `(settings, samples, classes)`.
        y: targets or class numbers, `(samples,)` or `(settings, samples)`.

    Returns:
        The loss of each sample, `(settings, samples)`.

    Example:
        >>> squared_error(torch.tensor([[[1.0, 0.5]]]), torch.tensor([0]))
        tensor([[0.2500]])
    """
    classes = outputs.shape[-1]
    target = functional.one_hot(y, classes) if classes > 1 else y.unsqueeze(-1)
    return ((outputs - target) ** 2).sum(-1)


def accuracy(outputs: Tensor, y: Tensor) -> Tensor:
    """Whether the largest logit is the right class: 1 or 0 for each sample, `(settings, samples)`."""
    return (outputs.max(-1).indices == y).to(outputs.dtype)  # argmax takes 70 times as long for few classes


@dataclass(frozen=True)
class Penalty:
    """A term J₂(w) that keeps weights small, with its gradient, both entry by entry.

    `optlab.train` adds strength × Σ value(w) to the loss, over all penalised parameters.

    Args:
        value: J₂ of each entry.
        gradient: its derivative.
    """

    value: Callable[[Tensor], Tensor]
    gradient: Callable[[Tensor], Tensor]


PENALTIES: dict[str, Penalty] = {
    "l2": Penalty(value=torch.square, gradient=lambda w: 2 * w),
    "l1": Penalty(value=torch.abs, gradient=torch.sign),
}
"""L2 is w² without a ½: a strength λ is a `weight_decay` of 2λ. L1 is |w|; both at once, the elastic net.

Sources: the article, sections 3.5 and 4.3; H. Zou and T. Hastie, "Elastic net", 2005.
"""

LOSSES: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    f.__name__: f for f in (cross_entropy, squared_error)
}
