"""The one training loop, for one setting or thousands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import torch
from torch import Tensor

from optlab.engine.data.dataset import Dataset, shuffles
from optlab.engine.models.losses import accuracy
from optlab.engine.models.mlp import unpack
from optlab.engine.rules.classic import State
from optlab.engine.systems.threads import threads
from optlab.engine.training.callbacks import Callback, EpochRecord
from optlab.engine.training.history import CURVES, History
from optlab.engine.training.plan import Group, Task, make_task
from optlab.engine.training.recorder import Recorder

__all__ = ["measure", "step", "train"]


def train(
    dataset: Dataset | tuple[Any, Any],
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
    **hyper: Any,
) -> History:
    """Train one setting, or many at once.

    Every hyper-parameter takes a number or an array; arrays must have one length, the number of settings.
    Settings share initial weights and batch order wherever they share a seed, so two curves differ by their
    setting alone, and each row is what a run of that setting alone would give.

    Args:
        dataset: a `Dataset`, or a pair `(X, y)` with class labels.
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
        loss: a name from `losses` or a function; cross-entropy for classes, squared error for a regression.
        penalize_bias: whether the penalties hold for biases too.
        one_per_batch: use one random sample of each batch only (the article, section 4.4).
        schedule_per: what the schedule's time counts, `"epoch"` or `"step"`.
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
    columns = {"lr": lr, "l2": l2, "l1": l1, "delta": delta, "p": p, "batch_size": batch_size, "seed": seed}
    task = make_task(
        dataset,
        model=model,
        columns=columns | hyper,
        optimizer=optimizer,
        schedule=schedule,
        epochs=epochs,
        loss=loss,
        penalize_bias=penalize_bias,
        one_per_batch=one_per_batch,
        schedule_per=schedule_per,
    )
    _check_callbacks(callbacks)
    with threads(1) if _small(task) else nullcontext():
        return _run(task, callbacks)


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


def step(task: Task, group: Group, theta: Tensor, state: State, x: Tensor, y: Tensor, lr: Tensor) -> tuple:
    """One update of every setting in a group: the gradient of the loss and the penalty, given to the rule.

    Args:
        task: what is trained.
        group: the settings that share this run.
        theta: parameters, `(settings, parameters)`.
        state: the update rule's.
        x: a mini-batch, `(1 or settings, batch_size, features)`.
        y: its labels, `(1 or settings, batch_size)`.
        lr: the rates in force, `(settings, 1)`.

    Returns:
        The new parameters and the rule's new state.
    """
    gradient = partial(_gradient, task, group, x, y)
    supplied = {"gradient": gradient, "shapes": task.model.shapes}
    asked = {name: supplied[name] for name in group.rule_asks}
    return group.rule(theta, gradient(theta), state, lr=lr, **group.rule_hyper, **asked)


def _gradient(task: Task, group: Group, x: Tensor, y: Tensor, theta: Tensor) -> Tensor:
    """The gradient of loss and penalty on a mini-batch, at any θ."""
    with torch.enable_grad():
        leaf = theta.detach().requires_grad_()
        losses = task.loss(task.model(leaf, x, group.buffers, training=True), y)
        total = losses.sum() / x.shape[1]  # summed over settings: each depends on its own row of theta
    (grad,) = torch.autograd.grad(total, leaf)
    for penalty, strength in group.penalties:
        grad = grad + strength * penalty.gradient(theta)
    return grad


@torch.no_grad()
def measure(task: Task, group: Group, theta: Tensor) -> dict[str, Tensor]:
    """The value of every curve of a History for these parameters, each `(settings,)`."""
    outputs = task.model(theta, task.x[None], group.buffers, training=False)
    right = accuracy(outputs, task.y) if task.data.classes else torch.full_like(outputs[..., 0], torch.nan)
    n = len(task.data)
    means = [
        part.mean(1) for all_ in (task.loss(outputs, task.y), right) for part in (all_[:, :n], all_[:, n:])
    ]
    penalty = sum((strength * p.value(theta)).sum(1) for p, strength in group.penalties)
    norm = (task.weights * theta).norm(dim=1)
    return dict(zip(CURVES, [*means, torch.zeros_like(norm) + penalty, norm], strict=True))


