"""A setting for each goal of the lesson's labs."""

import pytest
from goal_rules import not_reached

from optlab.course import labs

REACHED = {
    "augmentation_lab": [
        {"samples": 200, "move": 1.0, "test_move": 1.0},
        {"samples": 200, "move": 2.0, "test_move": 0.0},
    ],
    "preprocessing_lab": [
        {"unit": "µm", "preparation": "standardised"},
        {"unit": "cm", "preparation": "whitened"},
        {"unit": "µm", "preparation": "as it is"},
    ],
    "imbalance_lab": [
        {"count": 4, "remedy": "none", "steps": 200},
        {"count": 16, "remedy": "class weights", "steps": 200},
        {"count": 16, "remedy": "none", "steps": 4000},
    ],
}


@pytest.mark.parametrize("name", REACHED)
def test_each_goal_is_reached_at_its_setting(name):
    lab = getattr(labs, name)()
    assert not_reached(lab, REACHED[name]) == []
    lab.close()
