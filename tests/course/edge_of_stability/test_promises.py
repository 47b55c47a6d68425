"""Bounds and the descent lemma: no run crosses them, and the loss is the one in closed form."""

import numpy as np
import pytest
from printed_programs import printed
from shared_labs import shared

from optlab.course.edge_of_stability.promises import curvatures, promises
from optlab.course.labs import promises_lab
from optlab.live.goals import which_reached
from optlab.params import grid

pytestmark = pytest.mark.usefixtures("on_one_thread")

lab = shared(promises_lab)


def test_no_run_crosses_its_bounds_and_every_step_keeps_the_lemma():
    settings = grid(kappa=[1.0, 30.0, 1e4], lr=[0.05, 0.5, 1.0, 1.5, 1.99])
    run = promises(settings)
    assert (run.loss <= run.bound * (1 + 1e-9) + 1e-300).all()
    assert (run.gain >= run.promised * (1 - 1e-9) - 1e-14).all()
    h, lr = curvatures(settings["kappa"][4])[0], settings["lr"][4]
    left = (1 - lr * h) ** np.arange(1001)[:, None]  # the loss in closed form
    np.testing.assert_allclose(run.loss[4], (h * left**2).sum(1) / 2, rtol=1e-6, atol=1e-20)


@pytest.mark.slow
def test_beyond_the_last_sure_rate_nothing_is_promised(lab):
    beyond = lab.set(lr=2.05)
    assert np.isnan(beyond.bound).all()
    first, second = (plot.frames(beyond).labels[0] for plot in lab.plots)
    assert "no bound" in first
    assert "promises nothing" in second
    for line in ("measured", "promised by the lemma"):  # a rise has no place on a log axis, not even below it
        assert not (lab.plots[1].values(line, beyond) < 0).any()


@pytest.mark.parametrize(
    ("goal", "setting"), [(0, {"kappa": 1000.0, "lr": 1.9}), (1, {"kappa": 100.0, "lr": 0.1})]
)
@pytest.mark.slow
def test_every_goal_can_be_reached(lab, goal, setting):
    assert which_reached(lab.goals, lab.at(**setting))[goal]


@pytest.mark.parametrize("setting", [{"kappa": 10.0, "lr": 0.5}, {"lr": 2.05, "kappa": 1.0}])
def test_the_program_prints_the_loss(lab, setting):
    run = lab.at(**setting)
    steps, gaps = printed(lab.program(setting), "step", "optimality gap")
    loss = run.loss[0, steps.astype(int)]
    seen = loss > 1e-12  # below, rounding decides
    assert seen.sum() >= 5
    np.testing.assert_allclose(gaps[seen], loss[seen], rtol=1e-3)
    steps, gain, promised = printed(
        lab.program(setting), "step", "decrease in a step", "promised by the lemma"
    )
    first = steps < 10
    np.testing.assert_allclose(gain[first], run.gain[0, :9], rtol=1e-3, atol=1e-12)
    np.testing.assert_allclose(promised[first], run.promised[0, :9], rtol=1e-3, atol=1e-12)
