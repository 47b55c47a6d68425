"""Training and test data as tensors, and the order in which samples are drawn."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from torch import Tensor

from optlab.engine.data.features import numbers_of
from optlab.engine.data.frames import Columns, encoded_like
from optlab.engine.data.standardizing import Scale

__all__ = ["Dataset", "check_dataset", "shuffles"]


NOT_FOR_INPUTS = (torch.bool, torch.bfloat16)
"""Truth values are no numbers to a layer, and a History's NumPy has no bfloat16."""


@dataclass(frozen=True, repr=False)
class Dataset:
    """Training and test data as tensors.

    Args:
        x_train: features, `(train samples, features)`, or with more axes, such as images
            `(train samples, channels, height, width)`; real numbers, or whole ones such as the ids of words.
        y_train: class numbers `(train samples,)`, int64; or real targets `(train samples,)` for a regression.
        x_test: features of the test samples, in the shape and dtype of `x_train`'s.
        y_test: like `y_train`, for the test samples.
        name: what to call the data in a title.
        classes: the classes' names in order; empty for a regression.
        notes: what was made of the columns of a frame and of the target, one sentence each.
        x_scale: how the features were standardised; None: they are as they came.
        y_scale: the same of the targets of a regression.
        columns: the columns of the frame that the features were made of.

    Example:
        >>> Dataset(torch.zeros(3, 2), torch.ones(3), torch.zeros(1, 2), torch.ones(1))
        data: 3 samples to train on and 1 to test, each (2,) of float32
    """

    x_train: Tensor
    y_train: Tensor
    x_test: Tensor
    y_test: Tensor
    name: str = "data"
    classes: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    x_scale: Scale | None = None
    y_scale: Scale | None = None
    columns: Columns = field(default_factory=dict)

    @property
    def features(self) -> int:
        """How many features a sample has, over all its axes."""
        return math.prod(self.x_train.shape[1:])

    @property
    def dtype(self) -> torch.dtype:
        """What a model for these data computes in: the features' dtype; float32 if they are whole numbers."""
        return self.x_train.dtype if self.x_train.is_floating_point() else torch.float32

    @property
    def outputs(self) -> int:
        """How many outputs a model for these data needs: one a class, or 1 for a regression."""
        return len(self.classes) or 1

    @property
    def sample(self) -> Tensor:
        """A few inputs to try a model on; those with the smallest and the largest id are among them."""
        first = self.x_train[:4]
        if first.is_floating_point():
            return first
        every = torch.cat([self.x_train, self.x_test])
        low, high = every.flatten(1).amin(1).argmin(), every.flatten(1).amax(1).argmax()
        return torch.cat([every[low][None], every[high][None], first[:2]])

    def inputs(self, x: Any) -> Tensor:
        """Other samples as a network that was trained on these data expects them.

        Args:
            x: features as they were given, `(samples, *shape)`; of a frame, a frame with its columns.

        Returns:
            The features as `x_train` has them: text as columns of 0 and 1, and standardised alike.

        Raises:
            TypeError: if they are no numbers, or no frame where the training data were one.
            ValueError: if they have another shape, are not finite, or lack a column.

        Example:
            >>> from optlab import from_arrays
            >>> data = from_arrays([[0.0], [10.0]] * 10, ["no", "yes"] * 10)
            >>> data.inputs([[5.0], [10.0]])
            tensor([[0.],
                    [1.]])
        """
        values = encoded_like(x, self.columns) if self.columns else numbers_of("X", x)
        shape = tuple(self.x_train.shape[1:])
        if values.shape[1:] != shape:
            raise ValueError(f"X has samples of shape {values.shape[1:]}: expected {shape}, as in x_train")
        values = self.x_scale.apply(values) if self.x_scale else values
        return torch.as_tensor(values).to(self.x_train)

    def in_units(self, outputs: Any) -> np.ndarray:
        """Targets or outputs of a regression in the units of the `y` that was given.

        Args:
            outputs: as `y_train` has them, or as a network gives them, `(samples,)` or `(samples, 1)`.

        Returns:
            `(samples,)`, float64.

        Example:
            >>> from optlab import from_arrays
            >>> data = from_arrays([[0.0], [1.0]] * 10, [2e5, 4e5] * 10, regression=True)
            >>> data.in_units([-1.0, 0.0, 1.0])
            array([200000., 300000., 400000.])
        """
        if isinstance(outputs, Tensor):
            outputs = outputs.detach().cpu().numpy()
        values = np.asarray(outputs, np.float64).reshape(len(outputs))
        return self.y_scale.undo(values) if self.y_scale else values

    def __len__(self) -> int:
        """How many training samples there are."""
        return len(self.x_train)

    def __repr__(self) -> str:
        each = f"each {tuple(self.x_train.shape[1:])} of {str(self.x_train.dtype).removeprefix('torch.')}"
        size = f"{self.name}: {len(self)} samples to train on and {len(self.x_test)} to test, {each}"
        shown = ", ".join([*self.classes[:10], *(["..."] if len(self.classes) > 10 else [])])
        return "\n".join([f"{size}; classes {shown}" if shown else size, *self.notes])


def check_dataset(data: Dataset) -> None:
    """Raise `TypeError` or `ValueError` unless both parts of a dataset are sound and fit each other."""
    _check_part("train", data.x_train, data.y_train, data)
    _check_part("test", data.x_test, data.y_test, data)


def _check_part(part: str, x: Tensor, y: Tensor, data: Dataset) -> None:
    for name, tensor in ((f"x_{part}", x), (f"y_{part}", y)):
        if not isinstance(tensor, Tensor):
            raise TypeError(f"{name} is a {type(tensor).__name__}: expected a torch.Tensor")
    numbers_of(f"x_{part}", x)
    shape = ", ".join(map(str, data.x_train.shape[1:]))
    if x.shape[1:] != data.x_train.shape[1:] or x.dtype != data.x_train.dtype or x.dtype in NOT_FOR_INPUTS:
        allowed = f"(samples, {shape}), real or whole numbers of one dtype that NumPy has too"
        raise ValueError(f"x_{part} has shape {tuple(x.shape)}, {x.dtype}: expected {allowed}")
    dtype = torch.int64 if data.classes else data.dtype
    if y.shape != x.shape[:1] or y.dtype != dtype:
        raise ValueError(f"y_{part} has shape {tuple(y.shape)}, {y.dtype}: expected ({len(x)},), {dtype}")
    if data.classes and not ((y >= 0) & (y < len(data.classes))).all():
        odd = y[(y < 0) | (y >= len(data.classes))][0]
        raise ValueError(f"y_{part} holds {odd}: expected class numbers from 0 to {len(data.classes) - 1}")
    if not y.isfinite().all():
        raise ValueError(f"y_{part} holds {y[~y.isfinite()][0]}: expected finite numbers")


def shuffles(samples: int, seeds: Iterable[int]) -> Iterator[Tensor]:
    """Random orders of the samples, a new one each epoch, the same for the same seed.

    The orders are those of `torch.randperm(samples, generator=torch.Generator().manual_seed(seed))`
    called once an epoch, so that a plain loop can draw the same mini-batches.

    Args:
        samples: how many training samples there are.
        seeds: one whole number for each order wanted.

    Yields:
        Each epoch, int64 indices of shape `(seeds, samples)`.

    Example:
        >>> next(shuffles(5, [0])).tolist()
        [[4, 0, 1, 3, 2]]
    """
    generators = [torch.Generator().manual_seed(int(seed)) for seed in seeds]
    while True:
        yield torch.stack(
            [torch.randperm(samples, generator=generator, device="cpu") for generator in generators]
        )
