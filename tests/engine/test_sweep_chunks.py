"""A sweep in chunks: the rows of train, what is kept in a folder, what makes a chunk another one."""

import itertools
import os
import tempfile
import threading
import types

import joblib
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from joblib.parallel import ThreadingBackend
from same_history import arrays_of, assert_identical
from small_files import files_of_at_most, posix
from torch import nn

from optlab import MLP, History, from_arrays, grid, iris_pair, sweep, train
from optlab.engine.sweeps import spread
from optlab.engine.sweeps.chunks import cut
from optlab.engine.training.callbacks import EarlyStopping
from optlab.engine.training.device import available

DATA = iris_pair()
SETTINGS = grid(lr=[0.01, 0.1, 1.0], batch_size=[80, 16], l2=[0.0, 0.01])
SMALL = {"epochs": 2, "chunk": 5, **SETTINGS}  # 12 settings: chunks of 5, 5 and 2


@pytest.fixture
def trained(monkeypatch):
    """How many settings each call of train had: what is trained in this process."""
    counts = []

    def counted(*args, **kwargs):
        history = train(*args, **kwargs)
        counts.append(len(history))
        return history

    monkeypatch.setattr(spread, "train", counted)
    return counts


def files(folder):
    return sorted(folder.glob("*"))


def quarter(outputs, y):
    return (
        nn.functional.cross_entropy(outputs.transpose(1, 2), y.expand(outputs.shape[:2]), reduction="none")
        / 4
    )


def plain_step(theta, grad, state, *, lr, half=1.0):
    return theta - half * lr * grad, state


def lazy_net(units):
    return nn.Sequential(nn.LazyLinear(units), nn.ReLU(), nn.LazyLinear(2))


def noisy_net():
    return nn.Sequential(*small_net()[:1], nn.BatchNorm1d(3), nn.Dropout(0.5), *small_net()[1:])


def small_net(seed=0):
    torch.manual_seed(seed)
    return nn.Sequential(nn.Linear(4, 3), nn.Tanh(), nn.Linear(3, 2))


# --- the History of train -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "asked",
    [
        SETTINGS,
        {"lr": 0.1},
        {"seed": range(7), "lr": 0.1, "l1": [0.0] * 6 + [0.1]},
        {"schedule": ["constant", "power_decay", "cosine"] * 2, "delta": [0.0, 1.0, 0.5] * 2},
        {"optimizer": ["sgd", "momentum", plain_step] * 2, "momentum": 0.5, "half": [1, 1, 1, 2, 2, 2]},
        {"optimizer": np.array(["adam", "sgd"] * 3), "beta1": 0.5, "schedule": "step_decay", "every": 1},
        {"model": small_net(), "lr": [0.1, 0.2, 0.3], "loss": quarter, "penalize_bias": True, "l2": 0.1},
        {"model": noisy_net(), "lr": [0.1, 0.2, 0.3], "seed": [0, 1, 1]},
        {"model": lazy_net(3), "lr": [0.1, 0.2, 0.3], "seed": [0, 1, 1]},
        {"lr": [0.1, 1e30, 0.2], "batch_size": [1, 16, 80], "one_per_batch": True},
        {"schedule": "cosine", "schedule_per": "step", "batch_size": [80, 16, 80]},
    ],
    ids="-".join,
)
def test_a_sweep_gives_the_history_of_train(asked):
    """In chunks of two; another chunk may round the last digit in another way, so double precision."""
    data = iris_pair(dtype=torch.float64)
    one, other = (
        arrays_of(h) for h in (sweep(data, epochs=3, chunk=2, **asked), train(data, epochs=3, **asked))
    )
    assert list(one) == list(other)
    for name, array in one.items():
        assert array.dtype == other[name].dtype
        equal = np.testing.assert_array_equal if array.dtype.kind in "iU" else np.testing.assert_allclose
        equal(array, other[name], err_msg=name)


