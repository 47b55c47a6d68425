"""The lab of the catapult: from a rate that is small to one that throws the loss up, and the network far."""

from typing import Any

import numpy as np

from optlab import Film, Goal, Param, Plot, Table
from optlab.course.common.goal_lines import goal_lines
from optlab.course.common.making import Parts, course_lab
from optlab.course.edge_of_stability.catapult import (
    LRS,
    NETWORKS,
    PARAMETERS,
    SEEDS,
    STEPS,
    Catapult,
    catapult,
)
from optlab.live.plots import BLUE, GREY, ORANGE, counted, number


def marked() -> dict[str, Any]:
    """What the theory of a wide linear network says of the rates."""
    return {"catapult": (2.0, 4.0), "diverges above": (4.0, np.inf)}


PARAMS = (
    Param("lr", "α", "learning rate", LRS, 3.0, unit="/λ₀", marks=marked),
    Param("network", "", "network", NETWORKS, "linear"),
    Param("seed", "", "seed", SEEDS, 0),
)

THROWN, LANDED, FLAT = 15, 0.25, 0.4
"""How many times the loss grows, a loss to end under, and a sharpness over λ₀."""
GOALS = (
    Goal(
        "the loss grows more than 15-fold, and ends under 0.25",
        lambda run: THROWN < run.peak[0] < np.inf and run.loss[0, -1] < LANDED,
    ),
    Goal(
        "network ReLU: ends with a sharpness under 0.4 λ₀",
        lambda run: run.sharpness[0, -1] < FLAT,
        where={"network": "ReLU"},
    ),
)

X = np.arange(STEPS + 1)
RANKS = np.arange(1, PARAMETERS + 1)
FILM = Film("step")
IN_UNITS: dict[str, Any] = {"ylim": (-0.5, 1.6)}


@course_lab
def catapult_lab() -> Parts:
    """The loss, the sharpness and all eigenvalues of the Hessian at rates below and above 2/λ₀.

    Source:
        A. Lewkowycz et al., "The large learning rate phase of deep learning: the catapult mechanism", 2020.
    """
    return Parts(PARAMS, Table(catapult), [losses(), sharpness(), spectrum()], GOALS)


def losses() -> Plot:
    """The training loss, and that at a small rate."""
    axes: dict[str, Any] = {"ylabel": "training loss", "yscale": "log", "ylim": (0.1, 200)}
    plot = Plot(film=FILM, legend=True, xlabel="step", xlim=(0, STEPS), **axes)
    goal_lines(plot, LANDED)
    plot.line("α = 0.5/λ₀", lambda run: run.slow, GREY, x=X, role="other", width=1.4)
    plot.line("training loss", lambda run: run.loss, BLUE, x=X, width=2.4)
    plot.title(lambda one: f"{_rate(one)}\n{_thrown(one)}")
    return plot


def sharpness() -> Plot:
    """The largest eigenvalue beside 2/α, and that at a small rate."""
    plot = Plot(
        film=FILM, legend=True, xlabel="step", xlim=(0, STEPS), ylabel="sharpness, units of λ₀", **IN_UNITS
    )
    goal_lines(plot, FLAT)
    plot.line("α = 0.5/λ₀", lambda run: run.slow_sharpness, GREY, x=X, role="other", width=1.4)
    plot.line("2/α", lambda run: _level(run, X), ORANGE, "--", x=X, role="theory")
    plot.line("sharpness", lambda run: run.sharpness, x=X, width=2.4)
    plot.handle(["lr"], lambda at: (np.nan, 2 / at["lr"]))
    plot.title(_landed)
    return plot


def spectrum() -> Plot:
    """All eigenvalues at the step of the film, beside those of the start."""
    axes: dict[str, Any] = {"xlabel": "rank of the eigenvalue", "xscale": "log", "xlim": (0.8, PARAMETERS)}
    plot = Plot(film=FILM, legend=True, ylabel="eigenvalue, units of λ₀", **axes, **IN_UNITS)
    plot.line("2/α", lambda run: _level(run, RANKS), ORANGE, "--", x=RANKS, role="theory")
    dots: dict[str, Any] = {"x": RANKS, "marker": "o", "film": None}
    plot.line("at the start", lambda run: run.spectrum[:, 0], GREY, "", role="other", markersize=4, **dots)
    plot.line("now", lambda run: run.spectrum, "black", "", at=range(STEPS + 1), markersize=4, **dots)
    steps = range(STEPS + 1)
    plot.title(
        lambda one: _counted(one, STEPS), lambda one: [_counted(one, step) for step in steps], at=steps
    )
    return plot


def _level(run: Catapult, x: np.ndarray) -> np.ndarray:
    return np.repeat(run.edge[:, None], len(x), axis=1)


def _rate(one: Catapult) -> str:
    return f"α = {one.settings['lr'][0]:g}/λ₀ with λ₀ = {number(one.start[0])}"


def _thrown(one: Catapult) -> str:
    lost = np.isnan(one.loss[0])
    if lost.any():
        return f"diverges: over a million at step {lost.argmax()}"
    top, end = one.loss[0].argmax(), number(one.loss[0, -1])
    if top == 0:
        return f"ends at {end}, never above its start"
    return f"grows {number(one.peak[0])}-fold by step {top}, ends at {end}"


def _landed(one: Catapult) -> str:
    at_small = f"at α = 0.5/λ₀: {one.slow_sharpness[0, -1]:.2f} λ₀"
    end = one.sharpness[0, -1]
    if np.isnan(end):
        return f"diverges\n{at_small}"
    return f"ends at {end:.2f} λ₀ = {end / one.edge[0]:.2f} × 2/α\n{at_small}"


def _counted(one: Catapult, step: int) -> str:
    values = one.spectrum[0, step]
    if np.isnan(values[0]):
        return f"step {step}\ndiverged"
    above, below = (values > one.edge[0]).sum(), (values < -1e-3).sum()
    counts = f"{counted(above, 'eigenvalue')} above 2/α, {below} negative"
    return f"step {step}: the largest {values[0]:.2f} λ₀\n{counts}"
