"""Batch sizes compared: the table against the plain loop, prices and crossings against counting by hand."""

from dataclasses import replace

import numpy as np
import pytest
from batch_losses import plain_losses, same_until_wild
from hypothesis import given
from hypothesis import strategies as st
from printed_programs import printed, random_slots
from shared_labs import shared
from steered import check_steering

from optlab.course.batch_gradient_descent.batch import AXES, GOAL, first_below, price, run
from optlab.course.batch_gradient_descent.trained import (
    FACTORS,
    ONE_RATES,
    RATES,
    SIZES,
    losses,
    trained,
)
from optlab.course.labs import batch_lab


@pytest.mark.parametrize(("lr", "batch_size"), [(0.05, 1), (1.0, 16), (2.4, 80), (0.96, 32)])
@pytest.mark.slow
def test_the_table_holds_what_a_plain_loop_trains(lr, batch_size):
    np.testing.assert_allclose(losses(batch_size, lr), plain_losses(lr, batch_size), atol=2e-4)


def test_the_table_has_every_rate_of_the_labs():
    wanted = {*RATES, *(round(base * factor, 6) for base in ONE_RATES for factor in FACTORS)}
    np.testing.assert_allclose(np.unique(trained().settings["lr"]), sorted(wanted), rtol=1e-9)


@given(batch_size=st.integers(1, 80), cost=st.floats(0, 10))
def test_prices_are_what_counting_an_epoch_gives(batch_size, cost):
    batches = [range(80)[k : k + batch_size] for k in range(0, 80, batch_size)]
    time = sum(1 + cost * len(batch) for batch in batches)
    counted = [1, sum(map(len, batches)), len(batches), time]
    got = [price(axis, batch_size, 80, cost)[0] for axis in AXES]
    assert got == pytest.approx(counted)


@pytest.mark.parametrize(
    ("axis", "batch_size", "words"),
    [("hours", 4, "axis='hours'"), ("time", 81, "batch_size"), ("time", 0, "1 to 80")],
)
def test_a_price_that_is_none_is_refused(axis, batch_size, words):
    with pytest.raises(ValueError, match=words):
        price(axis, batch_size, 80)


def test_the_crossing_of_a_straight_line_is_where_the_line_is():
    line = 1 - 0.07 * np.arange(10)
    assert first_below(line, 0.5) == pytest.approx(0.5 / 0.07)
    assert first_below(line, 1.5) == 0  # there from the beginning
    assert np.isnan(first_below(line, 0.1))
    assert first_below([1.0, 0.2, np.nan], 0.5) == pytest.approx(0.625)  # it was there before it was lost
    assert first_below([1.0, 0.4, 0.9, 0.1], 0.5) == pytest.approx(5 / 6)  # the first time counts


def columns(**settings):
    return {name: np.array(column) for name, column in settings.items()}


def test_what_each_batch_size_spends_and_who_wins():
    batches = run(columns(batch_size=[4, 80], lr=[1.0, 2.0], sample_cost=[0.03, 0.3]))
    np.testing.assert_array_equal(batches.loss[1, 0], losses(1, 2.0))
    loss = plain_losses(2.0, 80)
    k = int(np.argmax(loss <= GOAL))
    epochs = k - (GOAL - loss[k]) / (loss[k - 1] - loss[k])
    assert batches.own(batches.spent("time"))[1] == pytest.approx(epochs * (1 + 0.3 * 80), rel=1e-3)
    assert batches.winner("epochs").tolist() == [4, 8]
    assert batches.winner("updates")[1] == 80


def test_where_no_batch_size_gets_there_nobody_wins():
    batches = run(columns(batch_size=[1], lr=[0.01], sample_cost=[0.0]))
    nobody = replace(batches, reached=np.full((1, 6), np.nan))
    assert nobody.winner("epochs").tolist() == [0]


# ---------------------------------------------------------------- the lab

lab = shared(batch_lab)


@pytest.mark.parametrize(
    ("axis", "first"), [("epochs", 1), ("examples seen", 80), ("updates", 5), ("time", 5 + 0.03 * 80)]
)
@pytest.mark.slow
def test_the_curve_is_over_the_chosen_axis(lab, axis, first):
    shown, plot = lab.at(axis=axis, batch_size=16), lab.plots[0]
    xy = plot.values("this batch size", shown)[0]
    np.testing.assert_allclose(xy[1:, 0], first * np.arange(1, 21))
    (scene,) = plot.frames(shown).scenes
    plot.scenes[scene]()
    low, high = plot.ax.get_xlim()
    assert low <= first < 20 * first <= high


def test_the_star_lies_on_the_curve_where_it_meets_the_goal(lab):
    shown, plot = lab.at(axis="updates", batch_size=80, lr=2.0), lab.plots[0]
    (x, y), curve = plot.values("at the goal", shown)[0, 0], plot.values("this batch size", shown)[0]
    assert y == GOAL
    assert np.interp(x, curve[1:, 0], curve[1:, 1]) == pytest.approx(y, rel=1e-6)


def test_the_winners_stars_are_at_one_where_the_curves_are_lowest(lab):
    shown, plot = lab.at(), lab.plots[1]
    for axis in AXES:
        times, (x, y) = plot.values(axis, shown)[0], plot.values(f"winner by {axis}", shown)[0, 0]
        assert np.nanmin(times) == y == 1
        assert SIZES[np.nanargmin(times)] == x


@pytest.mark.parametrize(
    ("goal", "where"),
    [
        (0, {"batch_size": 4, "lr": 0.5}),
        (1, {"batch_size": 80, "lr": 2.0}),
        (2, {"batch_size": 16, "lr": 2.0, "sample_cost": 0.3}),
    ],
)
def test_each_goal_can_be_reached(lab, goal, where):
    assert lab.goals[goal].is_reached(lab.at(**where))


def test_a_batch_size_that_is_at_the_goal_and_goes_up_again_does_not_reach_it(lab):
    loss = lab.at(batch_size=4, lr=1.0).own(lab.result.loss)[0]
    assert loss[2] <= GOAL < loss[3]
    assert not lab.goals[0].is_reached(lab.result)


def test_the_program_prints_the_labs_curve(lab):
    for one in run(lab.grid.settings(random_slots(lab, 12))):
        same_until_wild(printed(lab.program(one.setting(0)), "training loss"), one.own(one.loss)[0])


def test_a_click_goes_to_the_stop_that_is_drawn_there(lab):
    check_steering(lab, ("batch_size",))
