"""Pictures of a lab, for places that run no JavaScript."""

from __future__ import annotations

import io
from collections.abc import Sequence

from matplotlib.figure import Figure
from matplotlib.image import imread

from optlab.live.scenes import CSS_DPI, png_of

__all__ = ["side_by_side"]

FOOT = 24
"""Pixels below the pictures, for a line of text."""


def side_by_side(pngs: Sequence[bytes], caption: str) -> bytes:
    """Pictures in a row with a line of text below.

    Args:
        pngs: the pictures, as PNG.
        caption: the text.

    Returns:
        One picture, as PNG.
    """
    pictures = [imread(io.BytesIO(png)) for png in pngs]
    height, width = max(p.shape[0] for p in pictures), sum(p.shape[1] for p in pictures)
    figure = Figure(figsize=(width / CSS_DPI, (height + FOOT) / CSS_DPI), dpi=CSS_DPI)
    left = 0
    for picture in pictures:
        figure.figimage(picture, xo=left, yo=FOOT + height - picture.shape[0])
        left += picture.shape[1]
    figure.text(0.01, 8 / (height + FOOT), caption, fontsize=9)
    return png_of(figure, 1)
