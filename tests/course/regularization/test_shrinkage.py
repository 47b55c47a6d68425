"""Penalised least squares against scikit-learn, and descent on it against a plain loop."""

import numpy as np
import pytest
import torch
from sklearn.datasets import load_diabetes
from sklearn.linear_model import ElasticNet, Ridge

from optlab.course.regularization.shrinkage import (
    elastic_net,
    kept_by_ridge,
    kept_by_stopping,
    ridge,
    shrink,
    walks,
)
from optlab.course.regularization.stopping import hold, steps_like, strength_like
from optlab.engine.data.diabetes import diabetes

DATA = diabetes()
WIDE = diabetes(products=True)


def sklearn_net(l2, l1):
    """Its loss is half of ours: 1/(2n)Σ(…)² + αρΣ|w| + ½α(1 − ρ)Σw²."""
    alpha = l1 / 2 + l2
    net = ElasticNet(alpha=alpha, l1_ratio=l1 / 2 / alpha, fit_intercept=False, tol=1e-12, max_iter=100_000)
    return net.fit(DATA.x, DATA.y).coef_


# ---------------------------------------------------------------- the data


@pytest.mark.parametrize("data", [DATA, WIDE])
def test_the_training_patients_are_standardised_and_the_others_on_their_scale(data):
    np.testing.assert_allclose(data.x.mean(0), 0, atol=1e-12)
    np.testing.assert_allclose(data.x.std(0), 1)
    x = load_diabetes().data
    bmi = np.concatenate([data.x, data.x_validation, data.x_test])[:, 2]
    assert np.corrcoef(np.sort(bmi), np.sort(x[:, 2]))[0, 1] == pytest.approx(1)  # every patient, once


def test_a_product_is_of_the_two_features_that_it_names():
    x, _ = load_diabetes(return_X_y=True)
    k = WIDE.names.index("bmi·s5")
    raw = x[:, 2] * x[:, 8]
    order = np.random.default_rng(0).permutation(len(x))[:100]
    assert np.corrcoef(raw[order], WIDE.x[:, k])[0, 1] == pytest.approx(1)
    assert "sex·sex" not in WIDE.names


def test_the_error_is_that_of_its_part():
    w = np.linspace(-1, 1, 10)
    for part, x, y in (("training", DATA.x, DATA.y), ("test", DATA.x_test, DATA.y_test)):
        expected = torch.nn.functional.mse_loss(torch.tensor(x @ w), torch.tensor(y)).item()
        assert DATA.error(w, part) == pytest.approx(expected)
    with pytest.raises(ValueError, match="part='exam'"):
        DATA.error(w, "exam")


