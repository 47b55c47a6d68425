"""Gradient descent in a ravine against torch's own optimiser and theory; the lab's goals and its program."""

from dataclasses import replace

import numpy as np
import pytest
from corners import Corner
from plain_descent import check_program, heavy_ball_steps, plain_descent
from shared_labs import shared
from steered import check_steering

from optlab.course.gradient_descent.descent import (
    along_and_across,
    at_best_rate,
    measured_factor,
    ravine_descent,
)
from optlab.course.gradient_descent.descent_lab import ALPHA, ANGLE, GOALS, KAPPA, descent_lab, losses
from optlab.engine.analysis.surfaces import ravine, start_at
from optlab.live.goals import which_reached

lab = shared(descent_lab)


def run(lr, kappa=10.0, angle=60.0):
    values = {"lr": lr, "kappa": kappa, "angle": angle}
    return ravine_descent({name: np.array([value]) for name, value in values.items()})


@pytest.mark.parametrize(("lr", "kappa", "angle"), [(0.05, 10.0, 60.0), (0.05, 30.0, 60.0), (1.0, 1.0, 15.0)])
def test_the_path_is_that_of_torchs_own_optimiser(lr, kappa, angle):
    path = plain_descent(ravine(kappa), start_at(angle)[0], 100, lr=lr)
    np.testing.assert_allclose(run(lr, kappa, angle).path[0], path, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(
    ("lr", "angle", "words"),
    [
        (0.16, 60.0, "the tolerance ended it at step 38"),
        (0.01, 60.0, "the cap of 100 steps ended it: the loss is"),
        (0.2001, 60.0, "the cap of 100 steps ended it: the loss grew to"),
        (0.3, 60.0, "diverged: the loss is a million times larger by step 10"),
        # rounding errors grow across the valley
        (0.36, 0.0, "at step 17 ★; left alone, it diverges by step"),
    ],
)
def test_a_run_says_what_ended_it(lr, angle, words):
    assert words in run(lr, angle=angle).outcome()


def test_both_parts_add_up_to_the_loss_and_theory_has_the_best_factor():
    shown = run(0.13, 5.0)
    np.testing.assert_allclose(along_and_across(shown).sum(-1), shown.loss, rtol=1e-9)
    best = at_best_rate(shown)[0]
    np.testing.assert_allclose(best[1:] / best[:-1], ((5 - 1) / (5 + 1)) ** 2)


def test_a_title_of_what_a_run_would_do_alone_fits_the_figure():
    plot, shown = losses(100), run(0.36, angle=0.0)
    assert "left alone, it diverges by step" in shown.outcome()
    assert not Corner(plot, plot.frames(shown), 0).overlaps()


def test_the_start_can_be_dragged_in_small_steps():
    places = start_at(np.array(ANGLE.values))
    assert np.linalg.norm(np.diff(places, axis=0), axis=1).max() < 0.3  # of a circle whose radius is 2


@pytest.mark.parametrize(("lr", "shown"), [(0.16, "goal"), (0.01, "end"), (0.3, "way out")])
@pytest.mark.slow
def test_the_path_ends_in_the_sign_of_what_ended_it(lab, lr, shown):
    one = run(lr)
    signs = {name: lab.plots[0].values(name, one)[0, 0] for name in ("goal", "end", "way out")}
    assert [name for name, point in signs.items() if np.isfinite(point).all()] == [shown]
    if shown == "way out":  # on the border, on the line between two points of the path
        point = signs[shown]
        assert max(abs(point[0]) / 3.3, abs(point[1]) / 2.1) == pytest.approx(1.0)
        ends = one.path[0, : one.diverged_at[0] + 1] - point
        assert np.abs(np.linalg.det(np.stack([ends[:-1], ends[1:]], 1))).min() < 1e-5
    else:
        np.testing.assert_allclose(signs[shown], one.path[0, one.reached_at[0] if shown == "goal" else -1])


def test_the_star_is_where_the_loss_first_meets_the_goal(lab):
    one = run(0.13, 5.0)
    step, loss = lab.plots[1].values("goal", one)[0, 0]
    assert (step, loss) == (one.reached_at[0], pytest.approx(one.loss[0, int(step)]))
    assert loss <= 1e-6 < one.loss[0, int(step) - 1]


def test_each_kappa_has_its_own_background(lab):
    pictures = [scene["background"] for scene in lab.figures[0].backgrounds]
    assert len(set(pictures)) == len(KAPPA.values)
    assert lab.plots[0].frames(run(0.05, 50.0)).scenes == [KAPPA.index(50.0)]


@pytest.mark.parametrize(("lr", "kappa"), [(0.05, 10.0), (0.16, 10.0), (0.22, 10.0), (0.018, 100.0)])
def test_the_measured_factor_is_the_one_of_theory(lr, kappa):
    slower = max(abs(1 - lr), abs(1 - lr * kappa))
    assert measured_factor(run(lr, kappa).loss[0]) == pytest.approx(slower, rel=2e-2)


def test_a_curve_too_short_to_be_measured_is_not():
    assert np.isnan(measured_factor(run(4.0, 100.0).loss[0]))
    assert np.isnan(measured_factor(np.zeros(101)))


@pytest.mark.parametrize("kappa", [10.0, 20.0, 30.0])
@pytest.mark.parametrize("lr", [0.05, 0.063, 0.089, 0.16, 0.18, 0.22])
def test_goals_light_up_where_a_loop_in_the_eigen_directions_converges(kappa, lr):
    steps = heavy_ball_steps(kappa, lr)
    expected = tuple(kappa == k and steps <= cap for k, cap in ((10, 40), (20, 100), (30, 100)))
    assert which_reached(GOALS, run(lr, kappa)) == expected


def test_every_goal_can_be_reached_from_the_default_angle_but_the_one_that_cannot():
    best = [min(heavy_ball_steps(kappa, lr) for lr in ALPHA.values) for kappa in (10.0, 20.0, 30.0)]
    assert best[0] <= 40
    assert best[1] <= 100 < best[2]
    straight_up_the_wall = run(0.05, 30.0, 90.0)  # nothing is flat there, and nothing has to wait
    assert straight_up_the_wall.loss[0, -1] < 1e-6
    assert which_reached(GOALS, straight_up_the_wall) == (False, False, False)


def test_a_run_that_arrives_and_is_lost_again_reaches_nothing():
    anywhere = replace(GOALS[0], where={})
    lost = run(0.36, 10.0, 0.0)  # along the valley it arrives; then what rounding left across has grown
    assert 0 < lost.reached_at[0] < 40 < lost.diverged_at[0]
    assert which_reached([anywhere], lost) == (False,)
    assert which_reached([anywhere], run(0.22, 10.0, 0.0)) == (True,)


def test_the_program_prints_the_loss(lab):
    check_program(lab)


def test_the_start_is_where_the_mouse_takes_hold_of_it(lab):
    check_steering(lab, ("angle",))
