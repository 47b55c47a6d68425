"""Batch sizes compared: the table against the plain loop, prices and crossings against counting by hand."""

import numpy as np
import pytest
from batch_losses import plain_losses
from hypothesis import given
from hypothesis import strategies as st

from optlab.course.batch_gradient_descent.batch import AXES, GOAL, first_below, price, run
from optlab.course.batch_gradient_descent.trained import FACTORS, ONE_RATES, RATES, losses, trained


@pytest.mark.parametrize(("lr", "batch_size"), [(0.05, 1), (1.0, 16), (2.4, 80), (0.96, 32)])
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


def test_what_each_batch_size_spends_and_who_wins():
    settings = {
        "axis": np.array(["epochs", "time"]),
        "batch_size": np.array([4, 80]),
        "lr": np.array([1.0, 2.0]),
        "sample_cost": np.array([0.03, 0.3]),
    }
    batches = run(settings)
    np.testing.assert_array_equal(batches.loss[1, 0], losses(1, 2.0))
    loss = plain_losses(2.0, 80)
    k = int(np.argmax(loss <= 0.1))
    epochs = k - (0.1 - loss[k]) / (loss[k - 1] - loss[k])
    assert batches.own_spent("time", 0.1)[1] == pytest.approx(epochs * (1 + 0.3 * 80), rel=1e-3)
    assert batches.winner("epochs").tolist() == [4, 8]
    assert batches.winner("updates")[1] == 80


def test_where_no_batch_size_gets_there_nobody_wins():
    settings = {"batch_size": [1], "lr": [0.01], "sample_cost": [0.0]}
    batches = run({name: np.array(column) for name, column in settings.items()})
    assert batches.winner("epochs", goal=GOAL / 8).tolist() == [0]
