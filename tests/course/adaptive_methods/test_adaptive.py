"""Five rules on a valley: torch's own as the oracle, what a turn changes, and when a run has converged."""

import numpy as np
import pytest
import torch
from plain_loop import TORCH
from printed_programs import EVERY, random_slots, whole_columns
from shared_labs import shared
from steered import check_steering

from optlab.course.adaptive_methods.adaptive import COMMON, OWN, RULES, TRIED, Paths, paths
from optlab.course.adaptive_methods.adaptive_lab import LABELS
from optlab.course.labs import adaptive_lab
from optlab.live.goals import which_reached

pytestmark = pytest.mark.usefixtures("on_one_thread")

lab = shared(adaptive_lab)


def run_at(**setting):
    here = {"lr": 0.3, "beta2": 0.99, "kappa": 100.0, "turn": 0.0, "rates": COMMON} | setting
    return paths({name: np.array([value]) for name, value in here.items()})


def test_the_lab_opens_where_rules_that_adapt_are_seen_to_be_faster(lab):
    opens = lab.look()
    steps = {rule: opens.converged_at(rule)[0] for rule in RULES}
    assert all(0 <= steps[rule] < steps["sgd"] / 2 for rule in ("rmsprop", "adam", "adamw"))
    limits = np.array([lab.plots[0].ax.get_xlim(), lab.plots[0].ax.get_ylim()])
    assert (opens.path > limits[:, 0]).all()
    assert (opens.path < limits[:, 1]).all()


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.slow
def test_every_rule_goes_down_the_valley_as_torchs_own(rule):
    run = run_at(kappa=10.0, turn=15.0, lr=0.1, beta2=0.9)
    angle = np.deg2rad(15.0)
    turn = torch.tensor([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    theta = (torch.tensor([-2.5, 1.5], dtype=torch.float64) @ turn).requires_grad_()  # back to the axes
    memory = {"beta2": 0.9} if rule in ("rmsprop", "adam", "adamw") else {}
    optimizer = TORCH[rule]([theta], lr=2 / 11 if rule == "sgd" else 0.1, **memory)
    for step in range(50):
        np.testing.assert_allclose(run.path[0, RULES.index(rule), step], theta.detach(), rtol=1e-7, atol=1e-9)
        optimizer.zero_grad()
        ((turn @ theta) ** 2 @ torch.tensor([1.0, 10.0]).double() / 2).backward()
        optimizer.step()


@pytest.mark.slow
def test_gradient_descent_does_not_notice_that_the_valley_is_turned():
    straight, turned = (run_at(turn=turn).loss[0] for turn in (0.0, 45.0))
    np.testing.assert_allclose(turned[RULES.index("sgd")], straight[RULES.index("sgd")], rtol=1e-9)
    assert not np.allclose(turned[RULES.index("adam")], straight[RULES.index("adam")], rtol=0.1)


@pytest.mark.parametrize(
    ("low", "step"),
    [
        (range(100), 0),
        (range(40, 100), 40),
        ([30, *range(50, 100)], 50),  # passing through is not converging
        (range(80, 100), 80),
        (range(81, 100), -1),
        ([], -1),
    ],
)
def test_a_run_has_converged_when_it_stays(low, step):
    loss = np.ones((1, len(RULES), 100))
    loss[0, 3, list(low)] = 0.001
    run = Paths({}, np.zeros((1, len(RULES), 100, 2)), loss, np.ones((1, len(RULES))))
    assert run.converged_at("adam").tolist() == [step]


@pytest.mark.parametrize("turn", [0.0, 45.0])
def test_with_its_own_best_rate_no_rule_is_slower_than_with_any_that_was_tried(turn):
    own = run_at(turn=turn, rates=OWN)
    for k, rule in enumerate(RULES[1:], 1):
        best, chosen = own.converged_at(rule)[0], own.lr[0, k]
        assert run_at(turn=turn, lr=chosen).converged_at(rule)[0] == best >= 0
        others = [run_at(turn=turn, lr=lr).converged_at(rule)[0] for lr in TRIED[::4]]
        assert all(best <= steps for steps in others if steps >= 0)


def test_the_slider_reaches_the_rates_at_which_adagrad_crosses_a_turned_valley(lab):
    converged = [lab.look(lr=lr, kappa=100.0, turn=45.0).converged_at("adagrad")[0] for lr in (1.0, 1.5)]
    assert converged[0] == -1
    assert 200 < converged[1] < 240


@pytest.mark.parametrize(
    ("goal", "setting"),
    [
        (0, {"kappa": 1000.0, "lr": 1.0}),
        (1, {"kappa": 10.0}),
        (2, {"kappa": 1000.0, "turn": 45.0, "beta2": 0.9, "lr": 0.03}),
    ],
)
@pytest.mark.slow
def test_every_goal_can_be_reached(lab, goal, setting):
    assert which_reached(lab.goals, run_at(**setting))[goal]


def test_the_program_prints_every_rules_loss_for_random_settings(lab):
    slots = random_slots(lab, 8)
    settings = lab.grid.settings(slots)
    run = lab.source.run(settings)
    common = settings | {"rates": np.full(len(slots), COMMON)}
    nudged = [paths(common | {"lr": lr * (1 + 1e-15)}).loss[:, k] for k, lr in enumerate(run.lr.T)]
    shown, others = run.loss, np.stack(nudged, axis=1)
    whole = sum(
        whole_columns(lab.program(lab.grid.setting(slot) | EVERY), LABELS, shown[row], others[row])
        for row, slot in enumerate(slots)
    )
    assert whole >= 0.75 * len(slots) * len(RULES)


def test_the_start_is_where_the_mouse_takes_hold_of_it(lab):
    check_steering(lab, ("turn",))
