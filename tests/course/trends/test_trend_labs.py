"""The labs of section 5's adaptive rules, new rules and theory: numbers, words, goals and programs."""

import re
from pathlib import Path

import numpy as np
import pytest
import torch
from plain_loop import TORCH
from printed_programs import printed

import optlab
from optlab.course.labs import adaptive_lab, edge_lab, promises_lab, rivals_lab, units_lab
from optlab.course.trends.adaptive import RULES, Paths
from optlab.course.trends.edge import Edge, edge
from optlab.course.trends.promises import curvatures, promises
from optlab.course.trends.rivals import COST, JUDGES, NAMES, RATES, ahead, few_digits, rivals, verdict
from optlab.course.trends.units import LRS, in_units
from optlab.live.goals import which_reached
from optlab.live.program import Program

EPOCHS = 4
PROGRAMS = Path(optlab.__file__).parent / "course" / "trends"


def closed(lab):
    """A lab whose settings are trained in one go, by the test."""
    lab._trainer.close()
    return lab


def row_of(lab, **values):
    params = lab.grid.params
    at = {p.name: p.default for p in params} | values
    slot = lab.grid.slot([p.index(at[p.name]) for p in params])
    return lab._run(lab.grid.settings([slot]), ()), lab.grid.setting(slot)


pytestmark = pytest.mark.usefixtures("on_one_thread")


@pytest.fixture(scope="module")
def race():
    return rivals(EPOCHS)


