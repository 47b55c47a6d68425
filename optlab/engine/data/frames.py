"""Frames as numbers: number columns as they are, a column of 0 and 1 for each value of text and categories.

A frame is whatever has named columns: pandas, polars, pyarrow, or a dict of lists. None of them is imported.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from numbers import Real
from typing import Any

import numpy as np

__all__ = ["Columns", "Encoded", "encoded", "encoded_like", "is_frame", "take_column"]

Columns = dict[Any, tuple[str, ...]]
"""The names of a frame's columns, and for each the texts that became columns of 0 and 1; none: numbers."""

MOST = 1000
"""The most values that a column of text may have."""

MEND = "fill the gaps or drop the rows"


@dataclass(frozen=True)
class Encoded:
    """A frame's columns as numbers.

    Args:
        values: `(rows, columns)`, float64.
        lengths: how many rows each frame has.
        quantities: which columns are numbers, `(columns,)`; the others are 0 or 1 for a value of some text.
        notes: what was made of the frame's columns, one sentence each.
        columns: the frame's own columns, so that others can be encoded alike.
    """

    values: np.ndarray
    lengths: tuple[int, ...]
    quantities: np.ndarray
    notes: tuple[str, ...]
    columns: Columns


def is_frame(x: Any) -> bool:
    """Whether `x` has named columns."""
    return isinstance(x, Mapping) or (hasattr(x, "columns") and hasattr(x, "__getitem__"))


def take_column(frame: Any, name: str) -> tuple[dict[Any, Any], Any]:
    """The other columns, and the column of this name; raises an error when there is none."""
    if not is_frame(frame):
        kind = type(frame).__name__
        raise TypeError(f"X is a {kind}: expected a frame, as y={name!r} is one of its columns")
    columns = {column: frame[column] for column in _names(frame)}
    if name not in columns:
        raise ValueError(f"y={name!r}: expected labels, or one of the columns {', '.join(map(str, columns))}")
    return columns, columns.pop(name)


def encoded(frames: Sequence[Any], names: Sequence[str]) -> Encoded:
    """Encode one frame, or those of a split that is already made, their rows one after the other.

    Args:
        frames: frames with the same columns.
        names: what to call each in an error.

    Raises:
        TypeError: if one of them is no frame, or a column holds something else than numbers, text or
            categories.
        ValueError: if columns are missing, empty or of different lengths, a value is missing, or a column
            of text has more than 1000 values.

    Example:
        >>> made = encoded([{"mass": [3.7, 5.0, 3.6], "species": ["adelie", "gentoo", "adelie"]}], ["X"])
        >>> made.values.tolist()
        [[3.7, 1.0, 0.0], [5.0, 0.0, 1.0], [3.6, 1.0, 0.0]]
        >>> made.notes
        ('1 column of numbers: mass', 'species: text, made 2 columns of 0 and 1: adelie, gentoo')
    """
    for frame, name in zip(frames, names, strict=True):
        if not is_frame(frame):
            raise TypeError(f"{name} is a {type(frame).__name__}: expected a frame, as the other part is one")
    first = _names(frames[0])
    if not first:
        raise ValueError(f"{names[0]} has no columns: expected one or more")
    for frame, name in zip(frames, names, strict=True):
        if set(_names(frame)) != set(first):
            raise ValueError(f"{name} has the columns {_names(frame)}: expected {first}, as in {names[0]}")
    both = list(zip(frames, names, strict=True))
    pieces = {c: [_column(f"{name}[{c!r}]", frame[c]) for frame, name in both] for c in first}
    lengths = tuple(_length(name, [parts[k] for parts in pieces.values()]) for k, name in enumerate(names))
    whole = {column: np.concatenate(parts) for column, parts in pieces.items()}
    columns = {column: _texts(f"{names[0]}[{column!r}]", values) for column, values in whole.items()}
    made = [_numbers(whole[column], texts) for column, texts in columns.items()]
    quantities = [np.full(max(1, len(texts)), not texts) for texts in columns.values()]
    return Encoded(np.column_stack(made), lengths, np.concatenate(quantities), _notes(columns), columns)


def encoded_like(frame: Any, columns: Columns, name: str = "X") -> np.ndarray:
    """Encode other rows as those of a frame were.

    Args:
        frame: has these columns, in any order; what else it has is not looked at.
        columns: from `encoded`.
        name: what to call it in an error.

    Returns:
        `(rows, columns)`, float64.

    Raises:
        TypeError: if it is no frame.
        ValueError: if a column is missing, or has a text that was not there.

    Example:
        >>> encoded_like({"species": ["gentoo"]}, {"species": ("adelie", "gentoo")}).tolist()
        [[0.0, 1.0]]
    """
    if not is_frame(frame):
        raise TypeError(
            f"{name} is a {type(frame).__name__}: expected a frame, as the training data were one"
        )
    if missing := [column for column in columns if column not in _names(frame)]:
        raise ValueError(f"{name} has the columns {_names(frame)}: expected {missing[0]!r} among them")
    read = {column: _column(f"{name}[{column!r}]", frame[column]) for column in columns}
    _length(name, list(read.values()))
    for column, texts in columns.items():
        _check_alike(f"{name}[{column!r}]", read[column], texts)
    return np.column_stack([_numbers(read[column], texts) for column, texts in columns.items()])


