"""A loss of the learner's own: one of torch's modules, or a function; checked before anything is trained."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any, cast

import torch
from torch import Tensor, nn

from optlab.engine.data.dataset import Dataset
from optlab.engine.validation import names_of

__all__ = ["fitting_loss"]

Loss = Callable[[Tensor, Tensor], Tensor]


def fitting_loss(loss: Loss, data: Dataset) -> Loss:
    """A loss as training calls it: with outputs `(settings, samples, outputs)` and labels.

    Args:
        loss: a function that is called so, or a loss of `torch.nn`, whose `reduction` makes no difference.
        data: what is learnt from.

    Returns:
        A function that gives one loss a sample, `(settings, samples)`.

    Raises:
        ValueError: if it does not fit these labels, or gives something else.

    Example:
        >>> data = Dataset(torch.zeros(3, 2), torch.ones(3), torch.zeros(1, 2), torch.ones(1))
        >>> fitting_loss(nn.HuberLoss(), data)(torch.tensor([[[1.0], [1.5]]]), torch.ones(2))
        tensor([[0.0000, 0.1250]])
    """
    device, dtype = data.x_train.device, data.dtype
    called = _EachSample(loss, device, dtype) if isinstance(loss, nn.Module) else loss
    outputs = torch.zeros(1, 2, data.outputs, dtype=dtype, device=device)
    try:
        made = called(outputs, data.y_train[:2])
    except (RuntimeError, ValueError, TypeError, IndexError) as error:
        raise ValueError(
            f"loss={names_of([loss])} does not fit these labels: {error}; it is called with outputs "
            f"(settings, samples, {data.outputs}) and labels (samples,)"
        ) from error
    if not isinstance(made, Tensor) or made.shape != (1, 2):
        shape = tuple(made.shape) if isinstance(made, Tensor) else type(made).__name__
        raise ValueError(
            f"loss={names_of([loss])} gives {shape} for outputs (1, 2, {data.outputs}): "
            "expected one loss a sample, (settings, samples) = (1, 2)"
        )
    return called


class _EachSample:
    """A loss of `torch.nn` for many settings at once; torch's own take one batch and give its mean."""

    def __init__(self, module: nn.Module, device: torch.device, dtype: torch.dtype) -> None:
        self._module = cast(Any, deepcopy(module).to(device, dtype))
        if hasattr(module, "reduction"):
            self._module.reduction = "none"

    def __call__(self, outputs: Tensor, y: Tensor) -> Tensor:
        shape = outputs.shape[:2]
        flat = outputs.flatten(0, 1)
        made: Tensor = self._module(flat.squeeze(1), y.expand(shape).flatten())
        return made.view(shape)
