"""The labs of stochastic descent: what they show against torch's own optimiser and against closed forms."""

import numpy as np
import pytest
import torch
from shared_labs import at_the_defaults, shared

from optlab.course.labs import cloud_lab, order_lab, shrink_lab
from optlab.course.stochastic_gradient_descent.cloud import share_inside
from optlab.course.stochastic_gradient_descent.cloud_labs import EPOCHS, GOAL, RATES, START, best_constant
from optlab.course.stochastic_gradient_descent.moments import moments
from optlab.course.stochastic_gradient_descent.sampling import sample_order
from optlab.course.stochastic_gradient_descent.theory import largest_noisy_rate
from optlab.engine.analysis.least_squares import fitness_club
from optlab.engine.analysis.sampling_noise import RADIUS, ellipse
from optlab.live import DRAW_LOCK

CLUB = fitness_club()
X, Y = torch.from_numpy(CLUB.x), torch.from_numpy(CLUB.y)


def one_shrink_lab():
    return shrink_lab(most=1)


cloud = shared(cloud_lab)
shrink = shared(one_shrink_lab)
orders = shared(order_lab)
back_to_the_defaults = at_the_defaults("cloud", "shrink", "orders")


def torchs_own(order, rates):
    """Every point of a walk, or of one walk for each column of `order`, with torch's optimiser."""
    order = torch.as_tensor(order)
    theta = torch.tensor(START, dtype=torch.float64).expand(*order.shape[1:], 2).clone().requires_grad_()
    optimizer = torch.optim.SGD([theta], lr=1.0)
    path = [theta.detach().numpy().copy()]
    for i, lr in zip(order, rates, strict=True):
        optimizer.param_groups[0]["lr"] = lr
        optimizer.zero_grad()
        (((X[i] * theta).sum(-1) - Y[i]) ** 2 / 2).sum().backward()
        optimizer.step()
        path.append(theta.detach().numpy().copy())
    return np.array(path)


def plain_gap(points):
    """The loss above the smallest, from residuals alone."""
    best = np.linalg.lstsq(CLUB.x, CLUB.y, rcond=None)[1][0] / 40
    return ((points @ CLUB.x.T - CLUB.y) ** 2).mean(-1) / 2 - best


# ---------------------------------------------------------------- the cloud


