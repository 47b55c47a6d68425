"""Where a training runs: devices by name, a default device set elsewhere, and the recorded step."""

import re
import time
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
import torch
from torch import nn

from optlab import History, iris_pair, train
from optlab.engine.data.dataset import shuffles
from optlab.engine.models.mlp import MLP
from optlab.engine.rules.classic import OPTIMIZERS
from optlab.engine.rules.recent import RECENT
from optlab.engine.training.autograd import step
from optlab.engine.training.device import available, placed
from optlab.engine.training.graphs import Replayed, pays
from optlab.engine.training.history import CURVES
from optlab.engine.training.plan import make_task

pytestmark = pytest.mark.usefixtures("on_one_thread")


@pytest.fixture
def default_device():
    """A function that sets torch's default device, for one test."""
    yield torch.set_default_device
    torch.set_default_device(None)


def same(ours, theirs):
    return all(np.allclose(getattr(ours, c), getattr(theirs, c), atol=1e-4, equal_nan=True) for c in CURVES)


@pytest.mark.parametrize("optimizer", [*OPTIMIZERS, *RECENT])
def test_every_rule_trains_on_every_device_and_comes_back_as_numpy(device, optimizer):
    arguments = {
        "lr": [0.01, 0.02],
        "batch_size": [16, 32],
        "l2": 0.01,
        "optimizer": optimizer,
        "seed": [0, 1],
    }
    here = train(iris_pair(), epochs=15, **arguments)
    there = train(iris_pair(), epochs=15, device=device, **arguments)
    assert isinstance(there, History)
    assert all(isinstance(array, np.ndarray) for array in there.weights.values())
    assert same(here, there)


@pytest.mark.parametrize("schedule", ["cosine", "one_cycle", "plateau", "power_decay"])
def test_every_kind_of_schedule_runs_on_every_device(device, schedule):
    here, there = (train(iris_pair(), epochs=5, schedule=schedule, device=d) for d in ("cpu", device))
    np.testing.assert_allclose(here.lr, there.lr, rtol=1e-5)


def test_without_a_device_training_stays_where_the_data_are(device):
    data = placed(iris_pair(), torch.device(device))
    assert same(train(data, epochs=3), train(iris_pair(), epochs=3))


def test_an_accelerator_gives_the_numbers_of_the_cpu():
    if len(available()) == 1:
        pytest.skip("no accelerator that torch can use here: everything above ran on the CPU alone")
    kw = {"lr": np.geomspace(0.01, 1, 64), "epochs": 30}
    assert same(train(iris_pair(), **kw), train(iris_pair(), device=available()[1], **kw))


def test_an_accelerator_trains_thousands_of_settings_at_once(report):
    if len(available()) == 1:
        pytest.skip("no accelerator that torch can use here: 8,192 settings at once were not timed")
    data, kw = iris_pair(), {"lr": np.geomspace(0.001, 1, 8192), "epochs": 100}
    seconds = {}
    for device in ("cpu", available()[1]) * 2:  # the second time is what counts: kernels are there
        began = time.perf_counter()
        train(data, device=device, **kw)
        seconds[device] = time.perf_counter() - began
    here, there = seconds.values()
    times = f"{here / there:.1f} times as fast as on the CPU"
    report(f"8,192 settings, 100 epochs: {there:.2f} s on {available()[1]}, {times}")
    assert there < here


def missing():
    return next(name for name in ("cuda", "mps", "xpu") if name not in available())


@pytest.mark.parametrize(
    ("asked", "kind"),
    [
        (missing(), ValueError),
        (f"{missing()}:0", ValueError),
        (torch.device("meta"), ValueError),
        ("gpu", ValueError),
        ("cpu:7", ValueError),
        (["cpu"], TypeError),
        (1.5, TypeError),
    ],
)
def test_a_device_that_is_not_there_is_refused_by_name(asked, kind):
    with pytest.raises(kind, match=re.escape(f"device={asked!r}") + ".*: expected .*cpu"):
        train(iris_pair(), device=asked, epochs=1)


def test_data_without_numbers_are_refused_by_their_device():
    data = iris_pair()
    lost = replace(data, x_train=data.x_train.to("meta"))
    with pytest.raises(ValueError, match="dataset has tensors on cpu and meta: expected one device"):
        train(lost, epochs=1)
    nowhere = replace(
        lost, y_train=data.y_train.to("meta"), x_test=lost.x_train, y_test=data.y_train.to("meta")
    )
    for dataset in (nowhere, (nowhere.x_train, nowhere.y_train)):
        with pytest.raises(ValueError, match="dataset is on device='meta' cannot train here"):
            train(dataset, epochs=1)


