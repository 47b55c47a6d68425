"""Networks by width and depth: their parameters by arithmetic."""

from optlab.course.background.shape import DEPTHS, WIDTHS, shapes


def test_the_shapes_have_the_parameters_that_arithmetic_says():
    known = shapes()
    assert len(known) == len(WIDTHS) * len(DEPTHS)
    w, d = known.settings["width"], known.settings["depth"]
    assert known.parameters.tolist() == (65 * w + (d - 1) * (w + 1) * w + 10 * (w + 1)).tolist()
