"""The three clouds against torch's own optimiser and theory; their goals and their program."""

import numpy as np
import pytest
from printed_programs import EVERY, printed
from shared_labs import shared
from torch_walks import CLUB, torchs_own

from optlab.course.stochastic_gradient_descent.moments import moments
from optlab.course.stochastic_gradient_descent.sampling import sample_order
from optlab.course.stochastic_gradient_descent.seeds import RATES, START
from optlab.course.stochastic_gradient_descent.shrink import ORDERS, STOPS, shrink
from optlab.course.stochastic_gradient_descent.shrink_lab import (
    ALPHA0,
    DELTA,
    GOALS,
    ORDER,
    POWER,
    shrink_lab,
)
from optlab.live.goals import which_reached

PARAMS = (ALPHA0, DELTA, POWER, ORDER)


lab = shared(shrink_lab)


def shrunk(*values):
    """The runs of some settings, each given by the values that are not the defaults."""
    return shrink({p.name: np.array([value.get(p.name, p.default) for value in values]) for p in PARAMS})


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.slow
def test_they_are_torchs_own_walk_with_the_articles_decay_and_a_plain_mean(order):
    shown = shrunk({"order": order, "lr": 0.2, "delta": 0.05, "p": 1.0})
    samples = sample_order(order, 20, 2000, [0])[:400, 0]
    same = torchs_own(samples, [0.2] * 400, START)
    falling = torchs_own(samples, [0.2 / (1 + 0.05 * t) ** 0.5 for t in range(400)], START)
    stop = STOPS.tolist().index(20)
    for cloud, point in enumerate((same[-1], falling[-1], same[1:].mean(0))):
        np.testing.assert_allclose(shown.points[0, cloud, stop, 0], point, rtol=1e-8)


@pytest.mark.slow
def test_settings_with_different_orders_come_back_in_their_order():
    values = [
        {"lr": 0.1, "delta": 0.1, "order": "reshuffled"},
        {"lr": 0.2, "delta": 0.0},
        {"lr": 0.1, "delta": 0.1, "p": 1.0},
        {"lr": 0.2, "delta": 0.5, "order": "reshuffled"},
    ]
    for mixed, value in zip(shrunk(*values), values, strict=True):
        alone = shrunk(value)
        np.testing.assert_allclose(mixed.points, alone.points, rtol=1e-12)
        np.testing.assert_allclose(mixed.gap, alone.gap, rtol=1e-12)


def test_the_measured_curves_lie_on_those_of_theory():
    shown = shrunk({"lr": 0.1, "delta": 0.02})
    ratio = shown.gap[0, :, 10:].mean(-1) / shown.expected[0, :, 10:].mean(-1)
    np.testing.assert_allclose(ratio, 1, atol=0.15)


@pytest.mark.parametrize(
    ("values", "reached"),
    [
        ({}, (False, False, False)),
        ({"delta": 0.05}, (True, False, False)),
        ({"delta": 1.0}, (False, True, False)),
        ({"lr": 0.2, "delta": 0.05, "order": "reshuffled"}, (False, False, True)),
    ],
)
def test_goals_light_up(values, reached):
    assert which_reached(GOALS, shrunk(values)) == reached


@pytest.mark.slow
def test_stars_stand_by_the_clouds_that_have_converged(lab):
    first, second = lab.plots[1].frames(shrunk({"lr": 0.15, "delta": 0.05})).texts[0][0].split("\n")
    assert [word.endswith("★") for word in second.split(" · ")] == [False, True, True]
    assert first == "epoch 100 (★ under 0.001); average 1.2 × best possible"


def test_samples_without_replacement_are_not_held_against_what_random_ones_allow(lab):
    said = lab.plots[1].said(shrunk({"order": "reshuffled"}))
    assert "average" in said
    assert "best possible" not in said


@pytest.mark.slow
def test_no_constant_rate_reaches_the_goal_with_replacement():
    rates = np.repeat(np.array(RATES)[:, None], 2000, 1)
    second = moments(CLUB, rates, START, [2000]).second[:, 0]
    assert np.nanmin(np.einsum("sij,ij->s", second, CLUB.hessian)) / 2 > 0.0027


def test_the_program_prints_the_mean_gap_of_all_three_schedules(lab):
    rng = np.random.default_rng(3)
    values = [{p.name: p.values[rng.integers(len(p.values))] for p in PARAMS} for _ in range(8)]
    for value, one in zip(values, shrunk(*values), strict=True):
        known = np.isfinite(one.gap[0]) & (one.gap[0] < 1e30)  # beyond it a square overflows somewhere
        numbers = np.array(printed(lab.program(value | EVERY), "constant α", "falling α", "average"))
        assert numbers.shape == known.shape
        np.testing.assert_allclose(numbers[known], one.gap[0][known], rtol=1e-4)
