"""The same update rules on a function of a few variables: paths over a surface."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import torch
from torch import Tensor

from optlab.engine.rules.classic import OPTIMIZERS, State
from optlab.engine.rules.recent import RECENT
from optlab.engine.training.signatures import accepted, check_call, check_names
from optlab.engine.validation import HYPER, broadcast, choice, count, finite, plain, positive

__all__ = ["descend", "stopped_at"]


def descend(
    fn: Callable[[Tensor], Tensor],
    start: Any,
    *,
    optimizer: Any = "sgd",
    lr: Any,
    steps: int = 100,
    **hyper: Any,
) -> Tensor:
    """Follow an update rule down a function, for one setting or for many at once.

    Args:
        fn: takes points `(settings, dim)` and returns heights `(settings,)`: it reduces the last axis.
        start: where to begin, `(dim,)`, or `(settings, dim)` for a start of each setting's own.
        optimizer: a key of `OPTIMIZERS` (rules/classic.py) or `RECENT` (rules/recent.py), or a function of
            the same form.
        lr: α, a number or `(settings,)`, above 0.
        steps: how many updates.
        hyper: the rule's own hyper-parameters, such as `momentum=0.9`; numbers or `(settings,)`.

    Returns:
        The path `(settings, steps + 1, dim)` in the start's own dtype; one that diverges ends in inf and NaN.

    Raises:
        TypeError: if an argument has the wrong type or is not known.
        ValueError: if a value is out of range, lengths differ, or `fn` does not reduce the last axis.

    Example:
        >>> path = descend(lambda x: (x**2).sum(-1), [1.0, 2.0], lr=[0.1, 0.5], steps=3)
        >>> path.shape, path[1, 1].tolist()
        (torch.Size([2, 4, 2]), [0.0, 0.0])

    Source:
        The article, section 3.1.
    """
    rule = choice("optimizer", optimizer, OPTIMIZERS | RECENT)
    if not callable(fn):
        raise TypeError(f"fn={fn!r}: expected a function of points (settings, dim)")
    check_call("optimizer", rule, 3, hyper)
    check_names(hyper, [rule])
    begin, steps = _start(start), count("steps", steps)
    columns = {name: HYPER.get(name, finite)(name, value) for name, value in (hyper | {"lr": lr}).items()}
    columns = broadcast(columns | {"start": np.arange(len(begin))})
    theta = begin[columns.pop("start")]
    tensors = {
        name: torch.as_tensor(column, dtype=theta.dtype).unsqueeze(1) for name, column in columns.items()
    }
    gradient = partial(_gradient, fn)
    supplied = {"gradient": gradient, "shapes": {"theta": theta.shape[1:]}}
    asked = {name: part for name, part in supplied.items() if name in accepted(rule)}
    path, state = [theta], State()
    for _ in range(steps):
        theta, state = rule(theta, gradient(theta), state, **tensors, **asked)
        path.append(state.get("answer", theta))
    return torch.stack(path, dim=1)


def _start(start: Any) -> Tensor:
    begin = start.detach() if isinstance(start, Tensor) else plain("start", start)
    if not isinstance(begin, Tensor):
        if begin.dtype.kind not in "iuf":
            raise TypeError(f"start={start!r}: expected numbers, (dim,) or (settings, dim)")
        begin = torch.as_tensor(begin)
    if begin.is_complex() or begin.dtype == torch.bool:
        raise TypeError(f"start={start!r}: expected real numbers, (dim,) or (settings, dim)")
    begin = begin if begin.is_floating_point() else begin.to(torch.get_default_dtype())
    if begin.ndim not in (1, 2) or begin.numel() == 0 or not begin.isfinite().all():
        raise ValueError(f"start={start!r}: expected finite numbers, (dim,) or (settings, dim)")
    return begin.reshape(-1, begin.shape[-1])


def _gradient(fn: Callable[[Tensor], Tensor], theta: Tensor) -> Tensor:
    with torch.enable_grad():
        theta = theta.detach().requires_grad_()
        height = fn(theta)
        if not isinstance(height, Tensor) or height.shape != theta.shape[:1]:
            shape = tuple(height.shape) if isinstance(height, Tensor) else type(height).__name__
            raise ValueError(
                f"fn gave {shape} for points of shape {tuple(theta.shape)}: expected ({len(theta)},)"
            )
        if not height.requires_grad:
            raise ValueError("fn gave heights with no gradient: expected torch operations on the points")
        return torch.autograd.grad(height.sum(), theta)[0]


def stopped_at(values: Any, tolerance: float) -> np.ndarray:
    """The step at which each run first reached a tolerance: the article's stopping rule, read off later.

    Args:
        values: what should become small (a loss, a gradient norm), `(settings, steps + 1)`.
        tolerance: stop when the value is at most this, above 0.

    Returns:
        The first such step `(settings,)`, or -1 for a run that the cap of steps ended.

    Example:
        >>> stopped_at([[1.0, 0.1, 0.01], [1.0, 2.0, 4.0]], tolerance=0.1)
        array([ 1, -1])

    Source:
        The article, section 3.1, step 4.
    """
    reached = np.asarray(values) <= float(positive("tolerance", tolerance)[0])
    return np.where(reached.any(-1), reached.argmax(-1), -1)
