"""Goals: the labs' own light up where a plain computation says so, and travel with the run they belong to."""

import numpy as np
import pytest
from waiting import wait_until

from optlab import Lab, Param, Plot, Record, Table, iris_pair, train
from optlab.course.labs import first_lab, training_lab
from optlab.course.worked_example.training_lab import IRIS_GOALS
from optlab.live.goals import AtLeast, Goal, all_reached, kept_from, which_reached


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ({"lr": 1.0, "delta": 0.0, "l2": 0.01}, (True, False, False, False)),
        ({"lr": 1.0, "delta": 0.0, "l2": 0.0}, (False, False, False, False)),
        ({"lr": 1.0, "delta": 10.0, "p": 2.0, "l2": 0.0}, (False, True, False, False)),
        ({"lr": 0.1, "delta": 0.0, "l2": 0.01}, (False, False, False, False)),
        ({"lr": 1.0, "delta": 0.0, "l2": 0.01, "batch_size": 80}, (False, False, False, True)),
    ],
)
@pytest.mark.slow
def test_the_worked_examples_goals_look_at_the_test_loss_and_at_what_was_to_stay(setting, expected):
    run = train(iris_pair(), **setting)
    assert which_reached(IRIS_GOALS, run) == expected


@pytest.mark.slow
def test_each_frame_of_the_first_figure_carries_what_its_own_run_reaches():
    goal = Goal("training loss under 0.3 after 5 epochs", lambda run: run.train_loss[0, -1] < 0.3)
    lab = training_lab(iris_pair(), epochs=5, goals=[goal])
    near = [int(slot) for slot in lab.grid.axes_through(lab.grid.default)]
    wait_until(lambda: set(near) <= lab.figures[0].slots)
    shown = {}
    for page in lab.figures[0].pages:
        shown |= dict(zip(page.slots, page.goals, strict=True))
    runs = {slot: train(iris_pair(), epochs=5, **lab.grid.setting(slot)) for slot in near}
    ends = {slot: float(run.train_loss[0, -1]) for slot, run in runs.items()}
    clear = [slot for slot in near if abs(ends[slot] - 0.3) > 1e-3]
    assert {slot: shown[slot] for slot in clear} == {slot: [ends[slot] < 0.3] for slot in clear}
    assert {shown[slot][0] for slot in clear} == {True, False}
    assert all(page.goals == [[]] * len(page.slots) for page in lab.figures[1].pages)
    lab.close()


@pytest.mark.slow
def test_the_first_labs_goals_are_reached_at_different_rates():
    lab = first_lab()
    rates = lab.grid.params[0].values
    ends = train(iris_pair(), lr=np.array(rates))
    training, test = (
        np.flatnonzero(end[:, -1] < top) for end, top in ((ends.train_loss, 0.003), (ends.test_loss, 0.115))
    )
    assert training.size > 0
    assert test.size > 0
    assert not set(training) & set(test)
    assert [which_reached(lab.goals, ends.select(row)) for row in training] == [(True, False)] * len(training)
    lab.close()


def test_kept_from_is_where_a_plain_loop_finds_it():
    rng = np.random.default_rng(0)
    good = rng.random((200, 6)) < 0.7
    expected = [next((k for k in range(6) if all(row[k:])), np.inf) for row in good.tolist()]
    assert kept_from(good).tolist() == expected
    assert set(expected) >= {0, 5, np.inf}
    assert kept_from(np.array([np.nan, 0.0]) < 1) == 1
    assert kept_from(np.array([0.0, np.nan]) < 1) == np.inf


def test_a_goal_may_be_about_a_value_and_all_above_it():
    goal = Goal("k ≥ 2", where={"k": AtLeast(2)})
    runs = Record({"k": np.array([1, 2, 3])})
    assert all_reached([goal], runs) == [(False,), (True,), (True,)]
    assert [which_reached([goal], one) for one in runs] == all_reached([goal], runs)
    with pytest.raises(ValueError, match="k=5 is not on its slider"):
        Lab(
            [Param("k", "k", "k", (1, 2, 3), 1)],
            Table(Record),
            [Plot()],
            goals=[Goal("k ≥ 5", where={"k": AtLeast(5)})],
        )
