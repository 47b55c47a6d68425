"""A lab's picture: every figure is in it, whole, where the page would show it."""

import io

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.image import imread

from optlab.live.pictures import FOOT, in_rows
from optlab.live.scenes import CSS_DPI, png_of

COLORS = ((1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 0))
WIDE, HIGH = 100, 50


def plate(color):
    return png_of(Figure(figsize=(WIDE / CSS_DPI, HIGH / CSS_DPI), dpi=CSS_DPI, facecolor=color), 1)


@pytest.mark.parametrize(
    ("count", "places"),
    [
        (1, [(0, 0)]),
        (2, [(0, 0), (0, 1)]),
        (3, [(0, 0), (0, 1), (0, 2)]),
        (4, [(0, 0), (0, 1), (1, 0), (1, 1)]),
    ],
)
def test_four_figures_make_two_rows_and_fewer_make_one(count, places):
    found = imread(io.BytesIO(in_rows([plate(color) for color in COLORS[:count]], "")))[..., :3]
    rows, columns = (1 + max(place[k] for place in places) for k in (0, 1))
    assert found.shape[:2] == (rows * HIGH + FOOT, columns * WIDE)
    for (row, column), color in zip(places, COLORS, strict=False):
        part = found[row * HIGH : (row + 1) * HIGH, column * WIDE : (column + 1) * WIDE]
        np.testing.assert_array_equal(part, np.broadcast_to(np.float32(color), part.shape))
    assert (found[rows * HIGH :] == 1).all()  # the caption's room is white
