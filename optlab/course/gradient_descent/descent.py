"""Gradient descent in a ravine: many runs at once, and what theory says of them."""

from typing import Any

import numpy as np

from optlab.engine.analysis.follow import Descent, follow
from optlab.engine.analysis.surfaces import parts, ravine, start_at

GOAL = 1e-6
"""The loss at which a run in the ravine counts as converged."""


def ravine_descent(
    settings: dict[str, np.ndarray], *, steps: int = 100, optimizer: str = "sgd", **hyper: Any
) -> Descent:
    """Descend ravines of any condition number from any angle.

    Args:
        settings: `lr` and `kappa`; `angle` of the start in degrees, 60 if left out; each `(settings,)`.
        steps: the most steps.
        optimizer: the update rule, a name from `optimizers`.
        hyper: the rule's other arguments, as in `descend`.

    Returns:
        The runs.

    Example:
        >>> settings = {"lr": np.array([0.16, 0.22]), "kappa": np.array([10.0, 10.0])}
        >>> ravine_descent(settings).reached_at
        array([38, -1])

    Source:
        The article, section 3.1; G. Goh, "Why momentum really works", Distill, 2017.
    """
    start = start_at(settings.get("angle", np.full(len(settings["lr"]), 60.0)))
    rule = {"optimizer": optimizer, "lr": settings["lr"], "steps": steps} | hyper
    return follow(ravine(settings["kappa"]), start, settings=settings, tolerance=GOAL, **rule)


def along_and_across(descent: Descent) -> np.ndarray:
    """The loss of a run in a ravine, split in its part along the valley and its part across.

    Args:
        descent: the runs.

    Returns:
        `(settings, steps + 1, 2)`; the sum of both parts is the loss.
    """
    return parts(descent.path, descent.settings["kappa"]).numpy()


def decay(descent: Descent, left: Any) -> np.ndarray:
    """The loss that theory expects when each step leaves the fraction `left` of the distance.

    Args:
        descent: the runs, for their first loss.
        left: a number, or one for each run, `(settings,)`.

    Returns:
        `(settings, steps + 1)`.

    Example:
        >>> run = ravine_descent({"lr": np.array([1.0]), "kappa": np.array([1.0])}, steps=2)
        >>> decay(run, left=0.5).round(3).tolist()
        [[2.0, 0.5, 0.125]]
    """
    steps = np.arange(descent.loss.shape[1])
    with np.errstate(over="ignore"):
        return descent.loss[:, :1] * np.reshape(left, (-1, 1)) ** (2.0 * steps)


def at_best_rate(descent: Descent) -> np.ndarray:
    """The loss that theory expects at the best learning rate without momentum, `(settings, steps + 1)`."""
    kappa = descent.settings["kappa"]
    return decay(descent, (kappa - 1) / (kappa + 1))


def measured_factor(loss: np.ndarray) -> float:
    """The fraction of the distance that a step leaves, read off the later half of a loss curve.

    Args:
        loss: `(steps + 1,)`.

    Returns:
        The square root of the loss's own factor; NaN where fewer than 4 steps can be read.

    Example:
        >>> measured_factor(8.0 * 0.25 ** np.arange(21))
        0.5
    """
    known = np.flatnonzero(np.isfinite(loss) & (loss > 1e-26) & (loss < 1e200))
    last = int(known[-1]) if known.size else 0
    first = last // 2
    if last - first < 4 or known.size <= last:  # too short, or with gaps
        return float("nan")
    return float((loss[last] / loss[first]) ** (0.5 / (last - first)))
