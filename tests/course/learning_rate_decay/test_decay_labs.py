"""The labs of learning-rate decay: their numbers against plain loops, and what they say against theory."""

import numpy as np
import pytest
import torch
from shared_labs import at_the_defaults, shared
from torch.optim import lr_scheduler

from optlab.course.exercises import EXERCISES
from optlab.course.labs import decay_lab, sums_lab
from optlab.course.learning_rate_decay.decay import EPOCH, STEPS, WALKS, best_constant, expected_loss
from optlab.course.learning_rate_decay.decay_lab import CURVATURE, EXPONENT, marked_rates
from optlab.course.learning_rate_decay.old_decay_figures import SumCurve, WalkLoss
from optlab.course.learning_rate_decay.steps import noise
from optlab.live.slider_marks import marks_table

lab = shared(decay_lab)
totals = shared(sums_lab)
back_to_the_defaults = at_the_defaults("lab", "totals")


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
def test_the_decay_lab_shows_the_rates_and_losses_of_a_plain_loop(lab, values):
    shown, at = lab.set(**values), lab.settings
    rates = torch_rates(at["lr"], at["delta"], at["p"], EPOCH if at["count"] == "epochs" else 1)
    np.testing.assert_allclose(shown.rates[0], rates, rtol=1e-12)
    theta, loss = np.full(WALKS, 10.0), []
    for rate, xi in zip(rates, noise(STEPS, WALKS), strict=True):
        theta = theta - rate * (at["curvature"] * theta + xi)
        loss.append(at["curvature"] * (theta**2).mean() / 2)
    np.testing.assert_allclose(shown.loss[0, 1:], loss, rtol=1e-9)


def test_measured_and_theory_agree_all_over_the_box(lab):
    """512 walks know a mean square to √(2/512) = 6 %; four times that is granted."""
    for values in ({"lr": 0.1}, {"p": 2.0}, {"delta": 20.0}, {"curvature": 0.03, "lr": 2.0}):
        lab.reset()
        shown = lab.set(**values)
        np.testing.assert_allclose(shown.loss, shown.expected, rtol=0.25)


def test_the_lab_says_beaten_exactly_when_it_is(lab):
    panel = WalkLoss(STEPS, (1e-4, 1e5))
    for values in ({}, {"lr": 1.0, "p": 2.0}, {"lr": 0.3, "p": 1.0}, {"p": 4.0}):
        lab.reset()
        shown = lab.set(**values)
        beaten = shown.loss[0, -1] < best_constant(STEPS)[1]
        assert ("★" in panel.show(shown, 0)) == beaten


@pytest.mark.parametrize("curvature", CURVATURE.values)
def test_the_marks_of_the_rate_are_where_a_search_finds_them(curvature):
    marks = marked_rates(curvature)
    rates = np.geomspace(1e-3, 1, 400)[:, None] / curvature
    ends = expected_loss(np.repeat(rates, STEPS, axis=1), curvature=curvature)[:, -1]
    assert marks["best constant"] == pytest.approx(float(rates[ends.argmin(), 0]), rel=0.02)
    assert marks["2/h, grows"][0] == 2 / curvature
    grows, holds = (
        expected_loss(np.full(STEPS, share * 2 / curvature), curvature=curvature)[0] for share in (1.01, 0.99)
    )
    assert grows[-1] > 1.5 * grows[-50]
    assert holds[-1] == pytest.approx(holds[-50], rel=0.01)


def test_the_marks_of_p_say_which_sum_has_a_limit():
    (marks,) = marks_table(EXPONENT, [])
    assert [mark["label"] for mark in marks] == ["Σα² finite above 1", "Σα finite above 2"]
    stops = [mark["from"] * (len(EXPONENT.values) - 1) for mark in marks]
    assert [EXPONENT.values[round(stop)] for stop in stops] == [1.0, 2.0]


def test_the_sums_lab_adds_up_and_says_what_has_a_limit(totals):
    shown = totals.set(p=1.5, delta=0.1, lr=1.0)
    rates = 1.0 * (1 + 0.1 * np.arange(shown.times[-1])) ** -0.75
    assert shown.rate[0, -1] == pytest.approx(rates.sum())
    assert shown.square[0, -1] == pytest.approx((rates**2).sum())
    words = [panel.show(shown, 0) for panel in totals.panels]
    arrives = 1 + int(np.searchsorted(np.cumsum(rates), 10.0))
    assert "has no limit" in words[0]
    assert f"after {arrives} steps" in words[0]
    assert "has a limit" in words[1]


@pytest.mark.parametrize(("p", "words"), [(1.0, "no limit: + "), (0.5, "no limit: × "), (1.2, "a limit: ")])
def test_how_the_sum_of_squares_goes_on(totals, p, words):
    panel = SumCurve("square", totals.set(p=p).times, 1e12, (0.01, 100))
    assert words in panel.show(totals.history, 0)


def test_a_goal_beyond_the_limit_is_never_reached(totals):
    assert "is never reached" in totals.panels[0].show(totals.set(p=3.0), 0)
    assert "after 272 million steps" in totals.panels[0].show(totals.set(p=2.0), 0)


def test_a_constant_rate_above_two_over_h_is_shown_as_diverged(lab):
    assert "diverged" in lab.panels[1].show(lab.set(lr=3.0, delta=0.0), 0)


def test_away_and_back_is_the_same_curve(lab):
    before = lab.set(lr=0.3).loss
    lab.set(lr=2.0)
    np.testing.assert_array_equal(lab.set(lr=0.3).loss, before)


def test_the_exercises_truth_is_lambda_lr_stepped_once_an_epoch():
    rates = torch_rates(0.4, 0.7, 1.5, epoch=8)
    truth = EXERCISES["decayed_rate"].truth
    assert [truth(step, 0.4, 0.7, 1.5, 8) for step in range(STEPS)] == pytest.approx(rates.tolist())
