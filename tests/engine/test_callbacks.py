"""Callbacks: one contract for every one of them, and what each does."""

import importlib
import inspect
import pkgutil

import numpy as np
import pytest
from torch import nn

import optlab
from optlab import Callback, EarlyStopping, PrintLosses, Progress, from_arrays, grid, iris_pair, train
from optlab.engine.training.callbacks import StopWhen
from optlab.engine.training.history import CURVES
from optlab.engine.training.streaming import Stream

MAKE = {
    EarlyStopping: {"patience": 2},
    StopWhen: {"stop": lambda: False},
    Stream: {"show": lambda _: None},
}


def subclasses(cls):
    return {cls}.union(*(subclasses(sub) for sub in cls.__subclasses__()))


def every_callback():
    """All Callback classes of the package, so that a new one is held to the contract too."""
    for module in pkgutil.walk_packages(optlab.__path__, "optlab."):
        if not module.name.endswith("_program"):  # it would train
            importlib.import_module(module.name)
    ours = {c for c in subclasses(Callback) if c.__module__.startswith("optlab.") and c.__name__[0] != "_"}
    return sorted(ours, key=lambda cls: cls.__name__)


class Log(Callback):
    """Writes down what it is told."""

    def __init__(self):
        self.calls, self.records = [], []

    def on_train_begin(self, settings, epochs):
        self.calls.append(("begin", epochs, settings["lr"].tolist()))

    def on_epoch_end(self, record):
        self.calls.append(("epoch", record.epoch))
        self.records.append(record)

    def on_train_end(self, history):
        self.calls.append(("end", history.epochs))
        self.history = history


# --- the contract -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("cls", every_callback(), ids=lambda cls: cls.__name__)
@pytest.mark.slow
def test_every_callback_keeps_the_contract(cls):
    for hook in ("on_train_begin", "on_epoch_end", "on_train_end"):
        ours, base = (inspect.signature(getattr(c, hook)).parameters for c in (cls, Callback))
        assert list(ours) == list(base)
    callback = cls(**MAKE.get(cls, {}))
    # one of them diverges; and the kernel may become ready between two trainings, which rounding would show
    shared = {"epochs": 4, "batch_size": [16, 80, 7], "lr": [0.1, 1e30, 0.01], "engine": "autograd"}
    alone = train(iris_pair(), **shared)
    for _ in range(2):  # a callback can be used again
        watched = train(iris_pair(), callbacks=[callback], **shared)
        for name in CURVES:
            ours = getattr(watched, name)
            np.testing.assert_array_equal(ours, getattr(alone, name)[:, : ours.shape[1]])


def test_hooks_come_in_order_and_the_records_are_the_history():
    log = Log()
    history = train(iris_pair(), epochs=3, callbacks=[log], **grid(lr=[0.1, 0.2], batch_size=[16, 8]))
    epochs = [("epoch", epoch) for epoch in range(4)]
    assert log.calls == [("begin", 3, [0.1, 0.1, 0.2, 0.2]), *epochs, ("end", 3)]
    assert log.history is history
    for name in CURVES:
        recorded = np.stack([record.values[name] for record in log.records], axis=1)
        np.testing.assert_array_equal(recorded, getattr(history, name))
    np.testing.assert_array_equal(np.stack([r.lr for r in log.records[1:]], axis=1), history.lr)
    assert np.isnan(log.records[0].lr).all()
    assert {record.epochs for record in log.records} == {3}


def test_what_a_callback_does_to_its_record_changes_no_number_of_the_training():
    class Vandal(Callback):
        def on_epoch_end(self, record):
            record.lr[:] = 99.0

    asked = {"lr": [0.1, 0.2], "schedule": "constant", "epochs": 5, "engine": "autograd"}
    spoilt = train(iris_pair(), callbacks=[Vandal()], **asked)
    clean = train(iris_pair(), **asked)
    np.testing.assert_array_equal(spoilt.train_loss, clean.train_loss)


# --- stopping ---------------------------------------------------------------------------------------------


class StopAt(Callback):
    def __init__(self, epoch):
        self.epoch = epoch

    def on_epoch_end(self, record):
        return record.epoch == self.epoch


