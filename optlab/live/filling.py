"""Fill a lab's grid: ahead on the calling thread, or in the background, what is wanted first."""

from __future__ import annotations

import atexit
import logging
import threading
from collections.abc import Callable, Sequence
from typing import Any

from optlab.live.source import Job, Lazy, Source, Table
from optlab.params import Grid
from optlab.record import Record

__all__ = ["Ahead", "Background", "Filling"]

SECONDS_BETWEEN_LOOKS = 0.2

Publish = Callable[[Sequence[int], Any], None]


class Filling:
    """The settings of a grid that have been run.

    Args:
        grid: the settings.
        source: what runs them.
        publish: called with every result, `publish(slots, record)`; for a setting that cannot be run, with
            its error in place of the record.

    Attributes:
        runs: for each slot that has been run its record of one setting.
        failed: for each slot that cannot be run its error.
        most: how many slots it runs without being asked.
    """

    def __init__(self, grid: Grid, source: Source, publish: Publish) -> None:
        self.grid, self.source, self._publish = grid, source, publish
        self.most = grid.size
        self.runs: dict[int, Record] = {}
        self.failed: dict[int, Exception] = {}

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
            record = self.source.run(self.grid.settings(slots), job)
        except Exception as error:  # noqa: BLE001  (whatever a learner's model raises; `wait` passes it on)
            self._blame(slots, error, job)
            return
        if not job.cut_short:
            self._keep(dict(zip(slots, record, strict=True)), {})
            self._publish(slots, record)

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

    def next_slots(self) -> list[int]:
        """What it will run next by itself; empty when there is nothing left to do."""
        return []

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
        return self.runs[slot]

    def _keep(self, runs: dict[int, Record], failed: dict[int, Exception]) -> None:
        self.runs |= runs
        self.failed |= failed

    def _blame(self, slots: Sequence[int], error: Exception, job: Job) -> None:
        if len(slots) > 1:
            for slot in slots:
                self.make([slot], job)
            return
        self._keep({}, {slots[0]: error})
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


class Background(Filling):
    """A `Lazy` source: one thread, which runs the most recently wanted slot first.

    It runs the wanted slot alone and at once; then the axes through it; then whatever is nearest, until
    `most` slots are known. Wanting another slot that is not known stops what is under way. While `busy()`
    holds, only wanted slots are run.

    Args:
        grid: the settings.
        source: what runs them.
        publish: as in `Filling`, called by the thread.
        partial: takes the record of a slot that is not finished yet, `partial(slot, record)`.
        busy: returns True while other code should have the processor.
    """

    source: Lazy

    def __init__(
        self,
        grid: Grid,
        source: Lazy,
        publish: Publish,
        *,
        partial: Callable[[int, Record], None] = lambda *_: None,
        busy: Callable[[], bool] = lambda: False,
    ) -> None:
        super().__init__(grid, source, publish)
        self.most = min(source.most, grid.size)
        self._partial, self._busy = partial, busy
        self._wanted, self._closed = grid.default, False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._loop, name="optlab-lab", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        atexit.register(self.close)  # a thread inside torch when Python ends would abort the process
        self._thread.start()

    def want(self, slot: int) -> None:
        """Ask for a slot; returns at once."""
        with self._changed:
            self._wanted = slot
            self._changed.notify_all()

    def wait(self, slot: int, timeout: float = 60.0) -> Record:
        """Ask for a slot and wait until it has been run.

        Args:
            slot: which.
            timeout: seconds to wait.

        Returns:
            A record of one setting.

        Raises:
            TimeoutError: if it takes longer.
            RuntimeError: if this setting cannot be run, or the lab is closed.
        """
        self.want(slot)
        with self._changed:
            ended = self._changed.wait_for(lambda: self.known(slot) or self._closed, timeout)
            if self.known(slot):
                return self._found(slot)
        if not ended:
            raise TimeoutError(f"setting {self.grid.setting(slot)} was not run within {timeout} s")
        raise RuntimeError("the lab is closed")

    def close(self) -> None:
        """Stop what is under way and end the thread."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        atexit.unregister(self.close)
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join(timeout=5)
        super().close()

    def next_slots(self) -> list[int]:
        """The wanted slot, the axes through it, or what is nearest; empty when there is nothing left."""
        wanted = self._wanted
        if not self.known(wanted):
            return [wanted]
        near = [slot for slot in self.grid.axes_through(wanted) if not self.known(slot)]
        known = len(self.runs) + len(self.failed)
        if not near and known < self.most:
            around = self.grid.nearest(wanted, known + 8 * self.source.chunk)
            near = [slot for slot in around if not self.known(slot)]
        costs = {slot: self.source.cost(self.grid.setting(slot)) for slot in near}
        cheapest = min(costs.values(), default=0.0)
        return [slot for slot in near if costs[slot] == cheapest][: self.source.chunk]

    def _loop(self) -> None:
        while slots := self._await_work():
            try:
                self.make(slots, self._job(slots))
            except Exception as error:  # the thread must outlive whatever goes wrong with one chunk
                logging.getLogger("optlab").exception("a lab could not publish %d settings", len(slots))
                self._keep({}, {slot: error for slot in slots if not self.known(slot)})

    def _job(self, slots: Sequence[int]) -> Job:
        def stop() -> bool:
            return self._closed or (not self.known(self._wanted) and self._wanted not in slots)

        return Job(stop, lambda partial: self._partial(slots[0], partial) if len(slots) == 1 else None)

    def _await_work(self) -> list[int]:
        """Sleep until there is something to run; empty when closed."""
        with self._changed:
            while not self._closed:
                busy, slots = self._busy(), self.next_slots()
                if slots and (slots == [self._wanted] or not busy):
                    return slots
                # no event tells when `busy` ends, so poll
                self._changed.wait(SECONDS_BETWEEN_LOOKS if busy else None)
            return []

    def _keep(self, runs: dict[int, Record], failed: dict[int, Exception]) -> None:
        with self._changed:
            super()._keep(runs, failed)
            self._changed.notify_all()