@pytest.fixture(scope="module")
def labs(race):
    made = {
        "adaptive": adaptive_lab(),
        "units": units_lab(),
        "rivals": rivals_lab(race),
        "promises": promises_lab(),
    }
    yield {name: closed(lab) for name, lab in made.items()}
    for lab in made.values():
        lab.close()


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_goes_down_the_ravine_as_torchs_own(labs, rule):
    run, at = row_of(labs["adaptive"], kappa=10.0, turn=15.0, lr=0.1, beta2=0.9)
    angle = np.deg2rad(at["turn"])
    turn = torch.tensor([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    theta = (torch.tensor([-2.5, 1.5], dtype=torch.float64) @ turn).requires_grad_()  # back to the axes
    memory = {"beta2": 0.9} if rule in ("rmsprop", "adam", "adamw") else {}
    optimizer = TORCH[rule]([theta], lr=2 / 11 if rule == "sgd" else 0.1, **memory)
    for step in range(50):
        np.testing.assert_allclose(run.path[0, RULES.index(rule), step], theta.detach(), rtol=1e-7, atol=1e-9)
        optimizer.zero_grad()
        ((turn @ theta) ** 2 @ torch.tensor([1.0, 10.0]).double() / 2).backward()
        optimizer.step()


def test_gradient_descent_does_not_notice_that_the_valley_is_turned(labs):
    straight, turned = (row_of(labs["adaptive"], turn=turn)[0].loss[0] for turn in (0.0, 45.0))
    np.testing.assert_allclose(turned[RULES.index("sgd")], straight[RULES.index("sgd")], rtol=1e-9)
    assert not np.allclose(turned[RULES.index("adam")], straight[RULES.index("adam")], rtol=0.1)


@pytest.mark.parametrize(
    ("low", "arrival"),
    [
        (range(100), 0),
        (range(40, 100), 40),
        ([30, *range(50, 100)], 50),  # passing through is not arriving
        (range(80, 100), 80),
        (range(81, 100), -1),
        ([], -1),
    ],
)
def test_a_rule_has_arrived_when_it_stays(low, arrival):
    loss = np.ones((1, len(RULES), 100))
    loss[0, 3, list(low)] = 0.001
    run = Paths({}, np.zeros((1, len(RULES), 100, 2)), loss)
    assert run.converged_at("adam").tolist() == [arrival]


def test_the_flowers_in_another_unit_are_the_same_flowers():
    plain, scaled = in_units(1.0), in_units(100.0)
    assert torch.equal(scaled.x_test[:, 2], 100 * plain.x_test[:, 2])
    assert torch.equal(scaled.x_test[:, [0, 1, 3]], plain.x_test[:, [0, 1, 3]])


def test_the_ends_at_every_rate_belong_to_the_rows(labs):
    for unit in (1.0, 100.0):
        for lr in (LRS[0], LRS[4]):
            run, _ = row_of(labs["units"], unit=unit, lr=float(lr))
            np.testing.assert_array_equal(run.ends[0][:, lr == LRS][:, 0], run.loss[0, :, -1])


@pytest.mark.parametrize("values", [{"kappa": 10.0, "lr": 0.5}, {"lr": 2.05, "kappa": 1.0}])
def test_the_program_of_the_promises_prints_its_loss(labs, values):
    run, at = row_of(labs["promises"], **values)
    seen = run.loss[0] > 1e-12  # below, rounding decides
    numbers = printed(labs["promises"].toolbar._program(at))
    np.testing.assert_allclose(numbers[seen], run.loss[0][seen], rtol=1e-3)


def test_the_edges_program_prints_its_loss():
    run = edge({"lr": np.array([0.1]), "seed": np.array([2])}, steps=300)
    program = Program(PROGRAMS / "edge_program.py")({"lr": 0.1, "seed": 2, "steps": 300})
    np.testing.assert_allclose(printed(program), run.loss[0], rtol=1e-4)


@pytest.mark.parametrize("rule", NAMES)
@pytest.mark.parametrize("judge", JUDGES)
def test_the_races_program_prints_where_each_seed_ended(race, rule, judge):
    """So the race is a plain loop's, its data are scikit-learn's, and SAM has half of the steps."""
    if (judge == "test loss") != (rule in ("Lion", "Muon")):  # each program once, on either judge
        return
    row = [(j, r, n) for j in JUDGES for r in RATES for n in NAMES].index((judge, "0.03", rule))
    assert race.settings["rule"][row] == rule
    ends = race.ends[row, list(NAMES).index(rule)]
    epochs = EPOCHS // COST.get(NAMES[rule], 1)
    settings = {"judge": judge, "rule": rule, "lr": 0.03, "epochs": epochs, "seeds": 2}
    program = Program(PROGRAMS / "rivals_program.py")(settings)
    np.testing.assert_allclose(printed(program), ends[:2], rtol=2e-3)


def test_programs_are_plain_and_short(labs):
    for lab in labs.values():
        for slot in np.random.default_rng(0).choice(lab.grid.size, 12):
            program = lab.toolbar._program(lab.grid.setting(int(slot)))
            assert "optlab" not in program
            assert len(program.splitlines()) < 110
            assert max(map(len, program.splitlines())) <= 110
            assert set(re.findall(r"^(?:from|import) (\w+)", program, re.MULTILINE)) <= {
                "functools",
                "math",
                "torch",
                "sklearn",
            }


def test_each_rule_races_at_its_lowest_point_and_on_seeds_not_seen(race):
    for judge in JUDGES:
        row = int(np.flatnonzero((race.settings["judge"] == judge) & (race.settings["rates"] == RATES[0]))[0])
        best = race.grid[np.arange(len(NAMES)), race.tried[row].argmin(1)]
        np.testing.assert_array_equal(race.lr[row], best)
    assert race.ends.shape == (len(race), 6, 20)
    sam = race.curves[0, list(NAMES).index("SAM"), 0]
    assert np.isnan(sam).tolist() == [k % COST["sam"] > 0 for k in range(EPOCHS + 1)]


def test_no_winner_is_named_where_spreads_overlap():
    apart = np.arange(12.0).reshape(6, 2)
    assert verdict(apart).startswith("momentum SGD is clear of all")
    touching = apart.copy()
    touching[0, 1] = touching[1, 0]
    assert verdict(touching) == "no winner: the spreads overlap"
    assert not ahead(touching)[0, 1]


def test_the_digits_are_split_by_seed_and_none_is_in_both_parts():
    data = few_digits()
    both = torch.cat([data.x_train, data.x_test])
    assert len(torch.unique(both, dim=0)) == len(both)
    assert data.x_train.mean(0).abs().max() < 1e-5


def test_no_run_crosses_its_bounds_and_every_step_keeps_the_lemma(labs):
    rates, kappas = (c.ravel() for c in np.meshgrid([0.05, 0.5, 1.0, 1.5, 1.99], [1.0, 30.0, 1e4]))
    run = promises({"lr": rates, "kappa": kappas})
    assert (run.loss <= run.bound * (1 + 1e-9) + 1e-300).all()
    assert (run.gain >= run.promised * (1 - 1e-9) - 1e-14).all()
    h = curvatures(kappas[4])[0]  # the loss in closed form
    left = (1 - rates[4] * h) ** np.arange(1001)[:, None]
    np.testing.assert_allclose(run.loss[4], (h * left**2).sum(1) / 2, rtol=1e-6, atol=1e-20)
    beyond = row_of(labs["promises"], lr=2.05)[0]
    assert np.isnan(beyond.bound).all()
    assert "no bound" in labs["promises"].panels[0].show(beyond, 0)
    assert "promises nothing" in labs["promises"].panels[1].show(beyond, 0)


def made_edge():
    """Curves as the edge lab shows them, made up: the real ones are tested with the curvature."""
    lr, seed = (
        c.ravel() for c in np.meshgrid([0.07, 0.08, 0.1, 0.12, 0.14, 0.16, 0.18], range(4), indexing="ij")
    )
    steps = np.arange(0, 2001, 20)
    sharp = 2 / lr[:, None] * np.minimum(1, 0.5 + steps / 1000)
    loss = np.exp(-np.arange(2001) / 300) * (1 + 0.5 * (lr[:, None] > 0.15) * (-1.0) ** np.arange(2001))
    return Edge({"lr": lr, "seed": seed}, loss, sharp, steps)


def test_the_edge_lab_says_when_the_edge_is_reached_and_where_it_settles():
    lab = closed(edge_lab(made_edge()))
    run, _ = row_of(lab, lr=0.1)
    words = lab.panels[0].show(run, 0)
    assert "2/α = 20; reaches 2/α at step 500" in words
    assert "last third: 1.00 × 2/α" in words
    assert "rises in 0%" in lab.panels[1].show(run, 0)
    assert (lab.toolbar.last, lab.toolbar.unit) == (100, "look")
    assert which_reached(lab.goals, row_of(lab, lr=0.18)[0]) == (True, True)
    assert which_reached(lab.goals, run.select(0)) == (False, False)
    lab.close()


REACHED = {
    "adaptive": (
        {"kappa": 1000.0, "lr": 1.0},
        {"kappa": 10.0},
        {"kappa": 1000.0, "turn": 45.0, "beta2": 0.9, "lr": 0.03},
    ),
    "units": ({"lr": 3.2}, {"unit": 100.0, "lr": 0.32}),
    "promises": ({"kappa": 1000.0, "lr": 1.9}, {"kappa": 10000.0}),
}


@pytest.mark.parametrize("name", REACHED)
def test_every_goal_can_be_reached_and_is_not_at_the_start(labs, name):
    lab = labs[name]
    for k, values in enumerate(REACHED[name]):
        assert which_reached(lab.goals, row_of(lab, **values)[0])[k], values
    start = which_reached(lab.goals, row_of(lab)[0])
    assert not any(start)


def test_every_end_of_every_slider_can_be_shown(labs):
    """Losses beyond 1e+30, runs that are lost, rules that never arrive: none may raise or warn."""
    for lab in labs.values():
        for control in lab.controls:
            for value in (control.param.values[0], control.param.values[-1]):
                run, _ = row_of(lab, **{control.param.name: value})
                assert all(panel.show(run, 0) for panel in lab.panels)
