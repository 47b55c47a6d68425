"""Checks of arguments: what passes, what it becomes, and what the error says."""

import math
import re

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from optlab.engine.rules.classic import OPTIMIZERS
from optlab.engine.rules.schedules import SCHEDULES
from optlab.engine.training.signatures import keywords
from optlab.engine.validation import (
    HYPER,
    between,
    broadcast,
    choice,
    column,
    count,
    finite,
    non_negative,
    positive,
    share,
    whole,
)


def test_the_arguments_of_a_rule_that_has_no_hash_are_read_like_any_other_s():
    class Rule:
        __hash__ = None

        def __call__(self, theta, grad, state, *, lr, gain):
            raise NotImplementedError

    assert keywords(Rule(), 3) == ["gain"]


@pytest.mark.parametrize(
    "value", [2, 2.0, np.float32(2), np.int8(2), [2], (2,), np.array(2), np.array([2.0]), torch.tensor(2.0)]
)
def test_any_way_to_write_one_number_gives_one_value(value):
    assert column("lr", value).tolist() == [2]


@pytest.mark.parametrize("value", ["1", None, True, [True], 1j, [None], {}, object(), np.ones(1, object)])
def test_what_is_no_number_is_a_type_error(value):
    with pytest.raises(TypeError, match=r"^lr=.*: expected a number or an array of numbers$"):
        column("lr", value)


LIMITS = {finite: (-math.inf, math.inf), positive: (0, math.inf), between: (0, 1)}
LIMITS_WITH_LOW = {non_negative: (0, math.inf), share: (0, 1)}


@pytest.mark.parametrize("check", [*LIMITS, *LIMITS_WITH_LOW])
@given(value=st.floats(width=64))
def test_a_check_passes_what_is_inside_and_names_what_is_not(check, value):
    low, high = {**LIMITS, **LIMITS_WITH_LOW}[check]
    inside = low < value < high or (check in LIMITS_WITH_LOW and value == low)
    if inside:
        assert check("rate", value).tolist() == [value]
    else:
        with pytest.raises(ValueError, match=re.escape(f"rate={value:.12g}: expected a")):
            check("rate", value)


@given(value=st.integers(-10, 200))
def test_whole_passes_whole_numbers_in_range(value):
    if 1 <= value <= 80:
        assert whole("batch_size", float(value), most=80).tolist() == [value]
    else:
        with pytest.raises(ValueError, match=f"batch_size={value}: expected a whole number from 1 to 80"):
            whole("batch_size", value, most=80)


@pytest.mark.parametrize("value", [0.5, math.nan, math.inf, -math.inf, 1e300])
def test_whole_turns_others_down(value):
    with pytest.raises(ValueError, match="expected a whole number from 0 to 9"):
        whole("k", value, 0, 9)


def test_the_first_wrong_value_of_an_array_is_named():
    with pytest.raises(ValueError, match="lr=-3: expected a finite number above 0"):
        positive("lr", [1.0, -3.0, -4.0])


def test_count_is_one_number():
    assert count("epochs", np.int64(3)) == 3
    with pytest.raises(ValueError, match=re.escape("epochs=[3]: expected one whole number")):
        count("epochs", [3])


def test_broadcast_names_both_lengths():
    with pytest.raises(ValueError, match="l2 has 3 values and lr has 4"):
        broadcast({"l2": np.zeros(3), "lr": np.zeros(4), "p": np.zeros(1)})


@given(st.lists(st.booleans(), min_size=1, max_size=5), st.integers(1, 6))
def test_broadcast_stretches_single_values_only(single, settings):
    columns = {str(k): np.arange(1 if one else settings) for k, one in enumerate(single)}
    stretched = broadcast(columns)
    expected = 1 if all(single) else settings
    assert {len(array) for array in stretched.values()} == {expected}
    assert all(np.array_equal(stretched[name], columns[name] + np.zeros(expected)) for name in columns)


def test_choice_takes_a_name_or_a_function():
    assert choice("f", "abs", {"abs": abs}) is abs
    assert choice("f", max, {"abs": abs}) is max
    with pytest.raises(ValueError, match="f='min': expected a function or one of abs, max"):
        choice("f", "min", {"max": max, "abs": abs})
    with pytest.raises(TypeError, match="f=None: expected a name or a function"):
        choice("f", None, {"abs": abs})


def test_every_hyper_parameter_of_ours_has_a_check():
    own = {name for rule in OPTIMIZERS.values() for name in keywords(rule, 3)}
    own |= {name for schedule in SCHEDULES.values() for name in keywords(schedule, 1)}
    assert own <= set(HYPER)
