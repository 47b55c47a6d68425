"""Two labs of section 3.4: a falling rate and the loss that it leads to, and the two sums of the rates."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
import torch

from optlab.course.common.old_programs import decay_program, sums_program
from optlab.course.learning_rate_decay.decay import Walks, best_constant, noise, walk
from optlab.course.learning_rate_decay.old_decay_figures import RateOfSteps, SumCurve, WalkLoss
from optlab.course.learning_rate_decay.sums import Sums, limit, sums
from optlab.engine.rules.schedules import power_decay
from optlab.engine.training.callbacks import Callback
from optlab.live.goals import Goal
from optlab.live.old_lab import Lab
from optlab.params import Param, log_values

__all__ = ["EPOCH", "decay_lab", "sums_lab"]

STEPS = 400
EPOCH = 20
"""Steps to an epoch, in the lab on the noisy parabola."""
WALKS = 512


def marked_rates(curvature: float) -> dict[str, Any]:
    """What theory marks on the slider of α₀: the best constant rate, and where steps begin to overshoot."""
    return {
        "best constant": best_constant(STEPS, curvature=curvature)[0],
        "2/h, grows": (2 / curvature, np.inf),
    }


def marked_exponents() -> dict[str, Any]:
    """What theory marks on the slider of p: from where on each of the two sums has a limit."""
    return {"Σα² finite above": 1.0, "Σα finite above": (2.0, np.inf)}


ALPHA0 = Param(
    "lr",
    "α₀",
    "initial rate",
    (0.005, 0.01, 0.015, 0.02, 0.03, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1.0, 1.5, 2.0, 3.0),
    default=0.5,
    marks=marked_rates,
)
DELTA = Param(
    "delta", "δ", "decay rate", (0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0), default=1.0
)
EXPONENT = Param("p", "p", "decay exponent", (0.5, 1.0, 1.5, 2.0, 3.0, 4.0), 1.0, marks=marked_exponents)
COUNT = Param("count", "", "t counts", ("steps", "epochs"), default="steps")
CURVATURE = Param("curvature", "h", "curvature", (0.03, 0.1, 0.3, 1.0), default=1.0)


def rates_of(settings: dict[str, Any], steps: int, epoch: int = 1) -> np.ndarray:
    """The document's rate for every step of every setting.

    Args:
        settings: `lr`, `delta` and `p`, each `(settings,)`; `count` says what t counts, steps if left out.
        steps: how many steps.
        epoch: how many steps an epoch has.

    Returns:
        `(settings, steps)`.

    Example:
        >>> columns = {"lr": [1.0, 1.0], "delta": [1.0, 1.0], "p": [2.0, 2.0], "count": ["steps", "epochs"]}
        >>> rates_of({k: np.array(v) for k, v in columns.items()}, steps=4, epoch=2).round(3).tolist()
        [[1.0, 0.5, 0.333, 0.25], [1.0, 1.0, 0.5, 0.5]]
    """
    columns = {
        name: torch.as_tensor(settings[name], dtype=torch.float64)[:, None] for name in ("lr", "delta", "p")
    }
    unit = np.where(np.asarray(settings.get("count", "steps")) == "epochs", epoch, 1).reshape(-1, 1)
    return power_decay(torch.from_numpy(np.arange(steps) // unit).double(), **columns).numpy()


@cache
def _to_beat(curvature: float) -> float:
    """The loss that the best constant rate ends with."""
    return best_constant(STEPS, curvature=curvature)[1]


def beats(run: Walks, loss: float | None = None, **where: Any) -> bool:
    """Whether one run with these settings ends under a loss, or under the best constant rate's.

    Example:
        >>> run = walk(np.ones(400), noise(400, 9), settings={"curvature": np.array([1.0])})
        >>> beats(run), beats(run, 10.0), beats(run, 10.0, curvature=0.1)
        (False, True, False)
    """
    here = all(run.settings[name][0] == value for name, value in where.items())
    below = _to_beat(float(run.settings["curvature"][0])) if loss is None else loss
    return here and bool(run.loss[0, -1] < below)


DECAY_GOALS = (
    Goal("δ = 1: beat the best constant rate", lambda run: beats(run, delta=1.0, curvature=1.0)),
    Goal("a mean loss under 0.0013", lambda run: beats(run, 0.0013, curvature=1.0)),
    Goal(
        "δ = 1, t counts epochs: beat it again",
        lambda run: beats(run, delta=1.0, count="epochs", curvature=1.0),
    ),
    Goal("h = 0.1: beat it once more", lambda run: beats(run, curvature=0.1)),
)


def decay_lab(**options: Any) -> Lab:
    """The document's decay on a noisy parabola: the rate of each step, and the mean loss of 512 walks.

    Args:
        options: `goals`, `state` and `hide`, as in `Lab`.

    Returns:
        The lab, its controls named `lr`, `delta`, `p`, `count` and `curvature`; its results are `Walks`.

    Source:
        Section 3.4 of the document; H. Robbins and S. Monro, "A stochastic approximation method", 1951.
    """
    xi = noise(STEPS, WALKS)

    def run(settings: dict[str, Any], _: Sequence[Callback]) -> Walks:
        rates = rates_of(settings, STEPS, EPOCH)
        return walk(rates, xi, curvature=settings["curvature"], settings=settings)

    panels = [RateOfSteps(STEPS, (1e-4, 5)), WalkLoss(STEPS, (2e-4, 1e5))]
    options = {"goals": DECAY_GOALS} | options
    params = (ALPHA0, DELTA, EXPONENT, COUNT, CURVATURE)
    return Lab(params, run, panels, most=512, program=decay_program, **options)


# ---------------------------------------------------------------- the two sums

WALKED = 10_000
FAR = 1e12
"""Steps: the rates are added up to the first, theory is drawn to the second."""

GOAL = 10.0
"""How far the walkers have to go."""

SUM_ALPHA0 = Param("lr", "α₀", "initial rate", (0.1, 0.2, 0.5, 1.0, 2.0), default=0.5)
SUM_DELTA = Param("delta", "δ", "decay rate", log_values(0.01, 10, 2), default=1.0, unit="/step")
SUM_P = Param(
    "p", "p", "decay exponent", (0.5, 0.8, 1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0), 1.0, marks=marked_exponents
)


def _never_arrives(run: Sums) -> bool:
    """Whether Σα has a limit short of the goal."""
    lr, delta, p = (float(run.settings[name][0]) for name in ("lr", "delta", "p"))
    return lr * limit(p / 2, delta) < GOAL


SUMS_GOALS = (
    Goal(
        "arrive within 10 000 steps, with a spread that has a limit",
        lambda run: run.rate[0, -1] >= GOAL and run.settings["p"][0] > 1,
    ),
    Goal("never arrive, with α₀ = 2", lambda run: run.settings["lr"][0] == 2 and _never_arrives(run)),
)


def sums_lab(**options: Any) -> Lab:
    """The sums of the rates and of their squares: added up, walked by 400 walkers, and by theory for ever.

    Args:
        options: `goals`, `state` and `hide`, as in `Lab`.

    Returns:
        The lab, its sliders named `lr`, `delta` and `p`; its results are `Sums`.

    Source:
        H. Robbins and S. Monro, "A stochastic approximation method", 1951: the first sum without a limit,
        the second with one.
    """
    times = np.unique(np.geomspace(1, WALKED, 81).round().astype(int))
    xi = noise(WALKED, 400)

    def run(settings: dict[str, Any], _: Sequence[Callback]) -> Sums:
        return sums(rates_of(settings, WALKED), xi, times, settings)

    panels = [
        SumCurve("rate", times, FAR, (0.02, 1e4), GOAL),
        SumCurve("square", times, FAR, (0.002, 1e3)),
    ]
    options = {"goals": SUMS_GOALS} | options
    return Lab((SUM_ALPHA0, SUM_DELTA, SUM_P), run, panels, program=sums_program, **options)
