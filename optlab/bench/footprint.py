"""What a process and all that it has started take: memory and processor seconds; on how many cores."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterator
from typing import Any, Self

import psutil

__all__ = ["Watch", "memory", "on_cores", "processor_seconds"]


def memory(process: int) -> list[int]:
    """The memory of a process and of all that it has started, each, in bytes.

    Args:
        process: its number.

    Returns:
        The proportional set size of each; on systems that do not tell it the resident one.

    Example:
        >>> memory(os.getpid())[0] > 1e6
        True
    """
    sizes = []
    for one in _family(process):
        with contextlib.suppress(psutil.Error):  # it has just ended
            told = one.memory_full_info()
            sizes.append(getattr(told, "pss", told.rss))
    return sizes


def _family(process: int) -> list[Any]:
    try:
        first = psutil.Process(process)
        return [first, *first.children(recursive=True)]
    except psutil.Error:
        return []


def processor_seconds(process: int) -> float:
    """Processor seconds of a process and of all that it has started.

    Args:
        process: its number.

    Returns:
        Their sum over those that are still there.
    """
    total = 0.0
    for one in _family(process):
        with contextlib.suppress(psutil.Error):
            times = one.cpu_times()
            total += times.user + times.system
    return total


class Watch:
    """Looks at a process and all that it starts, again and again, and keeps the largest it has seen.

    Args:
        process: its number.
        every: seconds from look to look.

    Attributes:
        peak: the memory of each process, in bytes, when all together took most.
    """

    def __init__(self, process: int, every: float = 0.2) -> None:
        self.process, self.every, self.peak = process, every, [0]
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Self:
        """Begin to look."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Look a last time, and end."""
        self._done.set()
        self._thread.join()

    def _look(self) -> None:
        while True:
            self.peak = max(self.peak, memory(self.process), key=sum)
            if self._done.wait(self.every):
                return


@contextlib.contextmanager
def on_cores(count: int) -> Iterator[None]:
    """Let whatever is started in here run on so many of this process's cores only.

    Raises:
        RuntimeError: if this process has not so many, or the system cannot tell.
    """
    if not hasattr(os, "sched_setaffinity"):
        raise RuntimeError("this system does not let a process choose its cores")
    own = os.sched_getaffinity(0)
    if len(own) < count:
        raise RuntimeError(f"there are {len(own)} cores here, not {count}")
    os.sched_setaffinity(0, sorted(own)[:count])
    try:
        yield
    finally:
        os.sched_setaffinity(0, own)
