"""Lab: Adam's edge of stability."""

from typing import Any

import numpy as np

from optlab import Film, Goal, Param, Plot, Table
from optlab.course.common.goal_lines import goal_lines
from optlab.course.common.in_words import ends_in_words
from optlab.course.common.making import Parts, course_lab
from optlab.course.edge_of_stability.adam_edge import (
    BETA1S,
    EVERY,
    LRS,
    SEEDS,
    STEPS,
    AdamEdge,
    adam_edge_runs,
    adam_threshold,
)
from optlab.live.plots import BLUE, GREY, ORANGE, number

PARAMS = (
    Param("lr", "α", "learning rate", LRS, 0.002),
    Param("beta1", "β₁", "memory", BETA1S, 0.9),
    Param("seed", "", "seed", SEEDS, 0),
)

X = np.arange(0, STEPS + 1, EVERY)
EACH = np.arange(STEPS + 1)
AXES: dict[str, Any] = {"xlabel": "step", "xlim": (X[0], X[-1]), "yscale": "log"}

LATE, SHARP = 800, 0.4
"""A step to be below the edge until, and α times a sharpness to get above."""
GOALS = (
    Goal("first rises to its edge after step 800", lambda run: _reached(run) > LATE),
    Goal("α × sharpness, without preconditioner, rises above 0.4", lambda run: run.plain[0].max() > SHARP),
)


def _reached(run: AdamEdge) -> float:
    """The first step of a look at which the first setting has risen to its edge; NaN: none."""
    rises = (run.relative[0, 1:] >= 1) & (run.relative[0, :-1] < 1)
    return float(run.steps[1 + rises.argmax()]) if rises.any() else np.nan


@course_lab
def adam_edge_lab(record: AdamEdge | None = None) -> Parts:
    """Full-batch Adam on a tanh network: two sharpnesses, and the edge that one of them rises to.

    Args:
        record: from `optlab.course.edge_of_stability.adam_edge.adam_edge_runs`; run now if left out.

    Source:
        J. Cohen et al., "Adaptive gradient methods at the edge of stability", 2022.
    """
    return Parts(PARAMS, Table(record or adam_edge_runs()), [sharpness(), losses()], GOALS)


def sharpness() -> Plot:
    """Both sharpnesses times α, beside the threshold of each."""
    plot = Plot(
        film=Film("step", every=EVERY), legend=True, ylabel="α × sharpness", ylim=(0.005, 300), **AXES
    )
    plot.ax.axhline(2, color=GREY, linewidth=1, linestyle=":")
    place: dict[str, Any] = {"color": GREY, "fontsize": 8, "ha": "right", "va": "top"}
    plot.ax.annotate("edge of gradient descent", (X[-1], 1.9), **place)
    goal_lines(plot, SHARP)
    plot.line("sharpness", lambda run: run.plain, GREY, x=X, role="other", width=1.6)
    plot.line("preconditioned sharpness", lambda run: run.sharpness, x=X)
    plot.line("Adam's edge", _edge, ORANGE, "--", x=X, width=2.4, role="theory")
    plot.figure.subplots_adjust(right=0.95)  # room for half of "2000"
    plot.title(_settles)
    ends_in_words(plot)
    return plot


def losses() -> Plot:
    """The training loss after every step."""
    plot = Plot(film=Film("step"), legend=True, ylabel="training loss", ylim=(1e-6, 3), **AXES)
    plot.line("training loss", lambda run: run.loss, BLUE, x=EACH, width=1.2)
    plot.figure.subplots_adjust(right=0.95)  # room for half of "2000"
    plot.title(_rises)
    ends_in_words(plot)
    return plot


def _edge(run: AdamEdge) -> np.ndarray:
    return np.repeat(adam_threshold(run.settings["beta1"])[:, None], len(X), axis=1)


def _settles(one: AdamEdge) -> str:
    edge, reached = adam_threshold(one.settings["beta1"][0]), _reached(one)
    when = "has not reached it" if np.isnan(reached) else f"rises to it by step {reached:.0f}"
    return f"Adam's edge: {edge:.0f}/α; {when}\nlast third: {one.level[0]:.2f} × {edge:.0f}/α"


def _rises(one: AdamEdge) -> str:
    rises = (np.diff(one.loss[0]) > 0).mean()
    return f"the loss rises in {rises:.0%} of the {STEPS} steps,\nand ends at {number(one.loss[0, -1])}"
