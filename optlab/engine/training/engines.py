"""Which engine trains: the compiled kernel or autograd."""

from __future__ import annotations

import math
import os

from optlab.engine.training.compiled import (
    CompiledGroup,
    compiled,
    cost_by_autograd,
    cost_compiled,
    obstacle,
)
from optlab.engine.training.plan import Task
from optlab.engine.validation import one_of

__all__ = ["ENGINES", "PATIENT", "decided", "groups_for_kernel", "pays"]

PATIENT = "OPTLAB_PATIENT"
"""The variable of the environment that has `"auto"` wait for the kernel however long it takes to come: which
engine trains, and so the last bits of every number, do not depend on how busy the machine is."""

ENGINES = ("auto", "autograd", "compiled")
"""What computes gradients: see `train`."""


def decided(task: Task, engine: str) -> str:
    """Which engine is to train a task when `engine` is asked for.

    Args:
        task: what is trained.
        engine: one of `ENGINES`.

    Returns:
        `"compiled"` or `"autograd"`; for `"auto"` the kernel only where it is faster.

    Raises:
        ValueError: if `engine` is not known, or is `"compiled"` and the kernel cannot train the task.
    """
    one_of("engine", engine, ENGINES)
    if engine == "auto":
        return "compiled" if pays(task) else "autograd"
    if engine == "compiled" and (reason := obstacle(task)):
        raise ValueError(f"engine='compiled': {reason}; expected 'auto' or 'autograd'")
    return engine


def groups_for_kernel(task: Task, engine: str) -> list[CompiledGroup] | None:
    """The groups of a task as the kernel takes them; None where autograd is to train.

    Args:
        task: what is trained.
        engine: one of `ENGINES`.

    Returns:
        The groups; with `"auto"` only where the kernel is faster, and is compiled before autograd would be
        half done.

    Raises:
        ValueError: if `engine` is not known, or is `"compiled"` and the kernel cannot train the task.
    """
    if decided(task, engine) == "autograd":
        return None
    return compiled(task, patience=_patience(task) if engine == "auto" else None)


def _patience(task: Task) -> float:
    return math.inf if os.environ.get(PATIENT) else cost_by_autograd(task) / 2


def pays(task: Task) -> bool:
    """Whether the kernel can train a task, and is the faster engine for it."""
    return not obstacle(task) and cost_compiled(task) <= cost_by_autograd(task)
