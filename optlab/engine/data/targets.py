"""The target of a regression with mean 0 and standard deviation 1, in data that are split already."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch

from optlab.engine.data.dataset import Dataset
from optlab.engine.data.standardizing import scaled_note, standardized

__all__ = ["with_scaled_target"]


def with_scaled_target(data: Dataset) -> Dataset:
    """Standardise the target by the training samples: a learning rate that suits one then suits all.

    Args:
        data: any dataset.

    Returns:
        The same where it has classes, or its target has been standardised; else a new one.

    Example:
        >>> x = torch.zeros(2, 1)
        >>> data = with_scaled_target(Dataset(x, torch.tensor([1e5, 3e5]), x, torch.tensor([2e5, 5e5])))
        >>> data.y_train.tolist(), data.y_test.tolist()
        ([-1.0, 1.0], [0.0, 3.0])
    """
    if data.classes or data.y_scale:
        return data
    both = torch.cat([data.y_train, data.y_test])
    values, scale = standardized(both.cpu().numpy(), np.arange(len(data)))
    y_train, y_test = torch.from_numpy(values).to(both).tensor_split([len(data)])
    notes = (*data.notes, scaled_note(scale))
    return replace(data, y_train=y_train, y_test=y_test, y_scale=scale, notes=notes)
