"""Early stopping beside ridge: what each keeps, and the errors, against scikit-learn and a loop."""

import numpy as np
import pytest
from printed_programs import printed, random_slots
from sklearn.linear_model import Ridge

from optlab.course.labs import stopping_lab
from optlab.course.regularization.stopping import (
    kept_by_ridge,
    kept_by_stopping,
    patients,
    steps_like,
    stopping,
    strength_like,
    unpenalized_path,
)
from optlab.course.regularization.stopping_lab import L2, STEPS, marked_steps, marked_strength
from optlab.live.slider_marks import marks_table, position

WIDE = patients()


@pytest.fixture(scope="module")
def lab():
    made = stopping_lab()
    yield made
    made.close()


def test_what_ridge_keeps_of_a_direction_is_what_scikit_learns_ridge_keeps():
    h, vectors = WIDE.directions
    full = (WIDE.correlation @ vectors) / h
    held = Ridge(alpha=100 * 0.3, fit_intercept=False).fit(WIDE.x, WIDE.y).coef_ @ vectors
    np.testing.assert_allclose(kept_by_ridge(h, 0.3)[5:], (held / full)[5:], rtol=1e-6)


@pytest.mark.parametrize("steps", [1, 17, 200])
def test_what_stopping_keeps_of_a_direction_is_measured_on_a_plain_loop(steps):
    w, (h, vectors) = np.zeros(64), WIDE.directions
    for _ in range(steps):
        w = w - 0.03 * 2 * WIDE.x.T @ (WIDE.x @ w - WIDE.y) / 100
    full = (WIDE.correlation @ vectors) / h
    np.testing.assert_allclose(kept_by_stopping(h, 0.03, steps)[5:], (w @ vectors / full)[5:], rtol=1e-6)


def test_both_keep_the_same_of_a_flat_direction_at_the_strength_that_is_like_the_steps():
    for steps in (10, 1000):
        like = strength_like(0.03, steps)
        assert steps_like(0.03, like) == pytest.approx(steps)
        h = like * 1e-3
        assert kept_by_ridge(h, like) == pytest.approx(kept_by_stopping(h, 0.03, steps), rel=2e-3)


def test_the_record_holds_ridge_and_stopped_descent():
    held = stopping({"l2": np.array([0.3, 3.0]), "steps": np.array([52, 5])})
    np.testing.assert_allclose(held.kept, held.theory, rtol=1e-6, atol=1e-9)
    oracle = Ridge(alpha=300.0, fit_intercept=False).fit(WIDE.x, WIDE.y)
    error = ((oracle.predict(WIDE.x_validation) - WIDE.y_validation) ** 2).mean()
    assert held.ridge_errors[1, 1] == pytest.approx(error)
    assert held.stopped_errors[1, 0] == pytest.approx(WIDE.error(unpenalized_path()[5], "training"))
    assert held.select(1).settings["steps"].tolist() == [5]


def test_the_program_prints_the_errors_of_the_lab(lab):
    for one in stopping(lab.grid.settings(random_slots(lab))):
        errors = WIDE.error(unpenalized_path()[1 : one.settings["steps"][0] + 1])
        assert one.stopped_errors[0, 1] == pytest.approx(errors[-1])
        expected = [*errors, one.ridge_errors[0, 1]]
        program = lab.program(one.setting(0) | {"lines": one.settings["steps"][0]})
        np.testing.assert_allclose(printed(program, "validation error"), expected, rtol=1e-4)


def test_each_slider_is_marked_where_it_is_like_the_other():
    assert marked_strength(52)["acts like my t"] == pytest.approx(1 / (2 * 0.03 * 52))
    assert marked_steps(0.32)["acts like my λ"] == pytest.approx(52, rel=0.01)
    (mark,) = marks_table(STEPS, [L2])[L2.index(0.32)]
    assert mark["from"] == pytest.approx(position(STEPS, 52), abs=0.01)


def test_the_steps_on_one_slider_are_those_that_are_like_the_strengths_on_the_other():
    like = [1 / (2 * 0.03 * strength) for strength in L2.values[::-1]]
    assert [round(steps) for steps in like] == pytest.approx(list(STEPS.values), abs=1)


def test_the_marks_stand_on_the_two_curves(lab):
    run, plot = lab.at(l2=0.32, steps=17), lab.plots[0]
    curves = {line.get_label(): line for line in plot.ax.lines}
    for name in ("ridge", "stopped"):
        x, y = plot.values(f"{name} here", run)[0, 0]
        curve = curves["ridge" if name == "ridge" else "stopped early"]
        known = np.argsort(curve.get_xdata())
        expected = np.interp(np.log(x), np.log(curve.get_xdata()[known]), curve.get_ydata()[known])
        assert y == pytest.approx(expected, abs=1e-3)


def test_the_goal_is_reached_by_stopping_early(lab):
    either, both = lab.goals
    assert either.is_reached(lab.at(steps=17))
    assert not both.is_reached(lab.result)
    assert both.is_reached(lab.at(steps=17, l2=0.56))
    assert not either.is_reached(lab.at(steps=30, l2=0.56))
