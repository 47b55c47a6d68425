"""The rate and the width: against plain PyTorch, and the paper's table of scalings."""

import numpy as np
import pytest
import torch
from printed_programs import named, printed

from optlab.course.labs import rate_transfer_lab
from optlab.course.new_algorithms.rate_transfer import (
    BASE,
    LAYERS,
    PARAMETRISATIONS,
    POWERS,
    WIDTHS,
    layer_rates,
    layers_of,
    start,
    transfer_runs,
)
from optlab.live.goals import which_reached

STEPS = 8


@pytest.fixture(scope="module")
def runs():
    return transfer_runs(STEPS)


@pytest.fixture(scope="module")
def lab(runs):
    made = rate_transfer_lab(runs)
    yield made
    made.close()


@pytest.mark.parametrize("parametrisation", PARAMETRISATIONS)
@pytest.mark.parametrize(("width", "power"), [(16, -5), (128, -8)])
def test_the_program_prints_the_labs_numbers(lab, parametrisation, width, power):
    """So the trainings are those of `torch.optim.Adam` with two groups of parameters."""
    setting = {"parametrisation": parametrisation, "width": width, "power": power}
    run, program = lab.look(**setting), lab.program(setting | {"steps": STEPS})
    np.testing.assert_allclose(printed(program, "this rate"), run.loss[0], rtol=1e-3)
    assert named(program)["training loss at the end"] == pytest.approx(run.end[0], rel=1e-3)


def test_at_the_base_width_both_parametrisations_are_the_same(runs):
    one, other = (runs.select(parametrisation=name, width=BASE, power=-5) for name in PARAMETRISATIONS)
    np.testing.assert_array_equal(one.loss, other.loss)
    np.testing.assert_array_equal(one.ends[:, 0], other.ends[:, 0])
    assert (one.ends[:, 1:] != other.ends[:, 1:]).all()


@pytest.mark.parametrize(
    ("parametrisation", "power_of_start", "power_of_rate"),
    [("standard", (0, -1, -1, -1), (0, 0, 0, 0)), ("μP", (0, -1, -1, -2), (0, -1, -1, -1))],
)
def test_variance_and_rate_of_each_layer_scale_as_in_the_papers_table(
    parametrisation, power_of_start, power_of_rate
):
    """Of the input's, the hidden and the output's weights, as powers of the width: table 3, for Adam."""
    small, large = 64, 1024
    of = [[float(w.var()) for w in start(n, 0, parametrisation)] for n in (small, large)]
    measured = np.log(np.divide(*reversed(of))) / np.log(large / small)
    np.testing.assert_allclose(measured, power_of_start, atol=0.08)
    rates = [layer_rates(n, 0.1, parametrisation) for n in (small, large)]
    np.testing.assert_allclose(np.log(np.divide(*reversed(rates))) / np.log(large / small), power_of_rate)


def test_each_layer_gets_the_relu_of_the_one_before():
    weights, x = start(32, seed=1), torch.randn(5, 64)
    modules = []
    for weight in weights:
        layer = torch.nn.Linear(weight.shape[1], weight.shape[0], bias=False)
        layer.weight.data = weight
        modules += [layer, torch.nn.ReLU()]
    found = layers_of([weight[None] for weight in weights], x[None])
    assert len(found) == len(LAYERS)
    for k, layer in enumerate(found):
        torch.testing.assert_close(layer[0].T, torch.nn.Sequential(*modules[: 2 * k + 1])(x))


def test_under_the_standard_parametrisation_wider_layers_move_farther_and_under_mup_they_do_not(runs):
    """The papers' check of coordinates, at a small rate."""
    standard, mup = (
        runs.select(parametrisation=name, width=16, power=-7).moved[0] for name in PARAMETRISATIONS
    )
    for layer in range(1, len(LAYERS)):
        assert standard[layer, -1] > 2.5 * standard[layer, 0]
        assert 0.4 < mup[layer, -1] / mup[layer, 0] < 2
    for moved in (standard, mup):
        assert 0.5 < moved[0, -1] / moved[0, 0] < 2


def test_what_is_shown_of_a_setting_is_its_own(runs):
    one = runs.select(parametrisation="standard", width=64, power=-6)
    assert one.end[0] == one.ends[0, WIDTHS.index(64), POWERS.index(-6)]
    lowest = [POWERS[k] for k in one.ends[0].argmin(1)]
    assert one.best[0].tolist() == lowest
    best = runs.select(parametrisation="standard", width=64, power=lowest[2])
    np.testing.assert_array_equal(one.best_loss, best.loss)
    assert best.lost[0, 2] == 1
    assert (one.lost >= 1).all()


def test_the_goals_ask_for_a_loss_and_for_a_rate_that_suits_all(lab):
    both = {"width": 256, "power": -6}
    good = lab.look(parametrisation="standard", **both)
    good.ends[0, WIDTHS.index(256), POWERS.index(-6)] = 0.001
    assert which_reached(lab.goals, good)[0]
    for name, place in (("standard", 1), ("μP", 2)):
        run = lab.look(parametrisation=name, **both)
        run.ends[0, :, POWERS.index(-6)] = run.ends[0].min(1)
        assert which_reached(lab.goals, run)[place]
        run.ends[0, 0] = run.ends[0, 0].min()
        run.ends[0, 0, POWERS.index(-6)] *= 6
        assert not which_reached(lab.goals, run)[place]
