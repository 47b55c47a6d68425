"""The penalties' shares of λ, and the soft threshold against torch's own and against what it minimises."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from optlab.course.exercises import EXERCISES
from optlab.engine.models.penalties import proximal, soft_threshold, split
from optlab.engine.rules.classic import sgd

NUMBERS = st.floats(-5, 5, width=32)


@pytest.mark.parametrize(
    ("kind", "shares"), [("L2", (0.3, 0)), ("L1", (0, 0.3)), ("elastic net", (0.15, 0.15))]
)
def test_lambda_goes_to_the_penalties_that_a_kind_names(kind, shares):
    l2, l1 = split(kind, 0.3)
    assert (l2.item(), l1.item()) == pytest.approx(shares)


def test_kinds_and_strengths_of_several_settings_stay_in_their_rows():
    l2, l1 = split(["L1", "L2"], [0.1, 0.2])
    assert (l2.tolist(), l1.tolist()) == ([0.0, 0.2], [0.1, 0.0])


@pytest.mark.parametrize(
    ("kind", "strength", "words"),
    [("L3", 0.1, "kind='L3': expected one of L2, L1"), ("L1", -1, "strength=-1")],
)
def test_a_kind_or_a_strength_that_does_not_exist_is_refused(kind, strength, words):
    with pytest.raises(ValueError, match=words):
        split(kind, strength)


@given(st.lists(NUMBERS, min_size=1, max_size=6), st.floats(0, 4, width=32))
def test_the_soft_threshold_is_torchs(w, amount):
    w = torch.tensor(w)
    expected = torch.nn.functional.softshrink(w, float(amount))
    assert torch.equal(soft_threshold(w, amount), expected)


@pytest.mark.parametrize("truth", [soft_threshold, EXERCISES["soft_threshold"].truth])
@pytest.mark.parametrize("w", [-2.0, -0.3, 0.0, 0.29, 1.7])
def test_the_soft_threshold_minimises_what_it_should(truth, w):
    """Half the squared distance to w plus amount·|v|, over a fine grid of v."""
    v = np.linspace(-3, 3, 600_001)
    best = v[np.argmin((v - w) ** 2 / 2 + 0.3 * np.abs(v))]
    assert truth(torch.tensor([w]), 0.3).item() == pytest.approx(best, abs=1e-5)


def test_the_proximal_step_without_a_threshold_is_plain_descent():
    theta, grad = torch.randn(2, 5), torch.randn(2, 5)
    assert torch.equal(proximal(theta, grad, {}, lr=0.1)[0], sgd(theta, grad, {}, lr=0.1)[0])


def test_the_proximal_step_takes_rate_times_strength():
    theta, grad = torch.tensor([[1.0, 0.01]]), torch.tensor([[2.0, 0.0]])
    stepped = proximal(theta, grad, {}, lr=0.1, threshold=0.5)[0]
    assert stepped.tolist() == [[pytest.approx(1 - 0.2 - 0.05), 0.0]]
