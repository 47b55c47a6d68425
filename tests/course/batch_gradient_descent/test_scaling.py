"""The linear scaling rule: held against plain loops."""

import numpy as np
import pytest
from batch_losses import plain_losses
from hypothesis import given
from hypothesis import strategies as st

from optlab.course.batch_gradient_descent.scaling import curves_apart, run
from optlab.course.batch_gradient_descent.trained import losses


@given(st.lists(st.floats(0.01, 10), min_size=2, max_size=6), st.floats(0.1, 10))
def test_a_curve_is_as_far_from_its_multiple_as_the_multiple_says(losses, times):
    apart = curves_apart([1.0, *(loss * times for loss in losses)], [1.0, *losses])
    assert apart == pytest.approx(max(times, 1 / times))


def test_a_batch_of_one_scaled_by_one_is_itself():
    settings = {"base": [0.03, 0.1], "batch_size": [1, 80], "factor": [1.0, 80.0]}
    scaled = run({name: np.array(column) for name, column in settings.items()})
    assert scaled.apart[0] == 1
    assert not scaled.apart[1] < 100  # the rule at 8.0, far above 2/L
    np.testing.assert_array_equal(scaled.loss[0], scaled.one[0])
    np.testing.assert_array_equal(scaled.unscaled[1], losses(80, 0.1))


@pytest.mark.parametrize("batch_size", [4, 16, 32, 80])
def test_the_linear_rule_holds_for_plain_loops_below_two_over_the_curvature(batch_size):
    apart = curves_apart(plain_losses(0.03 * batch_size, batch_size), plain_losses(0.03, 1))
    assert apart < 1.1
    setting = {"base": [0.03], "batch_size": [batch_size], "factor": [float(batch_size)]}
    scaled = run({name: np.array(column) for name, column in setting.items()})
    assert scaled.apart[0] == pytest.approx(apart, rel=0.01)
