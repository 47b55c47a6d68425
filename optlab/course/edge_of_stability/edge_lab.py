"""Lab: the edge of stability."""

from typing import Any

import numpy as np

from optlab import Film, Goal, Param, Plot, Table
from optlab.course.common.goal_lines import goal_lines
from optlab.course.common.in_words import ends_in_words
from optlab.course.common.making import Parts, course_lab
from optlab.course.edge_of_stability.edge import EVERY, LRS, SEEDS, STEPS, Edge, edge_runs, threshold
from optlab.live.plots import BLUE, ORANGE, number

LR = Param("lr", "α", "learning rate", LRS, 0.1)
SEED = Param("seed", "", "seed", SEEDS, 0)

X = np.arange(0, STEPS + 1, EVERY)
FILM = Film("step", every=EVERY)
AXES: dict[str, Any] = {"xlabel": "step", "xlim": (X[0], X[-1])}

FLAT, LOW = 12, 0.02
"""A sharpness and a loss to get below."""
GOALS = (
    Goal(
        "come to rest where the sharpness is under 12", lambda run: np.median(run.sharpness[0, -50:]) < FLAT
    ),
    Goal(
        "the loss rises in a quarter of the steps, and ends under 0.02",
        lambda run: _rises(run) > 0.25 and run.loss[0, -1] < LOW,
    ),
)


def _rises(run: Edge) -> float:
    """In which fraction of the steps the loss of the first setting rises."""
    return float((np.diff(run.loss[0]) > 0).mean())


@course_lab
def edge_lab(record: Edge | None = None) -> Parts:
    """Full-batch gradient descent on a tanh network: its loss, and its sharpness on the way to 2/α.

    Args:
        record: from `optlab.course.edge_of_stability.edge.edge_runs`; run now if left out.

    Source:
        J. Cohen et al., "Gradient descent on neural networks typically occurs at the edge of stability",
        ICLR 2021.
    """
    return Parts((LR, SEED), Table(record or edge_runs()), [sharpness(), losses()], GOALS)


def sharpness() -> Plot:
    """The sharpness beside the threshold 2/α."""

    def title(one: Edge) -> str:
        over, edge = one.relative[0] >= 1, threshold(one.settings["lr"][0])
        when = f"reaches 2/α at step {one.steps[over.argmax()]}" if over.any() else "has not reached 2/α"
        return f"2/α = {number(edge)}; {when}\nlast third: {one.level[0]:.2f} × 2/α"

    plot = Plot(film=FILM, legend=True, ylabel="sharpness", ylim=(0, 45), **AXES)
    goal_lines(plot, FLAT)
    plot.line("sharpness", lambda run: run.sharpness, x=X)
    plot.line("2/α", _threshold, ORANGE, "--", x=X, width=2.4, role="theory")
    plot.handle(["lr"], lambda at: (np.nan, threshold(at["lr"])))
    plot.figure.subplots_adjust(right=0.95)  # room for half of "2000"
    plot.title(title)
    ends_in_words(plot)
    return plot


def _threshold(run: Edge) -> np.ndarray:
    return np.repeat(threshold(run.settings["lr"])[:, None], len(X), axis=1)


def losses() -> Plot:
    """The training loss at the same steps."""

    def title(one: Edge) -> str:
        rises = f"the loss rises in {_rises(one):.0%} of the {STEPS} steps"
        return f"{rises},\nand ends at {number(one.loss[0, -1])}"

    axes: dict[str, Any] = {"ylabel": "training loss", "yscale": "log", "ylim": (1e-4, 3)}
    plot = Plot(film=FILM, legend=True, **AXES, **axes)
    goal_lines(plot, LOW)
    plot.line("training loss", lambda run: run.loss[:, ::EVERY], BLUE, x=X)
    plot.figure.subplots_adjust(right=0.95)  # room for half of "2000"
    plot.title(title)
    ends_in_words(plot)
    return plot
