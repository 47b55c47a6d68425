"""Networks by width and depth: their parameters by arithmetic."""

import numpy as np
import pytest
from printed_programs import named, program_of

from optlab.course.algorithms_and_networks.shape import DEPTHS, WIDTHS, narrow, shapes


@pytest.mark.slow
def test_the_shapes_have_the_parameters_that_arithmetic_says():
    known = shapes()
    assert len(known) == len(WIDTHS) * len(DEPTHS)
    w, d = known.settings["width"], known.settings["depth"]
    assert known.parameters.tolist() == (65 * w + (d - 1) * (w + 1) * w + 10 * (w + 1)).tolist()


@pytest.mark.usefixtures("on_one_thread")
def test_the_program_prints_the_labs_accuracy_and_parameters():
    """In a wide and deep network float32 rounding may put a digit or two on the other side of a line."""
    drawn = np.random.default_rng(3).choice(len(shapes()), 10, replace=False)
    for shown in shapes().select(drawn):
        said = named(program_of("shape_lab")(shown.setting(0)))
        assert list(said) == ["parameters", "test accuracy", "time for 599 digits, µs"]
        assert said["parameters"] == shown.parameters[0]
        assert said["test accuracy"] == pytest.approx(shown.accuracy[0], abs=3 / 599)
        assert said["time for 599 digits, µs"] > 0


def test_a_dead_layer_gives_every_digit_the_same_answer():
    """A network that is dead gets the digits of one class right: a tenth of them."""
    narrow_ones = narrow("relu", epochs=2, seeds=(0, 1, 2, 3))
    assert 0 < narrow_ones.dead.sum() < 4
    assert narrow_ones.accuracy[narrow_ones.dead] == pytest.approx(0.1, abs=0.01)
    assert not narrow("tanh", epochs=2, seeds=(0, 1)).dead.any()
