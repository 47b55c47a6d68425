"""Hyper-parameters as plain data: what a slider shows, and the box of settings that sliders span."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

__all__ = ["BATCH_SIZE", "DELTA", "L2", "LR", "Grid", "P", "Param", "grid", "log_values", "strides"]


def log_values(low: float, high: float, per_decade: int = 4) -> tuple[float, ...]:
    """Values evenly spaced on a log axis, rounded to two digits as people write them.

    Args:
        low: the first value, above 0.
        high: the last value.
        per_decade: how many values to a factor of ten.

    Returns:
        The values, ascending.

    Raises:
        ValueError: if `low` is not above 0 or `high` is below `low`.

    Example:
        >>> log_values(0.01, 0.1, per_decade=2)
        (0.01, 0.032, 0.1)
    """
    if not 0 < low <= high:
        raise ValueError(f"low={low!r}, high={high!r}: expected 0 < low <= high")
    steps = round(np.log10(high / low) * per_decade)
    return tuple(float(f"{v:.2g}") for v in np.geomspace(low, high, steps + 1))


@dataclass(frozen=True)
class Param:
    """One hyper-parameter with the values its slider stops at.

    Args:
        name: the argument's name in `train` or `descend`, such as `"lr"`.
        symbol: its sign in the formulas, such as `"α₀"`.
        label: its name in words.
        values: what the slider stops at, in order; numbers or names; infinity too, where a bound may be
            missing.
        default: where the slider starts; one of `values`.
        unit: what one unit of it is, or empty for a pure number.
        marks: what theory has to say about these values, shown on the slider: a function whose arguments are
            named after other sliders, giving for each label a value, or a pair for all values between.
        applies: whether it makes a difference, where that depends on other sliders: a function whose
            arguments are named after them; the slider is faint where it makes none.

    Raises:
        ValueError: if `values` is empty or repeats or has NaN, or `default` is not among them.

    Example:
        >>> Param("lr", "α", "learning rate", (0.01, 0.1, 1.0), default=0.1).index(0.1)
        1
    """

    name: str
    symbol: str
    label: str
    values: tuple[Any, ...]
    default: Any
    unit: str = ""
    marks: Callable[..., dict[str, Any]] | None = None
    applies: Callable[..., bool] | None = None

    def __post_init__(self) -> None:
        if not self.values or len(set(self.values)) != len(self.values):
            raise ValueError(
                f"{self.name}: values={self.values!r}: expected at least one, none of them twice"
            )
        if any(value != value for value in self.values):  # noqa: PLR0124  (only NaN is not itself)
            raise ValueError(f"{self.name}: values={self.values!r}: NaN is no place to stop at")
        self.index(self.default)

    def index(self, value: Any) -> int:
        """Where `value` stands on the slider; raises `ValueError` when it is not on it."""
        for k, known in enumerate(self.values):
            if known == value or (
                _is_number(known) and _is_number(value) and np.isclose(known, value, rtol=1e-6, atol=0)
            ):
                return k
        raise ValueError(f"{self.name}={value!r} is not on its slider: expected one of {self.values}")


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float, np.integer, np.floating))


LR = Param("lr", "α₀", "learning rate", log_values(1e-3, 10, 4), default=0.1)
DELTA = Param("delta", "δ", "decay rate", (0.0, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0), 0.1, unit="/epoch")
P = Param("p", "p", "decay exponent", (0.5, 1.0, 1.5, 2.0, 3.0, 4.0), default=1.0)
BATCH_SIZE = Param("batch_size", "B", "batch size", (1, 2, 4, 8, 16, 32, 64, 80), default=16, unit="samples")
L2 = Param("l2", "λ", "L2 penalty", (0.0, *log_values(1e-4, 1, 2)), default=0.01)


def grid(**values: Iterable[Any]) -> dict[str, np.ndarray]:
    """Every combination of the values, as columns to pass to `train`.

    Args:
        values: for each hyper-parameter, the values it takes.

    Returns:
        One array of shape `(settings,)` for each name; the last name varies fastest.

    Raises:
        ValueError: if nothing is passed or a name has no values.

    Example:
        >>> grid(lr=[0.01, 0.1], l2=[0, 1])
        {'lr': array([0.01, 0.01, 0.1 , 0.1 ]), 'l2': array([0, 1, 0, 1])}
    """
    if not values:
        raise ValueError("grid(): expected values for at least one name")
    columns = {name: np.atleast_1d(np.asarray(v)) for name, v in values.items()}
    for name, column in columns.items():
        if column.ndim > 1 or column.size == 0:
            raise ValueError(
                f"{name} has shape {column.shape}: expected at least one value, in one dimension"
            )
    product = np.meshgrid(*columns.values(), indexing="ij")
    return {name: column.ravel() for name, column in zip(columns, product, strict=True)}


def strides(sizes: Sequence[int]) -> list[int]:
    """How far apart in slots two stops of each slider are, the last slider fastest.

    Args:
        sizes: how many values each slider has.

    Returns:
        One whole number for each slider: a slot is the sum of index times stride.

    Example:
        >>> strides([5, 4, 3])
        [12, 3, 1]
    """
    return [int(np.prod(sizes[k + 1 :], dtype=np.int64)) for k in range(len(sizes))]


@dataclass(frozen=True)
class Grid:
    """All settings that some sliders can reach: a point of the box is a slot, one whole number.

    Args:
        params: the sliders, in order; the last varies fastest.

    Example:
        >>> box = Grid((Param("a", "a", "a", (1, 2), 1), Param("b", "b", "b", (5, 6, 7), 6)))
        >>> box.size, box.default, box.setting(5)
        (6, 1, {'a': 2, 'b': 7})
    """

    params: tuple[Param, ...]

    @property
    def shape(self) -> tuple[int, ...]:
        """How many values each slider has."""
        return tuple(len(param.values) for param in self.params)

    @property
    def size(self) -> int:
        """How many settings the box holds."""
        return int(np.prod(self.shape, dtype=np.int64))

    @property
    def default(self) -> int:
        """The slot where every slider is at its default."""
        return self.slot([param.index(param.default) for param in self.params])

    def slot(self, indices: Sequence[int]) -> int:
        """The slot of one index for each slider."""
        return int(np.ravel_multi_index(tuple(indices), self.shape))

    def indices(self, slot: int) -> tuple[int, ...]:
        """The index of each slider at this slot."""
        return tuple(int(k) for k in np.unravel_index(slot, self.shape))

    def setting(self, slot: int) -> dict[str, Any]:
        """The value of each hyper-parameter at this slot."""
        return {p.name: p.values[k] for p, k in zip(self.params, self.indices(slot), strict=True)}

    def settings(self, slots: Sequence[int]) -> dict[str, np.ndarray]:
        """The values at several slots: one array of shape `(slots,)` for each name."""
        stops = np.unravel_index(np.asarray(slots, dtype=np.int64), self.shape)
        return {p.name: np.array(p.values)[k] for p, k in zip(self.params, stops, strict=True)}

    def axes_through(self, slot: int) -> list[int]:
        """The slots that one slider alone can reach from here, nearest first."""
        here = self.indices(slot)
        found = {
            self.slot([*here[:axis], k, *here[axis + 1 :]]): abs(k - here[axis])
            for axis, n in enumerate(self.shape)
            for k in range(n)
        }
        return sorted(found, key=lambda other: (found[other], other))

    def nearest(self, slot: int, most: int) -> list[int]:
        """Up to `most` slots by the sum of slider stops between them and `slot`, nearest first."""
        here = self.indices(slot)
        found: list[int] = []
        for radius in range(sum(self.shape)):
            found += _shell(self, here, radius, most - len(found))
            if len(found) >= most:
                break
        return found


def _shell(box: Grid, here: tuple[int, ...], radius: int, most: int) -> list[int]:
    """Slots exactly `radius` slider stops from `here`."""
    spans = [
        range(-min(radius, at), min(radius, n - 1 - at) + 1) for at, n in zip(here, box.shape, strict=True)
    ]
    moves = itertools.islice(_moves(spans, radius), most)
    return [box.slot([at + d for at, d in zip(here, move, strict=True)]) for move in moves]


def _moves(spans: list[range], radius: int) -> Iterable[tuple[int, ...]]:
    """Moves along each slider whose sizes add up to `radius`; a start that cannot is not followed."""
    if not spans:
        yield ()
        return
    reach = sum(max(-span.start, span.stop - 1) for span in spans[1:])
    for d in spans[0]:
        if 0 <= radius - abs(d) <= reach:
            for rest in _moves(spans[1:], radius - abs(d)):
                yield (d, *rest)
