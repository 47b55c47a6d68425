"""Order: which settings of a grid a background runs next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from optlab.params import Grid

__all__ = ["Order", "levels"]

LOOKED_AT_WHOLE = 2_000_000
"""Of a grid of more settings only those near the sliders are looked at."""
AXES, PLANES, REST = 1, 2, 3
"""How many sliders a setting is away."""

Cost = Callable[[dict[str, Any]], Any]


def levels(count: int) -> np.ndarray:
    """How fine a grid has to be for each stop of a slider to be on it: 0 for the coarsest.

    Args:
        count: how many stops.

    Returns:
        Whole numbers, `(count,)`: both ends and every eighth stop have 0, every fourth 1, and so on.

    Example:
        >>> levels(10).tolist()
        [0, 3, 2, 3, 1, 3, 2, 3, 0, 0]
    """
    found = np.full(count, 3)
    for level, step in ((2, 2), (1, 4), (0, 8)):
        found[::step] = level
    found[-1] = 0
    return found


class Order:
    """What comes first: the wanted setting, the axes through it, then the rest.

    A grid that is run as a whole goes on with the planes through the wanted setting, then coarse to fine.
    Of one that is too large for that, the nearest settings come next, the cheap ones of them first.

    Args:
        grid: the settings.
        most: how many of them are run unasked; a function is asked each time.
        chunk: how many are run together at most.
        cost: how long settings take next to others, `cost(settings) -> (n,)` or one number; only equals are
            run together.

    Example:
        >>> from optlab.params import Param
        >>> order = Order(Grid((Param("a", "a", "a", (0, 1, 2), 0),)), most=3, chunk=2, cost=lambda _: 1)
        >>> order.next(1)
        [1]
        >>> order.know([1])
        >>> order.next(1)
        [0, 2]
    """

    def __init__(self, grid: Grid, most: int | Callable[[], int], chunk: int, cost: Cost) -> None:
        self._grid, self._most, self._chunk, self._cost = grid, most, chunk, cost
        self._known: set[int] = set()  # of a grid that is looked at whole `_missing` says it
        self._missing = np.ones(grid.size, bool) if grid.size <= LOOKED_AT_WHOLE else None
        self._wanted, self._line, self._on_axes = -1, np.zeros(0, np.int64), False

    @property
    def most(self) -> int:
        """How many settings are run unasked."""
        return min(self._most() if callable(self._most) else self._most, self._grid.size)

    def know(self, slots: Sequence[int]) -> None:
        """Leave these out from now on.

        Args:
            slots: which.
        """
        if self._missing is None:
            self._known.update(slots)
        else:
            self._missing[list(slots)] = False

    def next(self, wanted: int) -> list[int]:
        """What to run next.

        Args:
            wanted: where the sliders are.

        Returns:
            Slots that may be run together; empty when there is nothing left.
        """
        if not self._is_known(wanted):
            return [wanted]
        line = self._line[self._are_missing(self._line)] if wanted == self._wanted else self._line[:0]
        if not len(line):  # ranking tens of thousands takes as long as training some
            self._wanted = wanted
            line = self._lined_up(wanted)
        self._line = line
        enough = not self._on_axes and self._count() >= self.most
        return [] if enough else line[: self._chunk].tolist()

    def _lined_up(self, wanted: int) -> np.ndarray:
        """All that come before the others and may be run together, the first one first."""
        slots = self._candidates(wanted)
        moved = self._indices(slots) - self._indices(np.array([wanted]))
        away = np.minimum(np.count_nonzero(moved, axis=0), REST)
        steps = np.abs(moved).sum(axis=0)
        self._on_axes = bool((away == AXES).any())
        if self._on_axes:
            return self._first(slots[away == AXES], steps[away == AXES])
        if not len(slots):
            return slots
        if self.most == self._grid.size:
            return self._first(slots, steps, np.where(away == PLANES, -1, self._level(slots)))
        near = np.argsort(steps, kind="stable")[: 8 * self._chunk]
        return self._first(slots[near], steps[near])

    def _is_known(self, slot: int) -> bool:
        return slot in self._known if self._missing is None else not self._missing[slot]

    def _are_missing(self, slots: np.ndarray) -> np.ndarray:
        if self._missing is None:
            return np.array([slot not in self._known for slot in slots.tolist()], bool)
        return self._missing[slots]

    def _count(self) -> int:
        missing = self._missing
        return len(self._known) if missing is None else self._grid.size - int(np.count_nonzero(missing))

    def _candidates(self, wanted: int) -> np.ndarray:
        if self._missing is not None:
            return np.flatnonzero(self._missing)
        around = self._grid.nearest(wanted, len(self._known) + 8 * self._chunk)
        near = dict.fromkeys([*self._grid.axes_through(wanted), *around])
        return np.array([slot for slot in near if slot not in self._known], np.int64)

    def _first(self, slots: np.ndarray, steps: np.ndarray, rank: np.ndarray | int = 0) -> np.ndarray:
        """Of the lowest rank the cheapest, nearest first."""
        best = np.flatnonzero(rank == np.min(rank)) if np.ndim(rank) else np.arange(len(slots))
        slots, steps = slots[best], steps[best]
        costs = np.broadcast_to(self._cost(self._grid.settings(slots.tolist())), len(slots))
        cheapest = np.flatnonzero(costs == costs.min())
        order = cheapest[np.argsort(steps[cheapest], kind="stable")]
        return slots[order]

    def _indices(self, slots: np.ndarray) -> np.ndarray:
        return np.stack(np.unravel_index(slots, self._grid.shape))

    def _level(self, slots: np.ndarray) -> np.ndarray:
        each = [levels(n)[k] for n, k in zip(self._grid.shape, self._indices(slots), strict=True)]
        return np.max(each, axis=0)
