"""Walks on a noisy parabola: against torch.optim, against every noise there is, and against closed forms."""

import itertools

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from printed_programs import DIGITS, EVERY, printed, random_slots
from scipy.optimize import minimize_scalar  # type: ignore[import-untyped]
from shared_labs import shared
from torch.optim import lr_scheduler

from optlab.course.exercises import EXERCISES
from optlab.course.labs import decay_lab
from optlab.course.learning_rate_decay.decay import (
    EPOCH,
    STEPS,
    WALKS,
    best_constant,
    expected_loss,
    floor,
    run,
    walk,
)
from optlab.course.learning_rate_decay.decay_lab import CURVATURE, EXPONENT, marked_rates
from optlab.course.learning_rate_decay.steps import noise
from optlab.live.goals import which_reached
from optlab.live.slider_marks import marks_table

COINS = np.array(list(itertools.product([-1.0, 1.0], repeat=8))).T
"""Every sequence of 8 coin tosses, (8, 256): noise of mean 0 and variance 1 with nothing left to chance."""


def plain_walk(xi, factor, lr, curvature, start):
    """One walk with torch's own optimiser and scheduler."""
    theta = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([theta], lr)
    scheduler = lr_scheduler.LambdaLR(optimizer, factor)
    path = [start]
    for step in xi:
        optimizer.zero_grad()
        (curvature * theta**2 / 2 + float(step) * theta).backward()
        optimizer.step()
        scheduler.step()
        path.append(theta.item())
    return np.array(path)


@pytest.mark.parametrize("curvature", [0.1, 1.0, 1.9])
def test_walks_are_those_of_torchs_sgd_under_lambda_lr(curvature):
    xi = noise(50, 3, seed=5)
    rates = 0.8 * (1 + 0.3 * np.arange(50)) ** -0.75
    walks = walk(rates, xi, curvature=curvature, start=4.0)
    paths = [plain_walk(x, lambda t: (1 + 0.3 * t) ** -0.75, 0.8, curvature, 4.0) for x in xi.T]
    np.testing.assert_allclose(walks.first[0], paths[0], rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(walks.loss[0], curvature * np.square(paths).mean(0) / 2, rtol=1e-10)


def test_each_row_is_what_its_setting_gives_alone():
    xi, rates = noise(20, 4), np.random.default_rng(0).uniform(0.1, 1, (3, 20))
    h = np.array([0.2, 0.5, 1.0])
    together = walk(rates, xi, curvature=h, settings={"curvature": h})
    for row in range(3):
        alone = walk(rates[row], xi, curvature=h[row])
        np.testing.assert_array_equal(together.select(row).loss, alone.loss)
        np.testing.assert_allclose(together.select(row).expected, alone.expected)
    assert together.select([2, 0]).settings["curvature"].tolist() == [1.0, 0.2]


@settings(deadline=None, max_examples=40)
@given(
    rates=st.lists(st.floats(0, 3), min_size=8, max_size=8),
    curvature=st.floats(0.05, 2),
    start=st.floats(-10, 10),
)
def test_theory_is_the_mean_over_all_sequences_of_coin_tosses(rates, curvature, start):
    walks = walk(rates, COINS, curvature=curvature, start=start)
    np.testing.assert_allclose(walks.loss, walks.expected, rtol=1e-9, atol=1e-9)


def test_rates_of_one_over_t_make_the_plain_average():
    readings = np.random.default_rng(1).normal(size=(30, 1))
    walks = walk(1 / np.arange(1, 31), -readings, start=77.0)
    np.testing.assert_allclose(walks.first[0, 1:], np.cumsum(readings) / np.arange(1, 31), rtol=1e-12)
    np.testing.assert_allclose(walks.expected[0, 1:], 0.5 / np.arange(1, 31), rtol=1e-12)


@settings(deadline=None, max_examples=40)
@given(fraction=st.floats(0.05, 1.9), curvature=st.floats(0.05, 5))
def test_a_constant_rate_comes_to_rest_at_the_floor(fraction, curvature):
    lr = fraction / curvature
    rest = expected_loss(np.full(2000, lr), curvature=curvature)[0, -1]
    assert rest == pytest.approx(float(floor(lr, curvature)), rel=1e-9)


def test_there_is_no_floor_from_two_over_h_on():
    assert np.isinf(floor([2.0, 2.5])).all()
    assert np.isinf(floor(0.5, curvature=4.0))


@pytest.mark.parametrize("curvature", [0.03, 0.3, 1.0])
@pytest.mark.parametrize("steps", [50, 400])
def test_the_best_constant_rate_is_the_one_that_scipy_finds(steps, curvature):
    def end(log_rate):
        return expected_loss(np.full(steps, np.exp(log_rate)), curvature=curvature)[0, -1]

    found = minimize_scalar(end, bounds=np.log([1e-4, 2 / curvature]), method="bounded")
    rate, loss = best_constant(steps, curvature=curvature)
    assert loss == pytest.approx(found.fun, rel=1e-5)
    assert rate == pytest.approx(np.exp(found.x), rel=1e-2)


def test_noise_is_the_same_for_the_same_seed_and_torchs_own():
    generator = torch.Generator().manual_seed(3)
    np.testing.assert_array_equal(noise(7, 2, seed=3), torch.randn(7, 2, generator=generator).double())
    assert not np.array_equal(noise(7, 2, seed=3), noise(7, 2, seed=4))


def test_a_walk_that_explodes_raises_nothing():
    walks = walk(np.full(2000, 50.0), noise(2000, 2))
    assert not walks.loss[0, -1] < 1e300
    assert not walks.expected[0, -1] < 1e300


def test_wrong_arguments_are_named():
    with pytest.raises(ValueError, match="xi has 3 rows: expected one for each of the 5 steps"):
        walk(np.ones(5), noise(3, 2))
    with pytest.raises(ValueError, match="curvature=0"):
        walk(np.ones(3), noise(3, 2), curvature=0.0)


# ---------------------------------------------------------------- the lab

lab = shared(decay_lab)


def torch_rates(lr, delta, p, epoch):
    """The rate of every step, from a scheduler that is stepped once in `epoch` steps."""
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr)
    scheduler = lr_scheduler.LambdaLR(optimizer, lambda t: (1 / (1 + delta * t) ** 0.5) ** p)
    rates = []
    for step in range(1, STEPS + 1):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        if step % epoch == 0:
            scheduler.step()
    return np.array(rates)


