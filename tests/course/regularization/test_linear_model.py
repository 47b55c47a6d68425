"""The penalised linear model: its closed form against scikit-learn, descent on it against a plain loop."""

import numpy as np
import pytest
import torch
from sklearn.linear_model import ElasticNet, Ridge

from optlab.course.regularization.linear_model import descent, ridge
from optlab.engine.data.diabetes import diabetes

DATA = diabetes()


def sklearn_net(l2, l1):
    """Its loss is half of ours: 1/(2n)Σ(…)² + αρΣ|w| + ½α(1 − ρ)Σw²."""
    alpha = l1 / 2 + l2
    net = ElasticNet(alpha=alpha, l1_ratio=l1 / 2 / alpha, fit_intercept=False, tol=1e-12, max_iter=100_000)
    return net.fit(DATA.x, DATA.y).coef_


@pytest.mark.parametrize("l2", [0.001, 0.1, 3.0])
def test_the_closed_form_is_scikit_learns_ridge(l2):
    oracle = Ridge(alpha=len(DATA.x) * l2, fit_intercept=False).fit(DATA.x, DATA.y).coef_
    np.testing.assert_allclose(ridge(DATA, l2)[0], oracle, rtol=1e-9)


@pytest.mark.parametrize("l2", [0.1, 1.0])
def test_descent_with_l2_ends_at_scikit_learns_ridge(l2):
    oracle = Ridge(alpha=len(DATA.x) * l2, fit_intercept=False).fit(DATA.x, DATA.y).coef_
    end = descent(DATA, l2=l2, l1=0.0, lr=0.1, steps=1000)[0, -1]
    np.testing.assert_allclose(end, oracle, atol=1e-10)


@pytest.mark.parametrize(("l2", "l1"), [(0.0, 0.32), (0.16, 0.16)])
def test_descent_with_a_soft_threshold_ends_at_scikit_learns_net_zeros_and_all(l2, l1):
    end = descent(DATA, l2=l2, l1=l1, lr=0.1, steps=1000, exact=True)[0, -1]
    oracle = sklearn_net(l2, l1)
    np.testing.assert_allclose(end, oracle, atol=1e-7)
    assert (end == 0).tolist() == (oracle == 0).tolist()


@pytest.mark.parametrize(("l2", "l1"), [(0.1, 0.0), (0.0, 0.1), (0.02, 0.03)])
def test_descent_takes_the_steps_of_torchs_own_sgd_on_j(l2, l1):
    x, y = torch.tensor(DATA.x), torch.tensor(DATA.y)
    w = torch.zeros(10, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=0.1)
    for _ in range(60):
        optimizer.zero_grad()
        (((x @ w - y) ** 2).mean() + l2 * (w**2).sum() + l1 * w.abs().sum()).backward()
        optimizer.step()
    np.testing.assert_allclose(descent(DATA, l2=l2, l1=l1, lr=0.1, steps=60)[0, -1], w.detach(), atol=1e-10)
