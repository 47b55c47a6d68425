"""The fast way to train: the settings of a group go through the compiled kernel, block by block."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import wait
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import torch
from torch import Tensor

from optlab.engine.compiled.arrays import Run
from optlab.engine.compiled.network import Layer, layers_of
from optlab.engine.compiled.ready import Coming, Kernel, ask
from optlab.engine.compiled.source import penalty_source, update_source
from optlab.engine.compiled.tracing import Traced, trace_penalty, trace_rule
from optlab.engine.models.losses import PENALTIES, cross_entropy, squared_error
from optlab.engine.rules.classic import OPTIMIZERS, State
from optlab.engine.rules.recent import RECENT
from optlab.engine.training.autograd import Epoch
from optlab.engine.training.history import CURVES
from optlab.engine.training.plan import Group, Task
from optlab.engine.training.rates import rates_between, rates_of_epoch

__all__ = ["CompiledGroup", "compiled", "cost_by_autograd", "cost_compiled", "is_ready", "obstacle"]

STEP = 150e-6
"""Seconds that autograd spends on a step, however little there is to compute."""

BY_AUTOGRAD, BY_KERNEL = 10e9, 30e9
"""Multiplications a second, of one setting at a time and of a full block of lanes."""

BLOCK = 16
"""Settings in a block, or more: with fewer the rest of it works for nothing."""

COMPILING = 20.0
"""Seconds that it takes to compile the kernel, and more: once on a machine."""

AT_ONCE = 0.1
"""Seconds that a call of the kernel may take: Python can be interrupted only between two."""

LARGEST = 2**16
"""Parameters up to which a block stays in the processor's cache; beyond, torch's products are faster."""


Map = Callable[..., Iterable[Any]]
"""`map`, or that of a pool of threads."""


@dataclass(frozen=True)
class _Asked:
    """A group's rule, and the kernel with it, which may still be on its way."""

    group: Group
    traced: Traced
    hyper: tuple[str, ...]
    kernel: Coming


def obstacle(task: Task) -> str:
    """Why the kernel cannot run this training; empty if it can."""
    if layers_of(task.model) is None:
        return "the model is more than linear layers with known activations between them"
    if task.loss not in (cross_entropy, squared_error):
        return "the loss is neither cross_entropy nor squared_error"
    if task.x.ndim != 2 or task.x.dtype != torch.float32 or task.x.device.type != "cpu":
        return (
            f"the features are {task.x.dtype} {tuple(task.x.shape)} on {task.x.device}, not a float32 table"
        )
    ours = [*OPTIMIZERS.values(), *RECENT.values()]
    for group in task.groups:
        if group.rule not in ours or group.rule_asks:
            return f"the rule {group.rule.__name__} is not arithmetic entry by entry"
    return ""


def _work(task: Task, group: Group) -> float:
    """Multiplications of one setting in one epoch: forward, backward and by the gradient, and to measure."""
    each = len(task.weights)
    return each * (3 * group.steps * (1 if task.one_per_batch else group.batch_size) + len(task.x))


def cost_by_autograd(task: Task) -> float:
    """About how many seconds autograd would take."""
    per_epoch = sum(g.steps * STEP + len(g.theta) * _work(task, g) / BY_AUTOGRAD for g in task.groups)
    return task.epochs * per_epoch


