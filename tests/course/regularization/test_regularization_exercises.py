"""The exercises of 03.5 against PyTorch's AdamW and soft shrinkage, and scikit-learn's ridge regression."""

import pytest
import torch
from sklearn.linear_model import Ridge

from optlab.course.exercises import EXERCISES


def one_step(optimizer, w, **traits):
    """Where a rule of torch.optim leads from w, on Σ sin(3w)."""
    moved = w.clone().requires_grad_()
    rule = optimizer([moved], lr=0.05, **traits)
    torch.sin(3 * moved).sum().backward()
    rule.step()
    return moved.detach()


def test_a_decoupled_step_around_adams_is_adamws():
    w = torch.tensor([0.7, -1.3, 2.0])
    step = w - one_step(torch.optim.Adam, w)
    got = EXERCISES["decoupled_step"].truth(w, step, 0.05, 0.3)
    assert got.tolist() == pytest.approx(one_step(torch.optim.AdamW, w, weight_decay=0.6).tolist(), abs=1e-6)


def test_a_soft_threshold_is_torchs():
    w = torch.randn(50, generator=torch.Generator().manual_seed(0))
    got = EXERCISES["soft_threshold"].truth(w, 0.4)
    assert torch.allclose(got, torch.nn.functional.softshrink(w, 0.4))


@pytest.mark.parametrize("seed", range(8))
def test_the_chosen_strength_is_that_of_scikit_learns_ridge(seed):
    generator = torch.Generator().manual_seed(100 + seed)
    x, x_val = (torch.randn(n, 6, generator=generator) for n in (12, 40))
    y, y_val = (part @ torch.ones(6) / 3 + torch.randn(len(part), generator=generator) for part in (x, x_val))
    l2s = [0.001, 0.05, 0.3, 2.0]
    fits = [Ridge(alpha=len(y) * l2, fit_intercept=False).fit(x.numpy(), y.numpy()) for l2 in l2s]
    errors = [((fit.predict(x_val.numpy()) - y_val.numpy()) ** 2).mean() for fit in fits]
    chosen = EXERCISES["choose_strength"].truth(x, y, x_val, y_val, l2s)
    assert chosen == l2s[errors.index(min(errors))]
