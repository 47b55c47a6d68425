"""The training loop against plain PyTorch loops, and sweeps against single runs."""

import numpy as np
import pytest
import torch
from plain_loop import TORCH, article_mlp, assert_same, curves, decay, plain_loop, squared
from torch import nn
from torch.optim import lr_scheduler

from optlab import from_arrays, grid, iris_pair, train
from optlab.engine.models.mlp import MLP
from optlab.engine.rules.classic import OPTIMIZERS
from optlab.engine.training.callbacks import Callback
from optlab.engine.training.history import CURVES

pytestmark = pytest.mark.usefixtures("either_engine")

RATES = {"adagrad": 0.05, "rmsprop": 0.003, "adam": 0.005, "adamw": 0.005, "momentum": 0.02, "nesterov": 0.02}


# --- one setting against a plain loop ---------------------------------------------------------------------


@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.slow
def test_single_run_equals_a_plain_loop_for_every_optimizer(name):
    data = iris_pair()
    lr = RATES.get(name, 0.1)
    history = train(data, lr=lr, l2=0.003, delta=0.1, p=1.5, optimizer=name, epochs=100, seed=4)
    expected = plain_loop(
        data, article_mlp(4), optimizer=TORCH[name], rate=decay(lr, 0.1, 1.5), l2=0.003, seed=4
    )
    assert (
        expected[0, -1] < 0.8 * expected[0, 0]
    )  # it has learnt something, so the comparison means something
    assert_same(curves(history), expected)


@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.slow
def test_the_same_in_double_precision_to_rounding(name):
    data = iris_pair(dtype=torch.float64)
    lr = RATES.get(name, 0.1)
    history = train(data, lr=lr, l2=0.01, delta=0.5, optimizer=name, epochs=30, batch_size=7)
    expected = plain_loop(
        data,
        article_mlp(0, torch.float64),
        optimizer=TORCH[name],
        rate=decay(float(np.float64(lr)), 0.5, 1.0),
        l2=0.01,
        epochs=30,
        batch_size=7,
    )
    assert history.train_loss.dtype == np.float64
    assert_same(curves(history), expected, 1e-9)


def test_one_per_batch_uses_one_sample_of_each_batch():
    data = iris_pair()
    history = train(data, lr=0.05, batch_size=10, one_per_batch=True, epochs=20)
    expected = plain_loop(
        data,
        article_mlp(0),
        optimizer=TORCH["sgd"],
        rate=decay(0.05),
        batch_size=10,
        one_per_batch=True,
        epochs=20,
    )
    assert_same(curves(history), expected)


@pytest.mark.parametrize(("l1", "l2"), [(0.004, 0.0), (0.003, 0.005)], ids=["lasso", "elastic net"])
@pytest.mark.slow
def test_l1_and_elastic_net_equal_autograd_of_the_penalty(l1, l2):
    data = iris_pair()
    history = train(data, lr=0.1, l1=l1, l2=l2, epochs=60)
    expected = plain_loop(
        data, article_mlp(0), optimizer=TORCH["sgd"], rate=decay(0.1), l1=l1, l2=l2, epochs=60
    )
    assert_same(curves(history), expected)


@pytest.mark.slow
def test_penalising_biases_too_is_torchs_weight_decay_of_twice_lambda():
    data = iris_pair()
    history = train(data, lr=0.1, l2=0.02, penalize_bias=True, epochs=60)
    expected = plain_loop(
        data,
        article_mlp(0),
        optimizer=lambda params, lr: torch.optim.SGD(params, lr, weight_decay=2 * 0.02),
        rate=decay(0.1),
        epochs=60,
    )
    assert_same(curves(history), expected)
    assert np.abs(history.train_loss - train(data, lr=0.1, l2=0.02, epochs=60).train_loss).max() > 1e-3


def test_regression_equals_a_plain_loop_with_mse():
    generator = np.random.default_rng(0)
    x = generator.normal(size=(60, 4))
    y = x @ [1.0, -2.0, 0.5, 0.0] + 0.1 * generator.normal(size=60)
    data = from_arrays(x, y, regression=True)
    torch.manual_seed(2)
    module = nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 1))
    history = train(
        data, model=MLP((4, 8, 1), activation=torch.tanh), lr=0.05, batch_size=12, epochs=50, seed=2
    )
    expected = plain_loop(
        data,
        module,
        optimizer=TORCH["sgd"],
        rate=decay(0.05),
        batch_size=12,
        epochs=50,
        seed=2,
        loss=squared,
    )
    assert expected[0, -1] < 0.1 * expected[0, 0]
    assert_same(curves(history)[:2], expected[:2])
    assert np.isnan(history.train_accuracy).all()


