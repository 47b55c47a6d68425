"""The general way to train: autograd gives the gradient of any model and any loss."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor

from optlab.engine.data.dataset import shuffles
from optlab.engine.models.losses import accuracy
from optlab.engine.rules.classic import State
from optlab.engine.training.graphs import Replayed, pays
from optlab.engine.training.history import CURVES
from optlab.engine.training.plan import Group, Task
from optlab.engine.training.rates import rates_of_epoch
from optlab.engine.training.room import split_samples

__all__ = ["Epoch", "epochs_by_autograd", "measure", "step"]


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

    def elsewhere(place: Tensor) -> Tensor:
        """What a rule asks for beside the step's own gradient: it moves no running statistics."""
        return _gradient(task, group, x, y, place, {name: b.clone() for name, b in group.buffers.items()})

    supplied = {"gradient": elsewhere, "shapes": task.model.shapes}
    asked = {name: supplied[name] for name in group.rule_asks}
    grad = _gradient(task, group, x, y, theta, group.buffers)
    return group.rule(theta, grad, state, lr=lr, **group.rule_hyper, **asked)


def _gradient(
    task: Task, group: Group, x: Tensor, y: Tensor, theta: Tensor, buffers: dict[str, Tensor]
) -> Tensor:
    """The gradient of loss and penalty on a mini-batch, at any θ."""
    with torch.enable_grad():
        leaf = theta.detach().requires_grad_()
        with group.randomness:
            outputs = task.model(leaf, x, buffers, training=True)
        losses = task.loss(outputs, y)
        total = losses.sum() / x.shape[1]  # summed over settings: each depends on its own row of theta
    (grad,) = torch.autograd.grad(total, leaf)
    for penalty, strength in group.penalties:
        grad = grad + strength * penalty.gradient(theta)
    return grad


@torch.no_grad()
def measure(task: Task, group: Group, theta: Tensor) -> dict[str, Tensor]:
    """The value of every curve of a History for these parameters, each `(settings,)`."""
    parts = split_samples(task.x, len(theta))
    with group.randomness:
        made = [task.model(theta, x[None], group.buffers, training=False) for x in parts]
    outputs = torch.cat(made, dim=1)
    right = accuracy(outputs, task.y) if task.data.classes else torch.full_like(outputs[..., 0], torch.nan)
    n = len(task.data)
    means = [
        part.mean(1) for all_ in (task.loss(outputs, task.y), right) for part in (all_[:, :n], all_[:, n:])
    ]
    penalty = sum((strength * p.value(theta)).sum(1) for p, strength in group.penalties)
    norm = (task.weights * theta).norm(dim=1)
    return dict(zip(CURVES, [*means, torch.zeros_like(norm) + penalty, norm], strict=True))


@dataclass(frozen=True)
class Epoch:
    """What one epoch of a group leaves: values of the curves, the rate, the parameters."""

    values: dict[str, Tensor]
    lr: Tensor
    theta: Tensor


def epochs_by_autograd(task: Task, group: Group) -> Iterator[Epoch]:
    """Train one group, pausing before the first epoch and after each."""
    theta, state, schedule_state = group.theta, State(), State()
    device = theta.device
    plain = partial(step, task, group)
    advance = Replayed(plain, group.buffers) if pays(task, group) else plain
    values = measure(task, group, theta)
    yield Epoch(values, theta.new_full((len(theta),), torch.nan), theta)
    for epoch, order in zip(range(task.epochs), shuffles(len(task.data), group.seeds), strict=False):
        batches = _batches(task, group, order[group.seed_rows].to(device))
        loss = values["train_loss"].unsqueeze(1) if epoch else None
        rate, schedule_state = rates_of_epoch(task, group, epoch, loss, schedule_state)
        rates = rate.expand(-1, group.steps).split(1, dim=1)
        for x, y, lr in zip(*batches, rates, strict=True):
            theta, state = advance(theta, state, x, y, lr)
        answer = state.get("answer", theta)
        values = measure(task, group, answer)
        yield Epoch(values, rates[0].squeeze(1), answer)


def _batches(task: Task, group: Group, order: Tensor) -> list[list[Tensor]]:
    """Features and labels of an epoch's mini-batches, in this order `(1 or settings, samples)`."""
    parts = (task.data.x_train, task.data.y_train)
    cut = [part[order].split(group.batch_size, 1) for part in parts]
    used = 1 if task.one_per_batch else None  # in shuffled data the first of a batch is a random one
    return [[batch[:, :used] for batch in batches] for batches in cut]
