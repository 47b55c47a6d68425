"""A setting for each goal of the lesson's labs."""

from functools import partial

import numpy as np
import pytest
from made_up import made_up_roofline

from optlab.course import labs

MAKE = {"roofline_lab": partial(labs.roofline_lab, made_up_roofline())}
REACHED = {
    "optimizer_lab": [{"optimizer": "momentum", "lr": 0.2}, {"optimizer": "sgd", "lr": 1.0}],
    "shape_lab": [{"width": 16, "depth": 1}, {"width": 2, "depth": 1}],
    "pruning_lab": [
        {"way": "smallest weights", "amount": 0.5},
        {"way": "smallest neurons", "amount": 0.5},
    ],
    "merging_lab": [{"together": "10 epochs", "members": 6}, {"together": "never", "members": 6}],
    "augmentation_lab": [
        {"samples": 200, "move": 1.0, "test_move": 1.0},
        {"samples": 200, "move": 2.0, "test_move": 0.0},
    ],
    "preprocessing_lab": [
        {"unit": "µm", "preparation": "standardised"},
        {"unit": "cm", "preparation": "whitened"},
        {"unit": "µm", "preparation": "as it is"},
    ],
    "imbalance_lab": [{"count": 4, "remedy": "none"}, {"count": 16, "remedy": "class weights"}],
    "roofline_lab": [{"task": "multiply matrices", "n": 1024}],
}


@pytest.mark.parametrize("name", REACHED)
def test_each_goal_is_reached_at_its_setting(name):
    lab = MAKE.get(name, getattr(labs, name))()
    for goal, setting in zip(lab.goals, REACHED[name], strict=True):
        run = lab.source.run({slider: np.array([value]) for slider, value in setting.items()})
        assert goal.is_reached(run), goal.text
    lab.close()
