"""Sketch: a curve that a learner draws before its run is shown, and how far off it was, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from optlab.live.plots.plot import Plot

if TYPE_CHECKING:
    from optlab.live.replay import ReplayFigure

__all__ = ["Axis", "Sketch", "told", "which_has"]

CLOSE = 0.06
"""So far off on average, as a fraction of the axis' height, is a good sketch."""
ONE_SIDED = 0.7
"""Above or below by so much of what it is off: it lies on one side."""


@dataclass(frozen=True)
class Axis:
    """What a distance on a picture means.

    Args:
        limits: of the y axis.
        log: whether the y axis is logarithmic.
        x: what stands below the x axis.
    """

    limits: tuple[float, float]
    log: bool
    x: str

    def heights(self, values: Any) -> np.ndarray:
        """Where values are on the axis: 0 at its foot, 1 at its head; what is outside is at its edge."""
        scale = np.log10 if self.log else np.asarray
        with np.errstate(divide="ignore", invalid="ignore"):
            low, high, found = (scale(np.asarray(part, float)) for part in (*self.limits, values))
        return np.clip((found - low) / (high - low), 0, 1)

    def amount(self, heights: float) -> str:
        """A distance on the axis in its own terms: a difference, or a factor."""
        low, high = self.limits
        if self.log:
            return f"by a factor of {10 ** (heights * np.log10(high / low)):.2g}"
        return f"by {heights * (high - low):.2g}"


class Sketch:
    """What a learner draws on a figure. The browser draws; the numbers come back with each stroke.

    Args:
        figure: where to draw.
        plot: of the figure.
        label: the line that is to be guessed, one that `which_has` finds.
    """

    def __init__(self, figure: ReplayFigure, plot: Plot, label: str) -> None:
        k = next(k for k, mark in enumerate(plot.marks) if mark.name == label)
        self.figure, self._plot, self._label = figure, plot, label
        self._mark = plot.marks[k]
        figure.sketch = {"artist": k, "label": label, "open": True}

    @property
    def drawn(self) -> list[float | None]:
        """What has been drawn: a number or None for each point of the line; empty: nothing."""
        found = list(self.figure.drawn)
        return found if any(y is not None for y in found) else []

    def lock(self) -> None:
        """Take no more strokes."""
        self.figure.sketch = self.figure.sketch | {"open": False}

    def told(self, run: Any) -> str:
        """How far off it is from a run.

        Args:
            run: a record of one setting, whose curve is on the axes.

        Returns:
            One sentence; empty where nothing has been drawn.
        """
        return told(self.drawn, *self.target(run))

    def target(self, run: Any) -> tuple[np.ndarray, np.ndarray, Axis]:
        """What a sketch is compared with: the curve of a run, where its points are, and the axes.

        Args:
            run: as `told` takes it.
        """
        style = next(style for style in self.figure.artists if style["id"] == self.figure.sketch["artist"])
        place = self.figure.backgrounds[self.figure.pushed["scenes"][-1]]["axes"][style["axes"]]
        axis = Axis(tuple(place["ylim"]), place["ylog"], place["xlabel"])
        x = np.asarray(self._mark.artist.get_xdata(), float)
        return np.asarray(self._plot.values(self._label, run)[0], float), x, axis


def which_has(label: str, plots: Sequence[Plot]) -> int:
    """Which of some plots has a line that can be sketched: one whose x is fixed.

    Args:
        label: of the line.
        plots: where to look.

    Returns:
        The index of the first that has it.

    Raises:
        ValueError: if none has it.
    """
    known = {mark.name: k for k, plot in reversed([*enumerate(plots)]) for mark in plot.marks if mark.fixed_x}
    if label not in known:
        raise ValueError(f"sketch={label!r}: expected one of {', '.join(map(repr, known))}")
    return known[label]


def told(drawn: Sequence[float | None], true: Any, x: Any, axis: Axis) -> str:
    """How far a sketch is off from the curve of a run, and on which side.

    Args:
        drawn: the sketch, a number or None for each point; empty: nothing is drawn.
        true: the run's curve, `(points,)`; what is not finite is left out.
        x: where the points are.
        axis: what the picture's axes are.

    Returns:
        One sentence; empty where there is nothing to compare.

    Example:
        >>> told([1.0, 2.0, None], [1.0, 5.0, 9.0], [0, 10, 20], Axis((0, 10), False, "epoch"))
        'Your sketch is too low, on average by 1.5; at epoch 10 it is furthest off: you drew 2,
        the run has 5.'
    """
    ours = np.array([np.nan if y is None else y for y in drawn], float)
    theirs = np.asarray(true, float)
    if ours.shape != theirs.shape:
        return ""
    gap = axis.heights(ours) - axis.heights(theirs)
    gap[~np.isfinite(theirs)] = np.nan
    known = np.isfinite(gap)
    if not known.any():
        return ""
    off, side = np.abs(gap[known]).mean(), gap[known].mean()
    if off < CLOSE:
        return f"Your sketch is close: off {axis.amount(off)} on average."
    k = int(np.nanargmax(np.abs(gap)))
    side_in_words = (
        f"is too {'high' if side > 0 else 'low'}, on average"
        if abs(side) > ONE_SIDED * off
        else "is too high here and too low there, off"
    )
    return (
        f"Your sketch {side_in_words} {axis.amount(off)}; at {axis.x} {x[k]:g} it is furthest off: "
        f"you drew {ours[k]:.2g}, the run has {theirs[k]:.2g}."
    )