@dataclass(frozen=True)
class _Epoch:
    """What one epoch of a group leaves: values of the curves, the rate, the parameters."""

    values: dict[str, Tensor]
    lr: Tensor
    theta: Tensor


def _epochs(task: Task, group: Group) -> Iterator[_Epoch]:
    """Train one group, pausing before the first epoch and after each."""
    theta, state, schedule_state = group.theta, State(), State()
    values = measure(task, group, theta)
    yield _Epoch(values, torch.full((len(theta),), torch.nan), theta)
    for epoch, order in zip(range(task.epochs), shuffles(len(task.data), group.seeds), strict=False):
        batches = _batches(task, group, order[group.seed_rows])
        loss = values["train_loss"].unsqueeze(1) if epoch else None
        rates, schedule_state = _rates(task, group, epoch, loss, schedule_state)
        for x, y, lr in zip(*batches, rates, strict=True):
            theta, state = step(task, group, theta, state, x, y, lr)
        answer = state.get("answer", theta)
        values = measure(task, group, answer)
        yield _Epoch(values, rates[0].squeeze(1), answer)


def _batches(task: Task, group: Group, order: Tensor) -> list[list[Tensor]]:
    """Features and labels of an epoch's mini-batches, in this order `(1 or settings, samples)`."""
    parts = (task.data.x_train, task.data.y_train)
    cut = [part[order].split(group.batch_size, 1) for part in parts]
    used = 1 if task.one_per_batch else None  # in shuffled data the first of a batch is a random one
    return [[batch[:, :used] for batch in batches] for batches in cut]


def _rates(
    task: Task, group: Group, epoch: int, loss: Tensor | None, state: State
) -> tuple[Sequence[Tensor], State]:
    """The rate `(settings, 1)` of each step of an epoch, and the schedule's state."""
    first = epoch * group.steps if task.per_step else epoch
    t = torch.arange(first, first + (group.steps if task.per_step else 1), dtype=group.theta.dtype)[None]
    if group.listens:
        rate, state = group.schedule(t, loss=loss, state=state, **group.schedule_hyper)
    else:
        rate = group.schedule(t, **group.schedule_hyper)
    rates = torch.as_tensor(rate, dtype=group.theta.dtype).expand(len(group.theta), group.steps)
    return rates.split(1, dim=1), state


def _run(task: Task, callbacks: Sequence[Callback]) -> History:
    for callback in callbacks:
        callback.on_train_begin(task.settings, task.epochs)
    recorder = Recorder()
    for epoch, groups in enumerate(zip(*(_epochs(task, group) for group in task.groups), strict=True)):
        record = _record(task, epoch, groups)
        recorder.on_epoch_end(record)
        if any([callback.on_epoch_end(record) for callback in callbacks]):  # noqa: C419  (each is to hear it)
            break
    history = recorder.finished(epoch, _weights(task, groups))
    for callback in callbacks:
        callback.on_train_end(history)
    return history


def _gather(task: Task, parts: Sequence[Tensor]) -> np.ndarray:
    """Put the groups' rows back into the order of the settings."""
    return np.concatenate([part.numpy() for part in parts])[task.order]


def _record(task: Task, epoch: int, groups: Sequence[_Epoch]) -> EpochRecord:
    values = {name: _gather(task, [e.values[name] for e in groups]) for name in CURVES}
    return EpochRecord(epoch, task.epochs, task.settings, values, _gather(task, [e.lr for e in groups]))


def _weights(task: Task, groups: Sequence[_Epoch]) -> dict[str, np.ndarray]:
    theta = torch.from_numpy(_gather(task, [group.theta for group in groups]))
    return {name: weight.numpy() for name, weight in unpack(theta, task.model.shapes).items()}
