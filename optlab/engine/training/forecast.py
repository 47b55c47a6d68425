"""Ask before a training who will train it, and how long the kernel will take."""

from __future__ import annotations

import inspect
import math
from typing import Any

from optlab.engine.training.compiled import cost_compiled, is_ready
from optlab.engine.training.device import training_device
from optlab.engine.training.engines import decided
from optlab.engine.training.plan import Task, task_of
from optlab.engine.training.train import train

__all__ = ["engine_for", "kernel_seconds"]


def engine_for(dataset: Any, **arguments: Any) -> str:
    """The engine that `train(dataset, **arguments)` uses once the kernel is compiled.

    Args:
        dataset: as in `train`.
        arguments: those of `train`.

    Returns:
        `"compiled"` or `"autograd"`.

    Raises:
        TypeError: as `train` does.
        ValueError: as `train` does.

    Example:
        >>> from optlab import iris_pair
        >>> engine_for(iris_pair()), engine_for(iris_pair(), optimizer="sam")
        ('compiled', 'autograd')
    """
    return decided(*_planned(dataset, arguments))


def kernel_seconds(dataset: Any, **arguments: Any) -> float:
    """About how long the kernel takes for `train(dataset, **arguments)`, if it is to train and is compiled.

    Args:
        dataset: as in `train`.
        arguments: those of `train`.

    Returns:
        Seconds on one thread; infinity where autograd would train, or the kernel is still being compiled.
        Asking has the kernel compiled.

    Raises:
        TypeError: as `train` does.
        ValueError: as `train` does.
    """
    task, engine = _planned(dataset, arguments)
    serves = decided(task, engine) == "compiled" and is_ready(task)
    return cost_compiled(task) if serves else math.inf


def _planned(dataset: Any, arguments: dict[str, Any]) -> tuple[Task, str]:
    """What `train` would make of its arguments."""
    given = inspect.signature(train).bind(dataset, **arguments)
    given.apply_defaults()
    asked = dict(given.arguments)
    with training_device(asked["device"], dataset) as place:
        return task_of(asked, place), asked["engine"]