def test_a_pair_a_regression_and_rows_that_are_alike():
    x = np.random.default_rng(0).normal(size=(20, 2))
    pair = (x, x[:, 0] > 0)
    assert sweep(pair, epochs=1, lr=[0.1, 0.1], chunk=1).epochs == 1
    data = from_arrays(*(x, x[:, 1]), regression=True)
    both = sweep(data, epochs=1, lr=[0.1, 0.1], chunk=1)
    assert np.isnan(both.test_accuracy).all()
    assert both.test_loss[0].tobytes() == both.test_loss[1].tobytes()


def test_by_the_kernel_every_bit_is_that_of_train():
    asked = {"epochs": 2, "optimizer": "adam", "engine": "compiled", **SETTINGS}
    assert_identical(sweep(DATA, chunk=5, **asked), train(DATA, **asked))


def test_one_engine_trains_all_chunks(monkeypatch):
    """Were each chunk to decide, the first might come before the kernel is ready, and the last after."""
    asked = []
    monkeypatch.setattr(
        spread, "train", lambda *args, **kwargs: asked.append(kwargs) or train(*args, **kwargs)
    )
    sweep(DATA, **SMALL)
    sweep(DATA, engine="autograd", **SMALL)
    sweep(iris_pair(dtype=torch.float64), **SMALL)  # no kernel for these
    engines = [one["engine"] for one in asked]
    assert engines[:3] in (["autograd"] * 3, ["compiled"] * 3)
    assert engines[3:] == ["autograd"] * 6


@given(
    st.lists(st.tuples(st.integers(1, 3), st.sampled_from("ab"), st.sampled_from("cd")), min_size=1),
    st.integers(1, 9),
)
def test_every_row_is_in_one_chunk_and_like_rows_are_together(rows, most):
    columns = dict(
        zip(("batch_size", "optimizer", "schedule"), map(np.array, zip(*rows, strict=True)), strict=True)
    )
    chunks = cut(columns, most)
    order = np.concatenate(chunks)
    assert sorted(order) == list(range(len(rows)))
    assert all(len(chunk) == most for chunk in chunks[:-1])
    assert 1 <= len(chunks[-1]) <= most
    kinds = [kind for kind, _ in itertools.groupby([rows[row] for row in order])]
    assert len(kinds) == len(set(kinds))
    assert [kind[0] for kind in kinds] == sorted(kind[0] for kind in kinds)


class ListsOnly(ThreadingBackend):
    """As ray's and spark's: results come all at once."""

    supports_return_generator = False


joblib.register_parallel_backend("lists_only", ListsOnly)


@pytest.mark.parametrize("model", [None, noisy_net()], ids=["table", "module"])
@pytest.mark.parametrize("backend", ["threading", "lists_only"])
def test_the_history_is_the_same_on_every_backend(backend, model, tmp_path):
    alone = sweep(DATA, model=model, **SMALL)
    with joblib.parallel_config(backend, n_jobs=2):
        assert_identical(sweep(DATA, model=model, folder=tmp_path, **SMALL), alone)
    assert len(files(tmp_path)) == 3


def test_a_chunk_is_trained_as_where_it_was_asked_for(monkeypatch):
    """A worker is a fresh process: its default of floats may be another one, its optlab may not."""
    sent = []
    monkeypatch.setattr(spread, "_floats", lambda dtype: sent.append(dtype) or threads_of_one())
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    try:
        sweep(DATA, epochs=1)
    finally:
        torch.set_default_dtype(before)
    assert sent == [torch.float64]
    work = spread.Work(DATA, {"epochs": 1}, torch.float64, "of yesterday")
    with pytest.raises(RuntimeError, match=r"this worker has optlab .* on torch .* of yesterday"):
        spread.trained(work, 0, {})


def threads_of_one():
    from optlab.engine.systems.threads import threads

    return threads(1)


def test_the_default_of_floats_comes_back():
    work = spread.Work(DATA, {"epochs": 1, "model": None}, torch.float64, spread.sources())
    before = torch.get_default_dtype()
    spread.trained(work, 0, {})
    assert torch.get_default_dtype() == before != torch.float64


# --- a folder -----------------------------------------------------------------------------------------------


