"""Adam's edge: against torch.optim, the whole Hessian and a parabola, and what the lab says of it."""

import numpy as np
import pytest
import torch
from printed_programs import DIGITS, first_departure, printed

from optlab.course.edge_of_stability.adam_edge import (
    BETA1S,
    LRS,
    SEEDS,
    AdamEdge,
    adam_edge,
    adam_threshold,
)
from optlab.course.edge_of_stability.edge import network, wave_loss
from optlab.course.labs import adam_edge_lab
from optlab.live.goals import which_reached
from optlab.params import grid

pytestmark = pytest.mark.usefixtures("on_one_thread")


@pytest.mark.slow
def test_both_sharpnesses_are_those_of_the_whole_hessian_along_a_run_of_torch_adam():
    columns = {"lr": np.array([0.01]), "beta1": np.array([0.9]), "seed": np.array([2])}
    run = adam_edge(columns, steps=61, every=30)
    theta = network().start(2).double().requires_grad_()
    optimizer = torch.optim.Adam([theta], lr=0.01, betas=(0.9, 0.99))
    for step in range(61):
        optimizer.zero_grad()
        loss = wave_loss(theta[None])[0]
        loss.backward()
        before = theta.detach().clone()
        optimizer.step()
        assert run.loss[0, step] == pytest.approx(loss.item(), rel=1e-8)
    squares = optimizer.state[theta]["exp_avg_sq"] / (1 - 0.99**61)
    p = (1 - 0.9**61) * (squares.sqrt() + 1e-8)
    full = torch.autograd.functional.hessian(lambda t: wave_loss(t[None])[0], before)
    values = [torch.linalg.eigvals(full / p[:, None]).real.max(), torch.linalg.eigvalsh(full)[-1]]
    assert run.sharpness[0, 2] == pytest.approx(0.01 * values[0].item(), rel=1e-2)
    assert run.plain[0, 2] == pytest.approx(0.01 * values[1].item(), rel=1e-2)


@pytest.mark.parametrize("beta1", BETA1S)
def test_the_threshold_parts_parabolas_that_adam_leaves_from_those_it_does_not(beta1):
    """With a preconditioner that is kept, on ½hθ²."""
    ends = []
    for share in (0.98, 1.02):
        theta, m, steps = 1.0, 0.0, 0
        while 1e-3 < abs(theta) < 1e3 and steps < 10**5:
            m = beta1 * m + (1 - beta1) * share * adam_threshold(beta1) * theta
            theta, steps = theta - m, steps + 1
        ends.append(abs(theta) < 1)
    assert ends == [True, False]


@pytest.mark.slow
def test_at_every_rate_and_memory_it_settles_at_the_threshold():
    settings = grid(lr=[0.004, 0.01], beta1=BETA1S, seed=[5])
    run = adam_edge(settings, steps=1000)
    np.testing.assert_allclose(run.level, 1, atol=0.25)
    assert (run.plain[:, -1] < 1).all()


def test_the_program_prints_the_loss_until_rounding_parts_the_runs(lab):
    setting = {"lr": 0.004, "beta1": 0.9, "seed": 1}
    lr = np.array([0.004, 0.004 * (1 + 1e-15)])
    run = adam_edge({"lr": lr, "beta1": np.array([0.9, 0.9]), "seed": np.array([1, 1])}, steps=200)
    end = first_departure(*run.loss)
    texts = ("step", "training loss", "preconditioned sharpness", "sharpness")
    at, loss, inner, plain = printed(lab.program(setting | {"steps": 200, "every": 20}), *texts)
    kept = at < end
    assert kept.sum() >= 4
    rows = at[kept].astype(int)
    np.testing.assert_allclose(loss[kept], run.loss[0][rows], rtol=DIGITS)
    np.testing.assert_allclose(inner[kept], run.sharpness[0][rows // 20], rtol=0.02)
    np.testing.assert_allclose(plain[kept], run.plain[0][rows // 20], rtol=0.02)


@pytest.fixture(scope="module")
def lab():
    """Curves made up: the real ones are tested above."""
    settings, steps = grid(lr=LRS, beta1=BETA1S, seed=SEEDS), np.arange(0, 2001, 20)
    lr, beta1 = settings["lr"][:, None], settings["beta1"][:, None]
    sharp = adam_threshold(beta1) * np.minimum(1, 0.1 + lr * steps)
    loss = np.exp(-np.arange(2001) * 3 * lr)
    made = adam_edge_lab(AdamEdge(settings, loss, sharp, 0.03 * lr * steps, steps))
    yield made
    made.close()


def test_the_lab_says_when_the_edge_is_reached_and_where_it_settles(lab):
    first, second = (plot.frames(lab.at(lr=0.002)).labels[0] for plot in lab.plots)
    assert "Adam's edge: 38/α; rises to it by step 460" in first
    assert "last third: 1.00 × 38/α" in first
    assert "rises in 0%" in second
    assert (lab.toolbar.last, lab.toolbar.unit) == (2000, "step")


def test_goals_want_a_late_edge_and_a_sharp_network(lab):
    assert which_reached(lab.goals, lab.at(lr=0.001)) == (True, False)
    assert which_reached(lab.goals, lab.at(lr=0.01)) == (False, True)
