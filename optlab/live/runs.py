"""Runs: the records of the settings of a grid, kept in the batches they came in."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from typing import Any

import numpy as np

from optlab.record import Record

__all__ = ["Runs", "bytes_of"]


class Runs(Mapping[int, Record]):
    """For each slot that has been run its record of one setting, as long as there is room.

    Every slot that was ever kept is counted, found by `in` and listed. The records of the oldest batches are
    let go once all together take more than `most` bytes; asking for one of them raises KeyError.

    Args:
        most: bytes.

    Example:
        >>> runs = Runs()
        >>> runs.keep([4, 7], Record({"lr": np.array([0.1, 1.0])}))
        >>> list(runs), runs[7].setting(0)
        ([4, 7], {'lr': 1.0})
    """

    def __init__(self, most: float = np.inf) -> None:
        self._most, self._bytes = most, 0
        self._where: dict[int, int] = {}  # two whole numbers in one: the batch's, and the row in it
        self._batches: dict[int, Record] = {}
        self._order: deque[int] = deque()
        self._next = 0

    def keep(self, slots: Sequence[int], record: Record) -> None:
        """Keep a batch.

        Args:
            slots: which settings; one that comes again takes the new record.
            record: as many rows.
        """
        batch, self._next = self._next, self._next + 1
        self._batches[batch] = record
        self._order.append(batch)
        self._bytes += bytes_of(record)
        self._where |= {slot: batch << 32 | row for row, slot in enumerate(slots)}
        while self._bytes > self._most and len(self._order) > 1:
            self._bytes -= bytes_of(self._batches.pop(self._order.popleft()))

    def clear(self) -> None:
        """Forget all."""
        self.__init__(self._most)  # type: ignore[misc]

    def __getitem__(self, slot: int) -> Record:
        """The record of one setting; KeyError if it was not kept or has been let go."""
        place = self._where[slot]
        row = place & 0xFFFFFFFF
        return self._batches[place >> 32].select(slice(row, row + 1))

    def __contains__(self, slot: object) -> bool:
        """Whether a slot has ever been kept."""
        return slot in self._where

    def __iter__(self) -> Iterator[int]:
        """Every slot that has ever been kept."""
        return iter(list(self._where))

    def __len__(self) -> int:
        """How many."""
        return len(self._where)


def bytes_of(record: Record) -> int:
    """How much memory the arrays of a record take.

    Args:
        record: any.

    Returns:
        Bytes.

    Example:
        >>> bytes_of(Record({"lr": np.zeros(3)}))
        24
    """
    return sum(_bytes(getattr(record, f.name)) for f in fields(record))


def _bytes(value: Any) -> int:
    if isinstance(value, dict):
        return sum(_bytes(part) for part in value.values())
    return int(getattr(value, "nbytes", 0))
