"""From a record to the frames of all plots of a lab; a setting that cannot be drawn shows why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from optlab.live.frames import Frames
from optlab.live.goals import Goal, all_reached
from optlab.live.plots.plot import Plot
from optlab.record import Record

__all__ = ["draw", "draw_each", "film_of", "refused"]


def draw(plots: Sequence[Plot], goals: Sequence[Goal], record: Record) -> list[Frames]:
    """Draw every setting of a record into every plot.

    Args:
        plots: the plots.
        goals: what to judge each setting by.
        record: the settings.

    Returns:
        For each plot its frames; those of the first plot that depends on every slider carry the goals.
    """
    return _with_goals(plots, [plot.frames(record) for plot in plots], all_reached(goals, record))


def draw_each(
    plots: Sequence[Plot], goals: Sequence[Goal], record: Record
) -> tuple[list[Frames], dict[int, Exception]]:
    """Draw a record; where a plot or a goal raises, the settings are drawn one by one.

    Args:
        plots: the plots.
        goals: the goals.
        record: the settings.

    Returns:
        For each plot its frames, and for each row that could not be drawn the error; its frames show it.
    """
    try:
        return draw(plots, goals, record), {}
    except Exception as error:  # noqa: BLE001  (a plot's own code; the setting says what went wrong)
        if len(record) == 1:
            return refused(plots, goals, f"This setting cannot be drawn: {error}"), {0: error}
    parts = [draw_each(plots, goals, one) for one in record]
    errors = {row: found[0] for row, (_, found) in enumerate(parts) if found}
    return [Frames.concat(of_plot) for of_plot in zip(*(frames for frames, _ in parts), strict=True)], errors


def refused(plots: Sequence[Plot], goals: Sequence[Goal], words: str) -> list[Frames]:
    """Frames of one setting that show nothing but words, for every plot."""
    return _with_goals(plots, [plot.blank(words) for plot in plots], [(False,) * len(goals)])


def _with_goals(
    plots: Sequence[Plot], frames: Sequence[Frames], reached: Sequence[tuple[bool, ...]]
) -> list[Frames]:
    carrier = next(k for k, plot in enumerate(plots) if plot.depends_on is None)
    return [replace(part, goals=reached) if k == carrier else part for k, part in enumerate(frames)]


def film_of(plots: Sequence[Plot]) -> tuple[int, str]:
    """The film that some plots make together.

    Args:
        plots: the plots.

    Returns:
        Its last step, 0 if nothing grows; and what its steps are.

    Raises:
        ValueError: if two plots count different steps.
    """
    units: dict[str, Any] = {plot.film.unit: plot for plot in plots if plot.film and plot.last}
    if len(units) > 1:
        raise ValueError(f"plots: their films count {' and '.join(map(repr, units))}: expected one unit")
    return max((plot.last for plot in plots), default=0), next(iter(units), "step")
