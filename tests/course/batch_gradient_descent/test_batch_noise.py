"""Gradients of random batches against PyTorch's own, and their noise against the law and plain counting."""

import numpy as np
import pytest
import torch
from plain_loop import article_mlp
from printed_programs import EVERY, printed
from shared_labs import shared
from steered import check_steering
from torch.nn import functional

from optlab.course.batch_gradient_descent.gradients import (
    DRAWS,
    curvature_after,
    gradients_after,
    random_orders,
)
from optlab.course.batch_gradient_descent.noise import run
from optlab.course.batch_gradient_descent.noise_lab import cloud
from optlab.course.labs import noise_lab
from optlab.engine.data.iris import iris_pair


def gradient(model, batch):
    """The gradient of a batch's loss as `backward` gives it."""
    data = iris_pair(dtype=torch.float64)
    model.zero_grad()
    functional.cross_entropy(model(data.x_train[batch]), data.y_train[batch]).backward()
    return torch.cat([p.grad.flatten() for p in model.parameters()]).numpy()


def trained_plainly(epochs):
    data, model = iris_pair(), article_mlp(0)
    optimizer, shuffle = torch.optim.SGD(model.parameters(), lr=0.5), torch.Generator().manual_seed(0)
    for _ in range(epochs):
        for batch in torch.randperm(80, generator=shuffle).split(16):
            optimizer.zero_grad()
            functional.cross_entropy(model(data.x_train[batch]), data.y_train[batch]).backward()
            optimizer.step()
    return model.double()


@pytest.mark.parametrize("epochs", [0, 3])
def test_every_samples_gradient_is_what_backward_gives(epochs):
    model, at = trained_plainly(epochs), gradients_after(epochs)
    np.testing.assert_allclose(at.samples, [gradient(model, [i]) for i in range(80)], atol=1e-5)
    np.testing.assert_allclose(at.full, gradient(model, range(80)), atol=1e-6)


@pytest.mark.parametrize("draw", DRAWS)
def test_noise_and_cloud_are_those_of_plain_batches(draw):
    at, orders = gradients_after(3), random_orders(draw, 80, 2048)
    for size in (1, 7, 80):
        batches = np.array([at.samples[order[:size]].mean(0) for order in orders])
        away = batches - at.samples.mean(0)
        k = DRAWS.index(draw)
        assert at.noise[k, size - 1] == pytest.approx((away**2).sum(1).mean(), abs=1e-12)
        np.testing.assert_allclose(at.clouds[k, size - 1], batches @ at.plane.T, atol=1e-9)
        assert at.downhill(size, draw) == pytest.approx((batches @ at.full > 0).mean())


@pytest.mark.parametrize("draw", DRAWS)
@pytest.mark.parametrize("epochs", [0, 3, 30])
def test_the_measured_noise_lies_on_the_law(draw, epochs):
    at = gradients_after(epochs)
    known = at.law(draw) > 0
    np.testing.assert_allclose(at.noise[DRAWS.index(draw)][known], at.law(draw)[known], rtol=0.25)
    ratio = at.noise[DRAWS.index(draw)][known] / at.law(draw)[known]
    assert ratio.mean() == pytest.approx(1, abs=0.06)


def test_all_samples_at_once_have_no_noise_only_if_none_comes_twice():
    at = gradients_after(3)
    assert at.noise[0, -1] < 1e-20
    assert at.noise[1, -1] > 1e-3


def test_the_plane_holds_the_full_gradient_and_the_spread_is_that_of_the_cloud():
    at = gradients_after(3)
    np.testing.assert_allclose(at.plane @ at.plane.T, np.eye(2), atol=1e-12)
    np.testing.assert_allclose(at.plane @ at.full, [np.linalg.norm(at.full), 0], atol=1e-12)
    for draw in DRAWS:
        seen = np.cov(at.clouds[DRAWS.index(draw), 15], rowvar=False, bias=True)
        np.testing.assert_allclose(seen, at.spread(16, draw), rtol=0.1, atol=0.02 * np.trace(seen))


@pytest.mark.parametrize("draw", DRAWS)
def test_orders_are_random_and_without_replacement_meet_everyone_once(draw):
    orders = random_orders(draw, 80, 300)
    assert len(np.unique(orders, axis=0)) == 300
    met = [len(np.unique(order)) for order in orders]
    assert set(met) == {80} if draw == DRAWS[0] else max(met) < 70
    assert orders.mean(0).std() < 5  # no place prefers some samples


