"""Rows: the record of many settings, row *i* belonging to setting *i*."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar

import numpy as np
from typing_extensions import Self

__all__ = ["Rows"]

Record = TypeVar("Record", bound="Rows")


@dataclass(frozen=True)
class Rows:
    """A record whose arrays all have the settings as their first axis; subclasses name the arrays.

    Args:
        settings: the value of each hyper-parameter, each `(settings,)`.

    Example:
        >>> @dataclass(frozen=True)
        ... class Heights(Rows):
        ...     height: np.ndarray
        >>> both = Heights({"x": np.array([1, 2])}, np.array([[1.0, 1.5], [2.0, 2.5]]))
        >>> both.select(1).settings, both.select(1).height.tolist(), len(both)
        ({'x': array([2])}, [[2.0, 2.5]], 2)
    """

    settings: dict[str, np.ndarray]

    def __len__(self) -> int:
        """How many settings there are."""
        return len(next(iter(self.settings.values())))

    def select(self, rows: Any) -> Self:
        """Some of the settings, in the order asked for.

        Args:
            rows: a row, or a sequence of rows.

        Returns:
            A record of those settings alone.
        """
        rows = np.atleast_1d(rows)
        arrays = {f.name: getattr(self, f.name)[rows] for f in fields(self) if f.name != "settings"}
        return replace(self, settings={name: v[rows] for name, v in self.settings.items()}, **arrays)

    def find(self, settings: dict[str, np.ndarray]) -> Self:
        """The rows that have these settings, in the order asked for.

        Args:
            settings: a value for each of this record's settings, each `(settings,)`; others are ignored.

        Returns:
            A record of those settings alone.

        Raises:
            KeyError: if a setting is not in the record.
        """
        known = list(zip(*(column.tolist() for column in self.settings.values()), strict=True))
        places = {key: row for row, key in enumerate(known)}
        asked = zip(*(np.asarray(settings[name]).tolist() for name in self.settings), strict=True)
        return self.select([places[key] for key in asked])
