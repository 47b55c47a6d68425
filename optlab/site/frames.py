"""Frames as a file: all pages of a figure as one, in the order of their places, as small as they get."""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np

from optlab.live.packing import unpack
from optlab.live.pages import FramePage

__all__ = ["packed_frames"]

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
    return _packed(values, {"slots": slots, **lists}, kept)


def _packed(values: np.ndarray, header: dict[str, Any], kept: int) -> bytes:
    rows, size = values.shape
    bits = np.ascontiguousarray(values, "<f4").view(np.uint8).reshape(rows, size, 4)
    planes = np.moveaxis(bits, -1, 0)[::-1][:kept]
    described = json.dumps(
        header | {"rows": rows, "size": size, "kept": kept}, ensure_ascii=False, separators=(",", ":")
    ).encode()
    return zlib.compress(len(described).to_bytes(4, "little") + described + planes.tobytes(), 9)
