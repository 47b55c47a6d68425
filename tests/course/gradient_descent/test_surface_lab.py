"""Descent on the surfaces against torch's own optimiser; the lab's goal and its program."""

import numpy as np
from plain_descent import check_program, plain_descent
from shared_labs import shared
from steered import check_steering

from optlab.course.gradient_descent.surface import surface_descent
from optlab.course.gradient_descent.surface_lab import (
    GOALS,
    surface_lab,
)
from optlab.engine.analysis.surfaces import SURFACES
from optlab.live.goals import which_reached

lab = shared(surface_lab)


def test_settings_that_share_no_run_come_back_in_their_order():
    settings = {
        "surface": np.array([*SURFACES, *SURFACES][::-1]),
        "optimizer": np.array(["sgd", "momentum"] * 3),
        "lr": np.array([1e-3, 2e-3, 3e-3, 4e-3, 5e-3, 6e-3]),
        "start": np.array(["A", "B", "C", "C", "B", "A"]),
    }
    mixed = surface_descent(settings, steps=20)
    for row, one in enumerate(mixed):
        surface, rule, lr, start = (column[row] for column in settings.values())
        momentum = 0.9 if rule == "momentum" else 0.0
        path = plain_descent(
            SURFACES[surface].fn, SURFACES[surface].starts[start], 20, lr=lr, momentum=momentum
        )
        kept = np.isfinite(one.path[0]).all(1)
        assert kept[:3].all()
        np.testing.assert_allclose(one.path[0, kept], path[kept], rtol=1e-8, atol=1e-10)
        assert list(one.setting(0).values()) == [surface, rule, lr, start]


def test_the_goal_asks_for_rosenbrocks_valley_and_its_start():
    places = [(surface, start) for surface in SURFACES for start in "AB"]
    surfaces, starts = map(np.array, zip(*places, strict=True))
    here = {"optimizer": np.array(["momentum"] * 6), "lr": np.full(6, 0.0018)}
    runs = surface_descent({"surface": surfaces, "start": starts} | here)
    reached = [which_reached(GOALS, run.select(0))[0] for run in runs]
    assert reached == [place == ("Rosenbrock's valley", "A") for place in places]
    assert np.nanmin(runs.loss[places.index(("Rosenbrock's valley", "A"))]) <= 1e-4


def test_the_program_prints_the_loss(lab):
    check_program(lab)


def test_each_surface_has_a_background_and_limits_of_its_own(lab):
    assert len({scene["background"] for scene in lab.figures[0].backgrounds}) == len(SURFACES)
    assert [scene["axes"][0]["xlim"] for scene in lab.figures[0].backgrounds] == [
        list(surface.limits[:2]) for surface in SURFACES.values()
    ]


def test_the_start_is_where_the_mouse_takes_hold_of_it(lab):
    check_steering(lab, ("start",))
