"""Attention by its formula, for vmap, which has no rule for the fused kernels."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import torch
from torch.nn.attention import SDPBackend, sdpa_kernel

__all__ = ["plain_attention", "times_plain"]


class _Switches:
    """torch's switches, which hold for all threads: the first in sets them, the last out resets them."""

    def __init__(self) -> None:
        self.lock, self.inside, self.entered, self.undo = threading.Lock(), 0, 0, ExitStack()

    def enter(self) -> None:
        with self.lock:
            self.inside += 1
            self.entered += 1
            if self.inside == 1:
                self.undo.enter_context(sdpa_kernel(SDPBackend.MATH))
                self.undo.callback(
                    torch.backends.mha.set_fastpath_enabled, torch.backends.mha.get_fastpath_enabled()
                )
                torch.backends.mha.set_fastpath_enabled(False)

    def leave(self) -> None:
        with self.lock:
            self.inside -= 1
            if self.inside == 0:
                self.undo.close()


_SWITCHES = _Switches()


@contextmanager
def plain_attention() -> Iterator[None]:
    """Compute attention as softmax(QKᵀ/√d)V, one operation after the other, on every thread for a while."""
    _SWITCHES.enter()
    try:
        yield
    finally:
        _SWITCHES.leave()


def times_plain() -> tuple[int, int]:
    """In how many `plain_attention` blocks threads are now, and how many there have been."""
    with _SWITCHES.lock:
        return _SWITCHES.inside, _SWITCHES.entered
