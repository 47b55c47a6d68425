"""Follow a descent over a surface, and say what ended it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from optlab.engine.analysis.descend import descend, stopped_at
from optlab.engine.training.history import NEVER
from optlab.record import Record

__all__ = ["Descent", "follow"]

LOST = 1e6
"""A run whose loss has grown by this factor counts as diverged."""


@dataclass(frozen=True)
class Descent(Record):
    """The record of one descent or of many: row *i* belongs to setting *i*.

    Args:
        settings: the hyper-parameters, each `(settings,)`.
        path: the points, `(settings, steps + 1, 2)`; NaN after a run has diverged.
        loss: their heights, `(settings, steps + 1)`; NaN likewise.
        reached_at: first step whose loss is within the tolerance, or -1, `(settings,)`.
        kept_at: first step from which on it stays there, left alone, or -1, likewise.
        diverged_at: first step whose loss is not finite or a million times the first, or -1, `(settings,)`.
    """

    path: np.ndarray
    loss: np.ndarray
    reached_at: np.ndarray
    kept_at: np.ndarray
    diverged_at: np.ndarray

    def outcome(self, row: int = 0) -> str:
        """What ended a run, in words: the tolerance, the cap of steps, or the run itself.

        Args:
            row: which setting.

        Returns:
            Half a sentence.

        Example:
            >>> from optlab.engine.analysis.surfaces import ravine, start_at
            >>> lr = np.array([0.15])
            >>> follow(ravine(10.0), start_at(45.0), settings={"lr": lr}, lr=lr, steps=100).outcome()
            'goal reached: the tolerance ended it at step 43 ★'
        """
        loss, reached, lost = self.loss[row], self.reached_at[row], self.diverged_at[row]
        if reached != NEVER:
            return f"goal reached: the tolerance ended it at step {reached} ★{self._left_alone(row)}"
        if lost != NEVER:
            return f"diverged: the loss is a million times larger by step {lost}"
        grown = "grew to" if loss[-1] > loss[0] else "is"
        return f"the cap of {len(loss) - 1} steps ended it: the loss {grown} {loss[-1]:.3g}"

    def _left_alone(self, row: int) -> str:
        """What the run does after the tolerance has ended it, where that is not to stay within it."""
        lost, kept = self.diverged_at[row], self.kept_at[row]
        if lost != NEVER:
            return f"; left alone, it diverges by step {lost}"
        if kept == NEVER:
            return "; left alone, it rises again"
        return "" if kept == self.reached_at[row] else f"; left alone, under it from step {kept} on"


def follow(
    fn: Callable[[Tensor], Tensor],
    start: Any,
    *,
    settings: dict[str, np.ndarray],
    tolerance: float = 1e-6,
    **descent: Any,
) -> Descent:
    """Descend a surface and read off where the article's stopping rule ends each run.

    Args:
        fn: the surface, points `(settings, 2)` to heights `(settings,)`, never below 0.
        start: `(settings, 2)`.
        settings: what to note of each setting, each `(settings,)`.
        tolerance: the loss at which a run counts as converged.
        descent: the other arguments of `descend`.

    Returns:
        The record; the path goes on to the cap of steps even where the rule would have stopped it.

    Example:
        >>> from optlab.engine.analysis.surfaces import ravine, start_at
        >>> lr = np.array([0.15, 0.25])
        >>> run = follow(ravine(10.0), start_at([45.0, 45.0]), settings={"lr": lr}, lr=lr, steps=100)
        >>> run.reached_at, run.diverged_at
        (array([43, -1]), array([-1, 18]))

    Source:
        The article, section 3.1, step 4: until the minimum, or until the most steps.
    """
    path = descend(fn, torch.as_tensor(np.asarray(start), dtype=torch.float64), **descent)
    loss = torch.stack([fn(points) for points in path.unbind(1)], dim=1).numpy()
    with np.errstate(invalid="ignore", over="ignore"):
        lost = ~(loss <= LOST * np.maximum(loss[:, :1], tolerance))
    diverged_at = np.where(lost.any(1), lost.argmax(1), NEVER)
    after = np.cumsum(lost, axis=1) > 1
    loss, points = np.where(after, np.nan, loss), np.where(after[..., None], np.nan, path.numpy())
    return Descent(
        settings, points, loss, stopped_at(loss, tolerance), _kept_at(loss <= tolerance), diverged_at
    )


def _kept_at(within: np.ndarray) -> np.ndarray:
    """The first step of the stretch that lasts to the end, or -1."""
    outside = ~within[:, ::-1]
    first = np.where(outside.any(1), within.shape[1] - outside.argmax(1), 0)
    return np.where(within[:, -1], first, NEVER)
