"""Packing: many frames as one short buffer, their numbers rounded to what a picture can show.

A float32 has 24 significant bits, a screen shows about 12. Numbers travel with 16 (`COARSE`): no more than
1/65,536 of its value is lost of any, so curves stay where they are and a tooltip's digits stay right, which
they would not with the 11 of half precision. Their three bytes are laid out one plane after the other, all
first bytes, all second ones and all third ones, and deflated: of smooth curves this leaves fewer bytes than
half precision takes. Where an axis is so narrow that the loss could be seen, all four bytes travel (`EXACT`).
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable
from typing import Any

import numpy as np

__all__ = ["COARSE", "EXACT", "bytes_for", "pack", "rounded", "unpack"]

COARSE, EXACT = 3, 4
"""How many bytes of a float32 travel."""

NARROW = 8
"""An axis whose limits are so many times as far from 0 as from each other needs every bit.

The error on a canvas is at most 2⁻¹⁶ times this of the axis: an eighth of a pixel in a thousand."""

SMALL = 4 * float(np.finfo(np.float32).tiny)
"""Below, float32 has fewer significant bits than we keep."""


def rounded(values: np.ndarray) -> np.ndarray:
    """Numbers to 16 significant bits; whole numbers to 65,536, infinities and NaN stay as they are.

    Args:
        values: any numbers.

    Returns:
        float32 of the same shape.

    Example:
        >>> rounded(np.array([1.0, 65536.0, np.pi])).tolist()
        [1.0, 65536.0, 3.1416015625]
    """
    exact = np.ascontiguousarray(values, "<f4")
    bits = exact.view("<u4")
    high = np.uint32(0xFFFFFF00)
    near = ((bits + np.uint32(0x7F) + ((bits >> 8) & 1)) & high).view("<f4")
    cut = np.where(np.isnan(exact), np.float32(np.nan), (bits & high).view("<f4"))  # too large to round up
    return np.where(np.isfinite(exact) & np.isfinite(near), near, cut)


def pack(values: np.ndarray, header: Any, kept: int = COARSE, level: int = 1) -> bytes:
    """Frames and what belongs to them, deflated.

    Args:
        values: float32, `(frames, size)`.
        header: anything that JSON can hold.
        kept: how many bytes of each number travel, `COARSE` or `EXACT`.
        level: of zlib, 1 (fast) to 9 (small).

    Returns:
        The length of the header in four bytes, the header, and one plane of bytes after the other, deflated.

    Example:
        >>> found, header = unpack(pack(np.array([[0.5, np.nan]]), {"slots": [7]}))
        >>> found.tolist(), header["slots"]
        ([[0.5, nan]], [7])
    """
    numbers = np.ascontiguousarray(rounded(values) if kept == COARSE else values, "<f4")
    planes = np.moveaxis(numbers.view(np.uint8).reshape(*numbers.shape, 4), -1, 0)[::-1][:kept]
    rows, size = numbers.shape
    described = json.dumps(header | {"rows": rows, "size": size, "kept": kept}, ensure_ascii=False).encode()
    return zlib.compress(len(described).to_bytes(4, "little") + described + planes.tobytes(), level)


def unpack(packed: bytes) -> tuple[np.ndarray, dict[str, Any]]:
    """The other way round.

    Args:
        packed: what `pack` gave.

    Returns:
        float32, `(frames, size)`, and the header.
    """
    plain = zlib.decompress(packed)
    end = 4 + int.from_bytes(plain[:4], "little")
    header = json.loads(plain[4:end])
    rows, size, kept = (header[name] for name in ("rows", "size", "kept"))
    parts = np.zeros((4, rows, size), np.uint8)
    parts[:kept] = np.frombuffer(plain, np.uint8, offset=end).reshape(kept, rows, size)
    return np.ascontiguousarray(np.moveaxis(parts[::-1], 0, -1)).view("<f4")[..., 0], header


def bytes_for(spans: Iterable[tuple[float, float, bool]]) -> int:
    """How many bytes of each number a picture needs.

    Args:
        spans: the limits of every axis and range of colours, and whether it is logarithmic.

    Returns:
        `COARSE` where the rounding cannot be seen on any of them, else `EXACT`.

    Example:
        >>> bytes_for([(0, 1, False), (1e-4, 10, True)]), bytes_for([(100, 101, False)])
        (3, 4)
    """
    narrow = any(_narrow(float(low), float(high), log) for low, high, log in spans)
    return EXACT if narrow else COARSE


def _narrow(low: float, high: float, log: bool) -> bool:
    if (min(low, high) if log else abs(high - low)) < SMALL:
        return True
    if log:
        return bool(abs(np.log(high / low)) * NARROW < 1)
    return max(abs(low), abs(high)) > NARROW * abs(high - low)
