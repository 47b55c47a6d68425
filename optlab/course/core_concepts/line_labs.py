"""Labs on one surface, the loss of a straight line through twenty flowers: point, penalty, samples, decay."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
import torch
from torch import Tensor

from optlab.course.common.old_paths import View
from optlab.course.common.old_programs import (
    bend_program,
    falling_rate_program,
    point_program,
    two_ways_program,
)
from optlab.course.core_concepts.line import (
    Point,
    curvatures,
    degrees_beside,
    excess,
    least_squares,
    line_gradient,
    line_loss,
    petals,
)
from optlab.course.core_concepts.old_bend_figures import BentPath, PenaltyCut
from optlab.course.core_concepts.old_point_figures import FlowerLine, SurfacePoint
from optlab.course.core_concepts.old_walks_figures import FallingRate, TwoLosses, TwoPaths
from optlab.course.core_concepts.two_ways import Walks, expected_excess, last_tenth, picks, walk
from optlab.engine.analysis.follow import Descent, follow
from optlab.engine.analysis.quadratic import best_rate, largest_rate
from optlab.engine.rules.schedules import power_decay
from optlab.engine.training.callbacks import Callback
from optlab.live.goals import Goal
from optlab.live.lab import Lab
from optlab.params import DELTA, Param, log_values

__all__ = ["BOX", "START", "bend_lab", "falling_rate_lab", "point_lab", "two_ways_lab"]

START = (0.2, 1.8)
"""Where every descent on this surface begins: a line that is too low and far too steep."""

BOX = (-0.6, 2.6, -0.6, 2.1)
"""The part of the plane that every picture of this surface shows."""


def view_of(x: Tensor, y: Tensor, l2: float = 0.0) -> View:
    """The surface for one λ, its lowest point marked."""
    return View(excess(x, y, l2), BOX, [tuple(least_squares(x, y, l2)[0].tolist())])


# ---------------------------------------------------------------- one point


def tenths(low: int, high: int) -> tuple[float, ...]:
    """Slider stops a tenth apart.

    Example:
        >>> tenths(-1, 2)
        (-0.1, 0.0, 0.1, 0.2)
    """
    return tuple(k / 10 for k in range(low, high + 1))


POINT_GOALS = (Goal("loss under 0.08", lambda point: point.loss[0] < 0.08),)


def point_lab(**options: Any) -> Lab:
    """A straight line through the flowers, set by hand: its errors, its loss and its gradient.

    Each slider marks the best value for the other slider's.

    Args:
        options: `goals`, `state` and `hide`, as in `Lab`.

    Returns:
        The lab, its sliders named `theta1` and `theta2`; its results are `Point`s.

    Source:
        Section 2 of the document: loss function, gradient.
    """
    x, y = petals()

    def run(settings: dict[str, Any], _: Sequence[Callback]) -> Point:
        theta = torch.from_numpy(np.stack([settings["theta1"], settings["theta2"]], axis=1))
        loss, gradient = line_loss(theta, x, y), line_gradient(theta, x, y)
        beside = degrees_beside(theta, x, y)
        return Point(settings, theta.numpy(), loss.numpy(), gradient.numpy(), beside)

    def best_height(theta2: float) -> dict[str, Any]:
        return {"lowest here": float((y - theta2 * x).mean())}

    def best_slope(theta1: float) -> dict[str, Any]:
        return {"lowest here": float((x * (y - theta1)).sum() / (x**2).sum())}

    height = Param("theta1", "θ₁", "height", tenths(-5, 25), START[0], "cm", marks=best_height)
    slope = Param("theta2", "θ₂", "slope", tenths(-5, 20), START[1], marks=best_slope)
    panels = [FlowerLine(x, y), SurfacePoint(view_of(x, y))]
    options = {"goals": POINT_GOALS} | options
    return Lab((height, slope), run, panels, program=point_program, **options)


# ---------------------------------------------------------------- a penalty


BEND_GOALS = (Goal("there (★) in under 10 steps", lambda run: 0 < run.reached_at[0] < 10),)


def bend_lab(steps: int = 40, **options: Any) -> Lab:
    """Gradient descent on the loss with a penalty λ(θ₁² + θ₂²): what bends, and what that does to the rates.

    Args:
        steps: the cap of steps.
        options: `goals`, `state` and `hide`, as in `Lab`.

    Returns:
        The lab, its sliders named `l2` and `lr`; its results are `Descent`s, their loss counted from the
        lowest point of each λ.

    Source:
        Sections 2 and 3.5 of the document.
    """
    x, y = petals()

    def run(settings: dict[str, Any], _: Sequence[Callback]) -> Descent:
        start = np.tile(START, (len(settings["l2"]), 1))
        return follow(excess(x, y, settings["l2"]), start, settings=settings, lr=settings["lr"], steps=steps)

    def marked_rates(l2: float) -> dict[str, Any]:
        flat, steep = curvatures(x, l2)
        return {"best": best_rate(flat, steep), "diverges above": (largest_rate(steep), np.inf)}

    strength = Param("l2", "λ", "penalty", (0.0, 0.03, 0.1, 0.3, 1.0, 3.0), 0.3)
    rate = Param("lr", "α", "learning rate", log_values(0.01, 1, 12), 0.1, marks=marked_rates)
    lowest = least_squares(x, y, np.array([0.0, *np.geomspace(1e-3, 1e4, 200)])).numpy()
    views = [view_of(x, y, l2) for l2 in strength.values]
    panels = [
        BentPath(
            views, lambda descent, row: strength.index(float(descent.settings["l2"][row])), steps, lowest
        ),
        PenaltyCut(x, y),
    ]
    options = {"goals": BEND_GOALS} | options
    program = partial(bend_program, start=START, steps=steps)
    return Lab((strength, rate), run, panels, program=program, **options)


# ---------------------------------------------------------------- all samples or some


RATES = (0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.12, 0.15, 0.2, 0.25, 0.3, 0.35, 0.38, 0.4, 0.45)


def marked_rate() -> dict[str, Any]:
    """What theory marks on the slider of α: where a descent over all flowers diverges."""
    return {"diverges above": (largest_rate(curvatures(petals()[0])[1]), np.inf)}


WAYS_GOALS = (
    Goal("blue under 0.001 over the last tenth", lambda w: last_tenth(w.other_loss[0]) < 1e-3),
    Goal(
        "B = 1: orange under 0.006 over the last tenth",
        lambda w: w.settings["batch_size"][0] == 1 and last_tenth(w.loss[0]) < 6e-3,
    ),
)


def two_ways_lab(epochs: int = 20, **options: Any) -> Lab:
    """Two descents from one start: all flowers a step, and some of them a step, at equal numbers of looks.

    Args:
        epochs: how often each flower is looked at.
        options: `goals`, `state` and `hide`, as in `Lab`.

    Returns:
        The lab, its sliders named `lr`, `batch_size` and `seed`; its results are `Walks`, one mark for each
        flower looked at.

    Source:
        Sections 2, 3.2 and 3.3 of the document.
    """
    x, y = petals()
    n, looks = len(x), np.arange(epochs * len(x) + 1)
    above = excess(x, y)

    def run(settings: dict[str, Any], _: Sequence[Callback]) -> Walks:
        sizes = settings["batch_size"]
        some = np.empty((len(sizes), len(looks), 2))
        for size in set(sizes.tolist()):  # walks of one batch size share one run
            rows = sizes == size
            orders = torch.stack([picks(n, size, epochs, int(seed)) for seed in settings["seed"][rows]])
            some[rows] = _held(settings["lr"][rows], orders, x, y)
        every = torch.arange(n).expand(len(some), epochs, n)
        all_ = _held(settings["lr"], every, x, y)
        loss, other_loss = (above(torch.from_numpy(path)).numpy() for path in (some, all_))
        return Walks(
            settings, some, all_, loss, other_loss, np.repeat(settings["lr"][:, None], epochs, axis=1)
        )

    rate = Param("lr", "α", "learning rate", RATES, 0.05, marks=marked_rate)
    size = Param("batch_size", "B", "flowers a step", (1, 2, 4, 5, 10, n), 1)
    seed = Param("seed", "", "random order", tuple(range(6)), 0)
    panels = [
        TwoPaths(view_of(x, y), len(looks), _sizes),
        TwoLosses(looks, "flowers looked at", (1e-7, 1e2), _sizes, _expected),
    ]
    options = {"goals": WAYS_GOALS} | options
    program = partial(two_ways_program, start=START, epochs=epochs)
    return Lab((rate, size, seed), run, panels, program=program, **options)


def _held(lr: Any, batches: Tensor, x: Tensor, y: Tensor) -> np.ndarray:
    """A walk with one mark for each sample looked at; θ stays where it is within a batch."""
    _, steps, size = batches.shape
    path = walk(START, np.repeat(np.atleast_1d(lr)[:, None], steps, axis=1), batches, x, y)
    return path[:, np.arange(steps * size + 1) // size]


def _sizes(walks: Walks, row: int) -> tuple[str, str]:
    size = int(walks.settings["batch_size"][row])
    return f"{size} a step" if size > 1 else "one a step", "all at once"


def _expected(walks: Walks, row: int) -> np.ndarray:
    epochs = walks.lr.shape[1]
    values = expected_excess(START, float(walks.settings["lr"][row]), epochs, *petals())
    return values[np.arange(walks.loss.shape[1]) // len(petals()[0])]


# ---------------------------------------------------------------- a falling rate


ORDERS = 10
"""Over how many random orders the losses of a falling rate are averaged."""


FALLING_GOALS = (
    Goal("the falling rate under 0.000001 over the last tenth", lambda w: last_tenth(w.loss[0]) < 1e-6),
)


def falling_rate_lab(epochs: int = 100, **options: Any) -> Lab:
    """The document's decay, and what it does to a descent over one flower a step.

    Args:
        epochs: how often each flower is looked at.
        options: `goals`, `state` and `hide`, as in `Lab`.

    Returns:
        The lab, its sliders named `lr`, `delta` and `p`; its results are `Walks`, one mark an epoch; the
        other path keeps the first rate. Losses are means over `ORDERS` random orders, paths are the first's.

    Source:
        Sections 2 and 3.4 of the document.
    """
    x, y = petals()
    t, above = torch.arange(epochs).double(), excess(x, y)
    orders = torch.stack([picks(len(x), 1, epochs, seed) for seed in range(ORDERS)])

    def run(settings: dict[str, Any], _: Sequence[Callback]) -> Walks:
        hyper = {name: torch.from_numpy(column)[:, None] for name, column in settings.items()}
        falling = power_decay(t[None], **hyper)
        both = torch.cat([falling, hyper["lr"].expand(-1, epochs)])
        rates = both.repeat_interleave(len(x), dim=1).repeat_interleave(ORDERS, dim=0)
        paths = walk(START, rates, orders.repeat(len(both), 1, 1), x, y)[:, :: len(x)]
        losses = above(torch.from_numpy(paths)).reshape(len(both), ORDERS, -1).mean(1).numpy()
        (path, other), (loss, other_loss) = np.split(paths[::ORDERS], 2), np.split(losses, 2)
        return Walks(settings, path, other, loss, other_loss, falling.numpy())

    params = (
        Param("lr", "α₀", "first rate", (0.01, 0.02, 0.03, 0.05, 0.07, 0.1), 0.05),
        DELTA,
        Param("p", "p", "decay exponent", (0.5, 1.0, 2.0, 3.0, 4.0), 1.0),
    )
    names = ("falling rate", "constant rate")
    panels = [
        FallingRate(epochs),
        TwoLosses(np.arange(epochs + 1), "epoch", (1e-6, 1e1), lambda walks, row: names),  # noqa: ARG005
    ]
    options = {"goals": FALLING_GOALS} | options
    program = partial(falling_rate_program, start=START, orders=ORDERS, epochs=epochs)
    return Lab(params, run, panels, program=program, **options)