def test_what_is_finished_is_not_trained_again(tmp_path, trained):
    first = sweep(DATA, folder=tmp_path / "deep" / "课程 é", **SMALL)
    assert trained == [5, 5, 2]
    made = files(tmp_path / "deep" / "课程 é")
    assert [path.suffix for path in made] == [".npz"] * 3
    made[1].unlink()
    again = sweep(DATA, folder=str(tmp_path / "deep" / "课程 é"), **SMALL)
    assert len(trained) == 4
    assert files(tmp_path / "deep" / "课程 é") == made
    assert_identical(again, first)


def test_an_error_midway_loses_no_chunk_that_was_finished(tmp_path, trained):
    seen = []

    def stop(line):
        seen.append(line)
        if len(seen) == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sweep(DATA, folder=tmp_path, progress=stop, **SMALL)
    assert len(files(tmp_path)) == 2
    trained.clear()
    assert_identical(sweep(DATA, folder=tmp_path, **SMALL), sweep(DATA, **SMALL))
    assert trained[0] == 2


def test_progress_says_what_is_done_and_what_was_found(tmp_path):
    lines = []
    sweep(DATA, progress=lines.append, **SMALL)
    assert [line.partition(", ")[0] for line in lines] == [f"{n} of 12 settings" for n in (0, 5, 10, 12)]
    sweep(DATA, folder=tmp_path, **SMALL)
    sweep(DATA, folder=tmp_path, progress=lines.append, **SMALL)
    assert lines[-1] == f"12 of 12 settings (12 found in {str(tmp_path)!r})"


def test_a_chunk_file_is_a_saved_history(tmp_path):
    sweep(DATA, folder=tmp_path, optimizer=["sgd", "momentum"], momentum=0.5, chunk=1, epochs=2)
    kept = [History.load(path) for path in files(tmp_path)]
    assert sorted(one.settings["optimizer"][0] for one in kept) == ["momentum", "sgd"]
    assert all(one.settings["momentum"][0] == 0.5 for one in kept)


SCALE = 1.0


def scaled(outputs, y):
    return SCALE * quarter(outputs, y)


def rebuilt(f, **names):
    """The same function, with other values behind its globals' names."""
    return types.FunctionType(
        f.__code__, {**f.__globals__, **names}, f.__name__, f.__defaults__, f.__closure__
    )


def closed(factor):
    return lambda outputs, y: factor * quarter(outputs, y)


class Scaled(nn.Module):
    def __init__(self, factor):
        super().__init__()
        self.layer, self.factor = small_net()[0], factor

    def forward(self, x):
        return self.factor * self.layer(x)[:, :2]


ALIKE = {
    "numbers in another form": ({"lr": [1, 2]}, {"lr": np.array([1.0, 2.0], np.float32)}),
    "a default said": ({}, {"l2": 0.0, "delta": 0, "optimizer": "sgd", "epochs": 1}),
    "a function made again": ({"loss": scaled}, {"loss": rebuilt(scaled)}),
    "a lambda made again": ({"loss": closed(2.0)}, {"loss": closed(2.0)}),
    "a module made again": ({"model": small_net()}, {"model": small_net()}),
    "a class made again": ({"model": Scaled(2.0)}, {"model": Scaled(2.0)}),
    "the network that is meant": ({}, {"model": MLP((4, 16, 2))}),
    "lazy layers": ({"model": lazy_net(3)}, {"model": lazy_net(3)}),
    "a device that is meant": ({}, {"device": "cpu"}),
}
OTHER = {
    "a rate": ({"lr": [0.1, 0.2]}, {"lr": [0.1, 0.3]}),
    "a seed": ({}, {"seed": 1}),
    "a penalty": ({"l2": 0.1}, {"l2": 0.2}),
    "epochs": ({}, {"epochs": 2}),
    "biases": ({"l2": 0.1}, {"l2": 0.1, "penalize_bias": True}),
    "an engine": ({"engine": "autograd"}, {"engine": "compiled"}),
    "a hyper-parameter": ({"optimizer": "adam"}, {"optimizer": "adam", "beta1": 0.8}),
    "an optimizer": ({}, {"optimizer": "adam"}),
    "which of two optimizers": (
        {"lr": [0.1, 0.2], "optimizer": ["sgd", "adam"]},
        {"lr": [0.1, 0.2], "optimizer": ["adam", "sgd"]},
    ),
    "a loss": ({}, {"loss": "squared_error"}),
    "what a function finds": ({"loss": scaled}, {"loss": rebuilt(scaled, SCALE=2.0)}),
    "what a function calls": (
        {"loss": scaled},
        {"loss": rebuilt(scaled, quarter=lambda o, y: quarter(o, y) * 2)},
    ),
    "what a function closes over": ({"loss": closed(2.0)}, {"loss": closed(3.0)}),
    "weights": ({"model": small_net()}, {"model": small_net(1)}),
    "a module's own number": ({"model": Scaled(2.0)}, {"model": Scaled(3.0)}),
    "lazy layers": ({"model": lazy_net(3)}, {"model": lazy_net(4)}),
    "an activation": (
        {"model": nn.Sequential(*small_net()[:1], nn.ReLU(), small_net()[2])},
        {"model": nn.Sequential(*small_net()[:1], nn.Tanh(), small_net()[2])},
    ),
}


