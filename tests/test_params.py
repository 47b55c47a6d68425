"""Sliders' values, grids, and the box that sliders span."""

import itertools
import re
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optlab.live.controls import value_text
from optlab.live.state import State, read_state, write_state
from optlab.params import BATCH_SIZE, DELTA, L2, LR, Grid, P, Param, grid, log_values


def make_box(sizes, defaults=None):
    return Grid(
        tuple(
            Param(f"p{k}", "p", "a slider", tuple(range(n)), default=(defaults or [0] * len(sizes))[k])
            for k, n in enumerate(sizes)
        )
    )


def distance(box, one, other):
    return sum(abs(a - b) for a, b in zip(box.indices(one), box.indices(other), strict=True))


boxes = st.lists(st.integers(1, 5), min_size=1, max_size=4).map(make_box)


@st.composite
def boxes_with_slot(draw):
    box = draw(boxes)
    return box, draw(st.integers(0, box.size - 1))


# --- Param ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("param", [LR, DELTA, P, BATCH_SIZE, L2])
def test_the_articles_sliders_are_ascending_and_hold_their_default(param):
    assert list(param.values) == sorted(param.values)
    assert param.values[param.index(param.default)] == param.default


def test_a_stop_may_be_infinite_but_not_nan():
    clip = Param("clip", "c", "largest norm", (0.1, 1.0, np.inf), default=np.inf)
    assert [clip.index(value) for value in clip.values] == [0, 1, 2]
    assert [value_text(clip, value) for value in (1e5, -np.inf, np.float64("inf"))] == ["100,000", "−∞", "∞"]
    box = Grid((clip,))
    states = [write_state(box, State(slot)) for slot in range(3)]
    assert [read_state(box, text).slot for text in states] == [0, 1, 2]
    with pytest.raises(ValueError, match=r"clip: values=\(0\.1, nan\): NaN"):
        Param("clip", "c", "largest norm", (0.1, np.nan), default=0.1)


def test_index_forgives_rounding_but_nothing_more():
    assert LR.index(LR.values[3] * (1 + 1e-9)) == 3
    assert LR.index(np.float32(0.1)) == LR.index(0.1)
    tiny = Param("eps", "ε", "epsilon", (1e-12, 1e-10, 1e-8), default=1e-10)
    assert [tiny.index(v) for v in tiny.values] == [0, 1, 2]
    with pytest.raises(ValueError, match=r"lr=0\.11 is not on its slider: expected one of"):
        LR.index(0.11)


def test_values_may_be_names():
    rules = Param("optimizer", "", "update rule", ("sgd", "adam"), default="adam")
    assert rules.index("sgd") == 0
    with pytest.raises(ValueError, match="optimizer='adagrad'"):
        rules.index("adagrad")


@pytest.mark.parametrize(("values", "default"), [((), 1), ((1, 1), 1), ((1, 2), 3)])
def test_bad_param(values, default):
    with pytest.raises(ValueError, match="lr"):
        Param("lr", "α", "rate", values, default=default)


@given(st.integers(-8, 3), st.integers(1, 4), st.integers(1, 6))
def test_log_values_rise_from_low_to_high_by_even_factors(exponent, decades, per_decade):
    low, high = 10.0**exponent, 10.0 ** (exponent + decades)
    values = np.array(log_values(low, high, per_decade))
    assert len(values) == decades * per_decade + 1
    assert values[0] == pytest.approx(low)
    assert values[-1] == pytest.approx(high)
    np.testing.assert_allclose(np.diff(np.log10(values)), 1 / per_decade, atol=0.05)  # rounded to two digits


@pytest.mark.parametrize(("low", "high"), [(0, 1), (-1, 1), (2, 1)])
def test_bad_log_values(low, high):
    with pytest.raises(ValueError, match=f"low={low}, high={high}: expected 0 < low <= high"):
        log_values(low, high)


