"""The compiled kernel against autograd; and its promise: the same bits alone, in a sweep, on any threads."""

import os
import subprocess
import sys
import threading

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn
from torch.nn.utils import parametrizations
from waiting import wait_until

from optlab import MLP, Callback, Dataset, iris_pair, train
from optlab.engine.compiled import ready
from optlab.engine.compiled.network import FUNCTIONS, layers_of
from optlab.engine.compiled.source import penalty_source, update_source
from optlab.engine.compiled.tracing import NotTraceableError, trace_penalty, trace_rule
from optlab.engine.models.losses import PENALTIES
from optlab.engine.models.module import TorchModel
from optlab.engine.rules.classic import OPTIMIZERS
from optlab.engine.rules.recent import RECENT
from optlab.engine.rules.schedules import SCHEDULES
from optlab.engine.systems.threads import threads
from optlab.engine.training import compiled as kernel_of
from optlab.engine.training import engines
from optlab.engine.training.forecast import engine_for, kernel_seconds
from optlab.engine.training.history import CURVES

ACTIVATIONS = sorted(FUNCTIONS, key=lambda function: function.__name__)
ENTRYWISE = [name for name in OPTIMIZERS | RECENT if name not in ("muon", "sam")]


def gradient_itself(theta, grad, state, *, lr):
    """A rule whose new parameters are the gradient."""
    return grad + 0.0 * lr, state


def some_data(seed, samples, features, outputs):
    rng = np.random.default_rng(seed)
    x = torch.tensor(rng.normal(size=(samples + 7, features)), dtype=torch.float32)
    if outputs == 1:
        y, classes = torch.tensor(rng.normal(size=samples + 7), dtype=torch.float32), ()
    else:
        y = torch.tensor(rng.integers(0, outputs, samples + 7))
        classes = tuple(f"class {k}" for k in range(outputs))
    return Dataset(x[:samples], y[:samples], x[samples:], y[samples:], classes=classes)


def sources_of(rule):
    traced = trace_rule(OPTIMIZERS[rule], [])
    return update_source(traced, tuple(PENALTIES)), penalty_source(trace_penalty(), tuple(PENALTIES))


def same(one, other):
    """Whether two histories agree in every bit."""
    names = (*CURVES, "lr", "diverged_at")
    return all(np.array_equal(getattr(one, n), getattr(other, n), equal_nan=True) for n in names) and all(
        np.array_equal(one.weights[n], other.weights[n], equal_nan=True) for n in one.weights
    )