def run(folder, asked):
    sweep(asked.get("data", DATA), folder=folder, **{"epochs": 1, **asked})


@pytest.mark.parametrize("pair", ALIKE.values(), ids=ALIKE)
def test_the_same_question_finds_the_same_chunks(tmp_path, trained, pair):
    for asked in pair:
        run(tmp_path, asked)
    assert len(trained) == len(files(tmp_path)) == 1


@pytest.mark.parametrize("pair", OTHER.values(), ids=OTHER)
def test_another_question_never_finds_the_chunks_of_the_first(tmp_path, trained, pair):
    for asked in pair:
        run(tmp_path, asked)
    assert len(trained) == len(files(tmp_path)) == 2


def test_other_data_other_floats_and_another_optlab_are_another_question(tmp_path, trained, monkeypatch):
    before = torch.get_default_dtype()
    for data in (DATA, iris_pair(seed=4), iris_pair(dtype=torch.float64)):
        sweep(data, folder=tmp_path, epochs=1)
    torch.set_default_dtype(torch.float64)
    try:
        sweep(DATA, folder=tmp_path, epochs=1)
    finally:
        torch.set_default_dtype(before)
    for module in (spread, sweep_module()):
        monkeypatch.setattr(module, "sources", lambda: "of tomorrow")
    sweep(DATA, folder=tmp_path, epochs=1)
    assert len(trained) == len(files(tmp_path)) == 5


def sweep_module():
    import importlib

    return importlib.import_module("optlab.engine.sweeps.sweep")


def test_two_sweeps_share_a_folder(tmp_path):
    sweep(DATA, folder=tmp_path, **SMALL)
    sweep(DATA, folder=tmp_path, **{**SMALL, "epochs": 3})
    assert len(files(tmp_path)) == 6


def test_two_sweeps_at_once_in_one_folder(tmp_path):
    alone, made = sweep(DATA, **SMALL), []
    both = [
        threading.Thread(target=lambda: made.append(sweep(DATA, folder=tmp_path, **SMALL))) for _ in range(2)
    ]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    for history in made:
        assert_identical(history, alone)
    assert len(made) == 2
    assert len(files(tmp_path)) == 3


def cut_short(made):
    made[0].write_bytes(made[0].read_bytes()[:-50])


def emptied(made):
    made[0].write_bytes(b"")


def exchanged(made):
    made[0].write_bytes(made[1].read_bytes())


def of_other_epochs(made):
    history = train(DATA, epochs=3, lr=[0.1] * 5)
    history.save(made[0])


@pytest.mark.parametrize("damage", [cut_short, emptied, exchanged, of_other_epochs])
def test_a_damaged_chunk_is_said_trained_again_and_mended(tmp_path, trained, damage):
    alone = sweep(DATA, folder=tmp_path, **SMALL)
    trained.clear()
    made = files(tmp_path)
    damage(made)
    with pytest.warns(RuntimeWarning, match=rf"{made[0].name}.*trained again") as said:
        assert_identical(sweep(DATA, folder=tmp_path, **SMALL), alone)
    assert said[0].filename == __file__
    assert len(trained) == 1
    assert_identical(sweep(DATA, folder=tmp_path, **SMALL), alone)
    assert len(trained) == 1


