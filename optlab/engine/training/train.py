"""The one training loop, for one setting or thousands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from functools import partial
from typing import Any

import numpy as np
import torch
from torch import Tensor

from optlab.engine.systems.threads import pool, threads
from optlab.engine.training.autograd import Epoch, epochs_by_autograd
from optlab.engine.training.callbacks import Callback, EpochRecord
from optlab.engine.training.compiled import CompiledGroup, cost_compiled
from optlab.engine.training.device import training_device
from optlab.engine.training.engines import groups_for_kernel
from optlab.engine.training.history import CURVES, History
from optlab.engine.training.plan import Task, make_task
from optlab.engine.training.recorder import Recorder, recorded

__all__ = ["train"]


def train(
    dataset: Any,
    *,
    model: Any = None,
    lr: Any = 0.01,
    batch_size: Any = 16,
    l2: Any = 0.0,
    l1: Any = 0.0,
    delta: Any = 0.0,
    p: Any = 1.0,
    schedule: Any = "power_decay",
    optimizer: Any = "sgd",
    epochs: int = 100,
    seed: Any = 0,
    callbacks: Sequence[Callback] = (),
    loss: Any = None,
    penalize_bias: bool = False,
    one_per_batch: bool = False,
    schedule_per: str = "epoch",
    device: Any = None,
    engine: str = "auto",
    **hyper: Any,
) -> History:
    """Train one setting, or many at once.

    Every hyper-parameter takes a number or an array; arrays must have one length, the number of settings.
    Settings share initial weights and batch order wherever they share a seed, so two curves differ by their
    setting alone, and each row is what a run of that setting alone would give.

    Args:
        dataset: a `Dataset`; or what `as_dataset` makes one of: a pair `(X, y)` with class labels, a split
            `(X_train, y_train, X_test, y_test)`, a torch `Dataset`, a scikit-learn `Bunch`.
        model: an `MLP`, any `torch.nn.Module` (from its present weights), or None for one hidden layer of 16.
        lr: α₀, the initial learning rate, above 0.
        batch_size: samples in a mini-batch, 1 to the number of training samples; the last may be smaller.
        l2: λ of the penalty λΣw², 0 or above.
        l1: λ₁ of the penalty λ₁Σ|w|, 0 or above.
        delta: δ of the article's decay, per epoch, 0 or above.
        p: exponent of the article's decay, 0 or above.
        schedule: a name from `schedules`, or a function of the same form.
        optimizer: a key of `OPTIMIZERS` (rules/classic.py) or `RECENT` (rules/recent.py), or a function of
            the same form.
        epochs: passes over the training data, 1 or more.
        seed: of the initial weights and of the batch order.
        callbacks: called after every epoch.
        loss: a name from `losses`, a loss of `torch.nn`, or a function of outputs `(settings, samples,
            outputs)` and labels that gives one loss a sample; cross-entropy for classes, squared error for a
            regression.
        penalize_bias: whether the penalties hold for biases too.
        one_per_batch: use one random sample of each batch only (the article, section 4.4).
        schedule_per: what the schedule's time counts, `"epoch"` or `"step"`.
        device: where to train, such as `"cuda"` or `"mps"`: data and parameters go there. None trains where
            the data are, by default on the CPU.
        engine: `"compiled"` for the compiled kernel, which takes linear layers with common activations;
            `"autograd"` for PyTorch; `"auto"` for the kernel where it can train the model and is faster.
        hyper: hyper-parameters of the optimizer or the schedule, such as `momentum=0.9`.

    Returns:
        The History, with one row for each setting.

    Raises:
        TypeError: if an argument has the wrong type or is not known.
        ValueError: if a value is out of range or lengths differ. A rate that diverges raises nothing.

    Example:
        >>> from optlab import iris_pair
        >>> train(iris_pair(), lr=[0.01, 0.1], epochs=100).test_accuracy[:, -1].round(2)
        array([0.95, 0.95], dtype=float32)

    Source:
        The article, sections 4.4 and 4.5.
    """
    asked: dict[str, Any] = {
        "model": model,
        "optimizer": optimizer,
        "schedule": schedule,
        "epochs": epochs,
        "loss": loss,
    }
    rules: dict[str, Any] = {
        "penalize_bias": penalize_bias,
        "one_per_batch": one_per_batch,
        "schedule_per": schedule_per,
    }
    columns = {"lr": lr, "l2": l2, "l1": l1, "delta": delta, "p": p, "batch_size": batch_size, "seed": seed}
    with training_device(device, dataset) as place:
        task = make_task(dataset, columns=columns | hyper, device=place, **asked, **rules)
        _check_callbacks(callbacks)
        fast = groups_for_kernel(task, engine)
        if fast is not None:
            return _by_kernel(task, fast, callbacks)
        with threads(1) if _small(task) else nullcontext():
            return _run(task, [epochs_by_autograd(task, group) for group in task.groups], callbacks)


def _by_kernel(task: Task, groups: Sequence[CompiledGroup], callbacks: Sequence[Callback]) -> History:
    with _pool(task) as map_:
        if callbacks:
            return _run(task, [group.epochs(map_) for group in groups], callbacks)
        for group in groups:
            group.whole(map_)
    each = [group.curves() for group in groups]
    curves = {name: _gather(task, [part[name] for part in each]) for name in CURVES}
    lr = _gather(task, [group.rates() for group in groups])
    return recorded(task.settings, curves, lr, _weights(task, [group.answers() for group in groups]))


@contextmanager
def _pool(task: Task) -> Iterator[Any]:
    """`map` over the blocks of a group: on as many threads as torch uses, where that pays."""
    if torch.get_num_threads() == 1 or cost_compiled(task) <= 0.01:
        yield map
        return
    with pool("optlab-train") as workers:
        yield workers.map


def _check_callbacks(callbacks: Any) -> None:
    if not isinstance(callbacks, (list, tuple)):
        raise TypeError(f"callbacks={callbacks!r}: expected a list of callbacks")
    for callback in callbacks:
        if not isinstance(callback, Callback):
            raise TypeError(f"callbacks holds {callback!r}: expected instances of Callback")


def _small(task: Task) -> bool:
    """Whether a run is better kept on the calling thread.

    A second thread gains nothing below about half a million multiplications a step, and while another program
    (a browser that draws) keeps a core busy, waiting for it makes the run 2 to 30 times slower.
    """
    return max(group.theta.numel() * group.batch_size for group in task.groups) < 2**19


def _run(task: Task, runs: Sequence[Iterator[Epoch]], callbacks: Sequence[Callback]) -> History:
    for callback in callbacks:
        callback.on_train_begin(task.settings, task.epochs)
    recorder = Recorder()
    for epoch, groups in enumerate(zip(*runs, strict=True)):
        record = _record(task, epoch, groups)
        recorder.on_epoch_end(record)
        if any([callback.on_epoch_end(record) for callback in callbacks]):  # noqa: C419  (each is to hear it)
            break
    history = recorder.finished(epoch, record.weights())
    for callback in callbacks:
        callback.on_train_end(history)
    return history


def _gather(task: Task, parts: Sequence[Tensor]) -> np.ndarray:
    """Put the groups' rows back into the order of the settings."""
    return np.concatenate([part.cpu().numpy() for part in parts])[task.order]


def _record(task: Task, epoch: int, groups: Sequence[Epoch]) -> EpochRecord:
    values = {name: _gather(task, [e.values[name] for e in groups]) for name in CURVES}
    lr, weights = _gather(task, [e.lr for e in groups]), partial(_weights, task, [e.theta for e in groups])
    return EpochRecord(epoch, task.epochs, task.settings, values, lr, weights)


def _weights(task: Task, parts: Sequence[Tensor]) -> dict[str, np.ndarray]:
    states = [task.model.state(theta, g.buffers) for theta, g in zip(parts, task.groups, strict=True)]
    return {name: _gather(task, [state[name] for state in states]) for name in states[0]}
