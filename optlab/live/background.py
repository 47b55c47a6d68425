"""Fill a lab's grid in the background: one thread, which runs what is wanted first."""

from __future__ import annotations

import atexit
import contextlib
import logging
import os
import sys
import threading
from collections.abc import Callable, Sequence
from typing import Any

from optlab.live.filling import Ahead, Filling, Publish
from optlab.live.logged import logged
from optlab.live.order import Order
from optlab.live.source import Job, Lazy, Source, Table
from optlab.params import Grid
from optlab.record import Record

__all__ = ["Background", "filling_of"]

SECONDS_BETWEEN_LOOKS = 0.05
PATIENCE = 2.0
"""Seconds that a lab waits for its first setting before it appears without."""
NICENESS = 5
"""Of the background's thread, 0 to 19: with 5 a busy processor gives it a quarter of what others get."""


class Background(Filling):
    """A `Lazy` source: one thread, which runs the most recently wanted slot first.

    It runs the wanted slot alone and at once; then what `Order` says, until `most` slots are known. Wanting
    another slot that is not known stops what is under way. While `busy()` holds, only wanted slots are run.
    Where the system can tell threads apart, everything else has the processor before this one.

    Args:
        grid: the settings.
        source: what runs them.
        publish: as in `Filling`, called by the thread.
        partial: takes the record of a slot that is not finished yet, `partial(slot, record)`.
        busy: returns True while other code should have the processor.
        idle: called by the thread before it waits for something to do.
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
        idle: Callable[[], object] = lambda: None,
    ) -> None:
        super().__init__(grid, source, self._when_open(publish))
        self._order = Order(grid, source.most, source.chunk, source.cost)
        self._partial, self._busy, self._idle = partial, busy, idle
        self._wanted, self._closed = grid.default, False
        self._early: tuple[int, Record] | None = None  # the newest part of a run that nobody can be shown yet
        self._changed, self._open = threading.Condition(), threading.Event()
        self._thread = threading.Thread(target=self._loop, name="optlab-lab", daemon=True)

    def begin(self, slot: int) -> Record | None:
        """Start the thread with a slot, and wait for it a while; until `start` nothing is published.

        Args:
            slot: which.

        Returns:
            Its record; None where it takes longer. What goes wrong is raised.
        """
        self.want(slot)
        self._run_thread()
        with self._changed:
            self._changed.wait_for(lambda: self.known(slot), PATIENCE)
        if slot in self.failed:
            raise self.failed[slot]
        return self._found(slot) if self.known(slot) else None

    def start(self) -> None:
        """Let the thread publish, and fill what nobody has asked for."""
        with self._changed:
            if self._early is not None and not self._closed:
                self._show_part(*self._early)
            self._early = None
            self._open.set()
        self._run_thread()

    def _run_thread(self) -> None:
        if not self._thread.is_alive():
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
        self._open.set()
        atexit.unregister(self.close)
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join(timeout=5)
        super().close()

    @property
    def most(self) -> int:
        """How many slots it runs without being asked."""
        return self._order.most

    def near(self, slots: Sequence[int]) -> bool:
        """Whether all of these can be reached from the wanted slot by moving one slider."""
        here = self.grid.indices(self._wanted)
        return all(sum(map(int.__ne__, here, self.grid.indices(slot))) <= 1 for slot in slots)

    def _loop(self) -> None:
        while slots := self._await_work():
            if self._open.is_set():  # before, a lab waits for this run to open with
                step_back()
            try:
                self.make(slots, self._job(slots))
            except Exception as error:  # the thread must outlive whatever goes wrong with one chunk
                logging.getLogger("optlab").exception("a lab went on without %d settings", len(slots))
                self._keep([slot for slot in slots if not self.known(slot)], error)

    def _when_open(self, act: Callable[..., None]) -> Callable[..., None]:
        """A function for which the thread waits until the lab is there to show something."""

        def later(*given: Any) -> None:
            if threading.current_thread() is self._thread:  # the pinned runs are made by the lab itself
                self._open.wait()
            if not self._closed:
                act(*given)

        return later

    def _job(self, slots: Sequence[int]) -> Job:
        def stop() -> bool:
            return self._closed or (not self.known(self._wanted) and self._wanted not in slots)

        def show(partial: Record) -> None:
            if list(slots) != [self._wanted] or self._closed or self._before_it_opens(slots[0], partial):
                return
            step_back()
            self._show_part(slots[0], partial)

        return Job(stop, show)

    def _show_part(self, slot: int, partial: Record) -> None:
        with logged("a lab could not show a run that is not finished"):
            self._partial(slot, partial)

    def _before_it_opens(self, slot: int, partial: Record) -> bool:
        """Whether the lab is not there yet: what there is of a run is kept for it, as no run waits."""
        with self._changed:
            if self._open.is_set():
                return False
            self._early = (slot, partial)
            return True

    def _await_work(self) -> list[int]:
        """Sleep until there is something to run; empty when closed."""
        while not self._closed:
            # all that takes long is done without the lock, for which `want` would have to wait
            wanted = self._wanted
            busy = self.known(wanted) and self._busy()
            slots = [] if busy else self._order.next(wanted)
            if not busy and not slots:
                with logged("a lab could not send what waits"):
                    self._idle()
            with self._changed:
                if wanted != self._wanted or self._closed:
                    continue
                if slots:
                    return slots
                # no event tells when `busy` ends, so poll
                self._changed.wait(SECONDS_BETWEEN_LOOKS if busy else None)
        return []

    def _keep(self, slots: Sequence[int], result: Record | Exception) -> None:
        with self._changed:
            super()._keep(slots, result)
            self._order.know(slots)
            self._changed.notify_all()


def filling_of(grid: Grid, source: Source, publish: Publish, **background: Any) -> Filling:
    """What fills a lab's grid: a `Table` is made ahead, a `Lazy` source in the background.

    Args:
        grid: the settings.
        source: what runs them.
        publish: as in `Filling`.
        background: further arguments of `Background`.

    Returns:
        The filling, not started.
    """
    if isinstance(source, Table):
        return Ahead(grid, source, publish)
    return Background(grid, source, publish, **background)


def step_back() -> None:
    """Give the calling thread a low priority, where threads have one of their own."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):  # a sandbox may forbid it
            own = threading.get_native_id()
            nice = max(NICENESS, os.getpriority(os.PRIO_PROCESS, own))  # root could step forward
            os.setpriority(os.PRIO_PROCESS, own, nice)
