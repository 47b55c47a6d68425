"""The two sums of the rates: against plain addition, Hurwitz's zeta function, and every coin toss."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from printed_programs import DIGITS, EVERY, printed, random_slots
from scipy.special import zeta  # type: ignore[import-untyped]
from shared_labs import shared

from optlab.course.labs import sums_lab
from optlab.course.learning_rate_decay.sums import limit, partial_sum, run, sums, times_until
from optlab.live.goals import which_reached

EXPONENTS = st.one_of(st.just(1.0), st.floats(0, 4).filter(lambda q: abs(q - 1) > 1e-3))


@settings(deadline=None, max_examples=60)
@given(n=st.integers(0, 20_000), q=EXPONENTS, delta=st.floats(0.001, 50))
def test_a_partial_sum_is_what_adding_up_gives(n, q, delta):
    plain = ((1 + delta * np.arange(n)) ** -q).sum()
    assert float(partial_sum(n, q, delta)) == pytest.approx(plain, rel=1e-7)


@pytest.mark.parametrize("q", [1.1, 1.5, 2.0, 4.0])
@pytest.mark.parametrize("delta", [0.01, 1.0, 10.0])
def test_the_limit_is_hurwitzs_zeta_function(q, delta):
    assert limit(q, delta) == pytest.approx(delta**-q * zeta(q, 1 / delta), rel=1e-7)
    assert partial_sum(1e30, q, delta) == pytest.approx(limit(q, delta), rel=1e-2)


@pytest.mark.parametrize("p", [0.5, 0.8, 1.0, 1.2, 1.5, 2.0, 2.5, 3.0])
def test_which_of_the_two_sums_has_a_limit(p):
    """Robbins and Monro's conditions on the article's formula: both hold for 1 < p <= 2."""
    assert np.isfinite(limit(p / 2, 1.0)) == (p > 2)
    assert np.isfinite(limit(p, 1.0)) == (p > 1)
    tail = partial_sum(1e16, p / 2, 1.0) - partial_sum(1e12, p / 2, 1.0)
    assert (tail > 1) == (p <= 2)
    tail = partial_sum(1e16, p, 1.0) - partial_sum(1e12, p, 1.0)
    assert (tail > 1) == (p <= 1)


def test_at_p_1_the_sum_of_squares_grows_by_the_same_amount_for_ten_times_the_steps():
    growth = np.diff(partial_sum(10.0 ** np.arange(4, 12), q=1.0, delta=0.5))
    np.testing.assert_allclose(growth, np.log(10) / 0.5, rtol=1e-3)


@settings(deadline=None, max_examples=40)
@given(goal=st.floats(0.5, 60), q=EXPONENTS, delta=st.floats(0.05, 5))
def test_the_first_time_at_which_a_sum_reaches_its_goal(goal, q, delta):
    added = np.cumsum((1 + delta * np.arange(20_000)) ** -q)
    found = times_until(goal, q, delta)
    if added[-1] > goal:
        assert abs(found - 1 - np.searchsorted(added, goal)) <= 1
    else:
        assert found >= 20_000


def test_what_is_beyond_the_limit_is_never_reached():
    assert np.isinf(times_until(2.0, q=2.0, delta=1.0))
    assert times_until(1e9, q=1.0, delta=1.0) > 1e200


def test_walkers_measure_both_sums():
    """Over all coin tosses the mean is the one sum and the variance the other, exactly."""
    coins = np.array(list(itertools.product([-1.0, 1.0], repeat=8))).T
    rates = np.random.default_rng(0).uniform(0, 1, (3, 8))
    found = sums(rates, coins, [1, 3, 8], {"p": np.array([1.0, 2.0, 3.0])})
    for column, steps in enumerate([1, 3, 8]):
        np.testing.assert_allclose(found.rate[:, column], rates[:, :steps].sum(1))
        np.testing.assert_allclose(found.square[:, column], (rates[:, :steps] ** 2).sum(1))
    np.testing.assert_allclose(found.mean, found.rate)
    np.testing.assert_allclose(found.variance, found.square)
    assert found.select(1).settings["p"].tolist() == [2.0]


# ---------------------------------------------------------------- the lab

lab = shared(sums_lab)


@pytest.mark.slow
def test_the_lab_adds_up_and_says_what_has_a_limit(lab):
    shown = lab.at(p=1.5, delta=0.1, lr=1.0)
    rates = 1.0 * (1 + 0.1 * np.arange(shown.times[-1])) ** -0.75
    assert lab.plots[0].values("added up", shown)[0, -1] == pytest.approx(rates.sum())
    assert lab.plots[1].values("added up", shown)[0, -1] == pytest.approx((rates**2).sum())
    first, second = (plot.said(shown) for plot in lab.plots)
    arrives = 1 + int(np.searchsorted(np.cumsum(rates), 10.0))
    assert "has no limit" in first
    assert f"after {arrives} steps" in first
    assert lab.plots[0].values("arrived", shown)[0, 0].tolist() == [arrives, 10]
    assert "has a limit" in second


@pytest.mark.parametrize(("p", "words"), [(1.0, "no limit: + "), (0.5, "no limit: × "), (1.2, "a limit: ")])
def test_how_the_sum_of_squares_goes_on(lab, p, words):
    assert words in lab.plots[1].said(lab.at(p=p))


def test_a_goal_beyond_the_limit_is_never_reached(lab):
    assert "is never reached" in lab.plots[0].said(lab.at(p=3.0))
    assert "after 272 million steps" in lab.plots[0].said(lab.at(p=2.0))


@pytest.mark.slow
def test_the_goals_light_up_where_the_closed_form_says_so(lab):
    runs = run(lab.grid.settings(np.arange(lab.grid.size)))
    seen = np.array([which_reached(lab.goals, one) for one in runs])
    lr, delta, p = (runs.settings[name] for name in ("lr", "delta", "p"))
    q = p / 2
    arrived = lr * delta**-q * sum((1 / delta + k) ** -q for k in range(10_000))
    noise = lr**2 * sum((1 + delta * k) ** -p for k in range(10_000))
    whole = lr * delta**-q * zeta(q, 1 / delta)  # Hurwitz: Σ (1/δ + t)^-q, NaN or inf where it has no limit
    np.testing.assert_array_equal(
        seen.T, [(arrived >= 10) & (p > 1) & (noise < 0.3), (lr == 2) & (q > 1) & (whole < 10)]
    )
    assert seen.any(0).all()
    assert not seen[lab.grid.default].any()


def test_the_program_prints_the_labs_curve(lab):
    for one in run(lab.grid.settings(random_slots(lab))):
        first, second = printed(lab.program(one.setting(0) | EVERY), "Σα", "Σα²")
        np.testing.assert_allclose(first, one.rate[0], rtol=DIGITS)
        np.testing.assert_allclose(second, one.square[0], rtol=DIGITS)
