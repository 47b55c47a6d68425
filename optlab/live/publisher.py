"""Publisher: draws what has been run and sends it to the browser, one setting at once, many as a page."""

from __future__ import annotations

import time
from collections.abc import Sequence

from optlab.live.drawing import draw_each, refused
from optlab.live.figure import LiveFigure
from optlab.live.frames import Frames
from optlab.live.goals import Goal
from optlab.live.maps import LabMap
from optlab.live.outbox import Outbox
from optlab.live.places import Places
from optlab.live.plots.plot import Plot
from optlab.params import Grid
from optlab.record import Record

__all__ = ["Publisher"]

ROWS_OF_A_PAGE = 2048
"""So many settings are sent without waiting for more."""


class Publisher:
    """Draws the runs of a lab and sends them.

    Args:
        plots: the plots.
        goals: the goals.
        grid: the settings.

    Attributes:
        figures: for each plot its live figure.
        maps: the maps; add those that there are.
        undrawn: for each slot that cannot be drawn the error.
    """

    def __init__(self, plots: Sequence[Plot], goals: Sequence[Goal], grid: Grid) -> None:
        self._plots, self._goals = plots, goals
        self.figures = [
            LiveFigure(
                p.figure, p.marks, scenes=p.scenes, places=Places(grid, p.depends_on), arrange=p.arrange
            )
            for p in plots
        ]
        for figure, plot in zip(self.figures, plots, strict=True):
            figure.clickable = plot.clickable
            figure.steering = [s.described(grid, figure.axes_index(plot.ax)) for s in plot.steering]
        self._outbox = Outbox(self.figures)
        self.maps: list[LabMap] = []
        self.undrawn: dict[int, Exception] = {}
        self._sent = -float("inf")

    def begin(self, slot: int, run: Record, frames: Sequence[Frames]) -> None:
        """Show the first setting, drawn already.

        Args:
            slot: which.
            run: its record.
            frames: for each plot its frame.
        """
        self._outbox.push(slot, frames)
        self._outbox.put([slot], frames)
        self._note([slot], run)

    def stream(self, slot: int, partial: Record) -> None:
        """Show a run that is not finished; its goals are not judged yet.

        Args:
            slot: which.
            partial: what is known of it.
        """
        self._outbox.push(slot, [plot.frames(partial) for plot in self._plots], partial=True)

    def wait_for(self, slot: int, words: str) -> None:
        """Show no more than words, until something of a setting is known.

        Args:
            slot: which.
            words: the words.
        """
        self._outbox.push(slot, [plot.blank(words) for plot in self._plots], partial=True)

    def publish(self, slots: Sequence[int], result: Record | Exception, *, now: bool) -> None:
        """Draw what was run; it waits for the next page.

        Args:
            slots: which settings.
            result: their runs, or why they cannot be run.
            now: whether to show the first of them at once, too.
        """
        if isinstance(result, Exception):
            words = f"This setting cannot be trained: {result}"
            frames, failed = refused(self._plots, self._goals, words), list(range(len(slots)))
        else:
            frames, errors = draw_each(self._plots, self._goals, result)
            self.undrawn |= {slots[row]: error for row, error in errors.items()}
            failed = list(errors)
        self._outbox.put(slots, frames, failed)
        self._note(slots, result)
        if now:
            self._outbox.push(slots[0], [part[0] for part in frames])

    def trouble(self, slot: int, failed: Exception | None) -> str:
        """Why there is no curve at a setting, in words.

        Args:
            slot: which.
            failed: the error of its run; None if it ran.

        Returns:
            The words; empty where there is a curve.
        """
        verb, error = ("trained", failed) if failed else ("drawn", self.undrawn.get(slot))
        return f"This setting cannot be {verb}: {error}" if error else ""

    def waits(self, slot: int) -> bool:
        """Whether a slot is drawn and has not been sent.

        Args:
            slot: which.
        """
        return slot in self._outbox

    def send(self, every: float = 0.0) -> bool:
        """Send all that waits.

        Args:
            every: seconds since the last page below which it waits on, unless it is much.

        Returns:
            Whether it was sent.
        """
        if time.monotonic() - self._sent < every and len(self._outbox) < ROWS_OF_A_PAGE:
            return False
        self._outbox.send()
        for one in self.maps:
            one.send()
        self._sent = time.monotonic()
        return True

    def _note(self, slots: Sequence[int], result: Record | Exception) -> None:
        for one in self.maps:
            one.note(slots, result)