def cost_compiled(task: Task) -> float:
    """About how many seconds the kernel would take on one thread."""
    per_epoch = sum(-(-len(g.theta) // BLOCK) * BLOCK * _work(task, g) / BY_KERNEL for g in task.groups)
    return task.epochs * per_epoch if len(task.weights) <= LARGEST else float("inf")


def compiled(task: Task, *, patience: float | None) -> list[CompiledGroup] | None:
    """The groups of a task, ready to be trained by the kernel.

    Args:
        task: one without an `obstacle`.
        patience: seconds to wait for the kernel; None for as long as it takes.

    Returns:
        The groups; None if the kernel is not ready in time, or could not be compiled.

    Raises:
        Exception: whatever went wrong in compiling, if `patience` is None.
    """
    layers = layers_of(task.model) or []
    asked = [_asked(group) for group in task.groups]
    until = time.monotonic() + (patience or 0.0)
    if patience is not None and not all(_arrives(one.kernel, until, patience) for one in asked):
        return None
    kernels = [one.kernel.result() for one in asked]
    return [CompiledGroup(task, a, k, layers) for a, k in zip(asked, kernels, strict=True)]


def is_ready(task: Task) -> bool:
    """Whether the kernel with the rules of a task without an `obstacle` is compiled; asks for it."""
    kernels = [_asked(group).kernel for group in task.groups]
    return all(kernel.done() and kernel.exception() is None for kernel in kernels)


def _arrives(kernel: Coming, until: float, patience: float) -> bool:
    """Wait for a kernel that is loaded, or that takes much less time to compile than autograd to train."""
    while not kernel.done():
        if time.monotonic() > until or (kernel.compiling and patience < COMPILING):
            return False
        wait([kernel], timeout=0.02)
    return kernel.exception() is None


def _asked(group: Group) -> _Asked:
    traced = trace_rule(group.rule, group.rule_hyper)
    hyper = (*PENALTIES, *group.rule_hyper)
    kernel = ask(update_source(traced, hyper), penalty_source(trace_penalty(), hyper))
    return _Asked(group, traced, hyper, kernel)


class CompiledGroup:
    """A group of settings on its way through the kernel.

    Args:
        task: what is trained.
        asked: the group and its rule.
        kernel: the compiled functions.
        layers: the network.
    """

    def __init__(self, task: Task, asked: _Asked, kernel: Kernel, layers: Sequence[Layer]) -> None:
        from optlab.engine.training import blocks  # noqa: PLC0415  (imports numba, which `kernel` has done)

        self.task, self.group, self.kernel = task, asked.group, kernel
        self.network, self.samples = blocks.network_of(task, layers), blocks.samples_of(task)
        self._room = partial(blocks.room_for, self.network, self.samples)
        self.blocks = blocks.Blocks(task, self.group, asked.traced, asked.hyper)
        orders = {seed: blocks.order_of(len(task.data), int(seed), task.epochs) for seed in self.group.seeds}
        self.orders = [orders[seed] for seed in self.blocks.seeds]
        self.memories = [self.blocks.memory(k) for k in range(len(self.orders))]

    def train(self, first: int, last: int, map_: Map) -> None:
        """Train from one epoch to before another, every block by itself; measures before epoch 0, too."""
        work = _work(self.task, self.group) * BLOCK
        stride = max(1, int(AT_ONCE * BY_KERNEL / work))
        for start in range(first, max(last, first + 1), stride):
            some = partial(self._train_block, start, min(start + stride, last))
            list(map_(some, self.orders, self.memories))

    def _train_block(self, first: int, last: int, order: np.ndarray, memory: Any) -> None:
        used = 1 if self.task.one_per_batch else self.group.batch_size
        per_step, answer = int(self.task.per_step), self.blocks.answer
        run = Run(order, self.group.batch_size, used, first, last, per_step, answer)
        functions = (self.kernel.update, self.kernel.penalty)
        self.kernel.train_block(*functions, self.network, self.samples, run, memory, self._room())

    def whole(self, map_: Map) -> None:
        """Train all epochs."""
        if self.group.listens:
            deque(self.epochs(map_), maxlen=0)
            return
        self.blocks.set_rates(0, rates_between(self.task, self.group, 0, self.task.epochs).numpy())
        self.train(0, self.task.epochs, map_)

    def epochs(self, map_: Map) -> Iterator[Epoch]:
        """Train one epoch at a time, pausing before the first and after each."""
        state = State()
        self.train(0, 0, map_)
        yield self._epoch(0)
        for epoch in range(self.task.epochs):
            loss = self.curves(epoch)["train_loss"][:, None] if epoch else None
            rates, state = rates_of_epoch(self.task, self.group, epoch, loss, state)
            self.blocks.set_rates(epoch * rates.shape[1], rates.numpy())
            self.train(epoch, epoch + 1, map_)
            yield self._epoch(epoch + 1)

    def curves(self, epoch: Any = slice(None)) -> dict[str, Tensor]:
        """The value of every curve in some epochs, each `(settings, ...)`."""
        values = torch.from_numpy(self.blocks.values(epoch))
        curves = {name: values[..., k] for k, name in enumerate(CURVES)}
        if not self.task.data.classes:
            curves |= {name: torch.full_like(values[..., 0], torch.nan) for name in CURVES[2:4]}
        return curves

    def rates(self) -> Tensor:
        """The rate at the start of each epoch, `(settings, epochs)`."""
        every = self.group.steps if self.task.per_step else 1
        return torch.from_numpy(self.blocks.rates_of_settings()[:, ::every])

    def answers(self) -> Tensor:
        """The parameters that are measured, `(settings, parameters)`."""
        return torch.from_numpy(self.blocks.answers())

    def _epoch(self, epoch: int) -> Epoch:
        lr = self.rates()[:, epoch - 1] if epoch else torch.full((len(self.group.theta),), torch.nan)
        return Epoch(self.curves(epoch), lr, self.answers())
