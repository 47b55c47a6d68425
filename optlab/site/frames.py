"""Frames as a file: all pages of a figure as one, in the order of their places, as small as they get."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from optlab.live.packing import pack, unpack
from optlab.live.pages import FramePage

__all__ = ["packed_frames"]

SMALLEST = 9
"""Of zlib: a page is packed once and fetched often."""
LISTS = ("texts", "labels", "scenes", "goals")


def packed_frames(pages: Sequence[FramePage]) -> bytes:
    """All frames of some pages, bit for bit as they are, as `packing` has them.

    Args:
        pages: of one figure, in the order in which they were sent: later frames replace earlier.

    Returns:
        One page.
    """
    parts = [unpack(page.packed) for page in pages]
    last = {
        slot: (values, header, row) for values, header in parts for row, slot in enumerate(header["slots"])
    }
    slots = sorted(last)
    found = [last[slot] for slot in slots]
    kept = max(header["kept"] for _, header in parts)
    values = np.stack([values[row] for values, _, row in found])
    lists = {name: [header[name][row] for _, header, row in found] for name in LISTS}
    # what has been rounded once is rounded to itself
    return pack(values, {"slots": slots, **lists}, kept, SMALLEST)