@pytest.mark.parametrize("model", [None, MLP((4, 8, 2)), "module", "dropout", "lazy"])
def test_a_default_device_set_elsewhere_changes_nothing(default_device, model):
    modules = {
        "module": nn.Sequential(nn.Linear(4, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Linear(8, 2)),
        "dropout": nn.Sequential(nn.Linear(4, 8), nn.Dropout(0.3), nn.Linear(8, 2)),
        "lazy": nn.Sequential(nn.LazyLinear(8), nn.LazyLinear(2)),
    }
    data, model = iris_pair(), modules.get(model, model)
    raw = (data.x_train.numpy(), data.y_train.numpy())
    runs = [(train(data, model=model, lr=[0.1, 0.3], epochs=3), train(raw, model=model, epochs=2))]
    default_device("meta")
    runs.append((train(data, model=model, lr=[0.1, 0.3], epochs=3), train(raw, model=model, epochs=2)))
    assert all(np.array_equal(a.train_loss, b.train_loss) for a, b in zip(*runs, strict=True))
    assert torch.get_default_device().type == "meta"


# --- the recorded step ------------------------------------------------------------------------------------


def laid_out(model=None, **arguments):
    columns = {"lr": [0.02, 0.05], "l2": 0.01, "l1": 0.0, "delta": 0.0, "p": 1.0, "batch_size": 24, "seed": 0}
    task = make_task(
        iris_pair(),
        model=model,
        columns=columns,
        schedule="constant",
        epochs=20,
        loss=None,
        penalize_bias=False,
        one_per_batch=False,
        schedule_per="epoch",
        device=torch.device("cpu"),
        **arguments,
    )
    return task, task.groups[0]


def trained(task, group, advance, epochs=6):
    """Parameters and buffers after some epochs of steps; 80 samples are three batches of 24 and one of 8."""
    theta, state = group.theta, {}
    for _, order in zip(range(epochs), shuffles(80, [0]), strict=False):
        for rows in order[0].split(24):
            x, y = task.data.x_train[rows][None], task.data.y_train[rows][None]
            theta, state = advance(theta, state, x, y, torch.tensor([[0.02], [0.05]]))
    return state.get("answer", theta), group.buffers


def norm_net():
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(4, 6), nn.BatchNorm1d(6), nn.Tanh(), nn.Linear(6, 2))


@pytest.mark.parametrize("make", [lambda: None, norm_net], ids=["MLP", "BatchNorm"])
@pytest.mark.parametrize("optimizer", [*OPTIMIZERS, *RECENT])
def test_a_recorded_step_is_the_step(optimizer, make):
    task, group = laid_out(make(), optimizer=optimizer)
    theta, buffers = trained(task, group, partial(step, task, group))
    task, group = laid_out(make(), optimizer=optimizer)
    recorded = Replayed(partial(step, task, group), group.buffers, capture=lambda body: body)
    again, moved = trained(task, group, recorded)
    assert len(recorded.recorded) == 2  # of both shapes
    assert recorded.seen.total() == 6 * 4
    assert all(isinstance(value, torch.Tensor) for value in recorded.places["state"].values())
    torch.testing.assert_close(again, theta, rtol=1e-4, atol=1e-6)
    assert buffers.keys() == moved.keys()
    for name, buffer in buffers.items():
        torch.testing.assert_close(moved[name], buffer, rtol=1e-4, atol=1e-6)


def test_a_recording_reads_and_writes_the_same_memory_every_time():
    task, group = laid_out(norm_net(), optimizer="adam")
    seen = set()

    def capture(body):
        def replay():
            body()
            seen.add(tuple(b.data_ptr() for b in group.buffers.values()))

        return replay

    trained(task, group, Replayed(partial(step, task, group), group.buffers, capture=capture))
    assert len(seen) == 1


def test_a_step_that_cannot_be_recorded_goes_on_as_it_is():
    task, group = laid_out(norm_net(), optimizer="momentum")
    theta, buffers = trained(task, group, partial(step, task, group))
    task, group = laid_out(norm_net(), optimizer="momentum")

    def capture(body):
        group.buffers.update(
            {
                name: torch.full_like(b, torch.nan)
                for name, b in group.buffers.items()
                if b.is_floating_point()
            }
        )
        raise RuntimeError("operation not permitted when stream is capturing")

    recorded = Replayed(partial(step, task, group), group.buffers, capture=capture)
    again, moved = trained(task, group, recorded)
    assert recorded.refused
    assert torch.equal(again, theta)
    assert all(torch.equal(moved[name], buffer) for name, buffer in buffers.items())


def test_steps_are_recorded_on_cuda_only(device):
    task, group = laid_out(optimizer="sgd")
    on_device = replace(group, theta=group.theta.to(device))
    assert pays(task, on_device) == (device == "cuda")
    assert not pays(replace(task, epochs=1), on_device)

    def own(theta, grad, state, *, lr):
        return theta, state

    assert not pays(task, replace(on_device, rule=own))
