"""Update rules against torch.optim, their oracle."""

import inspect

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from plain_loop import TORCH

from optlab.engine.rules.classic import OPTIMIZERS, adam

OTHER = {  # hyper-parameters away from their defaults, so that one that is ignored shows
    "sgd": {},
    "momentum": {"momentum": 0.5},
    "nesterov": {"momentum": 0.7},
    "adagrad": {"eps": 1e-3},
    "rmsprop": {"beta2": 0.8, "eps": 1e-3},
    "adam": {"beta1": 0.6, "beta2": 0.9, "eps": 1e-3},
    "adamw": {"weight_decay": 0.2, "beta1": 0.6, "beta2": 0.9, "eps": 1e-3},
}


def test_every_rule_has_an_oracle():
    assert set(OPTIMIZERS) == set(TORCH) == set(OTHER)


def gradients(shape, steps=50):
    generator = torch.Generator().manual_seed(1)
    return torch.randn(steps, *shape, generator=generator, dtype=torch.float64)


def torch_path(name, start, grads, lr, hyper):
    theta = start.clone().requires_grad_()
    optimizer = TORCH[name]([theta], lr=lr, **hyper)
    for grad in grads:
        theta.grad = grad.clone()
        optimizer.step()
    return theta.detach()


def our_path(name, start, grads, lr, hyper):
    theta, state = start, {}
    for grad in grads:
        theta, state = OPTIMIZERS[name](theta, grad, state, lr=lr, **hyper)
    return theta


@pytest.mark.parametrize("changed", [False, True])
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_rule_equals_torch_over_50_steps(name, changed):
    hyper = OTHER[name] if changed else {}
    grads = gradients((3, 7))
    start = torch.ones(3, 7, dtype=torch.float64)
    ours = our_path(name, start, grads, 0.03, hyper)
    torch.testing.assert_close(ours, torch_path(name, start, grads, 0.03, hyper), rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_each_row_has_its_own_rate_and_hyper_parameters(name):
    hyper = OTHER[name]
    grads = gradients((2, 5))
    start = torch.ones(2, 5, dtype=torch.float64)
    defaults = inspect.signature(OPTIMIZERS[name]).parameters
    columns = {
        key: torch.tensor([[value], [defaults[key].default]], dtype=torch.float64)
        for key, value in hyper.items()
    }
    lr = torch.tensor([[0.01], [0.2]], dtype=torch.float64)
    ours = our_path(name, start, grads, lr, columns)
    first = torch_path(name, start[0], grads[:, 0], 0.01, hyper)
    second = torch_path(name, start[1], grads[:, 1], 0.2, {})
    torch.testing.assert_close(ours, torch.stack([first, second]), rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_rule_changes_neither_its_input_nor_the_old_state(name):
    grads = gradients((2, 3))
    start = torch.ones(2, 3, dtype=torch.float64)
    theta, state = OPTIMIZERS[name](start, grads[0], {}, lr=0.1)
    kept, before = theta.clone(), {k: v.clone() if torch.is_tensor(v) else v for k, v in state.items()}
    OPTIMIZERS[name](theta, grads[1], state, lr=0.1)
    assert torch.equal(start, torch.ones_like(start))
    assert torch.equal(theta, kept)
    assert all(torch.equal(torch.as_tensor(state[k]), torch.as_tensor(before[k])) for k in before)


@given(scale=st.floats(1e-3, 1e3), lr=st.floats(1e-4, 1.0))
@settings(max_examples=25, deadline=None)
def test_first_step_of_adam_is_the_rate_whatever_the_gradients_scale(scale, lr):
    theta, _ = adam(torch.zeros(1, 1).double(), torch.full((1, 1), scale).double(), {}, lr=lr)
    assert theta.item() == pytest.approx(-lr, rel=1e-4)
