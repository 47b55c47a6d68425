"""Two labs of section 3.1: gradient descent in a ravine, and on surfaces that are no quadratics."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np

from optlab.course.common.old_panel import BLUE, GREY, ORANGE
from optlab.course.common.old_paths import Curve, DescentLoss, SurfacePath, View
from optlab.course.common.old_programs import ravine_program, surface_program
from optlab.engine.analysis.follow import Descent, follow
from optlab.engine.analysis.quadratic import best_rate, largest_rate, worst_factor
from optlab.engine.analysis.surfaces import SURFACES, parts, ravine, start_at
from optlab.engine.training.callbacks import Callback
from optlab.engine.training.history import NEVER
from optlab.live.goals import Goal
from optlab.live.lab import Lab
from optlab.params import Param, log_values

__all__ = ["GOAL", "KAPPA", "RAVINE", "arrives", "decay", "descent_lab", "ravine_views", "surface_lab"]

GOAL = 1e-6
"""The loss that counts as arrived, in the labs on the ravine."""

RAVINE = (-3.3, 3.3, -2.1, 2.1)
"""The part of the plane that the ravine's picture shows."""


def marked_rates(kappa: float) -> dict[str, Any]:
    """What theory marks on the slider of α: the best rate 2/(μ + L), and all from 2/L on."""
    return {"best": best_rate(1.0, kappa), "diverges above": (largest_rate(kappa), np.inf)}


ALPHA = Param("lr", "α", "learning rate", log_values(0.01, 4, 20), default=0.05, marks=marked_rates)
KAPPA = Param("kappa", "κ", "condition number", (1.0, 2.0, 3.0, 5.0, 10.0, 20.0, 30.0, 50.0, 100.0), 10.0)
ANGLE = Param("angle", "φ", "start, angle", (0.0, 15.0, 30.0, 45.0, 60.0, 75.0, 90.0), 60.0, "°")


def arrives(run: Descent, within: int, **where: Any) -> bool:
    """Whether one run with these settings reaches the goal within so many steps.

    Example:
        >>> kappa = np.array([10.0])
        >>> run = follow(ravine(kappa), start_at(60.0), settings={"kappa": kappa}, lr=0.16, steps=100)
        >>> arrives(run, within=38, kappa=10.0), arrives(run, within=37), arrives(run, within=38, kappa=20.0)
        (True, False, False)
    """
    return all(run.settings[name][0] == value for name, value in where.items()) and (
        NEVER < int(run.reached_at[0]) <= within
    )


RAVINE_GOALS = (
    Goal("κ = 10: the loss under 10⁻⁶ in at most 40 steps", lambda run: arrives(run, 40, kappa=10.0)),
    Goal("κ = 20: there in 100 steps", lambda run: arrives(run, 100, kappa=20.0)),
    Goal("κ = 30: there in 100 steps", lambda run: arrives(run, 100, kappa=30.0)),
)


def descent_lab(steps: int = 100, **options: Any) -> Lab:
    """Gradient descent in a ravine: its path, and its loss split along the two eigen-directions.

    Args:
        steps: the cap of steps.
        options: `goals`, `state` and `hide`, as in `Lab`.

    Returns:
        The lab, its sliders named `lr`, `kappa` and `angle`; its results are `Descent`s.

    Source:
        Section 3.1 of the document; G. Goh, "Why momentum really works", Distill, 2017.
    """

    def run(settings: dict[str, Any], _: Sequence[Callback]) -> Descent:
        start = start_at(settings["angle"])
        fn = ravine(settings["kappa"])
        return follow(fn, start, settings=settings, tolerance=GOAL, lr=settings["lr"], steps=steps)

    curves = (
        Curve("along the valley", BLUE, "--", lambda descent, row: _part(descent, row, 0)),
        Curve("across the valley", ORANGE, "-.", lambda descent, row: _part(descent, row, 1)),
        Curve("best α, by theory", GREY, ":", _at_best, still=True),
    )
    panels = [
        SurfacePath(*ravine_views(KAPPA), steps),
        DescentLoss(steps, (1e-12, 1e7), GOAL, curves, _shrinking),
    ]
    program = partial(ravine_program, steps=steps)
    options = {"goals": RAVINE_GOALS} | options
    return Lab((ALPHA, KAPPA, ANGLE), run, panels, most=10_000, program=program, **options)


def ravine_views(kappa: Param) -> tuple[list[View], Any]:
    """A view of the ravine for each κ on a slider, and the function that finds a row's."""
    views = [View(ravine(value), RAVINE, [(0.0, 0.0)]) for value in kappa.values]
    return views, lambda descent, row: kappa.index(float(descent.settings["kappa"][row]))


