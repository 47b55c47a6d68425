"""Box counting, on lines and fractals whose dimension is known."""

import math

import numpy as np
import pytest
from hypothesis import given, settings, strategies

from optlab.engine.analysis.fractals import boxes, dimension, edges

PIXELS = 160


def test_the_boundary_is_where_the_sides_meet():
    upper = np.where(np.arange(6)[:, None] < 3, -1.0, np.ones((6, 6)))
    assert np.flatnonzero(edges(upper).any(axis=1)).tolist() == [2]


@given(strategies.floats(-3, 3), strategies.floats(0.3, 0.7))
@settings(max_examples=40)
def test_a_straight_line_has_dimension_one(slope, through):
    y, x = (np.mgrid[:PIXELS, :PIXELS] + 0.5) / PIXELS - through
    assert dimension(boxes(np.where(y < slope * x, -1.0, 1.0))) == pytest.approx(1, abs=0.08)


def test_sierpinskis_triangle_has_its_dimension():
    y, x = np.mgrid[:512, :512]
    triangle = np.where((x & y) == 0, -1.0, 1.0)
    assert dimension(boxes(triangle)) == pytest.approx(math.log2(3), abs=0.12)


def test_noise_fills_the_plane():
    noise = np.random.default_rng(0).choice([-1.0, 1.0], (PIXELS, PIXELS))
    assert dimension(boxes(noise)) == pytest.approx(2, abs=0.1)


def test_without_a_boundary_there_is_no_dimension():
    assert math.isnan(dimension(boxes(np.ones((PIXELS, PIXELS)))))
