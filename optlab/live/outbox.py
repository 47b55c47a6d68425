"""Outbox: frames on their way to the browser, one by one or as pages."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from optlab.live.figure import LiveFigure
from optlab.live.frames import Frames

__all__ = ["Outbox"]


class Outbox:
    """Frames of all figures of a lab that are drawn and not yet in the browser's table.

    Args:
        figures: the figures.
    """

    def __init__(self, figures: Sequence[LiveFigure]) -> None:
        self._figures = figures
        self._waiting: list[tuple[Sequence[int], Sequence[Frames]]] = []
        self._lock = threading.Lock()  # a slider may move on another thread than the one that fills a grid

    def push(self, slot: int, frames: Sequence[Frames]) -> None:
        """Show one setting now.

        Args:
            slot: the setting; it is shown if the sliders are there.
            frames: for each figure one frame.
        """
        for figure, frame in zip(self._figures, frames, strict=True):
            figure.push(frame, slot)

    def put(self, slots: Sequence[int], frames: Sequence[Frames]) -> None:
        """Keep frames for the next page.

        Args:
            slots: the settings.
            frames: for each figure one frame a setting.
        """
        with self._lock:
            self._waiting.append((slots, frames))

    def send(self) -> None:
        """Send all that waits, one page a figure."""
        with self._lock:
            waiting, self._waiting = self._waiting, []
        if not waiting:
            return
        slots = [slot for some, _ in waiting for slot in some]
        of_figures = zip(*(frames for _, frames in waiting), strict=True)
        for figure, parts in zip(self._figures, of_figures, strict=True):
            figure.add(slots, Frames.concat(parts))
