"""The cloud of seeds against torch's own optimiser and closed forms; its goals and its program."""

import numpy as np
import pytest
import torch
from printed_programs import EVERY, printed
from shared_labs import shared
from torch_walks import CLUB, X, Y, plain_gap, torchs_own

from optlab.course.stochastic_gradient_descent.cloud import (
    STEPS,
    STOPS,
    best_constant,
    cloud,
    full_gradient,
)
from optlab.course.stochastic_gradient_descent.cloud_lab import ALPHA, GOALS, cloud_lab
from optlab.course.stochastic_gradient_descent.moments import moments
from optlab.course.stochastic_gradient_descent.sampling import sample_order
from optlab.course.stochastic_gradient_descent.seeds import RATES, START
from optlab.course.stochastic_gradient_descent.theory import largest_noisy_rate
from optlab.engine.analysis.sampling_noise import ellipse, fraction_inside
from optlab.live.goals import which_reached

lab = shared(cloud_lab)
RUNS = cloud({"lr": np.array(ALPHA.values)})


def best_over_rates(rates, step):
    """The index of the rate with the smallest mean optimality gap at a step, and that gap, by theory."""
    second = moments(CLUB, np.repeat(np.array(rates)[:, None], step, 1), START, [step]).second[:, 0]
    gap = np.einsum("sij,ij->s", second, CLUB.hessian) / 2
    return np.nanargmin(gap), np.nanmin(gap)


@pytest.mark.parametrize("lr", [0.1, 0.5])
def test_the_first_seed_walks_like_torchs_own_optimiser(lr):
    shown = RUNS.select(lr=lr)
    path = torchs_own(sample_order("with replacement", 20, 200, [0])[:, 0], [lr] * 200, START)
    np.testing.assert_allclose(shown.path[0], path, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(shown.points[0, 0, :, 0], path[STOPS], rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(shown.single[0, 0], plain_gap(path), rtol=1e-6, atol=1e-9)


def test_the_mean_and_the_spread_are_those_of_the_dots():
    shown = RUNS.select(lr=0.1)
    np.testing.assert_allclose(shown.gap[0, 0, STOPS], plain_gap(shown.points[0, 0]).mean(1))
    np.testing.assert_allclose(shown.spread[0, 0], shown.points[0, 0].std(1))
    assert len(np.unique(shown.points[0, 0, -1], axis=0)) == 256  # as many different walks as seeds


@pytest.mark.parametrize("lr", [0.05, 0.1, 0.2])
def test_the_measured_cloud_is_the_one_of_theory(lr):
    shown = RUNS.select(lr=lr)
    np.testing.assert_allclose(shown.spread[0, 0, -1], shown.expected_spread[0, 0, -1], rtol=0.1)
    late = slice(100, None)
    assert shown.gap[0, 0, late].mean() == pytest.approx(shown.expected[0, 0, late].mean(), rel=0.1)
    inside = fraction_inside(shown.points[0, 0, -1], shown.center[0, 0, -1], shown.covariance[0, 0, -1])
    assert 0.9 < inside < 0.99


def test_the_full_gradient_is_torchs_own_at_the_best_rate():
    theta = torch.tensor(START, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([theta], lr=2 / np.linalg.eigvalsh(CLUB.hessian).sum())
    for step in range(10):
        known = full_gradient()[20 * step : 20 * step + 20]
        np.testing.assert_allclose(known, plain_gap(theta.detach().numpy()))
        optimizer.zero_grad()
        (((X @ theta - Y) ** 2).mean() / 2).backward()
        optimizer.step()


def test_the_best_rate_by_a_step_is_the_best_of_all_and_shrinks_with_the_steps():
    rates = np.geomspace(0.01, 0.6, 400)
    assert best_constant()[50] == pytest.approx(rates[best_over_rates(rates, 50)[0]], rel=0.03)
    assert (np.diff(best_constant()[1:]) <= 0).all()


def test_the_slider_marks_the_best_rate_and_from_where_the_mean_gap_has_no_bound():
    marks = ALPHA.marks()
    assert marks["mean unbounded"] == (largest_noisy_rate(CLUB), np.inf)
    assert marks["best by 200"] == best_constant()[200]


def test_at_each_of_the_three_cliffs_the_figure_says_what_fails(lab):
    said = [lab.plots[1].said(RUNS.select(lr=lr)) for lr in (0.6, 0.8, 1.0, 1.2)]
    ends = ["floor on a parabola", "the median settles", "all walks diverge", "full gradient diverges"]
    assert [end in words for end, words in zip(ends, said, strict=True)] == [True] * 4
    assert "median 1.09" in said[1]


def test_at_eight_tenths_the_median_stands_still_though_the_mean_is_hundreds_of_times_as_high():
    shown = RUNS.select(lr=0.8)
    np.testing.assert_allclose(shown.median[0, 0, STOPS], np.median(plain_gap(shown.points[0, 0]), axis=1))
    assert 0.7 < shown.median[0, 0, 200] / shown.median[0, 0, 100] < 1.4
    assert shown.gap[0, 0, 200] > 100 * shown.median[0, 0, 200]


@pytest.mark.slow
def test_the_cloud_follows_the_film(lab):
    one = RUNS.select(lr=0.2)
    dots, outline = (lab.plots[0].values(name, one)[0] for name in ("256 seeds", "ellipse of 256 seeds"))
    np.testing.assert_allclose(dots, one.points[0, 0])
    for stop in range(1, len(STOPS)):
        known = ellipse(one.center[0, 0, stop], one.covariance[0, 0, stop])
        np.testing.assert_allclose(outline[stop], known)
    assert lab.plots[0].last == lab.plots[1].last == STEPS[-1]


@pytest.mark.parametrize(
    ("lr", "reached"), [(0.1, (False, False)), (0.03, (True, False)), (1.2, (False, False))]
)
def test_goals_light_up(lr, reached):
    assert which_reached(GOALS, RUNS.select(lr=lr)) == reached


def test_no_rate_can_reach_the_second_goal():
    assert best_over_rates(RATES, STEPS[-1])[1] > 0.018


def test_the_program_prints_the_mean_gap(lab):
    for lr in (0.01, 0.1, 1.2):
        run = RUNS.select(lr=lr)
        one, mean = printed(lab.program({"lr": lr} | EVERY), "one seed", "mean of 256 seeds")
        np.testing.assert_allclose(mean, run.gap[0, 0], rtol=1e-4)
        np.testing.assert_allclose(one, run.single[0, 0], rtol=1e-4, atol=1e-9)
