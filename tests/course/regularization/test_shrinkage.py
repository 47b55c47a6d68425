"""L2, L1 and the elastic net on a linear model: theory's weights, descent's weights, and the program."""

import numpy as np
import pytest
import torch
from printed_programs import printed, random_slots

from optlab.course.labs import shrinkage_lab
from optlab.course.regularization.linear_model import descent
from optlab.course.regularization.shrinkage import all_zero_from, elastic_net, shrinkage
from optlab.course.regularization.shrinkage_lab import STRENGTHS, all_zero_mark
from optlab.engine.data.diabetes import diabetes

DATA = diabetes()


@pytest.fixture(scope="module")
def lab():
    made = shrinkage_lab()
    yield made
    made.close()


def pull(w, l2):
    """The gradient of J without its λ₁Σ|w|, by autograd."""
    w = torch.tensor(w, requires_grad=True)
    error = ((torch.tensor(DATA.x) @ w - torch.tensor(DATA.y)) ** 2).mean()
    (error + l2 * (w**2).sum()).backward()
    return w.grad.numpy()


@pytest.mark.parametrize(("l2", "l1"), [(0.0, 0.1), (0.0, 0.32), (0.05, 0.05), (0.5, 0.5), (0.1, 0.0)])
def test_the_elastic_net_is_where_j_has_its_minimum(l2, l1):
    """A weight that is not 0 is pulled at with exactly λ₁, one that is 0 with no more than that."""
    w = elastic_net(DATA, [l2], [l1])[0]
    np.testing.assert_allclose(pull(w, l2)[w != 0], -l1 * np.sign(w[w != 0]), atol=1e-10)
    assert (np.abs(pull(w, l2)[w == 0]) < l1).all()
    assert (w == 0).any() == (l1 > 0)


def test_plain_descent_makes_no_weight_zero_and_never_rests():
    settings = {"strength": np.array([0.32]), "kind": np.array(["L1"]), "step": np.array(["gradient"])}
    run = shrinkage(settings)
    assert (run.weights != 0).all()
    assert (run.high - run.low).max() > 0.01
    assert (run.theory == 0).sum() == 7


def test_settings_of_both_kinds_of_step_come_back_in_their_order():
    strength, step = np.array([0.1, 0.1, 1.0, 1.0]), np.array(["gradient", "soft threshold"] * 2)
    mixed = shrinkage({"strength": strength, "kind": np.array(["L1"] * 4), "step": step}, steps=80)
    for row in range(4):
        exact = step[row] == "soft threshold"
        path = descent(DATA, l2=0.0, l1=strength[row], lr=0.1, steps=80, exact=exact)[0]
        np.testing.assert_allclose(mixed.weights[row], path[-1], atol=1e-9)
        np.testing.assert_allclose(mixed.high[row], path[-51:].max(0), atol=1e-9)
        assert mixed.errors[row, 2] == pytest.approx(((DATA.x_test @ path[-1] - DATA.y_test) ** 2).mean())
    assert mixed.select([2, 0]).settings["strength"].tolist() == [1.0, 0.1]


@pytest.mark.parametrize("kind", ["L1", "elastic net"])
def test_from_the_mark_on_all_weights_are_zero(kind):
    mark = all_zero_mark(kind)["all 0 from"]
    l2, l1 = {"L1": (0, 1), "elastic net": (0.5, 0.5)}[kind]
    for strength, zeros in ((1.001 * mark, 10), (0.999 * mark, 9)):
        assert (elastic_net(DATA, [l2 * strength], [l1 * strength]) == 0).sum() == zeros


def test_l2_makes_no_weight_zero_and_has_no_mark():
    assert all_zero_from(DATA, "L2") == np.inf
    assert all_zero_mark("L2") == {}


def test_the_program_prints_the_weights_of_the_lab(lab):
    for one in shrinkage(lab.grid.settings(random_slots(lab))):
        program = lab.program(one.setting(0))
        np.testing.assert_allclose(printed(program, "weight"), one.weights[0], rtol=1e-4, atol=1e-5)
        np.testing.assert_allclose(printed(program, "validation error"), one.errors[:, 1], rtol=1e-4)


def test_the_lines_behind_the_dots_are_those_of_the_penalty_on_the_slider(lab):
    run, plot = lab.at(kind="L1", strength=0.1), lab.plots[0]
    (scene,) = plot.frames(run).scenes
    plot.scenes[scene]()
    lines = [line for line in plot.ax.lines if line.get_visible() and len(line.get_xdata()) == len(STRENGTHS)]
    column = STRENGTHS.index(0.1)
    np.testing.assert_allclose([line.get_ydata()[column] for line in lines], run.theory[0], atol=1e-9)


@pytest.mark.slow
def test_a_weight_of_exactly_zero_is_a_hollow_dot(lab):
    run, plot = lab.at(kind="L1", strength=0.32, step="soft threshold"), lab.plots[1]
    for label, shown in (("exactly 0", run.weights[0] == 0), ("descent", run.weights[0] != 0)):
        assert np.isfinite(plot.values(label, run)[0, :, 0]).tolist() == shown.tolist()


@pytest.mark.slow
def test_the_goal_is_reached_by_exact_zeros_alone(lab):
    (goal,) = lab.goals
    assert goal.is_reached(lab.at(kind="L1", strength=0.056, step="soft threshold"))
    assert not goal.is_reached(lab.at(kind="L1", strength=0.056, step="gradient"))