def test_nothing_is_written_without_a_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with joblib.parallel_config("threading", n_jobs=2):
        sweep(DATA, **SMALL)
    sweep(DATA, **SMALL)
    assert files(tmp_path) == []


@posix
def test_a_full_disk_is_said_once_and_loses_nothing_but_the_files(tmp_path):
    with files_of_at_most(1000), pytest.warns(RuntimeWarning, match="the sweep goes on") as said:
        history = sweep(DATA, folder=tmp_path, **SMALL)
    assert len(said) == 1
    assert_identical(history, sweep(DATA, **SMALL))
    assert files(tmp_path) == []


def test_a_file_that_another_sweep_holds_open_is_no_loss(tmp_path, monkeypatch):
    """Windows refuses to replace it; what is in it is the same."""
    save = History.save

    def written_and_held(self, path):
        save(self, path)
        raise PermissionError(13, "Access is denied", str(path))

    monkeypatch.setattr(History, "save", written_and_held)
    assert len(sweep(DATA, folder=tmp_path, **SMALL)) == 12  # a warning would be an error here


# --- what is refused, before anything is trained -----------------------------------------------------


def test_a_folder_that_cannot_be_one_is_refused(tmp_path, trained):
    (tmp_path / "file").write_bytes(b"")
    for folder in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(ValueError, match=r"folder=.*file.*: nothing can be written there"):
            sweep(DATA, folder=folder)
    assert trained == []


def test_a_device_that_no_worker_has_is_refused_by_name(trained):
    missing = next(name for name in ("cuda", "mps") if name not in available())
    with pytest.raises(ValueError, match=f"device='{missing}' cannot train here"):
        sweep(DATA, device=missing)
    assert trained == []


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_refused(tmp_path):
    tmp_path.chmod(0o555)
    with pytest.raises(ValueError, match="nothing can be written there"):
        sweep(DATA, folder=tmp_path)


def test_what_cannot_be_told_from_another_is_refused_with_a_folder_only(tmp_path, trained):
    with (tmp_path / "log").open("w") as log:

        def logged(outputs, y):
            log.write("a batch\n")
            return quarter(outputs, y)

        with pytest.raises(TypeError, match=r"folder=.*cannot be told from another.*leave folder out"):
            sweep(DATA, folder=tmp_path / "kept", loss=logged, epochs=1)
        assert trained == []
        assert sweep(DATA, loss=logged, epochs=1).epochs == 1


@pytest.mark.parametrize(
    ("asked", "kind", "words"),
    [
        ({"callbacks": [EarlyStopping()]}, ValueError, "callbacks=.*other processes.*progress"),
        ({"chunk": 0}, ValueError, "chunk=0: expected a whole number"),
        ({"chunk": None}, TypeError, "chunk=None"),
        ({"folder": 3}, TypeError, "folder=3: expected a path"),
        ({"progress": "yes"}, TypeError, "progress='yes': expected a function"),
        ({"lr": [0.1] * 8 + [-1.0], "chunk": 2}, ValueError, "lr=-1: expected"),
        ({"lr": [0.1, 0.2], "l2": [0.0] * 3}, ValueError, "lr has 2 values and l2 has 3|l2 has 3 values"),
        ({"momentum": 0.9}, TypeError, "momentum=0.9 is not a hyper-parameter of sgd"),
        ({"optimizer": "sdg"}, ValueError, "optimizer='sdg'"),
        ({"model": 3}, TypeError, "model=3"),
        ({"engine": "fast"}, ValueError, "engine='fast': expected one of auto"),
        ({"engine": "compiled", "loss": quarter}, ValueError, "engine='compiled': the loss is neither"),
        ({"loss": max}, ValueError, "loss=max does not fit"),
    ],
)
def test_what_train_would_refuse_is_refused_before_anything_is_written(tmp_path, trained, asked, kind, words):
    with pytest.raises(kind, match=words):
        sweep(DATA, **{"folder": tmp_path / "kept", **asked})
    assert trained == []
    assert not (tmp_path / "kept").exists()