def _check_alike(name: str, values: np.ndarray, texts: tuple[str, ...]) -> None:
    """Raise ValueError unless a column holds texts that were there, or numbers where they were."""
    if (values.dtype.kind in "US") != bool(texts):
        raise ValueError(f"{name} holds {values.dtype}: expected {'text' if texts else 'numbers'}")
    if new := set(values.tolist()).difference(texts) if texts else ():
        raise ValueError(f"{name} holds {min(new)!r}: expected one of {', '.join(texts)}")


def _notes(columns: Columns) -> tuple[str, ...]:
    numbers = [str(column) for column, texts in columns.items() if not texts]
    first = [f"{_columns(len(numbers))} of numbers: {_listed(numbers)}"] if numbers else []
    return (
        *first,
        *(
            f"{column}: text, made {_columns(len(texts))} of 0 and 1: {_listed(list(texts))}"
            for column, texts in columns.items()
            if texts
        ),
    )


def _columns(n: int) -> str:
    return f"{n} column{'s' if n > 1 else ''}"


def _listed(words: list[str]) -> str:
    return ", ".join([*words[:10], *(["..."] if len(words) > 10 else [])])


def _names(frame: Any) -> list[Any]:
    names = frame if isinstance(frame, Mapping) else getattr(frame, "column_names", None) or frame.columns
    return list(names)


def _length(name: str, columns: list[np.ndarray]) -> int:
    lengths = {len(column) for column in columns}
    if len(lengths) != 1 or 0 in lengths:
        raise ValueError(f"{name} has columns of lengths {sorted(lengths)}: expected one length above 0")
    return lengths.pop()


def _column(name: str, column: Any) -> np.ndarray:
    """A column's values: numbers as numbers, categories as text."""
    kind = object if isinstance(column, (list, tuple)) else None  # NumPy would make text of ["x", 1]
    array = np.asarray(column.to_numpy() if hasattr(column, "to_numpy") else column, dtype=kind)
    if array.ndim != 1:
        raise ValueError(f"{name} has shape {array.shape}: expected one column of each name")
    if array.dtype.kind == "O":
        array = _of_one_kind(name, array)
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        row = int(np.flatnonzero(~np.isfinite(array))[0])
        raise ValueError(f"{name}[{row}]={array[row]}: expected finite numbers; {MEND}")
    declared = str(getattr(column, "dtype", ""))
    is_text = array.dtype.kind in "UST" or declared.startswith(("category", "Categorical", "Enum"))
    if not is_text and array.dtype.kind not in "iufb":
        hint = "; make a number of each date, such as its year" if array.dtype.kind in "mM" else ""
        raise TypeError(f"{name} holds {array.dtype}: expected numbers, text or categories{hint}")
    return array.astype(str) if is_text else array


def _of_one_kind(name: str, array: np.ndarray) -> np.ndarray:
    """What pandas calls object, as text or as numbers."""
    for row, value in enumerate(array):
        gap = value is None or type(value).__name__ in ("NAType", "NaTType")
        if gap or (isinstance(value, float) and math.isnan(value)):
            raise ValueError(f"{name}[{row}] is missing: expected a value; {MEND}")
    if all(isinstance(value, str) for value in array):
        return array.astype(str)
    if all(isinstance(value, (Real, Decimal)) for value in array):
        return array.astype(np.float64)
    kinds = ", ".join(sorted({type(value).__name__ for value in array}))
    raise TypeError(f"{name} holds {kinds}: expected numbers, text or categories")


def _texts(name: str, values: np.ndarray) -> tuple[str, ...]:
    """The different texts of a column, sorted; none where it holds numbers."""
    if values.dtype.kind not in "US":
        return ()
    known = np.unique(values)
    if len(known) > MOST:
        raise ValueError(
            f"{name} has {len(known)} different texts: expected at most {MOST}, as each becomes a column of "
            "its own"
        )
    return tuple(known.tolist())


def _numbers(values: np.ndarray, texts: tuple[str, ...]) -> np.ndarray:
    """A column as columns of numbers, `(rows, n)`."""
    if not texts:
        return values.astype(np.float64)[:, None]
    return np.eye(len(texts))[np.searchsorted(texts, values)]
