"""A descent over a surface: its path, and its loss step by step."""

from collections.abc import Callable
from typing import Any

import numpy as np

from optlab import Film, Plot, each
from optlab.course.common.goal_lines import GID
from optlab.course.common.surface_plots import way_out
from optlab.engine.analysis.follow import Descent
from optlab.engine.training.history import NEVER
from optlab.live.plots import GOLD, GREEN, ORANGE, number

Limits = tuple[float, float, float, float]
NOWHERE = np.array([np.nan, np.nan])


def end_of(one: Descent) -> str:
    """The marks of a path in words."""
    reached, diverged = one.reached_at[0] != NEVER, one.diverged_at[0] != NEVER
    return f"start ○   end {'★' if reached else '✖' if diverged else '■'}"


def path_in_words(one: Descent) -> str:
    """Where a path starts and what ended it."""
    x, y = one.path[0, 0]
    return f"The path starts at ({x:.2f}, {y:.2f}). {one.outcome().capitalize()}."


def descent_path(
    steps: int,
    limits: Callable[[Descent], Limits],
    title: Callable[[Descent], str] = end_of,
    words: Callable[[Descent], str] = path_in_words,
) -> Plot:
    """The path of a descent, from a ring to what ended it; the caller draws the surface.

    A star: within the tolerance. A square: the cap of steps. A cross: diverged.

    Args:
        steps: the most steps of a path.
        limits: left, right, bottom and top of the picture, of a record of one setting.
        title: the title, of a record of one setting.
        words: the plot in words, likewise.

    Returns:
        A plot of a `Descent`.
    """
    plot = Plot(film=Film("step"), xlabel="θ₁", ylabel="θ₂")
    plot.ax.grid(visible=False)
    plot.path("path", lambda run: run.path, ORANGE, points=steps + 1, width=1.2, marker="o", markersize=2.5)
    plot.point("start", lambda run: run.path[:, 0], "white", role="plain")

    def square(one: Descent) -> np.ndarray:
        return one.path[0, -1] if one.reached_at[0] == one.diverged_at[0] == NEVER else NOWHERE

    def cross(one: Descent) -> np.ndarray:
        return way_out(one.path[0], limits(one)) if one.diverged_at[0] != NEVER else NOWHERE

    def star(one: Descent) -> np.ndarray:
        return one.path[0, one.reached_at[0]] if one.reached_at[0] != NEVER else NOWHERE

    last: dict[str, Any] = {"role": "end", "appears": lambda _: steps}
    plot.point("end", each(square), ORANGE, "s", size=7, **last)
    plot.point("way out", each(cross), ORANGE, "X", size=10, clip_on=False, **last)
    plot.point("goal", each(star), GOLD, "*", size=14, role="end", appears=lambda run: run.reached_at)
    plot.title(title)
    plot.words(words)
    return plot


def descent_loss(
    steps: int,
    ylim: tuple[float, float],
    goal: float,
    note: Callable[[Descent], str] = lambda _: "",
    *,
    legend: bool = True,
) -> Plot:
    """The loss step by step on a log axis, and a goal to get below.

    Args:
        steps: how many steps the axis holds.
        ylim: the smallest and the largest loss on the axis.
        goal: the loss to reach.
        note: a second line of title, of a record of one setting.
        legend: whether to name the lines.

    Returns:
        A plot of a `Descent`.
    """
    axes: dict[str, Any] = {"xlabel": "step", "ylabel": "loss", "xlim": (0, steps), "yscale": "log"}
    plot = Plot(film=Film("step"), legend=legend, ylim=ylim, **axes)
    plot.ax.axhline(goal, color=GREEN, linewidth=1, linestyle=(0, (1, 2)), gid=GID)
    words = f"goal {goal:.0e} ".replace("e-0", "e-")
    plot.ax.text(steps, goal / 2, words, color=GREEN, fontsize=8.5, ha="right", va="top")
    plot.line("loss", lambda run: run.loss, x=np.arange(steps + 1), width=2.4)

    def star(run: Descent) -> tuple[np.ndarray, np.ndarray]:
        at = np.maximum(run.reached_at, 0)
        return run.reached_at, np.where(run.reached_at == NEVER, np.nan, run.loss[np.arange(len(run)), at])

    plot.point("goal", star, GOLD, "*", size=15, role="end", appears=lambda run: run.reached_at)
    plot.title(lambda one: _in_two_lines(one.outcome(), note(one)))
    plot.words(
        lambda one: f"The loss starts at {number(one.loss[0, 0])}; {one.outcome()}. {note(one)}".strip()
    )
    return plot


def _in_two_lines(outcome: str, note: str) -> str:
    """What a run would do if it were left alone takes the line of the note."""
    end, _, alone = outcome.partition("; ")
    return f"{end}\n{alone or note}".strip()
