"""Surfaces against finite differences and known minima, closed forms against eigenvalues and plain loops."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from optlab.engine.analysis.follow import follow
from optlab.engine.analysis.quadratic import (
    best_momentum,
    best_rate,
    factor,
    largest_rate,
    momentum_roots,
    worst_factor,
)
from optlab.engine.analysis.surfaces import SURFACES, beale, parts, ravine, rosenbrock, start_at

KAPPAS = st.floats(1.0, 1e3)
RATES = st.floats(1e-3, 3.0)
BETAS = st.floats(0.0, 0.99)
ALL = {name: surface.fn for name, surface in SURFACES.items()} | {"ravine": ravine(7.0)}


def at(*points):
    return torch.tensor(points, dtype=torch.float64)


def gradient(fn, points):
    points = points.clone().requires_grad_()
    return torch.autograd.grad(fn(points).sum(), points)[0]


# ---------------------------------------------------------------- surfaces


@pytest.mark.parametrize("name", ALL)
def test_each_gradient_is_the_slope_that_finite_differences_measure(name):
    fn, h = ALL[name], 1e-6
    points = torch.as_tensor(np.random.default_rng(0).uniform(-2, 2, (50, 2)))
    steps = h * torch.eye(2, dtype=torch.float64)
    slopes = torch.stack([(fn(points + step) - fn(points - step)) / (2 * h) for step in steps], dim=-1)
    torch.testing.assert_close(gradient(fn, points), slopes, rtol=1e-5, atol=1e-4)


@pytest.mark.parametrize("name", SURFACES)
def test_each_minimum_is_one_and_lies_in_the_picture_as_do_the_starts(name):
    surface = SURFACES[name]
    minima = at(*surface.minima)
    assert surface.fn(minima).abs().max() < 1e-12
    assert gradient(surface.fn, minima).abs().max() < 1e-12
    left, right, bottom, top = surface.limits
    for x, y in (*surface.minima, *surface.starts.values()):
        assert left < x < right
        assert bottom < y < top


@settings(deadline=None)  # the first call of torch is slow
@given(st.sampled_from(sorted(ALL)), st.floats(-5, 5), st.floats(-5, 5))
def test_no_surface_is_below_its_minimum_anywhere(name, x, y):
    assert ALL[name](at([x, y])).item() >= 0


def test_published_values():
    torch.testing.assert_close(rosenbrock(at([-1.2, 1.0], [2.0, 3.0])), at(24.2, 101.0))
    assert beale(at([0, 0], [1, 1])).tolist() == [14.203125, 14.203125]


@settings(deadline=None)
@given(KAPPAS)
def test_the_ravine_has_curvatures_one_and_kappa(kappa):
    hessian = torch.autograd.functional.hessian(lambda p: ravine(kappa)(p[None])[0], at(0.3, -0.8))
    np.testing.assert_allclose(np.linalg.eigvalsh(hessian.numpy()), [1.0, kappa], rtol=1e-9, atol=1e-9)


def test_the_parts_are_the_losses_along_the_eigenvectors_and_sum_to_the_loss():
    kappa = np.array([1.5, 40.0])
    points = torch.as_tensor(np.random.default_rng(2).normal(size=(2, 5, 2)))
    for row, k in enumerate(kappa):
        hessian = torch.autograd.functional.hessian(lambda p, k=k: ravine(k)(p[None])[0], at(0.0, 0.0))
        values, vectors = np.linalg.eigh(hessian.numpy())  # ascending: along, then across
        expected = values * (points[row].numpy() @ vectors) ** 2 / 2
        np.testing.assert_allclose(parts(points, kappa)[row], expected, rtol=1e-9)
        np.testing.assert_allclose(ravine(k)(points[row]), expected.sum(1), rtol=1e-9)


def test_the_angle_of_a_start_is_the_angle_to_the_floor():
    along, across = parts(start_at([0.0, 90.0, 30.0], radius=2.0)).T.numpy()
    np.testing.assert_allclose(along, [2, 0, 1.5], atol=1e-12)  # ½ (2 cos φ)²
    np.testing.assert_allclose(across, [0, 2, 0.5], atol=1e-12)


@pytest.mark.parametrize("kappa", [0.0, -1.0, float("nan")])
def test_a_ravine_without_curvature_is_refused(kappa):
    with pytest.raises(ValueError, match="kappa="):
        ravine(kappa)


# ---------------------------------------------------------------- closed forms


@settings(deadline=None)
@given(KAPPAS, RATES, BETAS)
def test_the_roots_are_the_eigenvalues_of_one_step(curvature, lr, momentum):
    step = [[1 + momentum - lr * curvature, -momentum], [1, 0]]
    sizes = np.sort(np.abs(np.linalg.eigvals(step)))
    np.testing.assert_allclose(np.sort(np.abs(momentum_roots(curvature, lr, momentum))), sizes, atol=1e-5)
    assert factor(curvature, lr, momentum) == pytest.approx(sizes[-1], abs=1e-5)


@settings(deadline=None)
@given(KAPPAS, st.floats(0.0, 0.95))
def test_just_below_the_largest_rate_it_shrinks_just_above_it_grows(kappa, momentum):
    edge = largest_rate(kappa, momentum)
    assert worst_factor(1.0, kappa, 0.999 * edge, momentum) < 1
    assert worst_factor(1.0, kappa, 1.001 * edge, momentum) > 1


@pytest.mark.parametrize("kappa", [1.0, 3.0, 10.0, 100.0])
def test_no_rate_is_better_than_the_best_and_no_pair_than_the_best_pair(kappa):
    plain = worst_factor(1.0, kappa, np.geomspace(1e-3, 4, 100_000)).min()
    assert worst_factor(1.0, kappa, best_rate(1.0, kappa)) == pytest.approx(plain, abs=1e-3)
    assert plain == pytest.approx((kappa - 1) / (kappa + 1), abs=1e-3)
    lr, momentum = np.meshgrid(np.geomspace(1e-3, 4, 800), np.linspace(0, 0.99, 400))
    found = worst_factor(1.0, kappa, lr, momentum).min()
    best = (np.sqrt(kappa) - 1) / (np.sqrt(kappa) + 1)
    assert best <= found + 1e-9 < best + 0.05
    # at the double root, an error of 1e-16 in β shows as 1e-8 in the root
    assert worst_factor(1.0, kappa, *best_momentum(1.0, kappa)) == pytest.approx(best, abs=1e-6)


@pytest.mark.parametrize(("lr", "momentum"), [(0.15, 0.0), (0.05, 0.3), (0.1, 0.8)])
def test_a_plain_loop_shrinks_as_fast_as_theory_says(lr, momentum):
    distance, before = np.ones(2), np.ones(2)
    curvature = np.array([1.0, 10.0])
    sizes = []
    for _ in range(400):
        move = -lr * curvature * distance + momentum * (distance - before)
        distance, before = distance + move, distance
        sizes.append(np.linalg.norm(distance))
    peaks = [max(sizes[k : k + 50]) for k in (150, 350)]  # it may swing: compare the highest of 50 steps
    measured = (peaks[1] / peaks[0]) ** (1 / 200)
    assert measured == pytest.approx(worst_factor(1.0, 10.0, lr, momentum), rel=2e-3)


# ---------------------------------------------------------------- the record


def by_hand(kappa, start, lr, steps):
    """Gradient descent on the ravine in plain numbers, and where the article's rule ends it."""
    hessian = torch.autograd.functional.hessian(lambda p: ravine(kappa)(p[None])[0], at(0.0, 0.0)).numpy()
    path = [np.array(start)]
    for _ in range(steps):
        path.append(path[-1] - lr * hessian @ path[-1])
    loss = [p @ hessian @ p / 2 for p in path]
    reached = next((t for t, value in enumerate(loss) if value <= 1e-6), -1)
    lost = next((t for t, value in enumerate(loss) if value > 1e6 * loss[0]), -1)
    return np.array(path), np.array(loss), reached, lost