def decay(first: float, left: float, steps: int) -> np.ndarray:
    """The loss that theory expects when each step leaves the share `left` of the distance.

    Example:
        >>> decay(8.0, left=0.5, steps=2).tolist()
        [8.0, 2.0, 0.5]
    """
    with np.errstate(over="ignore"):
        return first * left ** (2.0 * np.arange(steps + 1))


def _part(descent: Descent, row: int, direction: int) -> np.ndarray:
    return parts(descent.path[row : row + 1], descent.settings["kappa"][row])[0, :, direction].numpy()


def _at_best(descent: Descent, row: int) -> np.ndarray:
    kappa, loss = float(descent.settings["kappa"][row]), descent.loss[row]
    return decay(loss[0], (kappa - 1) / (kappa + 1), len(loss) - 1)


def _shrinking(descent: Descent, row: int) -> str:
    """What a step leaves of the distance: measured, and by theory."""
    kappa, lr = (float(descent.settings[name][row]) for name in ("kappa", "lr"))
    theory, measured = float(worst_factor(1.0, kappa, lr)), measured_factor(descent.loss[row])
    if np.isnan(measured):
        return f"theory: distance × {theory:.3f} a step"
    return f"distance × {measured:.3f} a step (theory: at most {theory:.3f})"


def measured_factor(loss: np.ndarray) -> float:
    """What a step leaves of the distance, read off the later half of a loss curve.

    Args:
        loss: `(steps + 1,)`.

    Returns:
        The square root of the loss's own factor; NaN where fewer than 4 steps can be read.

    Example:
        >>> measured_factor(decay(8.0, left=0.5, steps=20))
        0.5
    """
    known = np.flatnonzero(np.isfinite(loss) & (loss > 1e-26) & (loss < 1e200))
    last = int(known[-1]) if known.size else 0
    first = last // 2
    if last - first < 4 or known.size <= last:  # too short, or with gaps
        return float("nan")
    return float((loss[last] / loss[first]) ** (0.5 / (last - first)))


# ---------------------------------------------------------------- other surfaces

SURFACE = Param("surface", "", "surface", tuple(SURFACES), next(iter(SURFACES)))
RULE = Param("optimizer", "", "update rule", ("sgd", "momentum"), "sgd")
SMALL_ALPHA = Param("lr", "α", "learning rate", log_values(1e-4, 1, 8), default=0.001)
START = Param("start", "", "start", ("A", "B", "C"), "A")
SURFACE_GOALS = (
    Goal(
        "Rosenbrock, start A: the loss under 10⁻⁴ in 300 steps",
        lambda run: arrives(run, 300, surface=SURFACE.default, start="A"),
    ),
)


def surface_lab(steps: int = 300, goal: float = 1e-4, **options: Any) -> Lab:
    """Gradient descent, with momentum 0.9 or without, on three surfaces where no formula tells the best rate.

    Args:
        steps: the cap of steps.
        goal: the loss that counts as arrived.
        options: `goals`, `state` and `hide`, as in `Lab`.

    Returns:
        The lab, its controls named `surface`, `optimizer`, `lr` and `start`; its results are `Descent`s.

    Source:
        Section 3.1 of the document. The surfaces' sources are in `optlab.engine.analysis.surfaces`.
    """

    def run(settings: dict[str, Any], _: Sequence[Callback]) -> Descent:
        groups = [
            np.flatnonzero((settings["surface"] == name) & (settings["optimizer"] == rule))
            for name in SURFACE.values
            for rule in RULE.values
        ]
        groups = [rows for rows in groups if rows.size]
        runs = [
            _on_surface({name: column[rows] for name, column in settings.items()}, steps, goal)
            for rows in groups
        ]
        return Descent.concat(runs).select(np.argsort(np.concatenate(groups)))

    views = [View(surface.fn, surface.box, surface.minima) for surface in SURFACES.values()]
    panels = [
        SurfacePath(views, lambda descent, row: SURFACE.index(descent.settings["surface"][row]), steps),
        DescentLoss(steps, (1e-9, 1e5), goal),
    ]
    program = partial(surface_program, steps=steps)
    options = {"goals": SURFACE_GOALS} | options
    return Lab((SURFACE, SMALL_ALPHA, RULE, START), run, panels, most=10_000, program=program, **options)


def _on_surface(settings: dict[str, np.ndarray], steps: int, goal: float) -> Descent:
    """All settings that share one surface and one rule, in one run."""
    surface, rule = SURFACES[settings["surface"][0]], settings["optimizer"][0]
    start = np.array([surface.starts[name] for name in settings["start"]])
    lr = settings["lr"].astype(float)
    return follow(
        surface.fn, start, settings=settings, tolerance=goal, lr=lr, steps=steps, optimizer=str(rule)
    )