class Looks(Callback):
    """Keeps the weights of every epoch, and spoils what it was given afterwards."""

    def __init__(self):
        self.seen = []

    def on_epoch_end(self, record):
        weights = record.weights()
        self.seen.append({name: part.copy() for name, part in weights.items()})
        for part in weights.values():
            part[:] = np.nan


def test_the_weights_of_an_epoch_are_those_of_a_training_that_ends_there(either_engine):
    setting = {"lr": [0.1, 0.3, 0.1], "batch_size": [16, 80, 16]}
    looks = Looks()
    whole = train(iris_pair(), epochs=3, callbacks=[looks], **setting)
    ends = [train(iris_pair(), epochs=epochs, **setting).weights for epochs in (1, 2, 3)]
    assert len(looks.seen) == 4
    for seen, end in zip(looks.seen[1:], ends, strict=True):
        assert seen.keys() == end.keys()
        for name, part in seen.items():
            np.testing.assert_array_equal(part, end[name])
    np.testing.assert_array_equal(whole.weights["0.weight"], ends[-1]["0.weight"])


@pytest.mark.parametrize("epoch", [0, 1, 5])
def test_true_stops_the_training_after_that_epoch(epoch):
    log = Log()
    asked = {"epochs": 9, "lr": [0.1, 0.2], "engine": "autograd"}
    history = train(iris_pair(), callbacks=[StopAt(epoch), log], **asked)
    full = train(iris_pair(), **asked)
    assert history.epochs == epoch
    assert history.lr.shape == (2, epoch)
    np.testing.assert_array_equal(history.train_loss, full.train_loss[:, : epoch + 1])
    assert log.calls[-2:] == [("epoch", epoch), ("end", epoch)]  # the others still hear of that epoch


def test_stop_when_asks_after_each_epoch():
    answers = iter([False, False, True])
    assert train(iris_pair(), epochs=9, callbacks=[StopWhen(lambda: next(answers))]).epochs == 2
    with pytest.raises(TypeError, match="stop=True: expected a function"):
        StopWhen(True)


def plain_early_stop(values, patience):
    best, waited = np.inf, 0
    for epoch, value in enumerate(values):
        best, waited = (value, 0) if value < best else (best, waited + 1)
        if waited > patience:
            return epoch
    return len(values) - 1


@pytest.mark.parametrize("patience", [0, 1, 3, 10])
@pytest.mark.parametrize("monitor", ["test_loss", "train_loss", "test_accuracy"])
@pytest.mark.slow
def test_early_stopping_stops_where_a_plain_loop_does(patience, monitor):
    shared = {"lr": 8.0 if monitor == "train_loss" else 0.5, "epochs": 60, "seed": 2}
    full = train(iris_pair(), **shared)
    sign = -1 if monitor == "test_accuracy" else 1
    expected = plain_early_stop(sign * getattr(full, monitor)[0], patience)
    stopped = train(iris_pair(), callbacks=[EarlyStopping(patience, monitor)], **shared)
    assert stopped.epochs == expected < 60


def test_early_stopping_waits_for_the_last_setting():
    alone = [
        train(iris_pair(), lr=lr, epochs=60, callbacks=[EarlyStopping(2)]).epochs for lr in (0.5, 1e30, 0.05)
    ]
    together = train(iris_pair(), lr=[0.5, 1e30, 0.05], epochs=60, callbacks=[EarlyStopping(2)])
    assert len(set(alone)) > 1
    assert together.epochs == max(alone)


def test_early_stopping_ends_a_training_that_has_diverged():
    history = train(iris_pair(), lr=1e30, epochs=60, callbacks=[EarlyStopping(4)])
    assert history.diverged_at[0] < history.epochs < 10


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"patience": -1}, "patience=-1: expected a whole number of at least 0"),
        ({"patience": 2.5}, "patience=2.5"),
        ({"monitor": "val_loss"}, "monitor='val_loss': expected one of train_loss, test_loss"),
    ],
)
def test_bad_early_stopping(arguments, words):
    with pytest.raises(ValueError, match=words):
        EarlyStopping(**arguments)


def line_data():
    x = np.random.default_rng(0).normal(size=(60, 3))
    return from_arrays(x, x @ [1.0, 2.0, 3.0], regression=True)


