"""The line through twenty petals, and walks down its loss: scikit-learn, autograd, torch.optim as oracles."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.datasets import load_iris
from sklearn.linear_model import LinearRegression, Ridge

from optlab.course.core_concepts.line import (
    curvatures,
    degrees_beside,
    excess,
    least_squares,
    line_at,
    line_gradient,
    line_loss,
    petals,
)
from optlab.course.core_concepts.two_ways import expected_excess, picks, walk
from optlab.engine.rules.half_life import time_to_share
from optlab.engine.rules.schedules import power_decay

X, Y = petals()
PLACES = st.floats(-5, 5)
STRENGTHS = st.sampled_from([0.0, 0.01, 0.3, 5.0])


def at(*points):
    return torch.tensor(points, dtype=torch.float64)


def on_average(theta, l2=0.0):
    """The loss as torch has it."""
    wrong = torch.nn.functional.mse_loss(theta[0] + theta[1] * X, Y)
    return wrong + l2 * theta.square().sum()


# ---------------------------------------------------------------- the surface


def test_the_petals_are_twenty_of_fishers():
    iris = load_iris()
    assert X.shape == Y.shape == (20,)
    rows = iris.data[50::5]
    np.testing.assert_allclose(X + 4, rows[:, 2], atol=1e-12)
    np.testing.assert_array_equal(Y, rows[:, 3])
    assert set(iris.target_names[iris.target[50::5]]) == {"versicolor", "virginica"}


@settings(deadline=None)
@given(PLACES, PLACES, STRENGTHS)
def test_loss_and_gradient_are_torchs(one, two, l2):
    theta = at(one, two).requires_grad_()
    loss = on_average(theta, l2)
    assert line_loss(theta.detach(), X, Y, l2).item() == pytest.approx(loss.item())
    (gradient,) = torch.autograd.grad(on_average(theta), theta)
    torch.testing.assert_close(line_gradient(theta.detach()[None], X, Y)[0], gradient)


def test_the_line_is_where_its_formula_says():
    assert line_at((1.0, 2.0), np.array([0.0, 3.0])).tolist() == [1.0, 7.0]


def test_the_lowest_point_is_scikit_learns_ridge():
    strengths = np.array([0.0, 0.01, 0.3, 5.0])
    plain = LinearRegression().fit(X[:, None], Y)
    found = least_squares(X, Y, strengths)
    np.testing.assert_allclose(found[0], [plain.intercept_, *plain.coef_])
    design = np.stack([np.ones(20), X], axis=1)
    for row, l2 in enumerate(strengths[1:], start=1):
        ridge = Ridge(alpha=20 * l2, fit_intercept=False).fit(design, Y)  # it minimises the sum, not the mean
        np.testing.assert_allclose(found[row], ridge.coef_)


@pytest.mark.parametrize("l2", [0.0, 0.3])
def test_the_curvatures_are_the_hessians(l2):
    hessian = torch.autograd.functional.hessian(lambda t: on_average(t, l2), at(0.3, 0.4))
    np.testing.assert_allclose(curvatures(X, l2), np.linalg.eigvalsh(hessian.numpy()))


@settings(deadline=None)
@given(PLACES, PLACES, STRENGTHS)
def test_the_excess_is_what_the_loss_has_above_its_lowest(one, two, l2):
    above = excess(X, Y, l2)(at([one, two]))
    lowest = line_loss(least_squares(X, Y, l2)[0], X, Y, l2)
    assert above.item() >= 0
    assert above.item() == pytest.approx((on_average(at(one, two), l2) - lowest).item(), abs=1e-9)


def test_each_setting_has_a_penalty_of_its_own():
    points, strengths = at([1.0, 1.0], [1.0, 1.0]), np.array([0.0, 2.0])
    alone = [excess(X, Y, l2)(points[:1]).item() for l2 in strengths]
    assert excess(X, Y, strengths)(points).tolist() == pytest.approx(alone)


def test_degrees_are_the_angle_of_two_arrows():
    theta = at([0.2, 1.8], [-1.0, 0.0])
    for row, there in enumerate(theta):
        leaf = there.clone().requires_grad_()
        down = -torch.autograd.grad(on_average(leaf), leaf)[0].numpy()
        way = least_squares(X, Y)[0].numpy() - there.numpy()
        apart = np.angle(complex(*down)) - np.angle(complex(*way))
        apart = np.rad2deg(abs((apart + np.pi) % (2 * np.pi) - np.pi))
        assert degrees_beside(theta, X, Y)[row] == pytest.approx(apart)


def test_a_negative_penalty_is_refused():
    with pytest.raises(ValueError, match="l2=-1"):
        least_squares(X, Y, -1.0)
    with pytest.raises(ValueError, match="l2=-1"):
        excess(X, Y, -1.0)


# ---------------------------------------------------------------- walks


def by_torch(start, rates, batches):
    """A plain loop with torch's own optimiser, the rate set before each step."""
    theta = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([theta], lr=1.0)
    path = [theta.detach().clone()]
    for lr, batch in zip(rates, batches, strict=True):
        optimizer.param_groups[0]["lr"] = lr
        optimizer.zero_grad()
        torch.nn.functional.mse_loss(theta[0] + theta[1] * X[batch], Y[batch]).backward()
        optimizer.step()
        path.append(theta.detach().clone())
    return torch.stack(path).numpy()


