"""Outbox: frames on their way to the browser, one by one or as pages."""

from __future__ import annotations

import threading
from collections.abc import Collection, Sequence

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
        self._waiting: list[tuple[Sequence[int], Sequence[Frames], Collection[int]]] = []
        self._lock = threading.Lock()  # a slider may move on another thread than the one that fills a grid

    def __len__(self) -> int:
        """How many settings wait."""
        return sum(len(slots) for slots, *_ in self._waiting)

    def __contains__(self, slot: object) -> bool:
        """Whether a setting waits."""
        with self._lock:
            return any(slot in slots for slots, *_ in self._waiting)

    def push(self, slot: int, frames: Sequence[Frames], *, partial: bool = False) -> None:
        """Show one setting now.

        Args:
            slot: the setting; it is shown if the sliders are there.
            frames: for each figure one frame.
            partial: whether the run of that setting is not finished.
        """
        for figure, frame in zip(self._figures, frames, strict=True):
            figure.push(frame, slot, partial=partial)

    def put(self, slots: Sequence[int], frames: Sequence[Frames], failed: Collection[int] = ()) -> None:
        """Keep frames for the next page.

        Args:
            slots: the settings.
            frames: for each figure one frame a setting.
            failed: the rows that only say what went wrong at one setting. A figure whose frames are shared by
                several settings leaves them out.
        """
        with self._lock:
            self._waiting.append((slots, frames, failed))

    def send(self) -> None:
        """Send all that waits, one page a figure."""
        with self._lock:
            waiting, self._waiting = self._waiting, []
        for k, figure in enumerate(self._figures):
            parts = [
                _rows(slots, frames[k], failed if figure.shares else ()) for slots, frames, failed in waiting
            ]
            slots = [slot for some, _ in parts for slot in some]
            if slots:
                figure.add(slots, Frames.concat([part for _, part in parts]))


def _rows(slots: Sequence[int], frames: Frames, without: Collection[int]) -> tuple[Sequence[int], Frames]:
    if not without:
        return slots, frames
    rows = [row for row in range(len(slots)) if row not in without]
    return [slots[row] for row in rows], frames.select(rows)
