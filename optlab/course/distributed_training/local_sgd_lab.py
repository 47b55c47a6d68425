"""Lab: two workers that take the mean of their models every H steps."""

from typing import Any

import numpy as np

from optlab import Film, Goal, Param, Plot, Table
from optlab.course.common.halves import EPOCHS
from optlab.course.common.making import Parts, course_lab
from optlab.course.distributed_training.cluster import run_cluster
from optlab.course.distributed_training.local_sgd import EVERY, RATES, SPLITS, LocalRuns
from optlab.live.plots import BLUE, ORANGE, nth, number

LOCAL_STEPS = Param("every", "H", "mean every", EVERY, default=50, unit="steps")
RATE = Param("lr", "α", "learning rate", RATES, default=RATES[0])
SPLIT = Param("split", "", "flowers", SPLITS, default=SPLITS[1])
GOAL_TEXTS = (
    "a hundredth of the bytes for at most 2 % more loss",
    "mixed: twice the loss of a mean after every step",
)
"""The goals are judged against the lab's own runs: they are made with it."""


@course_lab
def local_sgd_lab(record: LocalRuns | None = None) -> Parts:
    """Two workers that take the mean of their models every H steps: bytes sent against loss.

    Args:
        record: `run_cluster().local`, of `distributed_training.cluster`; run now if left out.

    Source:
        S. Stich, "Local SGD converges fast and communicates little", 2019.
    """
    known = record or run_cluster(timed=False).local

    return Parts(
        (LOCAL_STEPS, RATE, SPLIT), Table(known), [losses(known), loss_over_bytes(known)], goals_of(known)
    )


def goals_of(known: LocalRuns) -> tuple[Goal, ...]:
    """What to reach, judged against the runs that the lab is made of."""

    def dearer(run: LocalRuns) -> float:
        return float(run.loss[0, -1] / with_every(known, run, 1)[0, -1])

    return (
        Goal(
            GOAL_TEXTS[0],
            lambda run: run.sent[0] <= known.sent.max() / 100 and dearer(run) < 1.02,
        ),
        Goal(
            GOAL_TEXTS[1],
            lambda run: dearer(run) > 2,
            where={"split": SPLITS[0]},
        ),
    )


def with_every(known: LocalRuns, run: LocalRuns, every: int) -> np.ndarray:
    """The losses of the same settings with another H, `(settings, epochs + 1)`."""
    return known.find(run.settings | {"every": np.full(len(run), every)}).loss


def losses(known: LocalRuns) -> Plot:
    """Training loss over the epochs: a mean every H steps, after every step, and only once at the end."""

    def title(one: LocalRuns) -> str:
        end, at_best = one.loss[0, -1], with_every(known, one, 1)[0, -1]
        first = f"H = {one.settings['every'][0]}: loss {number(end)}, test accuracy {one.accuracy[0, -1]:.0%}"
        return f"{first}\n{number(end / at_best)} × the loss of H = 1; {one.settings['split'][0]}"

    axes: dict[str, Any] = {"xlabel": "epoch", "ylabel": "training loss", "yscale": "log"}
    plot = Plot(film=Film("epoch"), legend=True, xlim=(0, EPOCHS), ylim=(0.02, 4), **axes)
    epochs = np.arange(EPOCHS + 1)
    plot.line(
        "H = 200, one mean", lambda run: with_every(known, run, 200), ORANGE, ":", x=epochs, role="other"
    )
    plot.line("this H", lambda run: run.loss, x=epochs, width=3)
    every_step: dict[str, Any] = {"x": epochs, "role": "other", "width": 1.6}
    plot.line("H = 1", lambda run: with_every(known, run, 1), BLUE, "--", **every_step)
    plot.title(title)
    return plot


def loss_over_bytes(known: LocalRuns) -> Plot:
    """The last loss against the bytes that a worker sent, for both ways to share the flowers out."""
    last = known.loss[:, -1].reshape(len(SPLITS), len(RATES), len(EVERY)).swapaxes(0, 1)
    sent = known.sent[: len(EVERY)] / 1e3

    def by_split(run: LocalRuns) -> np.ndarray:
        return last[[RATES.index(lr) for lr in run.settings["lr"]]]

    def title(one: LocalRuns) -> str:
        every = one.settings["every"][0]
        less = "the most that there is to send" if every == 1 else f"{every} times less than with H = 1"
        return f"H = {every}: {number(one.sent[0] / 1e3)} kB sent by each worker\n{less}"

    axes: dict[str, Any] = {"xlabel": "kB sent by each worker", "ylabel": "last training loss"}
    scales: dict[str, Any] = {"xscale": "log", "yscale": "log", "xlim": (0.6, 300), "ylim": (0.02, 0.5)}
    plot = Plot(legend=True, **axes, **scales)
    for k, (split, color, style, marker) in enumerate(
        zip(SPLITS, (BLUE, ORANGE), ("-", "--"), "os", strict=True)
    ):
        look: dict[str, Any] = {"x": sent, "role": "theory", "marker": marker, "markersize": 5}
        plot.line(split, nth(by_split, k), color, style, **look)
    plot.handle(["every"], lambda at: (sent[[EVERY.index(every) for every in at["every"]]], np.nan))
    plot.here(lambda run: (run.sent / 1e3, run.loss[:, -1]))
    plot.title(title)
    plot.ax.set_yticks([0.02, 0.05, 0.1, 0.2, 0.5], ["0.02", "0.05", "0.1", "0.2", "0.5"])
    plot.ax.set_yticks([], minor=True)
    return plot
