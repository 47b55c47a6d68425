"""Descent on three surfaces that are no quadratics, with momentum and without."""

import numpy as np

from optlab.engine.analysis.follow import Descent, follow
from optlab.engine.analysis.surfaces import SURFACES

GOAL = 1e-4
"""The loss at which a run counts as converged."""

RULES = ("sgd", "momentum")


def surface_descent(settings: dict[str, np.ndarray], *, steps: int = 300, goal: float = GOAL) -> Descent:
    """Descend the `SURFACES`; those runs that share a surface and a rule go together.

    Args:
        settings: `surface`, `optimizer`, `lr` and `start`, the name of a start, each `(settings,)`.
        steps: the most steps.
        goal: the loss at which a run counts as converged.

    Returns:
        The runs, in the order of the settings.

    Example:
        >>> names = {"surface": ["saddle"] * 2, "optimizer": RULES, "lr": [0.1] * 2, "start": "AB"}
        >>> settings = {name: np.array(list(column)) for name, column in names.items()}
        >>> surface_descent(settings).loss[:, -1].round(3)
        array([0.  , 0.25])

    Source:
        The article, section 3.1. The surfaces' sources are in `optlab.engine.analysis.surfaces`.
    """
    groups = [
        np.flatnonzero((settings["surface"] == surface) & (settings["optimizer"] == rule))
        for surface in SURFACES
        for rule in RULES
    ]
    groups = [rows for rows in groups if rows.size]
    runs = [
        _one_group({name: column[rows] for name, column in settings.items()}, steps, goal) for rows in groups
    ]
    return Descent.concat(runs).select(np.argsort(np.concatenate(groups)))


def _one_group(settings: dict[str, np.ndarray], steps: int, goal: float) -> Descent:
    """Runs that share one surface and one rule."""
    surface, rule = SURFACES[settings["surface"][0]], str(settings["optimizer"][0])
    start = np.array([surface.starts[name] for name in settings["start"]])
    lr = settings["lr"].astype(float)
    return follow(surface.fn, start, settings=settings, tolerance=goal, optimizer=rule, lr=lr, steps=steps)
