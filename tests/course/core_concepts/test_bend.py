"""The penalty: scikit-learn's ridge, Hessians and long descents as oracles."""

import numpy as np
import pytest
import torch
from sklearn.linear_model import Ridge

from optlab.course.core_concepts.bend import bend, cut, minima
from optlab.course.core_concepts.bend_lab import PARAMS
from optlab.course.core_concepts.line import least_squares, optimality_gap, petals
from optlab.engine.analysis.descend import descend
from optlab.params import grid

X, Y = petals()


@pytest.mark.parametrize("l2", [0.3, 1.0, 3.0])
def test_the_descent_ends_at_scikit_learns_ridge(l2):
    run = bend(grid(l2=[l2], lr=[0.1]))
    design = np.stack([np.ones(20), X], axis=1)
    ridge = Ridge(alpha=20 * l2, fit_intercept=False).fit(design, Y)
    np.testing.assert_allclose(run.path[0, -1], ridge.coef_, atol=0.01)
    np.testing.assert_allclose(minima([l2])[0], ridge.coef_)


@pytest.mark.parametrize("l2", [0.0, 0.3, 3.0])
@pytest.mark.slow
def test_the_marks_are_the_limit_and_the_best_rate(l2):
    best, (limit, _) = PARAMS[1].marks(l2=l2).values()
    rates = np.array([0.99 * limit, 1.01 * limit, *np.linspace(0.1 * limit, 0.99 * limit, 200), best])
    gap, minimum = optimality_gap(X, Y, l2), least_squares(X, Y, l2)
    hessian = torch.autograd.functional.hessian(lambda t: gap(t[None])[0], torch.zeros(2).double())
    start = minimum[0] + torch.linalg.eigh(hessian)[1].sum(1)  # as far along the valley as across it
    away = (descend(gap, start, lr=rates, steps=3000) - minimum).norm(dim=2)
    assert away[0, -1] < 1e-6
    assert away[1, -1] > 1e6
    steps = (away > 1e-6).sum(1)
    assert steps[-1] <= steps[2:-1].min() + 1


@pytest.mark.parametrize("l2", [0.0, 0.3, 3.0])
def test_the_cut_goes_through_the_minimum(l2):
    size = np.linalg.norm(minima([l2])[0])
    distance = np.linspace(0, 2, 2001)
    data, both = cut(l2, distance)
    assert distance[both.argmin()] == pytest.approx(size, abs=1e-3)
    np.testing.assert_allclose(both - data, l2 * distance**2, atol=1e-12)
    assert data[0] == pytest.approx(Y.square().mean().item())