def test_the_record_shows_the_gradients_of_each_settings_point():
    settings = {"batch_size": np.array([4, 80]), "epoch": np.array([3, 0]), "draw": np.array(DRAWS)}
    noise = run(settings)
    for k, (size, epochs) in enumerate([(4, 3), (80, 0)]):
        at = gradients_after(epochs)
        assert noise.measured[k] == at.noise[k, size - 1]
        assert noise.law[k] == at.law(DRAWS[k])[size - 1]
        np.testing.assert_array_equal(noise.cloud[k], at.clouds[k, size - 1, :256])


def test_an_unknown_draw_is_refused():
    with pytest.raises(ValueError, match="draw='twice': expected one of without replacement"):
        random_orders("twice", 80, 2)


@pytest.mark.slow
def test_the_curvature_is_what_power_iteration_on_finite_differences_finds():
    """L without a Hessian: how much the full gradient changes along the direction that changes it most."""
    model = trained_plainly(3)
    theta = torch.nn.utils.parameters_to_vector(model.parameters()).detach()
    v = torch.ones_like(theta) / len(theta) ** 0.5
    for _ in range(100):
        ends = []
        for sign in (1, -1):
            torch.nn.utils.vector_to_parameters(theta + sign * 1e-4 * v, model.parameters())
            ends.append(gradient(model, range(80)))
        change = torch.from_numpy(ends[0] - ends[1]) / 2e-4
        largest, v = change.norm(), change / change.norm()
    assert curvature_after(3) == pytest.approx(float(largest), rel=0.01)


# ---------------------------------------------------------------- the lab

lab = shared(noise_lab)


@pytest.mark.parametrize("draw", DRAWS)
@pytest.mark.slow
def test_the_law_lies_on_the_dots_and_ends_before_all_samples(lab, draw):
    shown, plot = lab.at(draw=draw), lab.plots[1]
    law, seen = (plot.values(name, shown)[0] for name in ("law of this draw", "measured"))
    assert np.isnan(law[-1]) == (draw == DRAWS[0])
    np.testing.assert_allclose(seen[:79], law[:79], rtol=0.25)


def test_the_ring_holds_95_percent_of_a_large_batchs_cloud(lab):
    shown, plot = lab.at(batch_size=32), lab.plots[0]
    dots, ring = plot.values("256 batches", shown)[0], plot.values("95% by theory", shown)[0]
    middle = ring[:-1].mean(0)
    shape = np.linalg.inv(np.cov(ring[:-1], rowvar=False, bias=True)) / 2  # of a ring: half the squared radii
    inside = (np.einsum("ni,ij,nj->n", dots - middle, shape, dots - middle) <= 1).mean()
    assert 0.9 < inside < 0.99


@pytest.mark.parametrize(("goal", "where"), [(0, {"epoch": 30, "batch_size": 72}), (1, {"batch_size": 80})])
def test_each_goal_can_be_reached(lab, goal, where):
    assert lab.goals[goal].is_reached(lab.at(**where))


@pytest.mark.parametrize(("epoch", "draw"), [(0, DRAWS[0]), (3, DRAWS[1]), (10, DRAWS[0]), (30, DRAWS[1])])
def test_the_program_prints_the_measured_noise(lab, epoch, draw):
    shown = lab.at(epoch=epoch, draw=draw)
    expected = np.where(shown.law_by_size[0] > 0, shown.by_size[0], 0)
    found = printed(lab.program(lab.settings | EVERY), "variance of the gradient")
    np.testing.assert_allclose(found, expected, rtol=5e-4, atol=1e-20)


def test_a_click_goes_to_the_stop_that_is_drawn_there(lab):
    check_steering(lab, ("batch_size",))


def test_late_in_training_most_single_flowers_point_downhill_but_hardly_anywhere(lab):
    late, early = lab.at(epoch=100, batch_size=1), lab.at(epoch=3, batch_size=8)
    at = gradients_after(100)
    along = at.samples @ at.full / (at.full @ at.full)
    assert late.downhill[0] == pytest.approx((along > 0).mean(), abs=0.03)
    assert late.downhill[0] > 0.9
    assert abs(np.median(along)) < 0.01
    plot = lab.plots[0]
    assert "half just barely" in plot.said(late)
    assert "barely" not in plot.said(early)


@pytest.mark.parametrize(("size", "epoch", "outside"), [(8, 3, False), (80, 100, False), (1, 100, True)])
def test_the_title_says_so_where_nothing_is_seen_of_the_ellipse(size, epoch, outside):
    setting = {"batch_size": np.array([size]), "epoch": np.array([epoch]), "draw": np.array([DRAWS[1]])}
    (said,) = cloud().frames(run(setting)).labels
    assert ("its ellipse outside" in said) == outside