def test_squared_error_on_classes_is_the_brier_sum_of_a_plain_loop():
    def brier(outputs, y):
        return ((outputs - nn.functional.one_hot(y, 2)) ** 2).sum(1).mean()

    data = iris_pair()
    history = train(data, loss="squared_error", lr=0.02, epochs=20)
    expected = plain_loop(
        data, article_mlp(0), optimizer=TORCH["sgd"], rate=decay(0.02), epochs=20, loss=brier
    )
    assert_same(curves(history), expected)


# --- schedules inside training ----------------------------------------------------------------------------


def scheduled(make, per_step, epochs=20, steps=5):
    """A `rate(epoch, step)` read off torch's scheduler."""
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], 0.1)
    scheduler = make(optimizer, epochs * (steps if per_step else 1))
    rates = []
    for _ in range(epochs * (steps if per_step else 1) - 1):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    rates.append(optimizer.param_groups[0]["lr"])
    return lambda epoch, step: rates[step if per_step else epoch]


@pytest.mark.parametrize("per", ["epoch", "step"])
@pytest.mark.parametrize(
    ("name", "make", "hyper"),
    [
        ("step_decay", lambda o, _: lr_scheduler.StepLR(o, 4, 0.5), {"every": 4, "gamma": 0.5}),
        ("exponential_decay", lambda o, _: lr_scheduler.ExponentialLR(o, 0.9), {"gamma": 0.9}),
        ("cosine", lr_scheduler.CosineAnnealingLR, {}),
        ("one_cycle", lambda o, n: lr_scheduler.OneCycleLR(o, 0.1, total_steps=n), {}),
        ("warmup", lambda o, _: lr_scheduler.LinearLR(o, 1 / 6, 1.0, 5), {"over": 6}),
    ],
)
@pytest.mark.slow
def test_schedule_inside_training_equals_torchs_scheduler(name, make, hyper, per):
    data = iris_pair()
    rate = scheduled(make, per == "step")
    history = train(data, lr=0.1, schedule=name, schedule_per=per, epochs=20, **hyper)
    expected = plain_loop(data, article_mlp(0), optimizer=TORCH["sgd"], rate=rate, epochs=20)
    assert_same(curves(history), expected)
    np.testing.assert_allclose(history.lr[0], [rate(epoch, 5 * epoch) for epoch in range(20)], atol=1e-7)


def test_plateau_inside_training_cuts_where_torchs_scheduler_does():
    data = iris_pair()
    history = train(data, lr=1.0, schedule="plateau", patience=2, factor=0.3, epochs=80)
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], 1.0)
    scheduler = lr_scheduler.ReduceLROnPlateau(optimizer, factor=0.3, patience=2)
    expected = []
    for loss in history.train_loss[0, 1:]:
        expected.append(optimizer.param_groups[0]["lr"])
        scheduler.step(loss)
    assert len(set(expected)) > 1
    np.testing.assert_allclose(history.lr[0], expected, rtol=1e-6)


def test_a_function_is_as_good_as_a_name():
    def half(t, *, lr, total):
        return lr * (t < total / 2)

    def sign_descent(theta, grad, state, *, lr, power=1.0):
        return theta - lr * power * grad.sign(), {"steps": state.get("steps", 0) + 1}

    history = train(
        iris_pair(), schedule=half, optimizer=sign_descent, lr=[0.001, 0.01], power=[2.0, 1.0], epochs=4
    )
    np.testing.assert_allclose(history.lr, [[0.001, 0.001, 0, 0], [0.01, 0.01, 0, 0]], rtol=1e-6)
    assert (history.train_loss[:, 2] == history.train_loss[:, 4]).all()  # no rate, no step
    assert history.settings["schedule"].tolist() == ["half", "half"]
    assert history.settings["optimizer"].tolist() == ["sign_descent", "sign_descent"]


def test_a_schedule_may_return_a_plain_number():
    def fixed(t, *, lr):
        return 0.05

    history = train(iris_pair(), schedule=fixed, lr=[1.0, 2.0], epochs=3)
    np.testing.assert_allclose(history.lr, 0.05, rtol=1e-6)
    exact = train(iris_pair(dtype=torch.float64), schedule=fixed, epochs=3)
    assert (exact.lr == 0.05).all()


