"""The labs of regularisation: what their figures say, their marks, and that no setting breaks them."""

import numpy as np
import pytest
from shared_labs import at_the_defaults, shared

from optlab.course.labs import moons_lab, shrinkage_lab, stopping_lab, weight_decay_lab
from optlab.course.regularization.moons import STRENGTHS
from optlab.course.regularization.stopping_lab import L2, STEPS, marked_steps, marked_strength
from optlab.course.regularization.strength_axis import place
from optlab.live import DRAW_LOCK
from optlab.live.slider_marks import marks_table, position

any_lab = shared(moons_lab, shrinkage_lab, stopping_lab, weight_decay_lab)
lab = shared(moons_lab)
back_to_the_defaults = at_the_defaults("any_lab", "lab")


def drawn(lab, panel, shown):
    """Draw one result on a panel of the lab, whose own thread may draw there too."""
    with DRAW_LOCK:
        words = lab.panels[panel].show(shown, 0)
        return words, lab.panels[panel]


# ---------------------------------------------------------------- all of them


# ---------------------------------------------------------------- two moons


def test_the_test_points_stay_sealed_until_they_are_opened(lab):
    for setting, seen in (("sealed", False), ("opened", True)):
        shown = lab.set(strength=0.01, test=setting)
        _, curve = drawn(lab, 1, shown)
        assert np.isfinite(curve.lines[2].get_ydata()).all() == seen
        assert np.isfinite(curve.lines[1].get_ydata()).all()
        _, losses = drawn(lab, 2, shown)
        assert np.isfinite(losses.star.get_ydata()).all() == seen
        assert ("test" in losses.text.get_text()) == seen


def test_the_validation_curve_marks_the_slider_and_its_own_least(lab):
    shown = lab.set(strength=0.056, kind="L1")
    _, curve = drawn(lab, 1, shown)
    x, y = curve.lines[1].get_data()
    assert set(curve.here.get_xdata()) == {x[STRENGTHS.index(0.056)]}
    assert (curve.best.get_xdata()[0], curve.best.get_ydata()[0]) == (x[np.argmin(y)], min(y))
    assert y[STRENGTHS.index(0.056)] == shown.validation_loss[0, -1]


def test_the_picture_is_the_network_of_the_slider_and_its_points_are_those_it_learnt_from(lab):
    for samples in (30, 120):
        shown = lab.set(strength=0.1, samples=samples)
        _, boundary = drawn(lab, 0, shown)
        np.testing.assert_array_equal(boundary.image.get_array(), shown.field[0])
        points = sum(np.isfinite(scatter.get_offsets()).all(1).sum() for scatter in boundary.points)
        assert points == samples


def test_the_weights_are_drawn_largest_first_and_counted(lab):
    shown = lab.set(kind="L1", strength=0.01)
    _, panel = drawn(lab, 3, shown)
    sizes = np.asarray(panel.sizes.get_ydata())
    assert (np.diff(sizes) <= 0).all()
    assert f"{(np.abs(shown.weights[0]) < 1e-3).sum()} of 256" in panel.text.get_text()
    assert f"norm {np.linalg.norm(shown.weights[0]):.2f}" in panel.text.get_text()


def test_zero_has_a_place_of_its_own_on_the_axis():
    places = [place(strength, STRENGTHS) for strength in STRENGTHS]
    assert (np.diff(places) > 0).all()
    assert places[1:] == list(STRENGTHS[1:])


# ---------------------------------------------------------------- theory's marks


def test_each_road_is_marked_where_it_is_like_the_other():
    assert marked_strength(52)["like t steps"] == pytest.approx(1 / (2 * 0.03 * 52))
    assert marked_steps(0.32)["like λ"] == pytest.approx(52, rel=0.01)
    (mark,) = marks_table(STEPS, [L2])[L2.index(0.32)]
    assert mark["from"] == pytest.approx(position(STEPS, 52), abs=0.01)


def test_the_steps_on_the_slider_are_those_that_are_like_the_strengths_on_the_other():
    like = [1 / (2 * 0.03 * strength) for strength in L2.values[::-1]]
    assert [round(steps) for steps in like] == pytest.approx(list(STEPS.values), abs=1)


def test_the_box_of_adamw_is_drawn_where_theory_has_it_and_for_adamw_alone():
    lab = weight_decay_lab()
    _, walk = drawn(lab, 0, lab.set(rule="AdamW", l2=0.32))
    assert np.max(walk.box.get_xdata()) == pytest.approx(1 / 0.64)
    assert walk.end.get_ydata()[0] == pytest.approx(1 / 0.64)
    _, walk = drawn(lab, 0, lab.set(rule="Adam + L2"))
    assert np.isnan(walk.box.get_xdata()).all()
    lab.close()


def test_the_lines_behind_the_dots_are_those_of_the_penalty_on_the_slider():
    lab = shrinkage_lab()
    shown = lab.set(kind="L1", strength=0.1)
    panel = lab.panels[0]
    assert panel.scene(shown, 0) == list(panel.kinds).index("L1")
    with DRAW_LOCK:
        panel.scenes[panel.scene(shown, 0)]()
        lines = [line for layer in panel._layers for line in layer if line.get_visible()]
    column = list(panel.strengths).index(0.1)
    np.testing.assert_allclose([line.get_ydata()[column] for line in lines], shown.theory[0], atol=1e-12)
    lab.close()


def test_a_weight_of_exactly_zero_is_a_hollow_dot():
    lab = shrinkage_lab()
    shown = lab.set(kind="L1", strength=0.32, step="soft threshold")
    _, panel = drawn(lab, 1, shown)
    assert np.isfinite(panel.zeros.get_xdata()).tolist() == (shown.weights[0] == 0).tolist()
    assert np.isfinite(panel.dots.get_xdata()).tolist() == (shown.weights[0] != 0).tolist()
    lab.close()


# ---------------------------------------------------------------- goals


@pytest.mark.parametrize(
    ("make", "settings", "goal"),
    [
        (moons_lab, {"strength": 0.0032, "test": "opened"}, 0),
        (moons_lab, {"kind": "L1", "strength": 0.032}, 1),
        (shrinkage_lab, {"kind": "L1", "strength": 0.056, "step": "soft threshold"}, 0),
        (stopping_lab, {"steps": 17}, 0),
        (weight_decay_lab, {"rule": "AdamW", "l2": 0.24}, 0),
    ],
)
def test_every_goal_is_out_of_reach_at_first_and_can_be_reached(make, settings, goal):
    lab = make()
    assert not any(goal.reached(lab.history) for goal in lab.goals)
    assert lab.goals[goal].reached(lab.set(**settings))
    lab.close()


def test_goals_ask_for_every_condition_they_name(lab):
    sealed, opened = lab.set(strength=0.0032), lab.set(test="opened")
    assert not lab.goals[0].reached(sealed)
    assert lab.goals[0].reached(opened)
    assert not lab.goals[0].reached(lab.set(samples=120))
