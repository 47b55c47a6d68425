"""Which batch sizes a model can be trained with: BatchNorm cannot do with one sample."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from optlab.engine.models.mlp import Model

__all__ = ["check_batches", "fitting"]


def check_batches(model: Model, sizes: np.ndarray, samples: int, *, one_per_batch: bool) -> None:
    """Raise `ValueError` if a batch would hold one sample, and the model cannot train on one.

    Args:
        model: what is to be trained.
        sizes: the batch size of each setting, `(settings,)`.
        samples: how many training samples there are.
        one_per_batch: whether one sample of each batch is used only.
    """
    alone = [int(size) for size in sizes if _leaves_one(int(size), samples)]
    if not (one_per_batch or alone) or not (why := model.refusal(1)):
        return
    if one_per_batch:
        raise ValueError(f"one_per_batch=True: the model cannot train on a batch of one sample ({why})")
    size = alone[0]
    raise ValueError(
        f"batch_size={size}: of {samples} training samples the last batch holds one, expected a batch size "
        f"that leaves more, since the model cannot train on one ({why})"
    )


def fitting(model: Model, sizes: Iterable[int], samples: int) -> list[int]:
    """The batch sizes among these with which a model can be trained on so many samples.

    Example:
        >>> from optlab import MLP
        >>> fitting(MLP((4, 2)), [1, 16], samples=80)
        [1, 16]
    """
    sizes = list(sizes)
    alone = [size for size in sizes if _leaves_one(size, samples)]
    return [size for size in sizes if size not in alone] if alone and model.refusal(1) else sizes


def _leaves_one(size: int, samples: int) -> bool:
    """Whether a batch of an epoch holds one sample."""
    return size == 1 or samples % size == 1