# --- what a History holds ---------------------------------------------------------------------------------


def test_shapes_and_columns_of_the_history():
    history = train(iris_pair(), **grid(lr=[0.01, 0.1], l2=[0, 0.1, 1]), epochs=7)
    assert all(getattr(history, name).shape == (6, 8) for name in CURVES)
    assert history.lr.shape == (6, 7)
    assert history.settings["lr"].tolist() == [0.01, 0.01, 0.01, 0.1, 0.1, 0.1]
    assert history.diverged_at.tolist() == [-1] * 6
    assert history.weights["0.weight"].shape == (6, 16, 4)


def test_penalty_and_norm_are_those_of_the_final_weights():
    history = train(iris_pair(), lr=0.1, l2=0.03, l1=0.02, epochs=3)
    weights = np.concatenate([w.ravel() for key, w in history.weights.items() if "weight" in key])
    expected = 0.03 * (weights**2).sum() + 0.02 * np.abs(weights).sum()
    assert history.penalty[0, -1] == pytest.approx(expected, rel=1e-5)
    assert history.weight_norm[0, -1] == pytest.approx(np.linalg.norm(weights), rel=1e-5)


def test_final_weights_give_the_final_loss():
    data = iris_pair()
    history = train(data, lr=0.1, epochs=3)
    module = article_mlp(1)
    module.load_state_dict({key: torch.tensor(w[0]) for key, w in history.weights.items()})
    loss = nn.functional.cross_entropy(module(data.x_test), data.y_test).item()
    assert history.test_loss[0, -1] == pytest.approx(loss, rel=1e-5)


# --- divergence -------------------------------------------------------------------------------------------


def test_divergence_is_recorded_and_leaves_the_others_alone():
    generator = np.random.default_rng(0)
    x = generator.normal(size=(50, 2))
    data = from_arrays(x, x @ [1.0, 2.0], regression=True)
    history = train(data, lr=[0.01, 50.0, 0.02], epochs=30)
    at = history.diverged_at[1]
    assert 0 < at < 30
    for name in CURVES:
        curve = getattr(history, name)[1]
        assert np.isnan(curve[at:]).all()
        if "accuracy" not in name:
            assert np.isfinite(curve[:at]).any()
    assert np.isfinite(history.train_loss[1, :at]).all()
    assert history.diverged_at[[0, 2]].tolist() == [-1, -1]
    alone = train(data, lr=[0.01, 0.02], epochs=30)
    np.testing.assert_allclose(history.train_loss[[0, 2]], alone.train_loss, rtol=1e-5, atol=1e-5)


def test_a_huge_rate_raises_nothing_whatever_the_optimizer():
    history = train(iris_pair(), lr=1e30, optimizer=list(OPTIMIZERS), l2=1.0, epochs=5)
    assert (history.diverged_at[:3] > 0).all()


# --- the machine ------------------------------------------------------------------------------------------


class Threads(Callback):
    """Notes how many threads PyTorch may use, then fails if it is to."""

    def __init__(self, fails=False):
        self.fails = fails

    def on_epoch_end(self, record):
        self.seen = torch.get_num_threads()
        if self.fails:
            raise RuntimeError("stop here")


@pytest.fixture
def three_threads():
    before = torch.get_num_threads()
    torch.set_num_threads(3)
    yield
    torch.set_num_threads(before)


@pytest.mark.usefixtures("three_threads")
def test_a_small_run_stays_on_one_thread_and_gives_the_others_back():
    threads = Threads()
    train(iris_pair(), epochs=1, callbacks=[threads], engine="autograd")
    assert (threads.seen, torch.get_num_threads()) == (1, 3)
    with pytest.raises(RuntimeError, match="stop here"):
        train(iris_pair(), epochs=1, callbacks=[Threads(fails=True)])
    assert torch.get_num_threads() == 3


@pytest.mark.usefixtures("three_threads")
def test_a_large_run_keeps_its_threads():
    threads = Threads()
    train(iris_pair(), lr=np.full(4000, 0.1), batch_size=80, epochs=1, callbacks=[threads], engine="autograd")
    assert threads.seen == 3


def test_training_works_where_gradients_are_switched_off():
    with torch.no_grad():
        off = train(iris_pair(), lr=0.1, epochs=2)
    assert np.array_equal(off.train_loss, train(iris_pair(), lr=0.1, epochs=2).train_loss)
