"""The growth races: time, memory and bytes of a sweep against the number of settings, epochs and so on.

Times take turns in one process; memory is the peak of a fresh process above what it had before training;
bytes are what a lab sends to the browser for all these settings.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from optlab import MLP, Dataset, History, from_arrays, train
from optlab.bench.processes import fresh_python
from optlab.bench.rows import Row, Turn
from optlab.bench.turns import stopwatch

__all__ = ["SMALLEST", "Sweep", "bytes_of", "growth_rows", "memory"]


@dataclass(frozen=True)
class Sweep:
    """How large a sweep is.

    Args:
        settings: learning rates trained at once.
        epochs: passes over the data.
        width: units in the hidden layer.
        samples: to learn from.
    """

    settings: int = 64
    epochs: int = 50
    width: int = 16
    samples: int = 80

    def data(self) -> Dataset:
        """Two clouds of four features, of which one sample in five is left out to test."""
        rng = np.random.default_rng(0)
        count = self.samples * 5 // 4
        y = np.arange(count) % 2
        x = rng.normal(size=(count, 4)) + y[:, None]
        return from_arrays(x.astype(np.float32), y, test_fraction=0.2, seed=0)

    def train(self) -> History:
        """Train it."""
        lr = np.geomspace(0.001, 0.1, self.settings)
        model = MLP((4, self.width, 2))
        return train(self.data(), model=model, lr=lr, epochs=self.epochs)


SMALLEST = Sweep()
UNITS = {"settings": "settings", "epochs": "epochs", "width": "units", "samples": "samples"}
"""What each field of a sweep counts."""


def growth_rows(factors: tuple[int, ...], kinds: tuple[str, ...] = ("time", "memory", "bytes")) -> list[Row]:
    """For each axis of a sweep and each kind of cost, the smallest and those so many times as large."""
    return [row for kind in kinds for axis in UNITS for row in _rows(kind, axis, factors)]


def _rows(kind: str, axis: str, factors: tuple[int, ...]) -> Iterator[Row]:
    unit, turn = KINDS[kind]
    for factor in (1, *factors):
        size = getattr(SMALLEST, axis) * factor
        sweep = replace(SMALLEST, **{axis: size})
        yield Row(
            "growth",
            f"{kind} against {axis}",
            f"{size:,} {UNITS[axis]}",
            "",
            partial(turn, sweep),
            base=factor == 1,
            unit=unit,
            panel="a sweep that grows",
            series=kind,
        )


def _time(sweep: Sweep) -> Turn:
    return stopwatch(sweep.train)


def _memory(sweep: Sweep) -> Turn:
    return lambda: memory(sweep)


def _bytes(sweep: Sweep) -> Turn:
    count = bytes_of(sweep.train()) / 1024
    return lambda: count


KINDS: dict[str, tuple[str, Any]] = {
    "time": ("ms", _time),
    "memory": ("MiB", _memory),
    "bytes": ("KiB", _bytes),
}


def memory(sweep: Sweep) -> float:
    """MiB that a fresh process needs for a sweep, at its peak, above what it had when it began.

    Raises:
        OSError: where the system does not tell; Linux does.
    """
    if not PEAK_RESET.exists():
        raise OSError("only Linux tells the peak of a process's memory anew")
    return float(json.loads(fresh_python("-m", "optlab.bench.growth", json.dumps(asdict(sweep)))))


PEAK_RESET = Path("/proc/self/clear_refs")


def _own_peak(sweep: Sweep) -> float:
    replace(sweep, settings=2, epochs=1).train()  # all that is loaded or compiled once
    before = _status("VmRSS")
    PEAK_RESET.write_text("5", encoding="ascii")
    history = sweep.train()
    assert len(history) == sweep.settings  # noqa: S101 - it is still held
    return (_status("VmHWM") - before) / 1024


def _status(name: str) -> int:
    """A line of this process's status, in KiB."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith(f"{name}:")))


def bytes_of(history: History) -> int:
    """What a lab's two plots send to the browser to show every setting of a history."""
    from optlab.course.common.curves import loss_curves, rate_curve
    from optlab.live.pages import FramePage

    total = 0
    for plot in (loss_curves(history.epochs), rate_curve(history.epochs, 1e-4, 20)):
        plot.finish()
        page = FramePage(list(range(len(history))), plot.frames(history))
        total += sum(_size(value) for value in page.get_state().values())
        page.close()
    return total


def _size(value: Any) -> int:
    return len(value) if isinstance(value, (bytes, memoryview)) else len(json.dumps(value))


if __name__ == "__main__":
    print(json.dumps(_own_peak(Sweep(**json.loads(sys.argv[1])))))  # noqa: T201
