"""The fork: from an epoch of your choice the rate falls to zero, and the loss comes down to the valley."""

from typing import Any

import numpy as np

from optlab import Film, Goal, Param, Plot, Table
from optlab.course.common.goal_lines import goal_lines
from optlab.course.common.making import Parts, course_lab
from optlab.course.learning_rate_decay.fork import EPOCHS, FORKS, LRS, MEMORIES, SPANS, Forks, fork_runs
from optlab.live.plots import BLUE, GREY, ORANGE, number

LR = Param("lr", "α₀", "initial rate", LRS, default=0.1)
FORK = Param("fork", "", "falls from epoch", FORKS, default=30)
SPAN = Param("span", "", "reaches 0 after", SPANS, default=10, unit="epochs")
MEMORY = Param("memory", "", "average over", MEMORIES, default=10, unit="epochs")

CLOSE = 0.002
GOALS = (
    Goal(
        "a fall of 3 epochs: an optimality gap under 0.002",
        lambda run: run.end_gap[0] < CLOSE,
        where={"span": 3},
    ),
)

X = np.arange(EPOCHS + 1)
AXES: dict[str, Any] = {
    "xlabel": "epoch",
    "xlim": (0, EPOCHS),
    "ylabel": "optimality gap",
    "yscale": "log",
    "ylim": (5e-4, 1),
}


@course_lab
def fork_lab() -> Parts:
    """The fork: leave a training at a constant rate, at an epoch of your choice, and let its rate fall to 0.

    Source:
        K. Wen et al., "Understanding warmup-stable-decay learning rates", 2024; A. Hägele et al., "Scaling
        laws and compute-optimal training beyond fixed training durations", 2024.
    """
    return Parts((LR, FORK, SPAN, MEMORY), Table(fork_runs), [losses(), average()], GOALS)


def losses() -> Plot:
    """The gap of the fork, of the training that it leaves, and of every other fork when its rate is zero."""
    plot = Plot(film=Film("epoch"), legend=True, depends_on=("lr", "fork", "span"), **AXES)
    goal_lines(plot, CLOSE)
    plot.line("rate kept", lambda run: run.kept, GREY, x=X, role="other", width=1.4)
    plot.line("where forks end", river, BLUE, ":", x=X, role="theory", film=None)
    plot.line("this fork", _until_it_ends, "black", x=X, width=2.4)
    plot.point("its end", lambda run: (run.end, run.end_gap), ORANGE, role="end", appears=lambda run: run.end)
    plot.steers(x="fork")
    plot.title(lambda one: f"{_fall(one)}\n{_against(one, one.end_gap[0], one.end[0])}")
    plot.words(lambda one: f"{_fall(one)}; {_against(one, one.end_gap[0], one.end[0])}.")
    return plot


def average() -> Plot:
    """The gap of the average of the weights, while the rate is kept."""
    plot = Plot(film=Film("epoch"), legend=True, **AXES)
    plot.line("rate kept", lambda run: run.kept, GREY, x=X, role="other", width=1.4)
    plot.line("where forks end", river, BLUE, ":", x=X, role="theory", film=None)
    plot.line("average of its weights", lambda run: run.averaged, ORANGE, x=X, width=2.4)
    plot.title(lambda one: f"{_mean_of(one)}\n{_against(one, one.averaged[0, -1], EPOCHS)}")
    plot.words(lambda one: f"{_mean_of(one)}; {_against(one, one.averaged[0, -1], EPOCHS)}.")
    return plot


def river(run: Forks) -> np.ndarray:
    """Where the forks end, joined by straight lines on the log axis, `(settings, epochs + 1)`."""
    curves = np.full((len(run), EPOCHS + 1), np.nan)
    for row, span in enumerate(run.settings["span"].tolist()):
        ends = np.add(FORKS, span)
        inside = (ends[0] <= X) & (ends[-1] >= X)
        curves[row, inside] = np.exp(np.interp(X[inside], ends, np.log(run.ends[row])))
    return curves


def _until_it_ends(run: Forks) -> np.ndarray:
    """The fork's curve; with a rate of zero it would go on unchanged."""
    return np.where(run.end[:, None] >= X, run.gap, np.nan)


def _fall(one: Forks) -> str:
    return f"rate falls from epoch {one.settings['fork'][0]} to {one.end[0]}: gap {number(one.end_gap[0])}"


def _mean_of(one: Forks) -> str:
    memory = one.settings["memory"][0]
    over = f"average over {memory} epochs" if memory > 1 else "no average"
    return f"{over}: gap {number(one.averaged[0, -1])}"


def _against(one: Forks, gap: float, epoch: int) -> str:
    kept = one.kept[0, epoch]
    return f"rate kept, epoch {epoch}: {number(kept)}, {number(kept / gap)} times as much"
