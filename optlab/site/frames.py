"""Frames as files: all pages of a figure, in the order of their places, as small as they get.

Where that is much, those that a reader comes to first have a file of their own, so that a slider moves soon.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from optlab.live.packing import pack, unpack
from optlab.live.pages import FramePage

__all__ = ["LARGE", "Packed", "packed_frames"]

SMALLEST = 9
"""Of zlib: a page is packed once and fetched often."""
LARGE = 50_000
"""Bytes that are worth a second file."""
SOON = 250_000
"""Bytes that the first file has at most, about."""
LISTS = ("texts", "labels", "scenes", "goals")


class Packed(NamedTuple):
    """A file of frames.

    Args:
        content: its bytes.
        scenes: the indices of the pictures that its frames lie on.
    """

    content: bytes
    scenes: list[int]


def packed_frames(
    pages: Sequence[FramePage], first: Sequence[int] = (), large: int = LARGE, soon: int = SOON
) -> list[Packed]:
    """All frames of some pages, bit for bit as they are, as `packing` has them.

    Args:
        pages: of one figure, in the order in which they were sent: later frames replace earlier.
        first: places that are looked at first, the nearest first.
        large: from so many bytes on these have a file of their own, before that of the others.
        soon: about as many bytes it may have: with more, only the nearest are in it.

    Returns:
        One file or two.
    """
    parts = [unpack(page.packed) for page in pages]
    last = {
        slot: (values, header, row) for values, header in parts for row, slot in enumerate(header["slots"])
    }
    kept = max(header["kept"] for _, header in parts)
    slots = sorted(last)
    whole = _packed(slots, last, kept)
    few = max(1, soon * len(slots) // len(whole.content))
    near = {slot for slot in first[:few] if slot in last}
    if not 0 < len(near) < len(slots) or len(whole.content) < large:
        return [whole]
    return [
        _packed(sorted(near), last, kept),
        _packed([slot for slot in slots if slot not in near], last, kept),
    ]


def _packed(slots: Sequence[int], last: dict[int, tuple[np.ndarray, Any, int]], kept: int) -> Packed:
    found = [last[slot] for slot in slots]
    values = np.stack([values[row] for values, _, row in found])
    lists = {name: [header[name][row] for _, header, row in found] for name in LISTS}
    # what has been rounded once is rounded to itself
    return Packed(
        pack(values, {"slots": list(slots), **lists}, kept, SMALLEST),
        sorted(set(lists["scenes"])),
    )
