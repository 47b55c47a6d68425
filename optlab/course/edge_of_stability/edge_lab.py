"""Lab: the edge of stability."""

from typing import Any

import numpy as np
from matplotlib.transforms import ScaledTranslation, blended_transform_factory

from optlab import Film, Goal, Param, Plot, Table
from optlab.course.common.goal_lines import goal_lines
from optlab.course.common.in_words import ends_in_words
from optlab.course.common.making import Parts, course_lab
from optlab.course.edge_of_stability.edge import EVERY, LRS, SEEDS, STEPS, Edge, edge_runs, threshold
from optlab.live.plots import BLUE, ORANGE, number

LR = Param("lr", "α", "learning rate", LRS, 0.1)
SEED = Param("seed", "", "seed", SEEDS, 0)

X = np.arange(0, STEPS + 1, EVERY)
EACH = np.arange(STEPS + 1)
TOP = 45.0
"""The largest sharpness on the axis."""
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
    """The sharpness beside the threshold 2/α; a second axis counts it in units of 2/α."""

    def title(one: Edge) -> str:
        over, edge = one.relative[0] >= 1, threshold(one.settings["lr"][0])
        when = f"reaches 2/α at step {one.steps[over.argmax()]}" if over.any() else "has not reached 2/α"
        return f"2/α = {number(edge)}; {when}\nlast third: {one.level[0]:.2f} × 2/α"

    plot = Plot(film=Film("step", every=EVERY), legend=True, ylabel="sharpness", ylim=(0, TOP), **AXES)
    goal_lines(plot, FLAT)
    plot.line("sharpness", lambda run: run.sharpness, x=X)
    plot.line("2/α", _threshold, ORANGE, "--", x=X, width=2.4, role="theory")
    plot.handle(["lr"], lambda at: (np.nan, threshold(at["lr"])))
    plot.background(LRS, lambda run: run.settings["lr"], lambda lr: _units(plot, threshold(lr)))
    plot.figure.subplots_adjust(right=0.85)
    plot.title(title)
    ends_in_words(plot)
    return plot


def _units(plot: Plot, unit: float) -> list[Any]:
    """An axis beside the figure, right of the word "goal", with a tick at each half or whole unit."""
    ax = plot.ax
    aside = ScaledTranslation(14 / 72, 0, plot.figure.dpi_scale_trans)
    place = blended_transform_factory(ax.transAxes, ax.transData) + aside
    line: dict[str, Any] = {"transform": place, "clip_on": False, "color": ORANGE, "linewidth": 0.8}
    text: dict[str, Any] = {"transform": place, "color": ORANGE, "fontsize": 8, "va": "center"}
    ticks = np.arange(0, TOP / unit, 0.5 if unit > TOP / 3 else 1)
    drawn = [
        *ax.plot([1, 1], [0, TOP], **line),
        ax.text(1.09, TOP / 2, "in units of 2/α", rotation=90, **text),
    ]
    for tick in ticks:
        drawn += [
            *ax.plot([1, 1.012], [tick * unit] * 2, **line),
            ax.text(1.02, tick * unit, f"{tick:g}", **text),
        ]
    return drawn


def _threshold(run: Edge) -> np.ndarray:
    return np.repeat(threshold(run.settings["lr"])[:, None], len(X), axis=1)


def losses() -> Plot:
    """The training loss after every step: it leaps up for a few at a time."""

    def title(one: Edge) -> str:
        rises = f"the loss rises in {_rises(one):.0%} of the {STEPS} steps"
        return f"{rises},\nand ends at {number(one.loss[0, -1])}"

    axes: dict[str, Any] = {"ylabel": "training loss", "yscale": "log", "ylim": (1e-4, 10)}
    plot = Plot(film=Film("step"), legend=True, **AXES, **axes)
    goal_lines(plot, LOW)
    plot.line("training loss", lambda run: run.loss, BLUE, x=EACH, width=1.2)
    plot.figure.subplots_adjust(right=0.95)  # room for half of "2000"
    plot.title(title)
    ends_in_words(plot)
    return plot
