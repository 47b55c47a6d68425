"""Train a grid of settings in the background: the wanted one first, then those around it."""

from __future__ import annotations

import atexit
import threading
from collections.abc import Callable, Sequence
from typing import Any

from optlab.params import Grid

__all__ = ["BoxTrainer"]

SECONDS_BETWEEN_LOOKS = 0.2

Stop = Callable[[], bool]
Train = Callable[[Sequence[int], Stop], Any]
Publish = Callable[[Sequence[int], Any], None]


class BoxTrainer:
    """One thread, one wish at a time, the latest.

    The thread trains the wanted slot alone and at once; then the axes through it; then whatever is nearest,
    until `most` slots are trained. A new wish that is not trained yet calls off what is under way. While
    `busy()` holds, only wishes are trained.

    Args:
        grid: the settings.
        train: trains some slots together: `train(slots, stop) -> result`; it should look at `stop()` often.
        publish: told of every result that was finished: `publish(slots, result)`; of a slot that cannot be
            trained, with the error for a result.
        most: how many slots to train without being asked.
        chunk: how many slots to train together.
        cost: how long a slot takes, next to others: cheap ones come first, and only equals share a chunk.
        busy: whether somebody else needs the processor more.

    Attributes:
        results: for each trained slot its result and the row in it.
        failed: for each slot that cannot be trained, why; `wait` raises it.
    """

    def __init__(
        self,
        grid: Grid,
        train: Train,
        publish: Publish,
        *,
        most: int = 1024,
        chunk: int = 64,
        cost: Callable[[int], float] = lambda _: 1.0,
        busy: Callable[[], bool] = lambda: False,
    ) -> None:
        self.grid, self.most, self.chunk = grid, min(most, grid.size), chunk
        self.results: dict[int, tuple[Any, int]] = {}
        self.failed: dict[int, Exception] = {}
        self._train, self._publish, self._cost, self._busy = train, publish, cost, busy
        self._wanted = grid.default
        self._closed = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._loop, name="optlab-lab", daemon=True)

    def start(self) -> None:
        """Begin to train."""
        atexit.register(self.close)  # a thread inside torch when Python ends would abort the process
        self._thread.start()

    def want(self, slot: int) -> None:
        """Ask for a slot; returns at once."""
        with self._changed:
            self._wanted = slot
            self._changed.notify_all()

    def wait(self, slot: int, timeout: float = 60.0) -> tuple[Any, int]:
        """Ask for a slot and wait until it is trained.

        Args:
            slot: which.
            timeout: seconds to wait.

        Returns:
            Its result and the row in it.

        Raises:
            TimeoutError: if it takes longer.
            RuntimeError: if training this slot raised an error, or the trainer is closed.
        """
        self.want(slot)
        with self._changed:
            ended = self._changed.wait_for(lambda: self._known(slot) or self._closed, timeout)
            if slot in self.results:
                return self.results[slot]
        if not ended:
            raise TimeoutError(f"setting {self.grid.setting(slot)} was not trained within {timeout} s")
        error = self.failed.get(slot)
        raise RuntimeError(f"training failed: {error}" if error else "the lab is closed") from error

    def close(self) -> None:
        """Call off what is under way and end the thread."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        atexit.unregister(self.close)
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join(timeout=5)

    def next_slots(self) -> list[int]:
        """What to train next; empty when there is nothing left to do."""
        wanted = self._wanted
        if not self._known(wanted):
            return [wanted]
        near = [slot for slot in self.grid.axes_through(wanted) if not self._known(slot)]
        known = len(self.results) + len(self.failed)
        if not near and known < self.most:
            around = self.grid.nearest(wanted, known + 8 * self.chunk)
            near = [slot for slot in around if not self._known(slot)]
        least = min(map(self._cost, near), default=0.0)
        return [slot for slot in near if self._cost(slot) == least][: self.chunk]

    def _known(self, slot: int) -> bool:
        return slot in self.results or slot in self.failed

    def _loop(self) -> None:
        while slots := self._await_work():
            self._train_and_publish(slots)

    def _await_work(self) -> list[int]:
        """Sleep until there is something to train; empty when closed."""
        with self._changed:
            while not self._closed:
                busy, slots = self._busy(), self.next_slots()
                if slots and (slots == [self._wanted] or not busy):
                    return slots
                # nobody tells when they are no longer busy: look again now and then
                self._changed.wait(SECONDS_BETWEEN_LOOKS if busy else None)
            return []

    def _train_and_publish(self, slots: Sequence[int]) -> None:
        def stop() -> bool:
            return self._closed or (not self._known(self._wanted) and self._wanted not in slots)

        try:
            result = self._train(slots, stop)
        except Exception as error:  # noqa: BLE001  (whatever a learner's model raises; `wait` passes it on)
            self._note_failure(slots, error)
            return
        if stop():
            return
        with self._changed:
            self.results |= {slot: (result, row) for row, slot in enumerate(slots)}
            self._changed.notify_all()
        self._publish(slots, result)

    def _note_failure(self, slots: Sequence[int], error: Exception) -> None:
        """Blame the one slot; of several, train each alone to find out which it was."""
        if len(slots) > 1:
            for slot in slots:
                self._train_and_publish([slot])
            return
        with self._changed:
            self.failed[slots[0]] = error
            self._changed.notify_all()
        self._publish(slots, error)
