"""Batch sizes compared: the table against the plain loop, prices and crossings against counting by hand."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from plain_loop import TORCH, decay, document_mlp, plain_loop

from optlab.course.batch_gradient_descent.batch import (
    AXES,
    EPOCHS,
    FACTORS,
    ONE_RATES,
    RATES,
    SIZES,
    first_below,
    price,
    trained,
)
from optlab.course.batch_gradient_descent.batch_runs import curves_apart, runs_of, scaled_of
from optlab.engine.data.dataset import iris_pair


def plain(lr, batch_size):
    """The training loss of a plain PyTorch loop."""
    return plain_loop(
        iris_pair(),
        document_mlp(0),
        optimizer=TORCH["sgd"],
        rate=decay(lr),
        batch_size=batch_size,
        epochs=EPOCHS,
    )[0]


@pytest.mark.parametrize(("lr", "batch_size"), [(0.05, 1), (1.0, 16), (2.4, 80), (0.96, 32)])
def test_the_table_holds_what_a_plain_loop_trains(lr, batch_size):
    ours = trained().at(lr)[SIZES.index(batch_size), 0]
    np.testing.assert_allclose(ours, plain(lr, batch_size), atol=2e-4)


def test_the_table_has_every_rate_of_the_labs():
    wanted = {*RATES, *(round(base * factor, 6) for base in ONE_RATES for factor in FACTORS)}
    np.testing.assert_allclose(trained().rates, sorted(wanted), rtol=1e-9)


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


@given(st.lists(st.floats(0.01, 10), min_size=2, max_size=6), st.floats(0.1, 10))
def test_a_curve_is_as_far_from_its_multiple_as_the_multiple_says(losses, times):
    apart = curves_apart([1.0, *(loss * times for loss in losses)], [1.0, *losses])
    assert apart == pytest.approx(max(times, 1 / times))


def test_runs_and_their_winner_are_those_of_the_settings():
    columns = {
        "axis": np.array(["epochs", "time"]),
        "batch_size": np.array([4, 80]),
        "lr": np.array([1.0, 2.0]),
        "sample_cost": np.array([0.03, 0.3]),
    }
    runs = runs_of(columns)
    np.testing.assert_array_equal(runs.loss[1], trained().at(2.0)[:, 0])
    assert runs.select(1).settings["batch_size"] == [80]
    loss = plain(2.0, 80)
    k = int(np.argmax(loss <= 0.1))
    epochs = k - (0.1 - loss[k]) / (loss[k - 1] - loss[k])
    assert runs.own(0.1, "time", row=1) == pytest.approx(epochs * (1 + 0.3 * 80), rel=1e-3)


def test_a_batch_of_one_scaled_by_one_is_itself():
    settings = {
        "base": np.array([0.03, 0.1]),
        "batch_size": np.array([1, 80]),
        "factor": np.array([1.0, 80.0]),
    }
    scaled = scaled_of(settings)
    assert scaled.apart(0) == 1
    assert not scaled.apart(1) < 100  # the rule at 8.0, far above 2/L
    np.testing.assert_array_equal(scaled.loss[0], scaled.one[0])
    np.testing.assert_array_equal(scaled.unscaled[1], trained().at(0.1)[5, 0])


@pytest.mark.parametrize("batch_size", [4, 16, 32, 80])
def test_the_linear_rule_holds_for_plain_loops_below_two_over_the_curvature(batch_size):
    apart = curves_apart(plain(0.03 * batch_size, batch_size), plain(0.03, 1))
    assert apart < 1.1
    setting = {"base": [0.03], "batch_size": [batch_size], "factor": [float(batch_size)]}
    assert scaled_of({k: np.array(v) for k, v in setting.items()}).apart() == pytest.approx(apart, rel=0.01)
    assert math.isfinite(apart)