@pytest.mark.parametrize("size", [1, 5, 20])
def test_a_walk_is_torch_optims(size):
    batches = torch.stack([picks(20, size, epochs=3, seed=seed) for seed in (0, 7)])
    rates = np.geomspace(0.01, 0.05, 2 * batches.shape[1]).reshape(2, -1)
    paths = walk((0.2, 1.8), rates, batches, X, Y)
    for row in range(2):
        np.testing.assert_allclose(paths[row], by_torch((0.2, 1.8), rates[row], batches[row]), rtol=1e-12)


def test_an_epoch_looks_at_every_sample_once_in_an_order_of_its_seed():
    order = picks(20, 4, epochs=2, seed=3)
    generator = torch.Generator().manual_seed(3)
    plain = [torch.randperm(20, generator=generator) for _ in range(2)]
    assert torch.equal(order.flatten(), torch.cat(plain))
    assert sorted(order[:5].flatten().tolist()) == list(range(20))
    assert not torch.equal(order, picks(20, 4, epochs=2, seed=4))


def test_a_batch_that_does_not_divide_the_samples_is_refused():
    with pytest.raises(ValueError, match="batch_size=3: expected a divisor of 20"):
        picks(20, 3, epochs=1, seed=0)


@pytest.mark.parametrize("lr", [0.05, 0.38, 0.41])
def test_the_closed_form_of_descent_is_the_plain_loop(lr):
    path = by_torch((0.2, 1.8), [lr] * 40, [torch.arange(20)] * 40)
    above = [(on_average(at(*p)) - on_average(least_squares(X, Y)[0])).item() for p in path]
    np.testing.assert_allclose(expected_excess((0.2, 1.8), lr, 40, X, Y), above, rtol=1e-7, atol=1e-12)


@settings(deadline=None)
@given(st.floats(1e-3, 100), st.floats(0.3, 5), st.floats(0.1, 1))
def test_at_the_time_of_a_share_that_share_of_the_rate_is_left(delta, p, share):
    t = torch.tensor(time_to_share(delta, p, share), dtype=torch.float64)
    left = power_decay(t, lr=torch.tensor(0.3, dtype=torch.float64), delta=delta, p=p)
    assert left.item() == pytest.approx(0.3 * share, rel=1e-9)


def test_a_constant_rate_never_falls():
    assert time_to_share(0.0, 1.0) == np.inf