@pytest.mark.parametrize(
    "values", [{}, {"lr": 1.0, "p": 2.0}, {"count": "epochs", "delta": 5.0, "curvature": 0.1, "p": 3.0}]
)
@pytest.mark.slow
def test_the_lab_shows_the_rates_and_losses_of_a_plain_loop(lab, values):
    shown, at = lab.at(**values), lab.settings
    rates = torch_rates(at["lr"], at["delta"], at["p"], EPOCH if at["count"] == "epochs" else 1)
    np.testing.assert_allclose(lab.plots[0].values("αₜ", shown)[0], rates, rtol=1e-6)
    theta, loss = np.full(WALKS, 10.0), []
    for rate, xi in zip(rates, noise(STEPS, WALKS), strict=True):
        theta = theta - rate * (at["curvature"] * theta + xi)
        loss.append(at["curvature"] * (theta**2).mean() / 2)
    np.testing.assert_allclose(shown.loss[0, 1:], loss, rtol=1e-9)
    np.testing.assert_allclose(lab.plots[1].values("mean of 512", shown)[0], loss, rtol=1e-6)


def test_measured_and_theory_agree_all_over_the_grid(lab):
    """512 walks know a mean square to √(2/512) = 6 %; four times that is granted."""
    for values in ({"lr": 0.1}, {"p": 2.0}, {"delta": 20.0}, {"curvature": 0.03, "lr": 2.0}):
        shown = lab.at(**values)
        np.testing.assert_allclose(shown.loss, shown.expected, rtol=0.25)


def test_the_constant_rates_are_those_of_the_recursion(lab):
    shown, plot = lab.at(lr=0.3, curvature=0.1), lab.plots[1]
    for name, rate in (("α₀ kept", 0.3), ("best constant", best_constant(STEPS, curvature=0.1)[0])):
        expected = expected_loss(np.full(STEPS, rate), curvature=0.1)[0, 1:]
        np.testing.assert_allclose(plot.values(name, shown)[0], expected, rtol=1e-6)


