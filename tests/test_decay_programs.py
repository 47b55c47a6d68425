"""The labs of 03.4: their programs print the curves they show, and their goals can be reached."""

import re

import numpy as np
import pytest
from scipy.special import zeta
from test_programs import DIGITS, printed, random_slots

from optlab.goals import which_reached
from optlab.labs import decay_lab, race_lab, sums_lab
from optlab.race import LRS, RUNNERS, race

EPOCHS = 12
"""Of the race whose programs are run: half of the usual ones, and step decay has had two steps."""


def short_race_lab():
    return race_lab(race(EPOCHS))


# each with the curve of a row that its program prints
CURVES = {
    decay_lab: lambda walks, row: walks.loss[row],
    sums_lab: lambda sums, row: sums.rate[row],
    short_race_lab: lambda entry, row: entry.excess[row].mean(0),
}


@pytest.fixture(scope="module", params=CURVES, ids=lambda make: make.__name__)
def lab(request):
    made = request.param()
    made._trainer.close()  # the settings below are trained in one go
    made.curve = CURVES[request.param]
    yield made
    made.close()


def some_slots(lab):
    """20 settings at random; of the slow race every schedule, at a random rate that is not chaotic."""
    if "schedule" not in lab.settings:
        return random_slots(lab)
    rates = np.random.default_rng(3).integers(0, np.searchsorted(LRS, 0.5), len(RUNNERS))
    return [lab.box.slot([name, rate]) for name, rate in enumerate(rates)]


def test_the_program_prints_the_labs_curve(lab):
    slots = some_slots(lab)
    result = lab._run(lab.box.settings(slots), ())
    for row, slot in enumerate(slots):
        setting, shown = lab.box.setting(slot), lab.curve(result, row)
        numbers = printed(lab.toolbar._program(setting))
        assert numbers.shape == shown.shape
        np.testing.assert_allclose(numbers, shown, rtol=DIGITS, err_msg=str(setting))


def test_the_program_is_short_complete_and_plain(lab):
    for slot in some_slots(lab):
        program = lab.toolbar._program(lab.box.setting(slot))
        assert "optlab" not in program
        assert len(program.splitlines()) < 50
        assert max(map(len, program.splitlines())) <= 100
        assert set(re.findall(r"^(?:from|import) (\w+)", program, re.MULTILINE)) <= {"torch", "sklearn"}


def test_the_film_ends_with_the_run(lab):
    ends = {decay_lab: (400, "step"), sums_lab: (0, "step"), short_race_lab: (EPOCHS, "epoch")}
    (make,) = (make for make, curve in CURVES.items() if curve is lab.curve)
    assert (lab.toolbar.last, lab.toolbar.unit) == ends[make]


@pytest.mark.parametrize("make", [decay_lab, sums_lab])
def test_a_lab_begins_where_it_is_told_and_hides_what_it_is_told(make):
    made = make(state="lr=1&p=2", hide=["delta"], goals=())
    assert (made.settings["lr"], made.settings["p"], made.settings["delta"]) == (1.0, 2.0, 1.0)
    assert made.goals == ()
    made.close()


# ---------------------------------------------------------------- goals


def mean_loss(lr, delta, p, count, curvature):
    """E ½hθ² after 400 steps from 10, by its recursion."""
    square = 100.0
    for step in range(400):
        rate = lr * (1 + delta * (step // 20 if count == "epochs" else step)) ** (-p / 2)
        square = (1 - rate * curvature) ** 2 * square + rate**2
    return curvature * square / 2


def best_constant_loss(curvature):
    rates = np.geomspace(1e-3, 1, 2000) / curvature
    return min(mean_loss(rates, 0.0, 1.0, "steps", curvature))


def decay_goals(delta, count, curvature, **others):
    """Which goals the mean over all noise reaches, and how far it is from the next bound, relative."""
    end, usual = mean_loss(delta=delta, count=count, curvature=curvature, **others), curvature == 1.0
    beaten = end < best_constant_loss(curvature)
    wanted = (beaten and usual and delta == 1, end < 0.0013 and usual)
    wanted += (beaten and usual and delta == 1 and count == "epochs", beaten and curvature == 0.1)
    bounds = np.array([best_constant_loss(curvature), 0.0013])
    return wanted, np.abs(end / bounds - 1).min()
