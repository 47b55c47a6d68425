"""The labs of 03.4: their programs print the curves they show, and their goals can be reached."""

import re
from functools import partial

import numpy as np
import pytest
import torch
from printed_programs import DIGITS, printed, random_slots

from optlab.course.labs import decay_lab, race_lab, sums_lab
from optlab.course.learning_rate_decay.race import CANDIDATES, LRS, race
from optlab.live.goals import which_reached
from optlab.live.state import read_state

EPOCHS = 12
"""Of the race whose programs are run: half of the usual ones, and step decay has had two steps."""


def short_race_lab():
    return race_lab(race(EPOCHS))


# each with the curve of a row that its program prints
CURVES = {
    decay_lab: lambda walks, row: walks.loss[row],
    sums_lab: lambda sums, row: sums.rate[row],
    short_race_lab: lambda entry, row: entry.gap[row].mean(0),
}


@pytest.fixture(scope="module", params=CURVES, ids=lambda make: make.__name__)
def lab(request):
    made = request.param()
    made._trainer.close()  # the settings below are trained in one go
    made.curve = CURVES[request.param]
    made.rounding = (
        2e-3 if request.param is short_race_lab else DIGITS
    )  # a gap of float32 losses has fewer digits
    yield made
    made.close()


def some_slots(lab):
    """20 settings at random; of the slow race every schedule, at a random rate that is not chaotic."""
    if "schedule" not in lab.settings:
        return random_slots(lab)
    rates = np.random.default_rng(3).integers(0, np.searchsorted(LRS, 0.5), len(CANDIDATES))
    return [lab.grid.slot([name, rate]) for name, rate in enumerate(rates)]


def test_the_program_prints_the_labs_curve(lab):
    slots = some_slots(lab)
    result = lab._run(lab.grid.settings(slots), ())
    for row, slot in enumerate(slots):
        setting, shown = lab.grid.setting(slot), lab.curve(result, row)
        numbers = printed(lab.toolbar._program(setting))
        assert numbers.shape == shown.shape
        np.testing.assert_allclose(numbers, shown, rtol=lab.rounding, err_msg=str(setting))


def test_the_program_is_short_complete_and_plain(lab):
    for slot in some_slots(lab):
        program = lab.toolbar._program(lab.grid.setting(slot))
        assert "optlab" not in program
        assert len(program.splitlines()) <= 60
        assert max(map(len, program.splitlines())) <= 110
        assert set(re.findall(r"^(?:from|import) (\w+)", program, re.MULTILINE)) <= {"torch", "sklearn"}


def test_the_film_ends_with_the_run(lab):
    ends = {decay_lab: (400, "step"), sums_lab: (0, "step"), short_race_lab: (EPOCHS, "epoch")}
    (make,) = (make for make, curve in CURVES.items() if curve is lab.curve)
    assert (lab.toolbar.last, lab.toolbar.unit) == ends[make]


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_a_lab_begins_where_another_stood(lab, share):
    slot = int(share * lab.grid.size)
    for control, index in zip(lab.controls, lab.grid.indices(slot), strict=True):
        control.slider.index = index
    assert read_state(lab.grid, lab.state).slot == slot
    lab.reset()


def test_the_labs_take_the_options_of_every_lab():
    for make in (decay_lab, sums_lab, partial(race_lab, race(1))):
        made = make(state="lr=0.1", hide=["lr"], goals=())
        assert made.settings["lr"] == 0.1
        assert "lr" not in [control.param.name for control in made.children[0].children]
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
    return min(mean_loss(lr / curvature, 0, 1, "steps", curvature) for lr in np.geomspace(0.005, 0.3, 80))


def goals_by_theory(lr, delta, p, count, curvature):
    """What the mean over all noise reaches."""
    end = mean_loss(lr, delta, p, count, curvature)
    beaten, usual = end < best_constant_loss(curvature), curvature == 1
    first = beaten and usual and delta == 1
    return first, usual and end < 0.0013, first and count == "epochs", curvature == 0.1 and beaten


def test_the_goals_of_the_parabola_light_up_where_theory_says_so():
    lab = decay_lab()
    lab._trainer.close()
    params = lab.grid.params
    settings = [
        tuple(param.default for param in params),
        (0.2, 1.0, 1.0, "steps", 1.0),
        (1.0, 1.0, 2.0, "steps", 1.0),
        (0.1, 1.0, 2.0, "epochs", 1.0),
        (0.1, 0.1, 2.0, "epochs", 1.0),
        (0.3, 5.0, 2.0, "epochs", 1.0),
        (2.0, 0.2, 2.0, "steps", 0.1),
        (1.0, 1.0, 2.0, "steps", 0.1),
        (3.0, 0.0, 1.0, "steps", 1.0),
    ]
    slots = [lab.grid.slot([p.index(v) for p, v in zip(params, row, strict=True)]) for row in settings]
    result = lab._run(lab.grid.settings(slots), ())
    seen = [which_reached(lab.goals, result.select(row)) for row in range(len(slots))]
    assert seen == [goals_by_theory(*row) for row in settings]
    assert not any(seen[0])
    assert np.any(seen, axis=0).all()
    lab.close()


def test_the_goals_of_the_sums_light_up_where_the_closed_form_says_so():
    lab = sums_lab()
    lab._trainer.close()
    slots = np.arange(lab.grid.size)
    result = lab._run(lab.grid.settings(slots), ())
    seen = np.array([which_reached(lab.goals, result.select(row)) for row in slots])
    lr, delta, p = (result.settings[name] for name in ("lr", "delta", "p"))
    q = p / 2
    whole = torch.special.zeta(torch.tensor(q), torch.tensor(1 / delta)).numpy()  # Hurwitz: Σ (1/δ + t)^-q
    arrived, whole = (lr * delta**-q * part for part in (first_terms(q, 1 / delta), whole))
    wanted = [(arrived >= 10) & (p > 1), (lr == 2) & (q > 1) & (whole < 10)]
    np.testing.assert_array_equal(seen, np.transpose(wanted))
    assert seen.any(0).all()
    assert not seen[lab.grid.default].any()
    lab.close()


def first_terms(q, a):
    """So much of Hurwitz' zeta function as 10 000 steps add up."""
    return sum((a + k) ** -q for k in range(10_000))


def test_the_goal_of_the_race_is_out_of_reach_of_a_constant_rate_only():
    lab = race_lab(race())
    lab._trainer.close()
    slots = np.arange(lab.grid.size)
    result = lab._run(lab.grid.settings(slots), ())
    seen = np.array([which_reached(lab.goals, result.select(row)) for row in slots])
    reached = set(result.settings["schedule"][seen[:, 0]])
    assert reached == set(CANDIDATES) - {"constant", "warm-up"}
    assert not seen[lab.grid.default].any()
    lab.close()
