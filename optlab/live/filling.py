"""Fill a lab's grid, ahead on the calling thread; `background` does it on a thread of its own."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from typing import Any

from optlab.live.runs import Runs
from optlab.live.source import Job, Source, Table
from optlab.params import Grid
from optlab.record import Record

__all__ = ["Ahead", "Filling", "Publish"]

MOST_BYTES = 16 * 2**20
"""Memory for the records of a lab."""

Publish = Callable[[Sequence[int], Any], None]


class Filling:
    """The settings of a grid that have been run.

    Args:
        grid: the settings.
        source: what runs them.
        publish: called with every result, `publish(slots, record)`; for a setting that cannot be run, with
            its error in place of the record.

    Attributes:
        runs: for each slot that has been run its record of one setting. Together they take `MOST_BYTES`: the
            oldest are let go, and run again when they are asked for.
        failed: for each slot that cannot be run its error.
    """

    def __init__(self, grid: Grid, source: Source, publish: Publish) -> None:
        self.grid, self.source, self._publish = grid, source, publish
        self.runs = Runs(MOST_BYTES)
        self.failed: dict[int, Exception] = {}
        self._running = threading.Lock()  # a learner's model may be one that two threads must not use at once

    @property
    def most(self) -> int:
        """How many slots it runs without being asked."""
        return self.grid.size

    def known(self, slot: int) -> bool:
        """Whether a slot has been run or cannot be run."""
        return slot in self.runs or slot in self.failed

    def make(self, slots: Sequence[int], job: Job | None = None) -> None:
        """Run some slots together and publish them; if that fails, one by one, to find out which it was.

        Args:
            slots: which.
            job: when to stop. What a run returns is kept unless the run has been told to stop.
        """
        job = job or Job()
        try:
            record = self._run(slots, job)
        except Exception as error:  # noqa: BLE001  (whatever a learner's model raises; `wait` passes it on)
            self._blame(slots, error, job)
            return
        if not job.cut_short:
            self._keep(slots, record)
            self._show(slots, record)

    def first(self, slot: int) -> Record:
        """Run a setting and keep it, without publishing it.

        Args:
            slot: which.

        Returns:
            Its record. What goes wrong is raised.
        """
        record = self._run([slot], Job())
        self._keep([slot], record)
        return record

    def begin(self, slot: int) -> Record | None:
        """The record of the setting that a lab begins with; None where it is still in the making.

        Args:
            slot: which.

        Returns:
            Its record. What goes wrong is raised.
        """
        return self.first(slot)

    def wait(self, slot: int) -> Record:
        """The record of a slot, run now if it has not been.

        Args:
            slot: which.

        Returns:
            A record of one setting.

        Raises:
            RuntimeError: if this setting cannot be run.
        """
        if not self.known(slot):
            self.make([slot])
        return self._found(slot)

    def want(self, slot: int) -> None:
        """Ask for a slot."""
        raise NotImplementedError

    def near(self, slots: Sequence[int]) -> bool:
        """Whether all of these can be reached from the wanted slot by moving one slider."""
        return True

    def start(self) -> None:
        """Begin to fill what nobody has asked for."""

    def close(self) -> None:
        """Stop, and forget all runs."""
        self.runs.clear()
        self.failed.clear()

    def _found(self, slot: int) -> Record:
        if slot in self.failed:
            error = self.failed[slot]
            raise RuntimeError(f"this setting failed: {error}") from error
        try:
            return self.runs[slot]
        except KeyError:  # let go
            return self.first(slot)

    def _run(self, slots: Sequence[int], job: Job) -> Record:
        with self._running:
            return self.source.run(self.grid.settings(slots), job)

    def _keep(self, slots: Sequence[int], result: Record | Exception) -> None:
        if isinstance(result, Exception):
            self.failed |= dict.fromkeys(slots, result)
        else:
            self.runs.keep(slots, result)

    def _blame(self, slots: Sequence[int], error: Exception, job: Job) -> None:
        if len(slots) > 1:
            for slot in slots:
                self.make([slot], job)
            return
        self._keep(slots, error)
        self._show(slots, error)

    def _show(self, slots: Sequence[int], result: Record | Exception) -> None:
        """Publish what was run; a setting that cannot be published says so: none is known and not shown."""
        try:
            self._publish(slots, result)
        except Exception as error:
            if isinstance(result, Exception):
                raise
            logging.getLogger("optlab").exception("a lab could not publish %d settings", len(slots))
            if len(slots) > 1:
                for slot, one in zip(slots, result, strict=True):
                    self._show([slot], one)
                return
            self._keep(slots, error)
            self._publish(slots, error)


class Ahead(Filling):
    """A `Table`: `fill` makes the whole grid on the calling thread; there is no other thread."""

    source: Table

    def want(self, slot: int) -> None:
        """Run a slot now, unless it has been."""
        if not self.known(slot):
            self.make([slot])

    def fill(self, slot: int) -> None:
        """Run every slot that has not been run, the nearest to `slot` first."""
        missing = [other for other in self.grid.nearest(slot, self.grid.size) if not self.known(other)]
        for start in range(0, len(missing), self.source.chunk):
            self.make(missing[start : start + self.source.chunk])