@settings(max_examples=60, deadline=None)
@given(
    widths=st.lists(st.integers(1, 9), min_size=2, max_size=4),
    outputs=st.integers(1, 4),
    activation=st.sampled_from(ACTIVATIONS),
    last=st.none() | st.sampled_from(ACTIVATIONS),
    squared=st.booleans(),
    samples=st.integers(1, 23),
    seed=st.integers(0, 1000),
    l1=st.sampled_from([0.0, 0.3]),
    l2=st.sampled_from([0.0, 0.1]),
    penalize_bias=st.booleans(),
)
def test_gradients_are_those_of_autograd(
    widths, outputs, activation, last, squared, samples, seed, l1, l2, penalize_bias
):
    data = some_data(seed, samples, widths[0], outputs)
    asked = {
        "model": MLP((*widths, outputs), activation=activation, output_activation=last),
        "loss": "squared_error" if squared or outputs == 1 else "cross_entropy",
        "optimizer": gradient_itself,
        "batch_size": samples,
        "epochs": 1,
        "seed": seed,
        "l1": l1,
        "l2": l2,
        "penalize_bias": penalize_bias,
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(OPTIMIZERS, "gradient_itself", gradient_itself)
        made, right = (train(data, **asked, engine=engine) for engine in ("compiled", "autograd"))
    largest = max(abs(part).max() for part in right.weights.values())
    for name, part in right.weights.items():
        assert np.abs(made.weights[name] - part).max() <= 1e-5 * largest + 1e-12


@pytest.mark.parametrize("activation", ACTIVATIONS, ids=lambda function: function.__name__)
@pytest.mark.parametrize("regression", [False, True])
def test_curves_are_those_of_autograd(activation, regression):
    data = some_data(1, 22, 3, 1 if regression else 3)
    asked = {"model": MLP((3, 5, data.outputs), activation=activation), "lr": [0.01, 0.1], "l2": 0.01}
    made, right = (
        train(data, **asked, batch_size=5, epochs=10, engine=engine) for engine in ("compiled", "autograd")
    )
    for name in CURVES:
        assert np.allclose(getattr(made, name), getattr(right, name), atol=2e-5, equal_nan=True), name


@pytest.mark.parametrize("rule", ENTRYWISE)
def test_every_rule_is_that_of_autograd(rule):
    hyper = {"momentum": {"momentum": [0.5, 0.9]}, "adam": {"beta1": [0.8, 0.9]}}.get(rule, {})
    asked = {"lr": [0.001, 0.01], "optimizer": rule, "epochs": 5, "l2": 0.01, "l1": 0.001, **hyper}
    made, right = (train(iris_pair(), **asked, engine=engine) for engine in ("compiled", "autograd"))
    for name in CURVES:
        assert np.allclose(getattr(made, name), getattr(right, name), atol=1e-4), name


@pytest.mark.parametrize("schedule", SCHEDULES)
@pytest.mark.parametrize("per", ["epoch", "step"])
def test_every_schedule_is_that_of_autograd(schedule, per):
    if (schedule, per) == ("plateau", "step"):
        pytest.skip("a plateau is found once an epoch")
    asked = {"lr": [0.01, 0.3], "schedule": schedule, "schedule_per": per, "epochs": 12, "batch_size": 7}
    made, right = (train(iris_pair(), **asked, engine=engine) for engine in ("compiled", "autograd"))
    assert np.allclose(made.lr, right.lr, rtol=1e-5)
    assert np.allclose(made.test_loss, right.test_loss, atol=1e-4)


@settings(max_examples=25, deadline=None)
@given(
    rule=st.sampled_from(ENTRYWISE),
    schedule=st.sampled_from(sorted(SCHEDULES)),
    draw=st.integers(0, 10_000),
    count=st.integers(2, 40),
)
def test_a_row_of_a_sweep_is_the_run_alone_in_every_bit(rule, schedule, draw, count):
    rng = np.random.default_rng(draw)
    columns = {
        "lr": rng.choice([0.003, 0.01, 0.1, 30.0], count),
        "l2": rng.choice([0.0, 0.01], count),
        "batch_size": rng.choice([1, 7, 16, 80], count),
        "seed": rng.integers(0, 3, count),
    }
    asked = {"optimizer": rule, "schedule": schedule, "epochs": 3, "engine": "compiled"}
    sweep, row = train(iris_pair(), **columns, **asked), int(rng.integers(count))
    assert same(sweep.select(row), train(iris_pair(), **{n: c[row] for n, c in columns.items()}, **asked))


def test_the_number_of_threads_changes_no_bit():
    asked = {"lr": np.geomspace(0.001, 1, 300), "epochs": 30, "engine": "compiled"}
    runs = []
    for number in (1, 2, 3):
        with threads(number):
            runs.append(train(iris_pair(), **asked))
    assert same(runs[0], runs[1])
    assert same(runs[0], runs[2])


def test_a_callback_sees_what_the_history_keeps():
    class Seen(Callback):
        def __init__(self):
            self.records = []

        def on_epoch_end(self, record):
            self.records.append(record)

    seen = Seen()
    asked = {"lr": [0.1, 1.0], "seed": [0, 1], "epochs": 4, "engine": "compiled"}
    with_callback = train(iris_pair(), **asked, callbacks=[seen])
    assert same(with_callback, train(iris_pair(), **asked))
    for name in CURVES:
        shown = np.stack([record.values[name] for record in seen.records], axis=1)
        assert np.array_equal(shown, getattr(with_callback, name))


@pytest.mark.parametrize(
    "parts",
    [
        (nn.Linear(4, 6), nn.Tanh(), nn.Linear(6, 2)),
        (nn.Flatten(), nn.Linear(4, 6, bias=False), nn.LeakyReLU(0.2), nn.Linear(6, 2)),
        (nn.Linear(4, 6), nn.ELU(0.5), nn.Linear(6, 5), nn.Identity(), nn.Linear(5, 2), nn.Sigmoid()),
        (nn.Linear(4, 2), nn.GELU()),
        (nn.Linear(4, 3), nn.SiLU(), nn.Linear(3, 2, bias=False), nn.Softplus()),
    ],
    ids=str,
)
def test_a_sequential_trains_from_its_own_weights(parts):
    network = nn.Sequential(*parts)
    asked = {"model": network, "lr": [0.05, 0.3], "epochs": 8, "batch_size": 7}
    made, right = (train(iris_pair(), **asked, engine=engine) for engine in ("compiled", "autograd"))
    for name in CURVES:
        assert np.allclose(getattr(made, name), getattr(right, name), atol=2e-5), name
    assert made.weights.keys() == network.state_dict().keys()


class Residual(nn.Sequential):
    def forward(self, x):
        return x + super().forward(x)


def hooked():
    network = nn.Sequential(nn.Linear(4, 2))
    network[0].register_forward_hook(lambda *given: 2 * given[-1])
    return network


def frozen():
    network = nn.Sequential(nn.Linear(4, 3), nn.ReLU(), nn.Linear(3, 2))
    network[0].weight.requires_grad_(False)
    return network


def shared():
    layer = nn.Linear(4, 4)
    return nn.Sequential(layer, nn.ReLU(), layer)


@pytest.mark.parametrize(
    "network",
    [
        nn.Linear(4, 2),
        Residual(nn.Linear(4, 4)),
        nn.Sequential(nn.Linear(4, 2), nn.Dropout()),
        nn.Sequential(nn.Linear(4, 4), nn.BatchNorm1d(4), nn.Linear(4, 2)),
        nn.Sequential(nn.Linear(4, 4), nn.PReLU(), nn.Linear(4, 2)),
        nn.Sequential(nn.Linear(4, 4), nn.GELU(approximate="tanh"), nn.Linear(4, 2)),
        nn.Sequential(nn.Linear(4, 4), nn.ReLU(), nn.Tanh(), nn.Linear(4, 2)),
        nn.Sequential(nn.ReLU(), nn.Linear(4, 2)),
        nn.Sequential(parametrizations.spectral_norm(nn.Linear(4, 2))),
        hooked(),
        frozen(),
        shared(),
    ],
    ids=lambda network: str(network).replace("\n", ""),
)
def test_what_is_more_than_linear_layers_and_activations_is_left_to_autograd(network):
    assert layers_of(TorchModel(network, torch.zeros(2, 4))) is None


@pytest.mark.parametrize(
    ("asked", "word"),
    [
        ({"model": MLP((4, 3, 2), activation=torch.sin)}, "model"),
        ({"model": nn.Sequential(nn.Linear(4, 2), nn.Dropout())}, "model"),
        ({"loss": lambda outputs, y: (outputs**2).sum(-1) + 0 * y}, "loss"),
        ({"optimizer": "muon"}, "rule muon"),
        ({"optimizer": "sam"}, "rule sam"),
        ({"optimizer": lambda theta, grad, state, *, lr: (theta - lr * grad, state)}, "rule"),
    ],
)
def test_the_kernel_says_what_it_cannot_train(asked, word):
    with pytest.raises(ValueError, match=f"engine='compiled': .*{word}"):
        train(iris_pair(), **asked, epochs=1, engine="compiled")
    assert train(iris_pair(), **asked, epochs=1).epochs == 1


def test_an_engine_that_is_not_known_is_refused():
    with pytest.raises(ValueError, match="engine='fast': expected one of"):
        train(iris_pair(), engine="fast")


def test_a_rule_that_decides_by_a_value_cannot_be_traced():
    def clipped(theta, grad, state, *, lr):
        return theta - lr * (grad if grad > 1 else -grad), state

    def normalised(theta, grad, state, *, lr):
        return theta - lr * grad / grad.norm(), state

    for rule in (clipped, normalised):
        with pytest.raises(NotTraceableError):
            trace_rule(rule, [])


def test_a_run_that_diverges_is_lost_at_the_same_epoch():
    asked = {"lr": [0.1, 1e4, 1e9], "l2": 0.1, "epochs": 30}
    made, right = (train(iris_pair(), **asked, engine=engine) for engine in ("compiled", "autograd"))
    assert made.diverged_at[0] == right.diverged_at[0] == -1
    assert (made.diverged_at[1:] > 0).all()
    assert np.abs(made.diverged_at - right.diverged_at).max() <= 1
    assert np.isnan(made.test_loss[1:, -1]).all()


def test_autograd_serves_while_the_kernel_is_being_compiled(monkeypatch):
    monkeypatch.setattr(kernel_of, "ask", lambda *_: ready.Coming())  # never done
    assert same(train(iris_pair(), epochs=3), train(iris_pair(), epochs=3, engine="autograd"))


def test_a_training_that_would_take_long_waits_for_a_kernel_that_is_being_loaded_only(monkeypatch):
    coming = ready.Coming()
    monkeypatch.setattr(kernel_of, "ask", lambda *_: coming)
    monkeypatch.setattr(engines, "cost_by_autograd", lambda _: 30.0)
    coming.compiling = True
    assert same(train(iris_pair(), epochs=3), train(iris_pair(), epochs=3, engine="autograd"))
    coming.compiling = False
    asked = ready.ask(*sources_of("sgd"))
    asked.add_done_callback(lambda done: coming.set_result(done.result()))
    assert same(train(iris_pair(), epochs=3), train(iris_pair(), epochs=3, engine="compiled"))


def test_a_kernel_that_cannot_be_compiled_is_done_without(monkeypatch):
    broken = ready.Coming()
    broken.set_exception(OSError("no compiler here"))
    monkeypatch.setattr(kernel_of, "ask", lambda *_: broken)
    assert same(train(iris_pair(), epochs=3), train(iris_pair(), epochs=3, engine="autograd"))
    with pytest.raises(OSError, match="no compiler here"):
        train(iris_pair(), epochs=3, engine="compiled")


def test_no_folder_for_compiled_code_is_needed(tmp_path):
    (tmp_path / "__pycache__").touch()  # files where numba looks for folders
    folders = ("HOME", "XDG_CACHE_HOME", "LOCALAPPDATA", "NUMBA_CACHE_DIR")
    program = (
        "from numba import float64\n"
        "from optlab.engine.compiled.ready import _Wanted\n"
        "def twice(x):\n    return 2 * x\n"
        "wanted = _Wanted(twice, float64(float64))\n"
        "print(wanted.kept(), wanted.compiled()(21.0))"
    )
    (tmp_path / "program.py").write_text(program)
    done = subprocess.run(
        [sys.executable, tmp_path / "program.py"],
        env=os.environ | dict.fromkeys(folders, str(tmp_path / "program.py")),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["True", "42.0"]


class Slow:
    """A function that is compiled when it is let go, and then is on disk."""

    def __init__(self, folder):
        self.place, self.asked, self.times, self.go = folder, 0, 0, threading.Event()

    def folder(self):
        self.asked += 1
        return self.place

    def kept(self):
        return self.times > 0 and self.go.is_set()

    def compiled(self):
        self.times += 1
        self.go.wait(60)


@pytest.mark.parametrize(("where", "times"), [("", 1), ("file/no folder", 2)])
def test_of_two_that_compile_the_second_waits_unless_nothing_can_be_locked(tmp_path, where, times):
    (tmp_path / "file").touch()
    slow = Slow(tmp_path / where)
    both = [threading.Thread(target=ready._compile_once, args=[[slow]]) for _ in range(2)]
    both[0].start()
    wait_until(lambda: slow.times == 1)
    both[1].start()
    wait_until(lambda: slow.asked == 2 and slow.times == times)
    slow.go.set()
    for one in both:
        one.join()
    assert slow.times == times


def test_another_process_has_compiled_and_this_one_has_loaded():
    train(iris_pair(), epochs=1, engine="compiled")
    kernel = kernel_of.ask(*sources_of("sgd")).result()
    for function in (kernel.train_block, kernel.update, kernel.penalty):
        assert sum(function.stats.cache_hits.values()) == 1
        assert not function.stats.cache_misses


def test_what_is_asked_for_beforehand_says_who_will_train(monkeypatch):
    train(iris_pair(), epochs=1, engine="compiled")
    assert engine_for(iris_pair()) == "compiled"
    assert 0 < kernel_seconds(iris_pair(), epochs=10) < kernel_seconds(iris_pair(), epochs=100) < 1
    for asked in ({"engine": "autograd"}, {"optimizer": "muon"}, {"model": MLP((4, 2000, 2))}):
        assert engine_for(iris_pair(), **asked) == "autograd"
        assert kernel_seconds(iris_pair(), **asked) == np.inf
    monkeypatch.setattr(kernel_of, "ask", lambda *_: ready.Coming())
    assert (engine_for(iris_pair()), kernel_seconds(iris_pair())) == ("compiled", np.inf)
    with pytest.raises(ValueError, match="lr=-1"):
        kernel_seconds(iris_pair(), lr=-1)


def test_code_is_kept_by_what_it_was_made_from():
    assert ready._digest("a") == ready._digest("a") != ready._digest("b")


def test_training_in_small_steps_of_epochs_changes_no_bit(monkeypatch):
    whole = train(iris_pair(), epochs=7, lr=[0.1, 1.0], optimizer="adam", engine="compiled")
    monkeypatch.setattr(kernel_of, "AT_ONCE", 1e-9)  # one epoch a call
    assert same(whole, train(iris_pair(), epochs=7, lr=[0.1, 1.0], optimizer="adam", engine="compiled"))


@pytest.mark.parametrize(("asked", "waits"), [("", False), ("1", True)])
def test_where_it_is_asked_for_auto_waits_for_the_kernel_as_long_as_it_takes(monkeypatch, asked, waits):
    monkeypatch.setenv(engines.PATIENT, asked)
    seen = []
    monkeypatch.setattr(engines, "compiled", lambda _, *, patience: seen.append(patience))
    train(iris_pair(), epochs=3, batch_size=1)
    assert [np.isinf(one) for one in seen] == [waits]
