"""How many threads torch uses, for a while."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch

from optlab.engine.validation import count

__all__ = ["threads"]


@contextmanager
def threads(number: int) -> Iterator[None]:
    """Let torch use so many threads, and give it back what it had. PyTorch counts them for each thread.

    Many tiny operations are best done by one: a second gains nothing, and would only be waited for.

    Args:
        number: how many, 1 or more.

    Raises:
        ValueError: if `number` is below 1.

    Example:
        >>> before = torch.get_num_threads()
        >>> with threads(1):
        ...     torch.get_num_threads()
        1
        >>> torch.get_num_threads() == before
        True
    """
    before = torch.get_num_threads()
    torch.set_num_threads(count("number", number))
    try:
        yield
    finally:
        torch.set_num_threads(before)
