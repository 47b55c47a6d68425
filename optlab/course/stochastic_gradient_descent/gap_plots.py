"""Plots of the optimality gap on a log axis with a goal to get below, and of the loss as a bowl."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from optlab import Film, Plot
from optlab.course.common.goal_lines import GID
from optlab.course.common.surface_plots import draw_contours
from optlab.course.stochastic_gradient_descent.seeds import GOAL, START, Clouds
from optlab.engine.analysis.least_squares import fitness_club
from optlab.engine.analysis.sampling_noise import ellipse
from optlab.live.plots import GREEN, number

Limits = tuple[float, float, float, float]


def bowl_plot(film: Film, limits: Limits, **options: Any) -> Plot:
    """The two weights, over the contours of the loss; a ring where all seeds begin.

    Args:
        film: the plot's film.
        limits: left, right, bottom and top.
        options: as in `Plot`.

    Returns:
        The plot.
    """
    axes: dict[str, Any] = {"xlabel": "θ₁, weight of chin-ups", "ylabel": "θ₂, weight of sit-ups"}
    plot = Plot(film=film, xlim=limits[:2], ylim=limits[2:], **axes, **options)
    plot.ax.grid(visible=False)
    _draw_bowl(plot.ax, limits)
    plot.ax.plot(*START, "o", color="white", markeredgecolor="black", markersize=8, zorder=1)
    return plot


def _draw_bowl(ax: Axes, limits: Limits) -> None:
    x, y = np.meshgrid(np.linspace(*limits[:2], 120), np.linspace(*limits[2:], 90))
    height = np.sqrt(fitness_club().gap(np.stack([x, y], -1)))  # its levels are evenly spaced ellipses
    draw_contours(ax, limits, height, 14)


def add_cloud(
    plot: Plot, cloud: int, label: str, color: str, marker: str, *, seeds: int, stops: Any, outline: int = 73
) -> None:
    """Add one of the clouds of a record: every seed a dot; dashed, the ellipse around 95% by theory.

    Args:
        plot: what to add it to.
        cloud: which of the record's clouds.
        label: its name.
        color: of the dots.
        marker: of the dots.
        seeds: how many dots.
        stops: the film's steps for which the cloud is known.
        outline: how many points the ellipse has.
    """

    def theory(run: Clouds) -> np.ndarray:
        return ellipse(run.center[:, cloud], run.covariance[:, cloud], outline)

    dots: dict[str, Any] = {"marker": marker, "markersize": 4, "alpha": 0.75, "role": "other", "named": True}
    at = stops.tolist()
    plot.path(label, lambda run: run.points[:, cloud], color, "", points=seeds, at=at, **dots)
    name = f"ellipse of {label}"
    plot.path(name, theory, "black", "--", points=outline, at=at, width=1.4, zorder=2.2)


def add_solution(plot: Plot) -> None:
    """Add a plus sign at the least-squares solution, above the dots."""
    look: dict[str, Any] = {"size": 13, "markeredgewidth": 2, "named": True, "zorder": 2.4}
    solution = tuple(fitness_club().solution)
    plot.point("solution", lambda _: solution, "black", "+", role="plain", **look)


def gap_plot(
    film: Film, xlabel: str, xlim: tuple[float, float], ylim: tuple[float, float], **options: Any
) -> Plot:
    """The mean optimality gap on a log axis, and a goal to get below.

    Args:
        film: the plot's film.
        xlabel: the x axis in words.
        xlim: its limits.
        ylim: the smallest and the largest gap on the axis.
        options: as in `Plot`.

    Returns:
        The plot.
    """
    axes: dict[str, Any] = {"xlabel": xlabel, "ylabel": "mean optimality gap", "yscale": "log"}
    plot = Plot(film=film, xlim=xlim, ylim=ylim, **({"legend": True} | axes | options))
    plot.ax.axhline(GOAL, color=GREEN, linewidth=1, linestyle=(0, (1, 2)), gid=GID)
    words = f" goal {GOAL:.0e}".replace("e-0", "e-")
    plot.ax.text(xlim[0], GOAL / 1.3, words, color=GREEN, fontsize=8.5, va="top")
    return plot


def ends_in_words(names: Sequence[str], gaps: Sequence[float]) -> str:
    """Where some curves end, for a screen reader."""
    words = ", ".join(f"{name} {number(gap)}" for name, gap in zip(names, gaps, strict=True))
    return f"Mean optimality gap at the end: {words}."
