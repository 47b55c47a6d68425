"""How many threads torch uses, for a while; a pool of as many."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import torch

from optlab.engine.validation import count

__all__ = ["pool", "threads"]


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


def pool(name: str = "optlab") -> ThreadPoolExecutor:
    """Threads for trainings of their own, as many as torch uses: each more would take memory, and no core.

    Args:
        name: how the threads' names begin.

    Returns:
        The pool, to be used in a `with`.

    Example:
        >>> with threads(2), pool() as two:
        ...     list(two.map(abs, [-1, 2]))
        [1, 2]
    """
    return ThreadPoolExecutor(torch.get_num_threads(), thread_name_prefix=name)
