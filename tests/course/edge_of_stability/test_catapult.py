"""The catapult: against torch.optim and autograd's Hessian, and its lab's figures."""

import numpy as np
import pytest
import torch
from printed_programs import DIGITS, printed, said
from torch import nn

from optlab.course.edge_of_stability.catapult import LRS, catapult, derivatives, flowers, runs, start_of
from optlab.course.labs import catapult_lab

pytestmark = pytest.mark.usefixtures("on_one_thread")


@pytest.fixture(scope="module")
def lab():
    made = catapult_lab()
    yield made
    made.close()


def network_of(theta, kind):
    """The same network in layers of torch."""
    layers = [nn.Linear(4, 32, bias=False), nn.ReLU() if kind == "ReLU" else nn.Identity()]
    model = nn.Sequential(*layers, nn.Linear(32, 1, bias=False)).double()
    nn.utils.vector_to_parameters(theta, model.parameters())
    return model


def loss_of(model):
    x, y = flowers()
    return nn.functional.mse_loss(model(x / 2)[:, 0] / 32**0.5, y)


@pytest.mark.parametrize("kind", ["linear", "ReLU"])
def test_gradient_and_hessian_are_autograds(kind):
    theta = start_of(7)
    loss, gradient, curvature = derivatives(theta[None], kind)
    model = network_of(theta, kind)

    def of_vector(vector):
        u, v = vector[:128].view(32, 4), vector[128:].view(1, 32)
        return loss_of(lambda x: model[1](x @ u.T) @ v.T)

    assert loss.item() == pytest.approx(loss_of(model).item(), rel=1e-12)
    torch.testing.assert_close(gradient[0], torch.autograd.functional.jacobian(of_vector, theta))
    torch.testing.assert_close(curvature[0], torch.autograd.functional.hessian(of_vector, theta))


@pytest.mark.parametrize(("kind", "lr"), [("linear", 3.0), ("ReLU", 2.2), ("linear", 0.5)])
def test_a_run_is_that_of_torch_sgd(kind, lr):
    losses, spectra, start = runs(kind, 3)
    model = network_of(start_of(3), kind)
    optimizer = torch.optim.SGD(model.parameters(), lr=lr / start)
    for step in range(21):
        loss = loss_of(model)
        assert losses[LRS.index(lr), step] == pytest.approx(loss.item(), rel=1e-6)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert (np.diff(spectra[LRS.index(lr), :20], axis=1) <= 0).all()
    assert spectra[0, 0, 0] == pytest.approx(1)


@pytest.mark.parametrize("kind", ["linear", "ReLU"])
def test_below_the_edge_the_loss_falls_and_far_above_it_diverges(kind):
    for seed in range(4, 8):
        losses, spectra, _ = runs(kind, seed, (0.5, 1.0, 30.0), 20)
        assert (np.diff(losses[:2]) < 0).all()
        assert np.isnan(losses[2, -1])
        assert np.isnan(spectra[2, -1]).all()


def test_the_program_prints_the_labs_curves(lab):
    for setting in ({"lr": 3.0, "network": "linear", "seed": 0}, {"lr": 2.6, "network": "ReLU", "seed": 2}):
        run = lab.look(**setting)
        program = lab.program(setting | {"steps": 12, "every": 1})
        step, loss, sharpness = printed(program, "step", "training loss", "sharpness")
        assert step.tolist() == [*range(13)]
        np.testing.assert_allclose(loss, run.loss[0, :13], rtol=DIGITS)
        np.testing.assert_allclose(sharpness, run.sharpness[0, :13], rtol=DIGITS)


def test_the_program_says_when_it_diverges(lab):
    run = lab.look(lr=5.0)
    step = int(np.isnan(run.loss[0]).argmax())
    assert f"diverges at step {step}" in said(lab.program({"lr": 5.0, "network": "linear", "seed": 0}))
    assert f"diverges: over a million at step {step}" in lab.plots[0].frames(run).labels[0]


def test_the_titles_say_what_was_thrown_and_where_it_landed(lab):
    run = lab.look(lr=3.0)
    first, second, _ = (plot.frames(run).labels[0] for plot in lab.plots)
    assert f"by step {run.loss[0].argmax()}" in first
    assert f"{run.sharpness[0, -1]:.2f} λ₀" in second
    assert "never above" in lab.plots[0].frames(lab.look(lr=0.5)).labels[0]


def test_the_grey_curves_are_those_of_the_smallest_rate(lab):
    slow, fast = lab.look(lr=0.5), lab.look(lr=3.4)
    np.testing.assert_array_equal(fast.slow, slow.loss)
    np.testing.assert_array_equal(fast.slow_sharpness, slow.sharpness)


def test_goals_want_a_throw_that_does_not_diverge(lab):
    thrown = lab.goals[0].reached
    run = catapult({"lr": np.array([3.4, 5.0]), "network": ["linear"] * 2, "seed": np.array([0, 0])})
    assert [bool(thrown(run.select(row))) for row in (0, 1)] == [True, False]
