"""The heavy ball against torch's own momentum and its roots; the lab's goals and its program."""

import re

import numpy as np
import pytest
from corners import Corner
from plain_descent import check_program, heavy_ball_steps, plain_descent
from shared_labs import shared
from steered import check_steering

from optlab.course.gradient_descent.momentum import expected, heavy_ball, phase
from optlab.course.gradient_descent.momentum_lab import ALPHA, BETA, GOALS, losses, momentum_lab
from optlab.engine.analysis.quadratic import momentum_roots
from optlab.engine.analysis.surfaces import ravine, start_at
from optlab.live.goals import which_reached

lab = shared(momentum_lab)


def run(lr, momentum, kappa=30.0):
    values = {"lr": lr, "momentum": momentum, "kappa": kappa}
    return heavy_ball({name: np.array([value]) for name, value in values.items()})


def test_the_path_is_that_of_torchs_own_momentum():
    path = plain_descent(ravine(30.0), start_at(60.0)[0], 100, lr=0.089, momentum=0.5)
    np.testing.assert_allclose(run(0.089, 0.5).path[0], path, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(("lr", "momentum"), [(0.063, 0.0), (0.02, 0.3), (0.01, 0.96)])
def test_theory_falls_as_fast_as_the_loss(lr, momentum):
    """The measured loss swings around that of theory: their ratio stays within a factor."""
    shown = run(lr, momentum)
    ratio = np.log10(shown.loss / expected(shown))[0, 20:]
    assert np.ptp(ratio[-40:].reshape(2, 20).max(1)) < 0.7


@pytest.mark.parametrize("kappa", [10.0, 30.0, 100.0])
def test_the_fields_of_the_map_are_what_the_roots_say(kappa):
    for lr in np.geomspace(0.005, 0.5, 25) * 1.0001:  # off the borders
        for momentum in np.linspace(0.01, 0.97, 25):
            flat, steep = (np.array(momentum_roots(c, lr, momentum)) for c in (1.0, kappa))
            if np.abs([flat, steep]).max() >= 1:
                field = "diverges"
            elif (steep.imag == 0).all() and steep.real.max() < 0:
                field = "zigzags"
            else:
                field = "creeps" if (flat.imag == 0).all() else "swings"
            assert phase(kappa, lr, momentum) == field, (lr, momentum)


@pytest.mark.parametrize(
    ("kappa", "lr", "momentum"),
    [(30.0, 0.063, 0.5), (30.0, 0.1, 0.45), (100.0, 0.04, 0.65), (100.0, 0.01, 0.0)],
)
def test_goals_light_up_where_a_loop_in_the_eigen_directions_converges(kappa, lr, momentum):
    steps = heavy_ball_steps(kappa, lr, momentum)
    reached = tuple(kappa == k and steps <= cap for k, cap in ((30, 100), (30, 30), (100, 60)))
    assert which_reached(GOALS, run(lr, momentum, kappa)) == reached


def test_the_title_and_the_goals_count_the_same_steps():
    rates, momenta = np.meshgrid(ALPHA.values, BETA.values)
    runs = heavy_ball({"lr": rates.ravel(), "momentum": momenta.ravel(), "kappa": np.full(rates.size, 30.0)})
    again = 0
    for k, loss in enumerate(runs.loss):
        within = [step for step in range(101) if loss[step] <= 1e-6]
        kept = [step for step in within if all(loss[later] <= 1e-6 for later in range(step, 101))]
        words = re.search(r"at step (\d+) ★(.*)", runs.outcome(k))
        assert bool(within) == bool(words)
        if kept and kept[0] > within[0]:
            assert (int(words[1]), words[2]) == (within[0], f"; left alone, under it from step {kept[0]} on")
            again += 1
        elif kept:
            assert (int(words[1]), words[2]) == (within[0], "")
    assert again > 50


def test_the_longest_title_fits_the_figure():
    plot, shown = losses(100), run(0.063, 0.6)
    assert "left alone, under it from step" in shown.outcome()
    assert not Corner(plot, plot.frames(shown), 0).overlaps()


@pytest.mark.parametrize(("kappa", "most"), [(30.0, 30), (100.0, 60)])
def test_every_goal_can_be_reached(kappa, most):
    assert any(heavy_ball_steps(kappa, lr, beta) <= most for lr in ALPHA.values for beta in BETA.values)


def test_the_program_prints_the_loss(lab):
    check_program(lab)


def test_a_click_goes_to_the_stop_that_is_drawn_there(lab):
    check_steering(lab, ("lr", "momentum"))
