"""A setting for each goal of the lesson's labs."""

import pytest
from goal_rules import not_reached

from optlab.course import labs

REACHED = {
    "optimizer_lab": [{"optimizer": "momentum", "lr": 0.2}, {"optimizer": "sgd", "lr": 1.0}],
    "shape_lab": [{"width": 16, "depth": 1}, {"width": 2, "depth": 1}],
    "pruning_lab": [
        {"way": "smallest weights", "amount": 0.5},
        {"way": "smallest neurons", "amount": 0.5},
    ],
    "merging_lab": [{"together": "10 epochs", "members": 6}, {"together": "never", "members": 6}],
}


@pytest.mark.parametrize("name", REACHED)
def test_each_goal_is_reached_at_its_setting(name):
    lab = getattr(labs, name)()
    assert not_reached(lab, REACHED[name]) == []
    lab.close()
