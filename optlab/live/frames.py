"""Frame: what the living artists of a figure show at one moment, as plain data."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Frame:
    """One picture of the living artists.

    Args:
        values: float32, shape ``(size,)``: the artists' numbers one after the other; NaN is a gap.
        texts: one string for each living ``Text``, in the order in which the artists were given.
        label: the picture in words, for a screen reader.
        scene: which background it belongs to.
        goals: for each goal of its lab whether the run reaches it; empty where no goals are carried.
    """

    values: np.ndarray
    texts: tuple[str, ...] = ()
    label: str = ""
    scene: int = 0
    goals: tuple[bool, ...] = ()


def stack(frames: list[Frame]) -> bytes:
    """Return the frames' values as the bytes of one float32 matrix ``(frames, size)``, little-endian.

    >>> rows = [Frame(np.array([1.0, 2.0])), Frame(np.array([3.0, 4.0]))]
    >>> np.frombuffer(stack(rows), "<f4").tolist()
    [1.0, 2.0, 3.0, 4.0]
    """
    return np.stack([frame.values for frame in frames]).astype("<f4", copy=False).tobytes()
