"""The batch size that pays: against plain PyTorch, autograd sample by sample, and the law by hand."""

import numpy as np
import pytest
import torch
from printed_programs import named, program_of

from optlab.course.common.thousand_digits import thousand_digits
from optlab.course.distributed_training.critical_batch import (
    EXCHANGE,
    SIZES,
    critical_runs,
    first_below,
    fit_law,
    losses,
    noise_scale,
    start,
    steps_law,
    wall_time,
)
from optlab.course.labs import critical_batch_lab
from optlab.live.goals import which_reached

TARGETS = (1.0, 0.5)


@pytest.fixture(scope="module")
def runs():
    return critical_runs(TARGETS)


@pytest.fixture(scope="module")
def lab():
    made = critical_batch_lab()
    yield made
    made.close()


@pytest.mark.parametrize("size", [4, 64])
def test_the_program_prints_the_labs_steps_and_no_other_rate_is_faster(lab, size):
    """So the trainings are those of `torch.optim.SGD`, and each batch size is at its own best rate."""
    setting = {"target": 0.5, "batch_size": size, "workers": 16}
    run, program = lab.look(**setting), program_of("critical_batch_lab")
    own = float(run.own(run.lr)[0])
    assert lab.program(setting) == program(setting | {"lr": own})
    printed = named(lab.program(setting))
    for name, values in (("steps", run.steps), ("samples", run.samples), ("these workers", run.time)):
        assert printed[name] == pytest.approx(run.own(values)[0], rel=1e-3)
    for other in (own / 2, own * 2):
        assert not named(program(setting | {"lr": other}))["steps"] < printed["steps"]


def test_the_losses_are_those_of_a_plain_network():
    (x, y), weights = thousand_digits(), start(3)
    plain = torch.nn.functional.cross_entropy(torch.relu(x @ weights[0].T) @ weights[1].T, y)
    found = losses([weight[None] for weight in weights], x[None], y[None])
    torch.testing.assert_close(found, plain[None])


def test_the_noise_scale_is_that_of_the_gradients_of_single_samples():
    x, y = (part[:50] for part in thousand_digits())
    weights = [weight.requires_grad_() for weight in start(1)]
    gradients = []
    for k in range(50):
        loss = torch.nn.functional.cross_entropy(torch.relu(x[k] @ weights[0].T) @ weights[1].T, y[k])
        gradients.append(torch.cat([grad.flatten() for grad in torch.autograd.grad(loss, weights)]))
    of = torch.stack(gradients).double().numpy()
    trace = np.trace(np.cov(of.T, ddof=0))
    found = noise_scale([weight.detach()[None] for weight in weights], x, y)
    np.testing.assert_allclose(found, trace / (of.mean(0) ** 2).sum(), rtol=1e-4)


def test_the_law_is_the_papers_hyperbola_and_the_fit_finds_it_again():
    size, least = np.array(SIZES, float), np.array([7.0, 450.0])
    steps = steps_law(size, least)
    np.testing.assert_allclose((steps / 7 - 1) * (steps * size / 450 - 1), 1)
    np.testing.assert_allclose(fit_law(steps, size), least)
    at_critical = steps_law(np.array([450 / 7]), least)[0]
    assert at_critical == pytest.approx(2 * 7)


def test_the_law_fits_what_is_measured(runs):
    for target in TARGETS:
        run = runs.select(target=target, batch_size=1, workers=1)
        np.testing.assert_allclose(run.steps, steps_law(np.array(SIZES), run.least), rtol=0.4)


def test_the_prediction_is_the_mean_noise_scale_up_to_the_target(runs):
    loss, noise = runs.way.T
    run = runs.select(target=0.5, batch_size=1, workers=1)
    there = np.flatnonzero(loss <= 0.5)[0]  # in batches of 1,024 there is a look after each step
    assert run.predicted[0] == pytest.approx(np.trapezoid(noise[: there + 1]) / there)
    assert runs.way_mean[0] == noise[0]
    assert run.measured[0] == runs.all_measured[TARGETS.index(0.5)]


def test_a_curve_first_reaches_a_target_between_two_looks():
    curves = np.array([[4.0, 2.0, 3.0, 1.0], [4.0, 3.5, np.inf, np.inf]])
    np.testing.assert_allclose(first_below(curves, np.array([0, 8, 16, 24]), 2.5), [6, np.inf])


def test_a_step_takes_as_long_as_the_worker_with_the_most_samples():
    assert wall_time(np.array([10.0]), np.array([9]), np.array(4))[0] == 10 * (EXCHANGE + 3)
    alone = wall_time(np.array([10.0]), np.array([9]), np.array(1))
    assert alone[0] == 10 * (EXCHANGE + 9)


def test_the_goals_can_be_reached(lab):
    both = lab.look(target=0.12, batch_size=128, workers=16)
    assert which_reached(lab.goals, both)[0]
    assert not which_reached(lab.goals, lab.look(target=0.12, batch_size=1024, workers=16))[0]
    assert which_reached(lab.goals, lab.look(target=0.25, batch_size=32, workers=16))[1]
    assert not which_reached(lab.goals, lab.look(target=0.25, batch_size=256, workers=16))[1]
    assert which_reached(lab.goals, lab.look(target=0.08, batch_size=256, workers=256))[2]
    assert not which_reached(lab.goals, lab.look(target=0.08, batch_size=256, workers=64))[2]
