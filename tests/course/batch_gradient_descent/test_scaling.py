"""The linear scaling rule: held against plain loops."""

import numpy as np
import pytest
from batch_losses import plain_losses, same_until_wild
from hypothesis import given
from hypothesis import strategies as st
from printed_programs import printed, random_slots
from shared_labs import shared
from steered import check_steering

from optlab.course.batch_gradient_descent.gradients import curvature_after
from optlab.course.batch_gradient_descent.scaling import curves_apart, run
from optlab.course.batch_gradient_descent.scaling_lab import marked_factors
from optlab.course.batch_gradient_descent.trained import losses
from optlab.course.labs import scaling_lab


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
@pytest.mark.slow
def test_the_linear_rule_holds_for_plain_loops_below_two_over_the_curvature(batch_size):
    apart = curves_apart(plain_losses(0.03 * batch_size, batch_size), plain_losses(0.03, 1))
    assert apart < 1.1
    setting = {"base": [0.03], "batch_size": [batch_size], "factor": [float(batch_size)]}
    scaled = run({name: np.array(column) for name, column in setting.items()})
    assert scaled.apart[0] == pytest.approx(apart, rel=0.01)


# ---------------------------------------------------------------- the lab

lab = shared(scaling_lab)


def test_the_slider_of_k_marks_the_linear_rule_and_where_the_full_gradient_overshoots():
    marks = marked_factors(0.1, 16)
    assert marks == {"linear": 16.0, "2/L": (pytest.approx(20 / curvature_after(3)), np.inf)}


def test_the_plots_show_the_distance_at_the_linear_rule(lab):
    shown, (curves, distances) = lab.at(batch_size=32, factor=32.0), lab.plots
    ours, one = (curves.values(name, shown)[0, 1:] for name in ("this B, factor k", "B = 1"))
    apart = np.exp(np.abs(np.log(ours / one)).mean())
    assert shown.apart[0] == pytest.approx(apart)
    assert distances.values("linear rule, k = B", shown)[0, 0, 0] == 32
    assert distances.values("you are here", shown)[0, 0] == pytest.approx([32, apart])


@pytest.mark.parametrize(
    ("goal", "where"),
    [(0, {"factor": 32.0}), (1, {"batch_size": 80, "factor": 80.0}), (2, {"base": 0.3, "factor": 32.0})],
)
def test_each_goal_can_be_reached(lab, goal, where):
    assert lab.goals[goal].is_reached(lab.at(**where))


def test_the_program_prints_the_labs_curve(lab):
    for one in run(lab.grid.settings(random_slots(lab, 8))):
        ours, alone = printed(lab.program(one.setting(0)), "this B, factor k", "B = 1")
        same_until_wild(ours, one.loss[0])
        same_until_wild(alone, lab.plots[0].values("B = 1", one)[0])


def test_a_click_goes_to_the_stop_that_is_drawn_there(lab):
    check_steering(lab, ("factor",))
