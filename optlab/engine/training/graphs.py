"""The training step as a CUDA graph: its kernels are recorded once and launched together ever after.

A step of many small networks is a hundred small kernels; launching them one by one takes longer than running
them. What is recorded reads and writes the same memory each time, so the parameters, the rule's state, the
model's buffers and the batch get places of their own, and what is new is copied there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from optlab.engine.rules.classic import OPTIMIZERS, State
from optlab.engine.rules.recent import RECENT
from optlab.engine.training.plan import Group, Task

__all__ = ["Replayed", "pays"]

Step = Callable[..., tuple[Tensor, State]]
Capture = Callable[[Callable[[], None]], Callable[[], None]]

WARM_UP = 3
"""Steps that are run as they are before one is recorded: libraries set themselves up in the first."""

WORTH = 50
"""How many steps of one shape make up for recording it."""


def pays(task: Task, group: Group) -> bool:
    """Whether the steps of a group can be recorded, and are many enough.

    Rules of one's own may look at numbers, which a recording cannot; random numbers would be the same ones
    each time; and a module that goes setting by setting may do anything.
    """
    known = group.rule in (*OPTIMIZERS.values(), *RECENT.values())
    plain = task.model.together and not task.model.draws
    return group.theta.is_cuda and known and plain and task.epochs * group.steps >= WORTH


def cuda_graph(body: Callable[[], None]) -> Callable[[], None]:
    """Record what `body` launches, without running it; the function that is returned runs it."""
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph, capture_error_mode="thread_local"):  # other threads may use the device
        body()
    return graph.replay


class Replayed:
    """The step of one group, recorded for each shape of a batch.

    Args:
        step: `step(theta, state, x, y, lr) -> (theta, state)`; it may change `buffers`. One that cannot be
            recorded, since it asks the device for a number, goes on as it is.
        buffers: the model's, by name.
        capture: what records.
    """

    def __init__(self, step: Step, buffers: dict[str, Tensor], capture: Capture = cuda_graph) -> None:
        self.step, self.buffers, self.capture = step, buffers, capture
        self.seen: Counter[torch.Size] = Counter()
        self.recorded: dict[torch.Size, tuple[Callable[[], None], tuple[Tensor, ...]]] = {}
        self.places: dict[str, Any] = {}
        self.refused = False

    def __call__(self, theta: Tensor, state: State, x: Tensor, y: Tensor, lr: Tensor) -> tuple[Tensor, State]:
        """One step; the parameters and the state that come back are overwritten by the next."""
        self.seen[x.shape] += 1
        if self.refused or self.seen[x.shape] <= WARM_UP:
            return self.step(theta, state, x, y, lr)
        self._settle(theta, state)
        if x.shape not in self.recorded and not self._record(x, y, lr):
            return self.step(theta, state, x, y, lr)
        replay, batch = self.recorded[x.shape]
        for place, new in zip(batch, (x, y, lr), strict=True):
            place.copy_(new)
        replay()
        return self.places["theta"], self.places["state"]

    def _settle(self, theta: Tensor, state: State) -> None:
        """Bring the parameters, the state and the buffers to their places."""
        if not self.places:
            self.places = {"theta": theta.clone(), "state": _tensors(state, theta.device), "buffers": {}}
            self.places["buffers"] = {name: buffer.clone() for name, buffer in self.buffers.items()}
        _bring({"theta": theta}, self.places)
        _bring(state, self.places["state"])
        _bring(self.buffers, self.places["buffers"])
        self.buffers.update(self.places["buffers"])

    def _record(self, *batch: Tensor) -> bool:
        """Record the step for batches of this shape; False where it cannot be."""
        own = tuple(part.clone() for part in batch)

        def body() -> None:
            theta, state = self.step(self.places["theta"], dict(self.places["state"]), *own)
            _bring({"theta": theta}, self.places)
            _bring(state, self.places["state"])
            _bring(self.buffers, self.places["buffers"])
            self.buffers.update(self.places["buffers"])

        try:
            self.recorded[batch[0].shape] = self.capture(body), own
        except RuntimeError:
            self.refused = True
            self.buffers.update(self.places["buffers"])  # the recording has put others there
        return not self.refused


def _tensors(state: State, device: torch.device) -> State:
    """A copy of a rule's state whose numbers are tensors, so that a recording can change them."""
    return {
        name: value.clone()
        if isinstance(value, Tensor)
        else torch.tensor(value, dtype=torch.float64, device=device)
        for name, value in state.items()
    }


def _bring(new: dict[str, Any], places: dict[str, Any]) -> None:
    """Copy what is elsewhere to its place."""
    for name, value in new.items():
        place = places[name]
        if value is not place:
            place.copy_(value) if isinstance(value, Tensor) else place.fill_(value)