@pytest.mark.parametrize("monitor", ["train_accuracy", "test_accuracy"])
def test_a_regression_has_no_accuracy_to_wait_for(monitor):
    falling = train(line_data(), lr=0.01, epochs=20).test_loss[0]
    assert (np.diff(falling) < 0).all()  # waiting for a number that never comes would cut this short
    log = Log()
    with pytest.raises(
        ValueError, match=f"monitor='{monitor}': a regression has no accuracy; expected a curve"
    ):
        train(line_data(), lr=0.01, epochs=20, callbacks=[log, EarlyStopping(3, monitor)])
    assert log.calls[-1] == ("epoch", 0)


def test_without_a_penalty_there_is_none_to_wait_for():
    waits = [EarlyStopping(3, "penalty")]
    with pytest.raises(
        ValueError, match="monitor='penalty': there is none, as l1 = l2 = 0; expected a curve"
    ):
        train(iris_pair(), l2=[0, 0.0], epochs=9, callbacks=waits)
    falls = train(iris_pair(), l2=[0, 0.5], lr=0.01, epochs=9, callbacks=waits)
    assert falls.epochs == 9
    assert (np.diff(falls.penalty[1]) < 0).all()


def test_a_loss_that_is_lost_from_the_start_is_a_result_and_stops():
    module = nn.Linear(4, 2)
    nn.init.constant_(module.weight, np.nan)
    history = train(iris_pair(), model=module, epochs=60, callbacks=[EarlyStopping(4)])
    assert (history.diverged_at[0], history.epochs) == (0, 4)


# --- what is shown ----------------------------------------------------------------------------------------


def test_print_losses_prints_the_historys_numbers(capsys):
    history = train(iris_pair(), lr=[0.1, 0.3], epochs=5, callbacks=[PrintLosses(every=2, row=1)])
    assert capsys.readouterr().out.splitlines() == [
        f"epoch {epoch:3d}  train loss {history.train_loss[1, epoch]:.4f}"
        f"  test loss {history.test_loss[1, epoch]:.4f}"
        for epoch in (0, 2, 4)
    ]


def test_print_losses_turns_down_a_setting_that_is_not_there():
    with pytest.raises(
        ValueError, match=r"row=2: expected a whole number from 0 to 1 \(there are 2 settings\)"
    ):
        train(iris_pair(), lr=[0.1, 0.2], epochs=1, callbacks=[PrintLosses(row=2)])
    with pytest.raises(ValueError, match="every=0"):
        PrintLosses(every=0)


def test_progress_shows_first_and_last_epoch_and_what_its_clock_allows(monkeypatch):
    clock = iter(np.arange(100) * 0.4)
    monkeypatch.setattr("optlab.engine.training.callbacks.time.perf_counter", lambda: next(clock))
    lines = []
    train(iris_pair(), epochs=7, callbacks=[Progress(lines.append, at_least=1.0)])
    assert [line.split(",")[0] for line in lines] == [
        "epoch 0 of 7",
        "epoch 3 of 7",
        "epoch 6 of 7",
        "epoch 7 of 7",
    ]
    assert lines[-1].endswith("3.2 s")


def on_a_terminal(text):
    """What a terminal shows: a carriage return goes back, and letters replace letters."""
    lines = [""]
    column = 0
    for letter in text:
        if letter == "\n":
            lines.append("")
        elif letter != "\r":
            lines[-1] = lines[-1][:column] + letter + lines[-1][column + 1 :]
        column = 0 if letter in "\r\n" else column + 1
    return lines


def test_progress_ends_with_the_epoch_at_which_training_stopped_on_a_line_of_its_own(capsys):
    train(iris_pair(), epochs=9, callbacks=[Progress(at_least=60), StopAt(2)])
    print("done")  # noqa: T201  (as a learner does)
    line, after, end = on_a_terminal(capsys.readouterr().out)
    assert line.startswith("epoch 2 of 9, ")
    assert (after, end) == ("done", "")


def test_progress_leaves_the_lines_of_others_alone(capsys):
    train(iris_pair(), epochs=2, callbacks=[PrintLosses()])
    alone = capsys.readouterr().out.splitlines()
    train(iris_pair(), epochs=2, callbacks=[Progress(at_least=0), PrintLosses()])
    *beside, last, _ = on_a_terminal(capsys.readouterr().out)
    assert beside == alone
    assert last.startswith("epoch 2 of 2, ")