# --- grid -------------------------------------------------------------------------------------------------


@given(st.lists(st.lists(st.integers(-5, 5), min_size=1, max_size=4), min_size=1, max_size=3))
def test_grid_is_the_product_in_order(values):
    columns = grid(**{f"p{k}": v for k, v in enumerate(values)})
    rows = list(zip(*(column.tolist() for column in columns.values()), strict=True))
    assert rows == list(itertools.product(*values))


def test_grid_takes_single_values_names_and_ranges():
    columns = grid(lr=0.1, optimizer=["sgd", "adam"], seed=range(2))
    assert columns["optimizer"].tolist() == ["sgd", "sgd", "adam", "adam"]
    assert columns["lr"].tolist() == [0.1] * 4


@pytest.mark.parametrize(
    ("values", "words"),
    [({}, "at least one name"), ({"lr": []}, "lr has shape (0,)"), ({"lr": [[1, 2]]}, "lr has shape (1, 2)")],
)
def test_bad_grid(values, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        grid(**values)


# --- Grid --------------------------------------------------------------------------------------------------


@given(boxes_with_slot())
def test_slot_and_indices_are_inverse(box_and_slot):
    box, slot = box_and_slot
    assert box.slot(box.indices(slot)) == slot
    assert all(0 <= k < n for k, n in zip(box.indices(slot), box.shape, strict=True))


@given(boxes)
def test_slots_number_the_product_of_the_values(box):
    every = list(itertools.product(*(param.values for param in box.params)))
    assert [tuple(box.setting(slot).values()) for slot in range(box.size)] == every
    columns = box.settings(range(box.size))
    assert list(zip(*(column.tolist() for column in columns.values()), strict=True)) == every


def test_default_is_where_the_sliders_start():
    box = Grid((LR, L2, BATCH_SIZE))
    assert box.setting(box.default) == {"lr": LR.default, "l2": L2.default, "batch_size": BATCH_SIZE.default}


@pytest.mark.parametrize("bad", [-1, 6])
def test_a_slot_outside_the_box_is_an_error(bad):
    with pytest.raises(ValueError, match=r"out of bounds|size"):
        make_box([2, 3]).setting(bad)


@given(boxes_with_slot())
def test_axes_through_a_slot_are_the_slots_that_differ_in_one_slider_at_most(box_and_slot):
    box, slot = box_and_slot
    here = box.indices(slot)
    expected = {
        other
        for other in range(box.size)
        if sum(a != b for a, b in zip(here, box.indices(other), strict=True)) <= 1
    }
    found = box.axes_through(slot)
    assert len(found) == len(set(found))
    assert set(found) == expected
    distances = [distance(box, slot, other) for other in found]
    assert found[0] == slot
    assert distances == sorted(distances)


@given(boxes_with_slot(), st.integers(0, 700))
@settings(deadline=None)
def test_nearest_is_a_sorted_list_of_the_closest_slots(box_and_slot, most):
    box, slot = box_and_slot
    found = box.nearest(slot, most)
    assert len(found) == min(most, box.size)
    assert len(found) == len(set(found))
    everyone = sorted(distance(box, slot, other) for other in range(box.size))
    assert [distance(box, slot, other) for other in found] == everyone[: len(found)]


@pytest.mark.parametrize(("sizes", "corner"), [([13, 13, 13, 13, 7], 0), ([8] * 10, 3)])
def test_nearest_costs_what_it_returns_not_the_size_of_the_box(sizes, corner):
    def seconds(box):
        slot = box.slot([corner] * len(box.shape))
        began = time.perf_counter()
        assert len(box.nearest(slot, 1000)) == 1000
        return time.perf_counter() - began

    small, large = make_box([4] * len(sizes)), make_box(sizes)
    assert large.size > 40 * small.size
    ratio = min(seconds(large) for _ in range(5)) / min(seconds(small) for _ in range(5))
    assert ratio < 10
