"""torch's global random numbers, borrowed for a while: layers such as dropout draw from nothing else."""

from __future__ import annotations

import threading
from types import TracebackType
from typing import Any

import torch
from torch import Tensor

__all__ = ["Randomness", "get_state", "set_state"]

_LOCK = threading.RLock()  # labs train on threads of their own, and torch has one generator for all


def _source(device: torch.device) -> tuple[Any, tuple]:
    """What keeps a device's generator, and what it wants to be told."""
    module = torch if device.type == "cpu" else torch.get_device_module(device)
    return module, (device,) if device.type == "cuda" else ()


def get_state(device: torch.device) -> Tensor:
    """The state of torch's global generator for a device."""
    module, where = _source(device)
    return module.get_rng_state(*where)


def set_state(state: Tensor, device: torch.device) -> None:
    """Put torch's global generator for a device into a state."""
    module, where = _source(device)
    module.set_rng_state(state, *where)


class Randomness:
    """A stream of random numbers of one's own, for layers that ask torch's global generator.

    While it is entered, the global generator goes through this stream; before and after, it is as if
    nothing had been drawn. Entered again, the stream goes on where it stopped.

    Args:
        seed: where the stream begins: that of `torch.manual_seed(seed)`.
        device: whose generator.

    Example:
        >>> own = Randomness(0)
        >>> with own:
        ...     first = torch.rand(1)
        >>> bool(torch.rand(1, generator=torch.Generator().manual_seed(0)) == first)
        True
    """

    def __init__(self, seed: int, device: torch.device | str = "cpu") -> None:
        self.device = torch.device(device)
        self.state = torch.Generator(self.device).manual_seed(int(seed)).get_state()

    def __enter__(self) -> None:
        _LOCK.acquire()
        self.outside = get_state(self.device)
        set_state(self.state, self.device)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.state = get_state(self.device)
        set_state(self.outside, self.device)
        _LOCK.release()
