"""Pictures of a lab, for places that run no JavaScript."""

from __future__ import annotations

import io
from collections.abc import Sequence

from matplotlib.figure import Figure
from matplotlib.image import imread

from optlab.live.scenes import CSS_DPI, png_of

__all__ = ["in_rows"]

FOOT = 24
"""Pixels below the pictures, for a line of text."""
IN_ONE_ROW = 3
"""More pictures make two rows, as on a page (css/lab.css): four in one row are too small to read."""


def in_rows(pngs: Sequence[bytes], caption: str) -> bytes:
    """Up to three pictures in a row, more in two rows, with a line of text below.

    Args:
        pngs: the pictures, as PNG.
        caption: the text.

    Returns:
        One picture, as PNG.

    Example:
        >>> squares = [png_of(Figure(figsize=(1, 1), dpi=CSS_DPI), 1)] * 4
        >>> imread(io.BytesIO(in_rows(squares, "four"))).shape[:2]
        (224, 200)
    """
    pictures = [imread(io.BytesIO(png)) for png in pngs]
    across = len(pictures) if len(pictures) <= IN_ONE_ROW else -(-len(pictures) // 2)
    rows = [pictures[k : k + across] for k in range(0, len(pictures), across)]
    heights = [max(picture.shape[0] for picture in row) for row in rows]
    width = max(sum(picture.shape[1] for picture in row) for row in rows)
    height = sum(heights) + FOOT
    figure = Figure(figsize=(width / CSS_DPI, height / CSS_DPI), dpi=CSS_DPI)
    top = height
    for row, tallest in zip(rows, heights, strict=True):
        left = 0
        for picture in row:
            figure.figimage(picture, xo=left, yo=top - picture.shape[0])
            left += picture.shape[1]
        top -= tallest
    figure.text(0.01, 8 / height, caption, fontsize=9)
    return png_of(figure, 1)
