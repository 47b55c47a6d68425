"""Where a training runs: on the CPU, or on an accelerator that torch can use here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor

from optlab.engine.data.dataset import Dataset

__all__ = ["available", "placed", "training_device"]

_PARTS = ("x_train", "y_train", "x_test", "y_test")


def available() -> list[str]:
    """The kinds of device that torch can train on here, the CPU first.

    Example:
        >>> available()[0]
        'cpu'
    """
    accelerator = torch.accelerator.current_accelerator() if torch.accelerator.is_available() else None
    return ["cpu", *([accelerator.type] if accelerator else [])]


@contextmanager
def training_device(device: Any, dataset: Any) -> Iterator[torch.device]:
    """Find the device to train on, and keep a default device that was set elsewhere out of it.

    Args:
        device: what the caller asks for, such as `"cuda"`; None for where the data are.
        dataset: what is trained on, in whatever form.

    Yields:
        The device.

    Raises:
        TypeError: if `device` is not a device or its name.
        ValueError: if it is not there, or the data are on another accelerator.
    """
    found = _device_of(dataset)
    asked = found if device is None else _known("device", device)
    if found.type != "cpu" and found != asked:
        raise ValueError(
            f"device={device!r}: the dataset is on {str(found)!r}, move it there or leave device out"
        )
    default = torch.get_default_device()
    if default.type == "cpu" or default == asked:
        yield asked
    else:
        with asked:
            yield asked


def _device_of(dataset: Any) -> torch.device:
    """The one device of all tensors in a dataset, or in a tuple of arrays; the CPU for anything else."""
    parts = [getattr(dataset, name) for name in _PARTS] if isinstance(dataset, Dataset) else dataset
    tensors = [part for part in parts if isinstance(part, Tensor)] if isinstance(parts, (list, tuple)) else []
    names = sorted({str(tensor.device) for tensor in tensors})
    if len(names) > 1:
        raise ValueError(f"dataset has tensors on {' and '.join(names)}: expected one device")
    return _known("dataset is on device", names[0]) if names else torch.device("cpu")


def _known(name: str, value: Any) -> torch.device:
    try:
        device = torch.device(value)
    except TypeError as error:
        raise TypeError(f"{name}={value!r}: expected None or one of {', '.join(available())}") from error
    except RuntimeError as error:
        raise ValueError(f"{name}={value!r}: expected one of {', '.join(available())}") from error
    if device.type not in available() or (device.index or 0) >= _count(device):
        raise ValueError(f"{name}={value!r} cannot train here: expected one of {', '.join(available())}")
    return torch.empty(0, device=device).device  # "cuda" is the current one, "cuda:0" say


def _count(device: torch.device) -> int:
    return 1 if device.type == "cpu" else torch.accelerator.device_count()


def placed(data: Dataset, device: torch.device) -> Dataset:
    """The same data on a device; raises `ValueError` where it has no numbers of this kind."""
    try:
        return replace(data, **{name: getattr(data, name).to(device) for name in _PARTS})
    except (TypeError, RuntimeError) as error:
        raise ValueError(f"device={str(device)!r} does not take {data.x_train.dtype}: {error}") from error
