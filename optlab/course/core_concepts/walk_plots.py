"""A plot of two walks."""

from collections.abc import Callable
from typing import Any

import numpy as np

from optlab import Film, Plot
from optlab.course.core_concepts.walk import last_tenth
from optlab.live.plots import BLUE, ORANGE


def two_losses(
    x: np.ndarray,
    xlabel: str,
    ylim: tuple[float, float],
    names: Callable[[Any], tuple[str, str]],
    legend: bool = False,
    *,
    lines: tuple[str, str],
    step: str,
) -> Plot:
    """The optimality gaps of two walks, on a log axis.

    Args:
        x: where the marks are, `(marks,)`.
        xlabel: what x counts.
        ylim: the smallest and the largest loss on the axis.
        names: what to call the walks of a record of one setting.
        legend: whether to name the lines.
        lines: what hovering and a film call them.
        step: what one step of the film is called.

    Returns:
        A plot of `Walks`.
    """
    axes: dict[str, Any] = {"xlim": (0, x[-1]), "ylim": ylim, "yscale": "log"}
    plot = Plot(film=Film(step), legend=legend, xlabel=xlabel, ylabel="optimality gap", **axes)
    plot.line(lines[1], lambda r: r.other_loss, BLUE, "--", x=x, role="other", width=2.4)
    plot.line(lines[0], lambda r: r.loss, ORANGE, x=x, width=1.6)

    def ends(one: Any) -> list[str]:
        losses = one.loss, one.other_loss
        return [f"{name}: {_end(loss)}" for name, loss in zip(names(one), losses, strict=True)]

    above: dict[str, Any] = {"transform": plot.ax.transAxes, "fontsize": 9, "va": "bottom", "role": "title"}
    plot.text(lambda one: f"— {ends(one)[0]}", 0, 1.085, color=ORANGE, **above)
    plot.text(lambda one: f"- - {ends(one)[1]}", 0, 1.015, color=BLUE, **above)
    plot.words(lambda one: f"Optimality gap at the end: {'; '.join(ends(one))}.")
    return plot


def _end(loss: np.ndarray) -> str:
    """Where a loss ends, in words: the mean over the last tenth of its marks."""
    end = last_tenth(loss)[0]
    return f"{end:.1e} over the last tenth" if np.isfinite(end) and end < 1e6 else "diverged"
