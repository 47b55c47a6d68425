"""Row: one contestant, declared as data. Result: what its turns have cost."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

__all__ = ["Missing", "Result", "Row", "Turn", "missing"]

Turn = Callable[[], float]
"""Runs once; returns what that cost, in the unit of its row."""


@dataclass(frozen=True)
class Row:
    """One contestant in one race.

    Args:
        group: the part of the benchmark, such as `"training"`.
        task: the race: what all its contestants do, such as `"iris, batch 16"`.
        name: who runs.
        words: what it does, in one line.
        ready: loads and prepares whatever it needs, and returns the turn to take again and again.
        needs: the modules of other projects that it uses.
        base: whether the others of its task are compared with it.
        parts: how many equal pieces of work a turn does: its cost is divided by them.
        unit: of the cost, such as `"ms"`.
        operations: arithmetic of a turn; 0 when nobody counts it.
        threads: on how many threads it runs.
        panel: where the picture shows it; its task when empty.
        series: which of several marks that share the panel's lines.
    """

    group: str
    task: str
    name: str
    words: str
    ready: Callable[[], Turn]
    needs: tuple[str, ...] = ()
    base: bool = False
    parts: int = 1
    unit: str = "ms"
    operations: float = 0.0
    threads: int = 1
    panel: str = ""
    series: str = ""


@dataclass(frozen=True)
class Missing:
    """A contestant that could not take part.

    Args:
        name: who.
        why: in words, with the remedy.
    """

    name: str
    why: str


@dataclass(frozen=True)
class Result:
    """What a row has cost, turn by turn, and how many times the base that was.

    Args:
        group: as in the row.
        task: as in the row.
        name: as in the row.
        words: as in the row.
        unit: as in the row.
        costs: of each turn and each of its parts.
        ratios: each cost over the base's in the same round.
        peak: the fraction of the machine's arithmetic peak that the median turn reaches; NaN if not counted.
        base: whether this is what others are compared with.
        panel: as in the row.
        series: as in the row.
    """

    group: str
    task: str
    name: str
    words: str
    unit: str
    costs: tuple[float, ...]
    ratios: tuple[float, ...]
    peak: float = float("nan")
    base: bool = False
    panel: str = ""
    series: str = ""

    @property
    def cost(self) -> float:
        """The median cost of one part."""
        return float(np.median(self.costs))

    def quartiles(self) -> tuple[float, float, float]:
        """Lower quartile, median and upper quartile of the ratios."""
        low, middle, high = np.quantile(self.ratios, (0.25, 0.5, 0.75))
        return float(low), float(middle), float(high)


def missing(needs: Sequence[str]) -> list[str]:
    """Which of these modules are not installed.

    Example:
        >>> missing(["numpy", "no_such_module"])
        ['no_such_module']
    """
    return [name for name in needs if importlib.util.find_spec(name) is None]


def bases(rows: Sequence[Row]) -> dict[str, Row]:
    """The base of each task.

    Raises:
        ValueError: if a task has none, or more than one.
    """
    found: dict[str, Row] = {}
    for task in dict.fromkeys(row.task for row in rows):
        first = [row for row in rows if row.task == task and row.base]
        if len(first) != 1:
            raise ValueError(f"task {task!r}: expected one base, found {len(first)}")
        found[task] = first[0]
    return found