def test_the_lab_says_beaten_exactly_when_it_is(lab):
    for values in ({}, {"lr": 1.0, "p": 2.0}, {"lr": 0.3, "p": 1.0}, {"p": 4.0}):
        shown = lab.at(**values)
        beaten = shown.loss[0, -1] < best_constant(STEPS)[1]
        assert ("★" in lab.plots[1].said(shown)) == beaten


@pytest.mark.parametrize("curvature", CURVATURE.values)
def test_the_marks_of_the_rate_are_where_a_search_finds_them(curvature):
    marks = marked_rates(curvature)
    rates = np.geomspace(1e-3, 1, 400)[:, None] / curvature
    ends = expected_loss(np.repeat(rates, STEPS, axis=1), curvature=curvature)[:, -1]
    assert marks["best constant"] == pytest.approx(float(rates[ends.argmin(), 0]), rel=0.02)
    assert marks["2/h, grows"][0] == 2 / curvature
    grows, holds = (
        expected_loss(np.full(STEPS, fraction * 2 / curvature), curvature=curvature)[0]
        for fraction in (1.01, 0.99)
    )
    assert grows[-1] > 1.5 * grows[-50]
    assert holds[-1] == pytest.approx(holds[-50], rel=0.01)


def test_the_marks_of_p_say_which_sum_has_a_limit():
    (marks,) = marks_table(EXPONENT, [])
    assert [mark["label"] for mark in marks] == ["Σα² finite above: 1", "Σα finite above: 2"]
    stops = [mark["from"] * (len(EXPONENT.values) - 1) for mark in marks]
    assert [EXPONENT.values[round(stop)] for stop in stops] == [1.0, 2.0]


def test_a_constant_rate_above_two_over_h_is_shown_as_diverged(lab):
    assert "diverged" in lab.plots[1].said(lab.at(lr=3.0, delta=0.0))


def test_the_exercises_truth_is_lambda_lr_stepped_once_an_epoch():
    rates = torch_rates(0.4, 0.7, 1.5, epoch=8)
    truth = EXERCISES["decayed_rate"].truth
    assert [truth(step, 0.4, 0.7, 1.5, 8) for step in range(STEPS)] == pytest.approx(rates.tolist())


def mean_loss(lr, delta, p, count, curvature):
    """E ½hθ² after 400 steps from 10, by its recursion."""
    square = 100.0
    for step in range(400):
        rate = lr * (1 + delta * (step // 20 if count == "epochs" else step)) ** (-p / 2)
        square = (1 - rate * curvature) ** 2 * square + rate**2
    return curvature * square / 2


def best_constant_loss(curvature):
    return min(mean_loss(lr / curvature, 0, 1, "steps", curvature) for lr in np.geomspace(0.005, 0.3, 80))


def goals_by_theory(lr, delta, p, count, curvature):
    """What the mean over all noise reaches."""
    end = mean_loss(lr, delta, p, count, curvature)
    beaten, usual = end < best_constant_loss(curvature), curvature == 1
    first = beaten and usual and delta == 1
    return first, usual and end < 0.0013, first and count == "epochs", curvature == 0.1 and beaten


def test_the_goals_light_up_where_theory_says_so(lab):
    names = [param.name for param in lab.grid.params]
    places = [
        tuple(param.default for param in lab.grid.params),
        (0.2, 1.0, 1.0, "steps", 1.0),
        (1.0, 1.0, 2.0, "steps", 1.0),
        (0.1, 1.0, 2.0, "epochs", 1.0),
        (0.1, 0.1, 2.0, "epochs", 1.0),
        (0.3, 5.0, 2.0, "epochs", 1.0),
        (2.0, 0.2, 2.0, "steps", 0.1),
        (1.0, 1.0, 2.0, "steps", 0.1),
        (3.0, 0.0, 1.0, "steps", 1.0),
    ]
    columns = map(np.array, zip(*places, strict=True))
    runs = run(dict(zip(names, columns, strict=True)))
    seen = [which_reached(lab.goals, one) for one in runs]
    assert seen == [goals_by_theory(*place) for place in places]
    assert not any(seen[0])
    assert np.any(seen, axis=0).all()


def test_the_program_prints_the_labs_curve(lab):
    for one in run(lab.grid.settings(random_slots(lab))):
        numbers = printed(lab.program(one.setting(0) | EVERY), "mean of 512")
        np.testing.assert_allclose(numbers, one.loss[0], rtol=DIGITS)