@pytest.mark.parametrize(
    ("lr", "kappa", "ends"), [(0.15, 10.0, "reached"), (0.01, 10.0, "cap"), (0.4, 10.0, "lost")]
)
def test_follow_is_the_plain_loop_with_its_stopping_rule(lr, kappa, ends):
    start = start_at([50.0])
    run = follow(ravine(kappa), start, settings={"lr": np.array([lr])}, lr=lr, steps=100)
    path, loss, reached, lost = by_hand(kappa, start[0], lr, 100)
    kept = slice(None) if lost == -1 else slice(lost + 1)
    np.testing.assert_allclose(run.path[0, kept], path[kept], rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(run.loss[0, kept], loss[kept], rtol=1e-9, atol=1e-20)
    assert (run.reached_at[0], run.diverged_at[0]) == (reached, lost)
    assert {"reached": reached > 0, "cap": reached == lost == -1, "lost": lost > 0}[ends]
    if lost != -1:
        assert np.isnan(run.path[0, lost + 1 :]).all()
        assert np.isnan(run.loss[0, lost + 1 :]).all()


def test_selecting_a_row_keeps_all_that_belongs_to_it():
    lr = np.array([0.05, 0.1, 0.3])
    run = follow(ravine(10.0), start_at([50.0] * 3), settings={"lr": lr}, lr=lr, steps=60)
    one = run.select(2)
    assert len(one) == 1
    assert one.settings["lr"].tolist() == [0.3]
    for name in ("path", "loss", "reached_at", "diverged_at"):
        np.testing.assert_array_equal(getattr(one, name)[0], getattr(run, name)[2])
