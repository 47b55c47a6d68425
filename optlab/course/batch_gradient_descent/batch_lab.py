"""Batch sizes compared: the loss against epochs, examples, updates or time, and who wins on each."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from optlab import Film, Goal, Param, Plot, Table
from optlab.course.batch_gradient_descent.batch import AXES, GOAL, Batches, run
from optlab.course.batch_gradient_descent.trained import EPOCHS, RATES, SIZES
from optlab.course.common.goal_lines import GID
from optlab.course.common.making import Parts, course_lab
from optlab.live.goals import kept_from
from optlab.live.plots import BLUE, GREEN, GREY, ORANGE, PURPLE, number

AXIS = Param("axis", "", "against", AXES, "epochs")
SIZE = Param("batch_size", "B", "batch size", SIZES, default=80, unit="samples")
ALPHA = Param("lr", "α", "learning rate", RATES, default=1.0)
COSTS = (0.0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)
COST = Param("sample_cost", "c", "cost of a sample", COSTS, default=0.03)


def _within(most: float, axis: str) -> Callable[[Batches], bool]:
    """Whether a run spends so little until it is at the goal, and stays there."""

    def reached(run: Batches) -> bool:
        first = np.ceil(run.own(run.reached))[0]
        return bool(kept_from(run.own(run.loss)[0] <= GOAL) <= first and run.own(run.spent(axis))[0] <= most)

    return reached


GOALS = (
    Goal("loss 0.08 within 2 epochs", _within(2, "epochs")),
    Goal("loss 0.08 within 7 updates", _within(7, "updates")),
    Goal("c = 0.3: loss 0.08 within 60 units of time", _within(60, "time"), where={"sample_cost": 0.3}),
)

LABELS = {
    "epochs": "epoch",
    "examples seen": "examples seen",
    "updates": "updates",
    "time": "time, 1 = fixed cost of an update",
}
LIMITS = {"epochs": (0.8, 25), "examples seen": (65, 2000), "updates": (0.8, 2000), "time": (0.8, 5000)}
TICKS = {
    "epochs": (1, 2, 5, 10, 20),
    "examples seen": (100, 200, 500, 1000, 2000),
    "updates": (1, 10, 100, 1000),
    "time": (1, 10, 100, 1000),
}
SHADES = ("#d0d0d0", "#bcbcbc", "#a8a8a8", "#949494", "#7e7e7e", "#686868")
"""Of the batch sizes, from small to large."""
UNITS = {"time": "units of time", "examples seen": "examples"}
LOOKS: dict[str, dict[str, Any]] = {
    "epochs": {"color": BLUE, "style": "-", "marker": "o", "markersize": 6},
    "examples seen": {
        "color": PURPLE,
        "style": (0, (1, 3)),
        "marker": "s",
        "markersize": 9,
        "markerfacecolor": "none",
    },
    "updates": {"color": ORANGE, "style": "--", "marker": "^", "markersize": 6},
    "time": {"color": GREEN, "style": "-.", "marker": "D", "markersize": 6},
}


@course_lab
def batch_lab() -> Parts:
    """All batch sizes at one rate: the loss against epochs, examples, updates or time, and who wins on each.

    Source:
        The article, section 3.2.
    """
    return Parts((AXIS, SIZE, ALPHA, COST), Table(run), [loss_curves(), winners()], GOALS)


def loss_curves() -> Plot:
    """Training loss of every batch size against the chosen axis; the one on the slider stands out."""
    axes: dict[str, Any] = {"xscale": "log", "yscale": "log", "ylim": (0.01, 1.5)}
    plot = Plot(film=Film("epoch"), legend=True, ylabel="training loss", **axes)
    plot.ax.set_yticks([0.01, 0.03, 0.1, 0.3, 1], ["0.01", "0.03", "0.1", "0.3", "1"])
    plot.ax.set_yticks([], minor=True)
    _draw_goal(plot)
    for k in range(len(SIZES)):
        _draw_size(plot, k)
    look: dict[str, Any] = {"points": EPOCHS + 1, "width": 2.4, "marker": "o", "markersize": 4}
    plot.path(
        "this batch size",
        lambda run: (_each_epoch(run.own(run.own_price)), run.own(run.loss)),
        BLUE,
        named=True,
        **look,
    )
    plot.point(
        "at the goal",
        lambda run: (run.own(run.reached * run.own_price), GOAL),
        ORANGE,
        "*",
        role="end",
        size=16,
        appears=lambda run: np.ceil(run.own(run.reached)),
        markeredgecolor=ORANGE,
    )

    def measure(axis: str) -> None:
        plot.ax.set(xlabel=LABELS[axis], xlim=LIMITS[axis])
        plot.ax.set_xticks(TICKS[axis], [f"{tick:,}" for tick in TICKS[axis]])
        plot.ax.set_xticks([], minor=True)

    plot.background(AXES, lambda run: run.settings["axis"], measure)
    plot.title(lambda one: f"{_last_loss(one)}\n{_when_at_goal(one)}")
    plot.words(lambda one: f"{_last_loss(one)}; {_when_at_goal(one)}.")
    return plot


def _draw_goal(plot: Plot) -> None:
    plot.ax.axhline(GOAL, color=GREEN, linewidth=1, linestyle=(0, (1, 2)), gid=GID)
    note: dict[str, Any] = {"transform": plot.ax.get_yaxis_transform(), "fontsize": 8.5, "va": "top"}
    plot.ax.text(0.01, GOAL / 1.05, f"goal {GOAL:g}", color=GREEN, **note)


def _draw_size(plot: Plot, k: int) -> None:
    """The pale curve of one batch size, the darker the larger, with the size at its end."""
    look: dict[str, Any] = {"points": EPOCHS + 1, "role": "plain", "width": 1.1}
    plot.path(
        f"B = {SIZES[k]}",
        lambda run: (_each_epoch(run.own_price[:, k]), run.loss[:, k]),
        SHADES[k],
        ending=str(SIZES[k]),
        **look,
    )


def _each_epoch(price: np.ndarray) -> np.ndarray:
    """Where each epoch ends on the axis, `(settings, epochs + 1)`; a log axis has no place for its start."""
    epochs = np.arange(EPOCHS + 1)
    return np.where(epochs > 0, epochs * price[:, None], np.nan)


def _last_loss(one: Batches) -> str:
    size, loss = one.setting(0)["batch_size"], one.own(one.loss)[0, -1]
    return f"B = {size}: " + (
        f"loss {number(loss)} after {EPOCHS} epochs" if np.isfinite(loss) else "diverged"
    )


def _when_at_goal(one: Batches) -> str:
    axis, spent = one.setting(0)["axis"], one.own(one.reached * one.own_price)[0]
    if np.isnan(spent):
        return f"not at {GOAL:g} within {EPOCHS} epochs"
    return f"at {GOAL:g} after {number(spent)} {UNITS.get(axis, axis)}"


def winners() -> Plot:
    """What every batch size has spent at the goal, on each axis as a multiple of the winner's."""
    axes: dict[str, Any] = {"xscale": "log", "yscale": "log", "xlim": (0.85, 95), "ylim": (0.8, 40)}
    plot = Plot(legend=True, xlabel="batch size B", ylabel="times what the winner spends", **axes)
    plot.ax.set_xticks(SIZES, [str(size) for size in SIZES])
    plot.ax.set_yticks([1, 2, 5, 10, 20], ["1", "2", "5", "10", "20"])
    plot.ax.set_xticks([], minor=True)
    plot.ax.set_yticks([], minor=True)
    plot.upright(lambda run: run.settings["batch_size"], GREY, linewidth=1)
    for axis, look in LOOKS.items():
        plot.line(axis, partial(_times_the_winners, axis=axis), x=SIZES, width=1.5, **look)
    for size, (axis, look) in zip((23, 17, 12, 7), LOOKS.items(), strict=True):  # each is seen on the others
        star: dict[str, Any] = {"role": "plain", "size": size, "zorder": 4, "markeredgewidth": 0.6}
        plot.point(f"winner by {axis}", partial(_star, axis=axis), look["color"], "*", **star)
    plot.steers(x="batch_size")
    plot.title(lambda one: f"★ the first at a loss of {GOAL:g}, {_arrived(one)}\n{_winners(one)}")
    plot.words(lambda one: f"First at a loss of {GOAL:g}, {_arrived(one)}: {_winners(one)}.")
    return plot


def _times_the_winners(run: Batches, axis: str) -> np.ndarray:
    spent = run.spent(axis)
    return spent / np.where(np.isnan(spent), np.inf, spent).min(1, keepdims=True)


def _star(run: Batches, axis: str) -> tuple[np.ndarray, float]:
    winner = run.winner(axis)
    return np.where(winner > 0, winner, np.nan), 1.0


def _arrived(one: Batches) -> str:
    arrived = np.isfinite(one.spent("epochs")[0]).sum()
    return f"of {arrived} that arrive" if arrived > 1 else "the only one" if arrived else "none arrives"


def _winners(one: Batches) -> str:
    first = [f"{axis.removesuffix(' seen')} {one.winner(axis)[0] or '–'}" for axis in AXES]
    return f"B by {', '.join(first)}"
