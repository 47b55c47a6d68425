"""Record: what an experiment leaves behind, as arrays whose first axis is the settings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import Field, dataclass, field, fields, replace
from typing import Any, Self

import numpy as np

__all__ = ["Record", "shared"]


def shared(**options: Any) -> Any:
    """A field of a `Record` that is the same for all settings, such as the steps that a curve is known at.

    Args:
        options: as in `dataclasses.field`.

    Returns:
        The field; `select` leaves it as it is.

    Example:
        >>> @dataclass(frozen=True)
        ... class Curves(Record):
        ...     height: np.ndarray
        ...     x: np.ndarray = shared()
        >>> curves = Curves({"a": np.array([1, 2])}, np.array([[1.0, 2.0], [2.0, 4.0]]), np.array([1.0, 2.0]))
        >>> curves.select(a=2).x.tolist()
        [1.0, 2.0]
    """
    return field(metadata={"shared": True}, **options)


@dataclass(frozen=True)
class Record:
    """Arrays that have the settings as their first axis; subclasses name the arrays.

    A record has this axis also when it holds one setting.

    Args:
        settings: the value of each hyper-parameter, each `(settings,)`.

    Example:
        >>> @dataclass(frozen=True)
        ... class Heights(Record):
        ...     height: np.ndarray
        >>> both = Heights({"x": np.array([1, 2])}, np.array([[1.0, 1.5], [2.0, 2.5]]))
        >>> len(both), both.setting(1), both.select(x=2).height.tolist()
        (2, {'x': 2}, [[2.0, 2.5]])
        >>> [one.height.sum() for one in both]
        [np.float64(2.5), np.float64(4.5)]
    """

    settings: dict[str, np.ndarray]

    def __len__(self) -> int:
        """How many settings there are."""
        return len(next(iter(self.settings.values())))

    def __iter__(self) -> Iterator[Self]:
        """One record after the other, of one setting each; their arrays are views."""
        return (self._take(slice(row, row + 1)) for row in range(len(self)))

    def rows(self) -> dict[str, int]:
        """How many rows each array has, by name; in a sound record all have one for each setting."""
        arrays = {f.name: getattr(self, f.name) for f in _split(type(self))}
        nested = {name: value for name, value in arrays.items() if isinstance(value, dict)}
        flat = {f"{name}[{key!r}]": array for name, value in nested.items() for key, array in value.items()}
        plain = {name: value for name, value in arrays.items() if name not in nested}
        return {name: len(array) for name, array in {**plain, **flat}.items()}

    def setting(self, row: int) -> dict[str, Any]:
        """The hyper-parameters of one setting as plain numbers and strings."""
        return {name: column[row].item() for name, column in self.settings.items()}

    def select(self, rows: Any = None, **where: Any) -> Self:
        """Some of the settings.

        Args:
            rows: an index, a slice, a list of indices or a boolean mask; all rows when left out.
            where: values that a setting must have, such as `lr=0.1`.

        Returns:
            A record with the same arrays and fewer rows, in the order asked for.

        Raises:
            KeyError: if a name in `where` is not a hyper-parameter of this record.
            TypeError: if a value in `where` is not one number or one name.
            ValueError: if no setting fits.
        """
        chosen = np.arange(len(self))
        chosen = chosen if rows is None else np.atleast_1d(chosen[rows])
        for name, value in where.items():
            chosen = chosen[self._has(name, value)[chosen]]
        if chosen.size == 0:
            raise ValueError(f"no setting has {where or rows}")
        return self._take(chosen)

    def find(self, settings: dict[str, Any]) -> Self:
        """The rows that have these settings, in the order asked for.

        Args:
            settings: a value for each of this record's hyper-parameters, each `(n,)`; others are ignored.

        Returns:
            A record of `n` rows.

        Raises:
            KeyError: if a setting is not in the record.
        """
        known = zip(*(column.tolist() for column in self.settings.values()), strict=True)
        rows = {key: row for row, key in enumerate(known)}
        asked = zip(*(np.asarray(settings[name]).tolist() for name in self.settings), strict=True)
        return self._take(np.array([rows[key] for key in asked]))

    @classmethod
    def concat(cls, parts: Sequence[Self]) -> Self:
        """Several records as one, their rows one after the other; shared fields are those of the first."""
        arrays = {f.name: _joined([getattr(part, f.name) for part in parts]) for f in _split(cls)}
        return replace(parts[0], **arrays)

    def _has(self, name: str, value: Any) -> np.ndarray:
        if name not in self.settings:
            raise KeyError(f"{name!r} is not one of {', '.join(self.settings)}")
        column = self.settings[name]
        numeric = column.dtype.kind in "iuf"
        if not isinstance(value, (int, float, np.number) if numeric else str):
            raise TypeError(f"{name}={value!r}: expected one {'number' if numeric else 'name'}")
        return np.isclose(column, value, rtol=1e-6, atol=0) if numeric else column == value

    def _take(self, rows: Any) -> Self:
        return replace(self, **{f.name: _rows_of(getattr(self, f.name), rows) for f in _split(type(self))})


def _split(cls: type[Record]) -> list[Field]:
    """The fields that have a settings axis."""
    return [f for f in fields(cls) if not f.metadata.get("shared")]


def _rows_of(value: Any, rows: Any) -> Any:
    if isinstance(value, dict):
        return {name: array[rows] for name, array in value.items()}
    return value[rows]


def _joined(values: Sequence[Any]) -> Any:
    if isinstance(values[0], dict):
        return {name: np.concatenate([value[name] for value in values]) for name in values[0]}
    return np.concatenate(values)
