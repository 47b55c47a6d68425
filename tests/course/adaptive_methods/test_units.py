"""The network in other units: the same flowers, and the curves of a plain loop."""

import numpy as np
import pytest
import torch
from printed_programs import EVERY, random_slots, whole_columns
from shared_labs import shared
from steered import check_steering

from optlab.course.adaptive_methods.adaptive import RULES
from optlab.course.adaptive_methods.adaptive_lab import LABELS
from optlab.course.adaptive_methods.units import LRS, SEEDS, in_units
from optlab.course.labs import units_lab
from optlab.engine.training.train import train
from optlab.live.goals import which_reached

pytestmark = pytest.mark.usefixtures("on_one_thread")

lab = shared(units_lab)


def test_the_flowers_in_another_unit_are_the_same_flowers():
    plain, scaled = in_units(1.0), in_units(100.0)
    assert torch.equal(scaled.x_test[:, 2], 100 * plain.x_test[:, 2])
    assert torch.equal(scaled.x_test[:, [0, 1, 3]], plain.x_test[:, [0, 1, 3]])


@pytest.mark.slow
def test_the_ends_at_every_rate_belong_to_the_rows(lab):
    for unit in (1.0, 100.0):
        for lr in (LRS[0], LRS[4]):
            run = lab.set(unit=unit, lr=float(lr))
            np.testing.assert_array_equal(run.ends[0][:, lr == LRS][:, 0], run.loss[0, :, -1])
            assert run.best("adam")[0] <= run.loss[0, RULES.index("adam"), -1]


@pytest.mark.parametrize(("goal", "setting"), [(0, {"lr": 3.2}), (1, {"unit": 100.0, "lr": 0.32})])
def test_every_goal_can_be_reached(lab, goal, setting):
    assert which_reached(lab.goals, lab.at(**setting))[goal]


def a_hair_faster(setting):
    """The losses of the five rules with other rounding: a rate a hair larger, and sums in another order."""
    data, lr = in_units(setting["unit"]), setting["lr"] * (1 + 1e-7)
    runs = [
        train(data, optimizer=rule, lr=lr, seed=list(SEEDS), epochs=30, engine="autograd") for rule in RULES
    ]
    return [np.nan_to_num(run.train_loss, nan=np.inf).mean(0) for run in runs]


def test_the_program_prints_every_rules_loss_for_random_settings(lab):
    slots = random_slots(lab, 5)
    shown, whole = lab.source.run(lab.grid.settings(slots)).loss, 0
    for row, slot in enumerate(slots):
        setting = lab.grid.setting(slot)
        whole += whole_columns(lab.program(setting | EVERY), LABELS, shown[row], a_hair_faster(setting))
    assert whole >= 0.75 * len(slots) * len(RULES)


def test_a_click_goes_to_the_stop_that_is_drawn_there(lab):
    check_steering(lab, ("lr",))
