"""The learning rates of a group's steps, from its schedule."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from optlab.engine.rules.classic import State
from optlab.engine.rules.schedules import SCHEDULES
from optlab.engine.training.plan import Group, Task

__all__ = ["rates_between", "rates_of_epoch"]


def rates_of_epoch(
    task: Task, group: Group, epoch: int, loss: Tensor | None, state: State
) -> tuple[Tensor, State]:
    """The rates of one epoch.

    Args:
        task: what is trained.
        group: the settings.
        epoch: which epoch, from 0.
        loss: the training loss after the epoch before, `(settings, 1)`; None before the first.
        state: the schedule's; empty at first.

    Returns:
        The rate of each step, `(settings, steps)`, or one for all steps, `(settings, 1)`; and the schedule's
        state.
    """
    if not group.listens:
        return _rates(task, group, epoch, epoch + 1), state
    t = torch.tensor([[epoch]]).to(group.theta)
    rate, state = group.schedule(t, loss=loss, state=state, **group.schedule_hyper)
    return _as_theta(rate, group).expand(len(group.theta), 1), state


def rates_between(task: Task, group: Group, first: int, last: int) -> Tensor:
    """The rates of the epochs from `first` to before `last`, of a schedule that does not look at the loss.

    Returns:
        The rate of each step, or one for each epoch, `(settings, n)`.
    """
    if group.schedule in SCHEDULES.values():
        return _rates(task, group, first, last)
    epochs = range(first, last)  # a learner's own schedule may take one epoch only
    return torch.cat([_rates(task, group, epoch, epoch + 1) for epoch in epochs], dim=1)


def _rates(task: Task, group: Group, first: int, last: int) -> Tensor:
    times = group.steps if task.per_step else 1
    t = torch.arange(first * times, last * times).to(group.theta)[None]
    rate = group.schedule(t, **group.schedule_hyper)
    return _as_theta(rate, group).expand(len(group.theta), t.shape[1])


def _as_theta(rate: Any, group: Group) -> Tensor:
    """The rate in the precision of the parameters: a plain number too, not rounded on the way."""
    return torch.as_tensor(rate, dtype=group.theta.dtype, device=group.theta.device)
