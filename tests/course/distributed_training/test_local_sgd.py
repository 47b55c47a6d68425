"""Local SGD: what the lab says of bytes and losses."""

import numpy as np
import pytest
from made_up import made_up_runs
from shared_labs import shared
from steered import check_steering

from optlab.course.distributed_training.local_sgd import SPLITS
from optlab.course.labs import local_sgd_lab
from optlab.live.goals import which_reached


def made_up_lab():
    return local_sgd_lab(made_up_runs())


lab = shared(made_up_lab)


def test_the_lab_says_what_local_sgd_costs_and_what_it_saves(lab):
    run = lab.at(every=50, split=SPLITS[1])
    first, second = (plot.frames(run).labels[0] for plot in lab.plots)
    assert f"H = 50: loss 0.55, test accuracy 100%; {0.55 / 0.06:.3g} × the loss of H = 1" in first
    assert "3.65 kB sent by each worker; 50 times less" in second


def test_beside_each_run_are_those_with_the_fewest_and_the_most_means(lab):
    run, table = lab.at(every=50, lr=1.0, split=SPLITS[1]), made_up_runs()
    for label, every in (("H = 1", 1), ("this H", 50), ("H = 200, one mean", 200)):
        loss = table.select(every=every, lr=1.0, split=SPLITS[1]).loss
        np.testing.assert_allclose(lab.plots[0].values(label, run), loss, rtol=1e-6)


@pytest.mark.parametrize(
    ("goal", "setting"),
    [(0, {"every": 100, "split": SPLITS[0]}), (1, {"every": 200, "lr": 1.0, "split": SPLITS[0]})],
)
def test_every_goal_can_be_reached(lab, goal, setting):
    assert which_reached(lab.goals, lab.at(**setting))[goal]


def test_a_click_goes_to_the_stop_that_is_drawn_there(lab):
    check_steering(lab, ("every",))
