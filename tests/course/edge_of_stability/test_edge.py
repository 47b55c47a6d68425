"""The edge of stability: a plain run, its full Hessian, and what the lab says of both."""

from pathlib import Path

import numpy as np
import pytest
import torch
from printed_programs import DIGITS, first_departure, printed

from optlab.course import edge_of_stability as lesson
from optlab.course.edge_of_stability.edge import LRS, SEEDS, Edge, edge, network, threshold, wave_loss
from optlab.course.labs import edge_lab
from optlab.live.goals import which_reached
from optlab.live.program import Program
from optlab.params import grid

pytestmark = pytest.mark.usefixtures("on_one_thread")


@pytest.mark.slow
def test_the_edge_is_the_sharpness_along_a_plain_run():
    run = edge({"lr": np.array([0.18, 0.1]), "seed": np.array([2, 0])}, steps=60, every=30)
    theta = network().start(2).double()
    for step in range(61):
        theta.requires_grad_()
        value = wave_loss(theta[None])[0]
        assert run.loss[0, step] == pytest.approx(value.item(), rel=1e-9)
        if step == 60:
            full = torch.autograd.functional.hessian(lambda t: wave_loss(t[None])[0], theta.detach())
            assert run.sharpness[0, 2] == pytest.approx(torch.linalg.eigvalsh(full)[-1].item(), rel=2e-3)
        theta = (theta - 0.18 * torch.autograd.grad(value, theta)[0]).detach()


@pytest.mark.slow
def test_at_every_rate_it_settles_at_two_over_alpha():
    lr = np.array([0.1, 0.14, 0.18])
    run = edge({"lr": lr, "seed": np.zeros(3, int)}, steps=1500)
    assert (run.relative[:, 0] < 1).all()
    np.testing.assert_allclose(run.level, 1, atol=0.12)
    np.testing.assert_allclose(np.median(run.sharpness[:, -30:], axis=1), threshold(lr), rtol=0.12)


def test_the_program_prints_the_loss_until_rounding_parts_the_runs():
    setting = {"lr": 0.1, "seed": 2}
    settings = {"lr": np.array([0.1, 0.1 * (1 + 1e-15)]), "seed": np.array([2, 2])}
    run = edge(settings, steps=300)
    loss, other = run.loss
    end = first_departure(loss, other)
    assert end > 100
    program = Program(Path(lesson.__file__).with_name("edge_program.py"))(
        setting | {"steps": 300, "every": 20}
    )
    at, numbers, sharpness = printed(program, "step", "training loss", "sharpness")
    kept = at < end
    assert kept.sum() >= 5
    np.testing.assert_allclose(numbers[kept], loss[at[kept].astype(int)], rtol=DIGITS)
    np.testing.assert_allclose(sharpness[kept], run.sharpness[0][at[kept].astype(int) // 20], rtol=0.01)


@pytest.fixture(scope="module")
def lab():
    """Curves made up: the real ones are tested above."""
    settings, steps = grid(lr=LRS, seed=SEEDS), np.arange(0, 2001, 20)
    lr = settings["lr"][:, None]
    sharp = 2 / lr * np.minimum(1, 0.5 + steps / 1000)
    loss = np.exp(-np.arange(2001) / 300) * (1 + 0.5 * (lr > 0.15) * (-1.0) ** np.arange(2001))
    made = edge_lab(Edge(settings, loss, sharp, steps))
    yield made
    made.close()


def test_the_lab_says_when_the_edge_is_reached_and_where_it_settles(lab):
    run = lab.at(lr=0.1)
    first, second = (plot.frames(run).labels[0] for plot in lab.plots)
    assert "2/α = 20; reaches 2/α at step 500" in first
    assert "last third: 1.00 × 2/α" in first
    assert "rises in 0%" in second
    assert (lab.toolbar.last, lab.toolbar.unit) == (2000, "step")  # not one of its 101 measurements


def test_the_loss_is_drawn_after_every_step(lab):
    run = lab.at(lr=0.18)
    (line,) = (mark for mark in lab.plots[1].marks if mark.artist.get_label() == "training loss")
    np.testing.assert_array_equal(line.artist.get_xdata(), np.arange(2001))
    np.testing.assert_array_equal(line.values(run), run.loss)


@pytest.mark.parametrize("k", range(len(LRS)))
def test_the_second_axis_counts_in_units_of_two_over_alpha(lab, k):
    plot = lab.plots[0]
    plot.scenes[k]()
    texts = [
        text for text in plot.ax.texts if text.get_visible() and text.get_text().replace(".", "").isdigit()
    ]
    counted = {float(text.get_text()): text.get_position()[1] for text in texts}
    assert {0, 1} <= counted.keys()
    for units, height in counted.items():
        assert height == pytest.approx(units * 2 / LRS[k])


def test_every_goal_can_be_reached(lab):
    assert which_reached(lab.goals, lab.at(lr=0.18)) == (True, True)
    assert which_reached(lab.goals, lab.at(lr=0.1)) == (False, False)
