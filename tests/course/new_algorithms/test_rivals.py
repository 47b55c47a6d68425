"""The race of the update rules: a plain loop's, each rule at its lowest rate, and no winner by chance."""

from pathlib import Path

import numpy as np
import pytest
import torch
from printed_programs import printed

from optlab import MLP, train
from optlab.course import new_algorithms as lesson
from optlab.course.labs import rivals_lab
from optlab.course.new_algorithms.rivals import (
    BUDGET,
    COST,
    JUDGES,
    NAMES,
    RATES,
    WIDTHS,
    ahead,
    few_digits,
    rivals,
    tuned_finer,
    verdict,
)
from optlab.live.goals import which_reached
from optlab.live.plots import number
from optlab.live.program import Program

EPOCHS = 4

pytestmark = pytest.mark.usefixtures("on_one_thread")


@pytest.fixture(scope="module")
def race():
    return rivals(EPOCHS)


@pytest.fixture(scope="module")
def lab(race):
    made = rivals_lab(race)
    yield made
    made.close()


@pytest.mark.parametrize("rule", NAMES)
def test_the_program_prints_where_each_seed_ended(lab, race, rule):
    """So the race is a plain loop's, its data are scikit-learn's, and SAM has half of the steps."""
    judge = "test loss" if rule in ("Lion", "Muon") else "training loss"
    setting, cost = {"judge": judge, "rates": "0.03", "rule": rule}, COST.get(NAMES[rule], 1)
    file = Program(Path(lesson.__file__).with_name("rivals_program.py"))
    assert lab.program(setting) == file(setting | {"lr": 0.03, "epochs": BUDGET // cost})
    ends = race.select(**setting).ends[0, list(NAMES).index(rule)]
    short = file(setting | {"lr": 0.03, "epochs": EPOCHS // cost, "seeds": 2})
    _, found = printed(short, "seed", judge)
    np.testing.assert_allclose(found, ends[:2], rtol=2e-3)


def test_each_rule_races_at_its_lowest_point_and_on_seeds_not_seen(race):
    for judge in JUDGES:
        run = race.select(judge=judge, rates=RATES[0], rule="Lion")
        best = race.grid[np.arange(len(NAMES)), run.tried[0].argmin(1)]
        np.testing.assert_array_equal(run.lr[0], best)
    assert race.ends.shape == (len(race), 6, 20)
    sam = race.curves[0, list(NAMES).index("SAM"), 0]
    assert np.isnan(sam).tolist() == [k % COST["sam"] > 0 for k in range(EPOCHS + 1)]


def test_a_rule_is_ahead_if_every_seed_is():
    assert not ahead([[1.0, 1.0, 1.0], [1.5, 1.2, 1.0]]).any()
    assert ahead([[1.0, 0.9], [1.5, 1.1]]).tolist() == [[False, True], [False, False]]


def test_no_winner_is_named_where_ranges_overlap():
    apart = np.arange(12.0).reshape(6, 2)
    assert verdict(apart).startswith("momentum SGD is clear of all")
    touching = apart.copy()
    touching[0, 1] = touching[1, 0]
    assert verdict(touching) == "the ranges overlap: compare seed by seed"
    assert not ahead(touching)[0, 1]


def test_the_goals_are_the_verdicts(lab, race):
    run = race.select(judge=JUDGES[0], rates="0.03", rule="Lion")
    for winner, reached in (("Lion", (True, False, False)), ("schedule-free SGD", (False, True, False))):
        run.curves[0, list(NAMES).index(winner), :, -1] = 1e-9
        assert which_reached(lab.goals, run) == reached
        run.curves[0, list(NAMES).index(winner), :, -1] = 1.0
    fair = race.select(judge="test loss", rates=RATES[0])
    medians = np.median(fair.ends[0], axis=1)
    lowest = [name for name, median in zip(NAMES, medians, strict=True) if median == medians.min()]
    assert [one.setting(0)["rule"] for one in fair if which_reached(lab.goals, one)[2]] == lowest


def test_the_digits_are_split_by_seed_and_none_is_in_both_parts():
    data = few_digits()
    both = torch.cat([data.x_train, data.x_test])
    assert len(torch.unique(both, dim=0)) == len(both)
    assert data.x_train.mean(0).abs().max() < 1e-5


def test_a_finer_tuning_returns_a_rate_near_the_first_and_the_runs_at_it():
    lr, ends = tuned_finer("Muon", budget=2)
    assert 0.0003 * 0.3 < lr < 3 * 3.3  # the grid of the first tuning, and a third beyond
    options = {"model": MLP(WIDTHS), "optimizer": "muon", "epochs": 2, "batch_size": 50}
    run = train(few_digits(), lr=lr, seed=100, **options)
    assert ends.shape == (20,)
    np.testing.assert_allclose(ends[0], run.test_loss[0, -1], rtol=1e-4)
    nearby = [train(few_digits(), lr=lr * f, seed=[0, 1, 2], **options) for f in (0.3, 1.0, 3.0)]
    losses = [run.test_loss[:, -1].mean() for run in nearby]
    assert np.argmin(losses) == 1  # on the seeds of the tuning
    with pytest.raises(ValueError, match="name='muon': expected one of momentum SGD"):
        tuned_finer("muon")


def test_what_is_spoken_is_what_was_measured_on_and_off_the_axes(lab):
    """At rate 3 most rules end far beyond the axis: the picture says so, and no number is cut to fit."""
    run = lab.at(rates="3")
    spoken = lab.plots[0].frames(run).labels[0]
    for name, ends in zip(NAMES, run.ends[0], strict=True):
        assert f"{name} {number(ends.min())} to {number(ends.max())}" in spoken
    assert run.ends[0].max() > 20  # the end of the axis
