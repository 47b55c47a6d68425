"""The exercises of 05.1 against a plain count of calls, and PyTorch's own number formats."""

from math import inf

import pytest
import torch

from optlab.course.exercises import EXERCISES


@pytest.mark.parametrize(
    ("first", "eager", "compiled"), [(8.0, 0.5, 0.25), (0.7, 0.0625, 0.03125), (2.0, 4.0, 1.0)]
)
def test_from_there_on_all_calls_together_cost_no_more_compiled(first, eager, compiled):
    calls, alone, together = 0, 0.0, first
    while alone < together:
        calls, alone, together = calls + 1, alone + eager, together + compiled
    assert EXERCISES["pays_after"].truth(first, eager, compiled) == calls


def test_it_never_pays_where_a_call_is_no_faster():
    assert EXERCISES["pays_after"].truth(5.0, 0.25, 0.5) == inf


@pytest.mark.parametrize(("digits", "kind"), [(8, torch.bfloat16), (11, torch.float16), (24, torch.float32)])
def test_the_nearest_number_is_the_one_that_torch_rounds_to(digits, kind):
    draws = torch.randn(200, generator=torch.Generator().manual_seed(0)).double()
    for x in [*draws[draws.abs() > 1e-4].tolist(), 1.0, 0.5, 1.99999, -3.0, 1 + 2**-8, 1 + 3 * 2**-8]:
        assert EXERCISES["nearest"].truth(x, digits) == torch.tensor(x, dtype=torch.float64).to(kind).item()


@pytest.mark.parametrize(
    ("size", "expected"), [(2**-6, "bfloat16"), (2**-10, "float32"), (2**-20, "float32"), (2**-30, "float64")]
)
def test_a_format_is_long_enough_if_the_update_is_more_than_half_a_gap(size, expected):
    """Below 1 the gaps are 2⁻⁸, 2⁻²⁴ and 2⁻⁵³; the largest weight has the widest."""
    weights, updates = torch.tensor([1.0, 0.25, 0.125]), torch.full((3,), size)
    assert EXERCISES["shortest_format"].truth(weights, updates) == expected
    assert EXERCISES["shortest_format"].truth(weights * 2, updates * 2) == expected
