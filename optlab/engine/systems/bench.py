"""What this machine is and what it can do: its parts, its arithmetic peak, its memory's speed, its roofs."""

from __future__ import annotations

import os
import platform
import shutil
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from optlab.engine.systems.measured import as_measured, caller
from optlab.engine.validation import count, positive

__all__ = ["PROCESSOR", "Timing", "bandwidth", "machine", "peak", "roof", "timed"]

CACHE_BEATING = 2**23
"""The length of an array of 32 MiB: three of them exceed most CPU caches."""

PROCESSOR = time.perf_counter if sys.platform == "win32" else time.thread_time
"""A clock that leaves out what other programs do; on Windows none is fine enough, so it tells all time."""


@dataclass(frozen=True)
class Timing:
    """How long something takes: the best of several tries, and how far the tries lie apart.

    Args:
        best: seconds of the fastest try.
        median: seconds of the try in the middle.
        tries: how many there were.
    """

    best: float
    median: float
    tries: int

    @property
    def spread(self) -> float:
        """How many times the best the median is; 1 on a quiet machine."""
        return self.median / self.best

    def __str__(self) -> str:
        """The time in milliseconds, and the spread in words."""
        return f"{1e3 * self.best:.3g} ms (best of {self.tries}; median {self.spread:.1f} times that)"


def timed(
    function: Callable[[], Any],
    *,
    tries: int = 5,
    least: float = 1e-3,
    clock: Callable[[], float] = time.perf_counter,
) -> Timing:
    """Time a function; a quick one is called many times a try.

    Args:
        function: what to time; it is called once before, to warm up.
        tries: how many times to measure, 1 or more.
        least: how many seconds one try lasts at least.
        clock: what tells the time, in seconds, such as `PROCESSOR`.

    Returns:
        The timing of one call.

    Raises:
        ValueError: if `tries` is below 1 or `least` is not above 0.

    Example:
        >>> timed(lambda: sum(range(1000))).best < 0.01
        True
    """
    count("tries", tries), positive("least", least)
    best, median = as_measured(caller(), lambda: _seconds(function, tries, least, clock))
    return Timing(best, median, tries)


def _seconds(
    function: Callable[[], Any], tries: int, least: float, clock: Callable[[], float]
) -> list[float]:
    """The best and the median of some tries."""
    began = time.perf_counter()
    function()
    function()
    calls = max(1, int(2 * least / max(time.perf_counter() - began, 1e-9)))
    seconds = []
    for _ in range(tries):
        began = clock()
        for _ in range(calls):
            function()
        seconds.append((clock() - began) / calls)
    return [min(seconds), float(np.median(seconds))]


def machine() -> dict[str, str]:
    """What this machine is, in words.

    Returns:
        Processor, cores, memory, accelerator, C++ compiler, Python and torch, by name.

    Example:
        >>> list(machine())
        ['processor', 'cores', 'memory', 'accelerator', 'C++ compiler', 'software']
    """
    compiler = next((name for name in ("g++", "clang++", "cl") if shutil.which(name)), "none found")
    return {
        "processor": _processor(),
        "cores": f"{os.cpu_count()}, of which torch uses {torch.get_num_threads()}",
        "memory": _memory(),
        "accelerator": accelerator() or "none, and this course needs none",
        "C++ compiler": compiler,
        "software": f"Python {platform.python_version()}, torch {torch.__version__}",
    }


def accelerator() -> str:
    """The kind of accelerator that torch can use here, such as `"cuda"`; empty when there is none."""
    found = torch.accelerator.current_accelerator() if torch.accelerator.is_available() else None
    return found.type if found else ""


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.is_file() else []
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.processor() or platform.machine()


def _memory() -> str:
    if not hasattr(os, "sysconf") or "SC_PHYS_PAGES" not in os.sysconf_names:
        return "not known"
    return f"{os.sysconf('SC_PHYS_PAGES') * os.sysconf('SC_PAGE_SIZE') / 2**30:.0f} GiB"


def peak(dtype: torch.dtype = torch.float32, *, size: int = 768) -> float:
    """Measure the most arithmetic that this machine does: a large matrix times another.

    Args:
        dtype: of the matrices.
        size: their side n; a product takes 2n³ operations.

    Returns:
        Operations a second.

    Raises:
        ValueError: if `size` is below 1.
    """
    n = count("size", size)
    matrix = torch.ones(n, n, dtype=dtype)
    return 2 * n**3 / timed(lambda: matrix @ matrix, tries=7).best


def bandwidth(numbers: int = CACHE_BEATING) -> float:
    """Measure how fast memory streams: a ← b + 2c over arrays that no cache holds.

    Args:
        numbers: how long each array of float32 is; 12 bytes move for each.

    Returns:
        Bytes a second.

    Raises:
        ValueError: if `numbers` is below 1.

    Source:
        J. McCalpin, "Memory bandwidth and machine balance in current high performance computers", 1995.
    """
    a, b, c = (torch.ones(count("numbers", numbers)) for _ in range(3))
    return 12 * numbers / timed(lambda: torch.add(b, c, alpha=2, out=a)).best


def roof(intensity: Any, peak: float, bandwidth: float) -> np.ndarray:
    """The most operations a second that a task can reach: min(P, B·I).

    Args:
        intensity: I, operations for each byte moved, a number or an array.
        peak: P, operations a second.
        bandwidth: B, bytes a second.

    Returns:
        Operations a second, shaped as `intensity`.

    Raises:
        ValueError: if an argument is not above 0.

    Example:
        >>> roof([0.1, 1000], peak=1e11, bandwidth=1e10)
        array([1.e+09, 1.e+11])

    Source:
        S. Williams, A. Waterman and D. Patterson, "Roofline: an insightful visual performance model", 2009.
    """
    for name, value in (("intensity", np.ravel(intensity)), ("peak", peak), ("bandwidth", bandwidth)):
        positive(name, value)
    return np.minimum(peak, bandwidth * np.asarray(intensity, float))