@pytest.mark.parametrize("wrong", [{"samples": 10}, {"samples": 301}, {"seed": -1}])
def test_a_split_that_does_not_exist_is_refused(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        diabetes(**wrong)


# ---------------------------------------------------------------- the ends, against scikit-learn


@pytest.mark.parametrize("l2", [0.001, 0.1, 3.0])
def test_the_closed_form_is_scikit_learns_ridge(l2):
    oracle = Ridge(alpha=len(DATA.x) * l2, fit_intercept=False).fit(DATA.x, DATA.y).coef_
    np.testing.assert_allclose(ridge(DATA, l2)[0], oracle, rtol=1e-9)


@pytest.mark.parametrize(("l2", "l1"), [(0.0, 0.1), (0.0, 0.32), (0.05, 0.05), (0.5, 0.5), (0.1, 0.0)])
def test_the_elastic_net_is_scikit_learns_with_the_same_zeros(l2, l1):
    ours, oracle = elastic_net(DATA, [l2], [l1])[0], sklearn_net(l2, l1)
    np.testing.assert_allclose(ours, oracle, atol=1e-8)
    assert (ours == 0).tolist() == (oracle == 0).tolist()


@pytest.mark.parametrize("l2", [0.1, 1.0])
def test_descent_with_l2_ends_at_scikit_learns_ridge(l2):
    oracle = Ridge(alpha=len(DATA.x) * l2, fit_intercept=False).fit(DATA.x, DATA.y).coef_
    end = walks(DATA, l2=l2, l1=0.0, lr=0.1, steps=1000)[0, -1]
    np.testing.assert_allclose(end, oracle, atol=1e-10)


@pytest.mark.parametrize(("l2", "l1"), [(0.0, 0.32), (0.16, 0.16)])
def test_descent_with_a_soft_threshold_ends_at_scikit_learns_net_zeros_and_all(l2, l1):
    end = walks(DATA, l2=l2, l1=l1, lr=0.1, steps=1000, exact=True)[0, -1]
    oracle = sklearn_net(l2, l1)
    np.testing.assert_allclose(end, oracle, atol=1e-7)
    assert (end == 0).tolist() == (oracle == 0).tolist()


# ---------------------------------------------------------------- the way, against plain torch


@pytest.mark.parametrize(("l2", "l1"), [(0.1, 0.0), (0.0, 0.1), (0.02, 0.03)])
def test_descent_takes_the_steps_of_torchs_own_sgd_on_j(l2, l1):
    x, y = torch.tensor(DATA.x), torch.tensor(DATA.y)
    w = torch.zeros(10, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=0.1)
    for _ in range(60):
        optimizer.zero_grad()
        (((x @ w - y) ** 2).mean() + l2 * (w**2).sum() + l1 * w.abs().sum()).backward()
        optimizer.step()
    np.testing.assert_allclose(walks(DATA, l2=l2, l1=l1, lr=0.1, steps=60)[0, -1], w.detach(), atol=1e-10)


def test_plain_descent_makes_no_weight_zero_and_never_rests():
    settings = {"strength": np.array([0.32]), "kind": np.array(["L1"]), "step": np.array(["gradient"])}
    run = shrink(DATA, settings)
    assert (run.weights != 0).all()
    assert (run.high - run.low).max() > 0.01
    assert (run.theory[0] == 0).tolist() == (sklearn_net(0.0, 0.32) == 0).tolist()


def test_settings_of_both_kinds_of_step_come_back_in_their_order():
    strength, step = np.array([0.1, 0.1, 1.0, 1.0]), np.array(["gradient", "soft threshold"] * 2)
    mixed = shrink(DATA, {"strength": strength, "kind": np.array(["L1"] * 4), "step": step}, steps=80)
    for row in range(4):
        exact = step[row] == "soft threshold"
        path = walks(DATA, l2=0.0, l1=strength[row], lr=0.1, steps=80, exact=exact)[0]
        np.testing.assert_allclose(mixed.weights[row], path[-1], atol=1e-9)
        np.testing.assert_allclose(mixed.high[row], path[-51:].max(0), atol=1e-9)
        assert mixed.errors[row, 2] == pytest.approx(((DATA.x_test @ path[-1] - DATA.y_test) ** 2).mean())
    assert mixed.select([2, 0]).settings["strength"].tolist() == [1.0, 0.1]


# ---------------------------------------------------------------- early stopping beside ridge


def test_what_ridge_keeps_of_a_direction_is_what_scikit_learns_ridge_keeps():
    h, vectors = WIDE.directions
    full = (WIDE.correlation @ vectors) / h
    held = Ridge(alpha=100 * 0.3, fit_intercept=False).fit(WIDE.x, WIDE.y).coef_ @ vectors
    np.testing.assert_allclose(kept_by_ridge(h, 0.3)[5:], (held / full)[5:], rtol=1e-6)


@pytest.mark.parametrize("steps", [1, 17, 200])
def test_what_stopping_keeps_of_a_direction_is_measured_on_a_plain_loop(steps):
    w, (h, vectors) = np.zeros(64), WIDE.directions
    for _ in range(steps):
        w = w - 0.03 * 2 * WIDE.x.T @ (WIDE.x @ w - WIDE.y) / 100
    full = (WIDE.correlation @ vectors) / h
    np.testing.assert_allclose(kept_by_stopping(h, 0.03, steps)[5:], (w @ vectors / full)[5:], rtol=1e-6)


def test_both_keep_the_same_of_a_flat_direction_at_the_strength_that_is_like_the_steps():
    for steps in (10, 1000):
        like = strength_like(0.03, steps)
        assert steps_like(0.03, like) == pytest.approx(steps)
        h = like * 1e-3
        assert kept_by_ridge(h, like) == pytest.approx(kept_by_stopping(h, 0.03, steps), rel=2e-3)


def test_the_record_of_a_stop_holds_both_roads():
    path = walks(WIDE, l2=0.0, l1=0.0, lr=0.03, steps=60)[0]
    held = hold(WIDE, path, {"l2": np.array([0.3, 3.0]), "steps": np.array([52, 5])}, 0.03)
    np.testing.assert_allclose(held.kept, held.theory, rtol=1e-6, atol=1e-9)
    oracle = Ridge(alpha=300.0, fit_intercept=False).fit(WIDE.x, WIDE.y)
    error = ((oracle.predict(WIDE.x_validation) - WIDE.y_validation) ** 2).mean()
    assert held.ridge_errors[1, 1] == pytest.approx(error)
    assert held.stopped_errors[1, 0] == pytest.approx(WIDE.error(path[5], "training"))
    assert held.select(1).settings["steps"].tolist() == [5]