@pytest.mark.parametrize("lr", [0.1, 0.5])
def test_the_clouds_first_seed_walks_like_torchs_own_optimiser(cloud, lr):
    shown = cloud.set(lr=lr, now=60)
    order = sample_order("with replacement", 20, 200, [0])[:, 0]
    path = torchs_own(order, [lr] * 200)
    np.testing.assert_allclose(shown.path[0], path, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(shown.points[0, 0, 0], path[60], rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(shown.single[0, 0], plain_gap(path), rtol=1e-6, atol=1e-9)


def test_the_mean_and_the_spread_are_those_of_the_dots(cloud):
    shown = cloud.set(now=20)
    assert shown.gap[0, 0, 20] == pytest.approx(plain_gap(shown.points[0, 0]).mean())
    np.testing.assert_allclose(shown.spread(), shown.points[0, 0].std(0))
    assert len(np.unique(shown.points[0, 0], axis=0)) == 256  # as many different walks as seeds


@pytest.mark.parametrize("lr", [0.05, 0.1, 0.2])
def test_the_measured_cloud_is_the_one_of_theory(cloud, lr):
    shown = cloud.set(lr=lr)
    np.testing.assert_allclose(shown.spread(), shown.expected_spread(), rtol=0.1)
    late = slice(100, None)
    assert shown.gap[0, 0, late].mean() == pytest.approx(shown.expected[0, 0, late].mean(), rel=0.1)
    inside = share_inside(shown.points[0, 0], shown.center[0, 0], shown.covariance[0, 0])
    assert 0.9 < inside < 0.99


def test_the_full_gradient_is_torchs_own_at_the_best_rate(cloud):
    with DRAW_LOCK:
        cloud.panels[1].show(cloud.history, 0)
        line = np.asarray(cloud.panels[1].theory[2].get_ydata())
    theta = torch.tensor(START, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([theta], lr=2 / np.linalg.eigvalsh(CLUB.hessian).sum())
    for step in range(10):
        np.testing.assert_allclose(line[20 * step : 20 * step + 20], plain_gap(theta.detach().numpy()))
        optimizer.zero_grad()
        (((X @ theta - Y) ** 2).mean() / 2).backward()
        optimizer.step()


def test_the_slider_of_alpha_marks_where_the_spread_begins_to_grow_and_the_best_rate_by_now(cloud):
    marks = cloud.controls[0].param.marks
    assert marks(0).keys() == {"spread grows"}
    assert marks(50)["spread grows"] == (largest_noisy_rate(CLUB), np.inf)
    rates = np.geomspace(0.01, 0.6, 400)
    second = moments(CLUB, np.repeat(rates[:, None], 50, 1), START, [50]).second[:, 0]
    best = rates[np.einsum("sij,ij->s", second, CLUB.hessian).argmin()]
    assert marks(50)["best by now"] == pytest.approx(best, rel=0.03)
    assert (np.diff(best_constant()[1:]) <= 0).all()  # the longer the run, the smaller the best rate


# ---------------------------------------------------------------- three clouds


@pytest.mark.parametrize("order", ["with replacement", "reshuffled"])
def test_the_three_clouds_are_torchs_own_walk_with_the_documents_decay_and_a_plain_mean(shrink, order):
    shown = shrink.set(order=order, lr=0.2, delta=0.05, p=1.0, now=20)
    samples = sample_order(order, 20, 2000, [0])[:400, 0]
    same = torchs_own(samples, [0.2] * 400)
    falling = torchs_own(samples, [0.2 / (1 + 0.05 * t) ** 0.5 for t in range(400)])
    for cloud, point in enumerate((same[-1], falling[-1], same[1:].mean(0))):
        np.testing.assert_allclose(shown.points[0, cloud, 0], point, rtol=1e-8)


def test_rows_with_different_orders_come_back_in_their_order(shrink):
    settings = {
        "lr": np.array([0.1, 0.2, 0.1, 0.2]),
        "delta": np.array([0.1, 0.0, 0.1, 0.5]),
        "p": np.array([2.0, 2.0, 1.0, 2.0]),
        "order": np.array(["reshuffled", "with replacement", "with replacement", "reshuffled"]),
        "now": np.array([100, 50, 20, 1]),
    }
    mixed = shrink._run(settings, ())
    for row in range(4):
        one = {name: column[row : row + 1] for name, column in settings.items()}
        alone = shrink._run(one, ())
        np.testing.assert_allclose(mixed.points[row], alone.points[0], rtol=1e-12)
        np.testing.assert_allclose(mixed.select(row).gap, alone.gap, rtol=1e-12)


def test_the_measured_curves_lie_on_those_of_theory(shrink):
    shown = shrink.set(lr=0.1, delta=0.02)
    ratio = shown.gap[0, :, 10:].mean(-1) / shown.expected[0, :, 10:].mean(-1)
    np.testing.assert_allclose(ratio, 1, atol=0.15)


def test_stars_stand_by_the_clouds_that_have_arrived(shrink):
    shown = shrink.set(lr=0.15, delta=0.05)
    with DRAW_LOCK:
        shrink.panels[1].show(shown, 0)
        words = shrink.panels[1].text.get_text().split("\n")[1].split(" · ")
    assert [word.endswith("★") for word in words] == [False, True, True]
    assert [gap <= GOAL for gap in shown.gap[0, :, -1]] == [False, True, True]


# ---------------------------------------------------------------- orders


def test_the_table_of_orders_is_torchs_own_walks(orders):
    shown = orders.set(lr=0.05, now=5)
    rate, now = shown.at()
    assert (RATES[rate], now) == (0.05, 5)
    for k, name in enumerate(("with replacement", "reshuffled", "one shuffle")):
        samples = sample_order(name, 20, 2000, range(256))[:100]
        ends = torchs_own(samples, [0.05] * 100)[-1]
        assert shown.gap[k, rate, 5] == pytest.approx(plain_gap(ends).mean(), rel=1e-6)


def test_with_replacement_the_measured_gap_lies_on_theory_and_reshuffled_on_its_own(orders):
    shown = orders.set(lr=0.02)
    with DRAW_LOCK:
        orders.panels[1].show(shown, 0)
        drawn, reshuffled, _ = (np.asarray(line.get_ydata()) for line in orders.panels[1].lines)
        theory, small = (np.asarray(line.get_ydata()) for line in orders.panels[1].theory)
    known = slice(RATES.index(0.001), RATES.index(0.3))
    np.testing.assert_allclose(drawn[known], theory[known], rtol=0.15)
    arrived = slice(RATES.index(0.012), RATES.index(0.05))
    np.testing.assert_allclose(reshuffled[arrived], small[arrived], rtol=0.15)


# ---------------------------------------------------------------- all of them


def test_the_curves_name_what_a_film_lets_grow(cloud, shrink, orders):
    """Each such curve has a point for every step or epoch from the one named on; a path as many."""
    for lab, last in ((cloud, 200), (shrink, EPOCHS[-1]), (orders, EPOCHS[-1])):
        curves = [panel for panel in lab.panels if panel.grows and panel.fixed_x]
        assert curves
        for panel in curves:
            for line, first in panel.grows.items():
                np.testing.assert_array_equal(line.get_xdata(), np.arange(first, last + 1))
    shown, (path,) = cloud.set(now=200), cloud.panels[0].grows
    with DRAW_LOCK:
        cloud.panels[0].show(shown, 0)
        np.testing.assert_array_equal(path.get_xydata(), shown.path[0])


def test_the_ellipse_is_where_95_percent_of_a_normal_cloud_ends():
    rng = np.random.default_rng(0)
    covariance, center = np.array([[2.0, 0.8], [0.8, 0.5]]), np.array([1.0, -1.0])
    points = rng.multivariate_normal(center, covariance, 40_000)
    assert share_inside(points, center, covariance) == pytest.approx(0.95, abs=0.005)
    away = ellipse(center, covariance) - center
    np.testing.assert_allclose((away @ np.linalg.inv(covariance) * away).sum(1), RADIUS**2)
    assert np.isnan(ellipse(center, np.full((2, 2), np.inf))).all()
