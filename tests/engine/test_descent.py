"""Descent on functions of a few variables: torch.optim and closed forms as oracles."""

import re

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from plain_loop import TORCH

from optlab import descend
from optlab.engine.analysis.descend import stopped_at
from optlab.engine.rules.classic import OPTIMIZERS


def rosenbrock(x):
    return ((1 - x[..., :-1]) ** 2 + 100 * (x[..., 1:] - x[..., :-1] ** 2) ** 2).sum(-1)


def bowl(x):
    return (x**2).sum(-1)


def torch_path(name, fn, start, lr, steps):
    x = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    optimizer = TORCH[name]([x], lr=lr)
    path = [x.detach().clone()]
    for _ in range(steps):
        optimizer.zero_grad()
        fn(x).backward()
        optimizer.step()
        path.append(x.detach().clone())
    return torch.stack(path)


@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize("start", [[-1.2, 1.0], [0.5, -0.3, 0.2, 0.9]])
@pytest.mark.slow
def test_path_over_rosenbrock_equals_torchs(name, start):
    lr = 1e-3 if name in ("sgd", "momentum", "nesterov") else 0.02
    lrs = [lr, lr / 2]
    path = descend(rosenbrock, start, optimizer=name, lr=lrs, steps=100)
    for row, rate in enumerate(lrs):
        expected = torch_path(name, rosenbrock, start, rate, 100)
        torch.testing.assert_close(path[row], expected, rtol=1e-8, atol=1e-9)


@given(
    lr=st.floats(0.01, 3.0),
    curvature=st.lists(st.floats(0.1, 2.0), min_size=1, max_size=5),
    steps=st.integers(1, 20),
)
@settings(max_examples=25, deadline=None)
def test_on_a_quadratic_each_coordinate_shrinks_by_one_minus_lr_times_curvature(lr, curvature, steps):
    eigenvalues = torch.tensor(curvature, dtype=torch.float64)
    path = descend(lambda x: (eigenvalues * x**2).sum(-1) / 2, np.ones(len(curvature)), lr=lr, steps=steps)
    times = torch.arange(steps + 1)[:, None]
    torch.testing.assert_close(path[0], (1 - lr * eigenvalues) ** times, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(
    ("start", "dtype"),
    [
        (torch.ones(2, dtype=torch.float64), torch.float64),
        (torch.ones(2), torch.float32),
        (np.ones(2, np.float32), torch.float32),
        ([1.0, 1.0], torch.float64),
        ([1, 1], torch.float32),
    ],
)
def test_the_path_has_the_starts_own_dtype(start, dtype):
    assert descend(bowl, start, lr=np.float64(0.1), steps=2).dtype == dtype


@pytest.mark.parametrize("dim", [1, 2, 7, 100])
def test_any_dimension(dim):
    path = descend(bowl, np.ones(dim), lr=0.25, steps=3)
    assert path.shape == (1, 4, dim)
    assert torch.equal(path[0, :, 0], torch.tensor([1.0, 0.5, 0.25, 0.125], dtype=torch.float64))


def test_each_setting_may_have_its_own_start():
    path = descend(bowl, [[1.0, 0.0], [0.0, 2.0]], lr=0.25, steps=1)
    assert path[:, 1].tolist() == [[0.5, 0.0], [0.0, 1.0]]
    together = descend(bowl, [[1.0, 0.0], [0.0, 2.0]], lr=[0.25, 0.5], steps=1)
    assert together[:, 1].tolist() == [[0.5, 0.0], [0.0, 0.0]]


def test_own_hyper_parameters_are_arrays_too():
    path = descend(bowl, [1.0], optimizer="momentum", lr=0.1, momentum=[0.0, 0.9], steps=30)
    torch.testing.assert_close(path[0], descend(bowl, [1.0], lr=0.1, steps=30)[0])
    assert path[1].min() < 0 < path[0].min()  # with momentum it overshoots, without it does not


def test_the_start_is_left_as_it_was_and_has_no_gradient():
    start = torch.ones(2, requires_grad=True)
    path = descend(bowl, start, lr=0.1, steps=2)
    assert not path.requires_grad
    assert start.grad is None
    assert start.tolist() == [1, 1]


def test_divergence_raises_nothing_and_leaves_the_others_alone():
    path = descend(lambda x: (x**4).sum(-1), [1.0], lr=[0.1, 10.0], steps=60)
    assert path[0].isfinite().all()
    assert not path[1, -1].isfinite().any()
    torch.testing.assert_close(path[0], descend(lambda x: (x**4).sum(-1), [1.0], lr=0.1, steps=60)[0])


def test_gradients_may_be_switched_off_outside():
    with torch.no_grad():
        assert descend(bowl, [1.0], lr=0.25, steps=1)[0, 1].item() == 0.5


@pytest.mark.parametrize(
    ("arguments", "kind", "words"),
    [
        ({"lr": 0}, ValueError, "lr=0: expected a finite number above 0"),
        ({"lr": "fast"}, TypeError, "lr='fast': expected a number"),
        ({"lr": [0.1, 0.2], "start": np.ones((3, 2))}, ValueError, "start has 3"),
        ({"steps": 0}, ValueError, "steps=0: expected a whole number of at least 1"),
        ({"steps": 2.5}, ValueError, "steps=2.5"),
        ({"start": [np.nan, 1.0]}, ValueError, "expected finite numbers"),
        ({"start": 1.0}, ValueError, "start=1.0: expected finite numbers, (dim,) or (settings, dim)"),
        ({"start": []}, ValueError, "start=[]"),
        ({"start": "here"}, TypeError, "start='here': expected numbers"),
        ({"start": [1j]}, TypeError, "start=[1j]: expected numbers"),
        ({"start": torch.tensor([1j])}, TypeError, "expected real numbers"),
        ({"optimizer": "newton"}, ValueError, "optimizer='newton': expected a function or one of adagrad"),
        ({"momentum": 0.9}, TypeError, "momentum=0.9 is not a hyper-parameter of sgd: expected one of none"),
        ({"optimizer": "adam", "beta1": 2}, ValueError, "beta1=2: expected a number from 0 to below 1"),
        ({"optimizer": torch.optim.Adam}, TypeError, "optimizer=Adam: expected a function (theta, grad"),
        ({"fn": 3}, TypeError, "fn=3: expected a function"),
        ({"fn": lambda x: x}, ValueError, "fn gave (1, 2) for points of shape (1, 2): expected (1,)"),
        ({"fn": torch.sum}, ValueError, "fn gave () for points of shape (1, 2): expected (1,)"),
        ({"fn": len}, ValueError, "fn gave int for points"),
        ({"fn": lambda x: x.detach().sum(-1)}, ValueError, "fn gave heights with no gradient"),
    ],
)
def test_bad_input_names_argument_value_and_what_is_allowed(arguments, kind, words):
    with pytest.raises(kind, match=re.escape(words)):
        descend(**({"fn": bowl, "start": [1.0, 2.0], "lr": 0.1} | arguments))


def test_stopped_at_is_the_first_step_at_the_tolerance():
    values = [[3.0, 1.0, 0.5, 2.0], [3.0, 2.0, 2.0, 2.0], [0.1, 5.0, 5.0, 5.0], [np.nan] * 4]
    assert stopped_at(values, tolerance=1.0).tolist() == [1, -1, 0, -1]
    with pytest.raises(ValueError, match="tolerance=0: expected a finite number above 0"):
        stopped_at(values, tolerance=0)
