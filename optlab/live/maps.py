"""Map: one number of every setting, over any two sliders as an image; and its best over all others."""

from __future__ import annotations

import pathlib
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import anywidget
import ipywidgets
import numpy as np
from ipywidgets import widget_serialization
from matplotlib import colormaps
from traitlets import Bool, Bytes, CFloat, Instance, List, Unicode

from optlab.live.frames import Frames
from optlab.live.pages import FramePage
from optlab.live.scripts import joined
from optlab.live.toolbar import described
from optlab.params import Grid, strides
from optlab.record import Record

__all__ = ["LabMap", "Map"]

HERE = pathlib.Path(__file__).parent
LOST = np.float32(np.nan)


@dataclass(frozen=True)
class Map:
    """What the map of a lab shows; hand it to `Lab(..., map=...)`.

    The map is an image over two sliders, at which all others stand as they are; a click on it moves the two
    sliders. Beside it is the *isolation plot*: for each stop of the first slider the best over all others,
    whatever they are.

    Args:
        label: what the number is, such as "test loss at the end".
        value: the number of every setting, `value(record) -> (settings,)`; not finite: the run diverged.
        over: the names of the two sliders that it begins with.
        low: the end of the colours and of the axis; None: the least that is known.
        high: the other end; None: the largest.
        log: whether colours and axis are logarithmic.
        lowest_is_best: False for what is to be large, such as an accuracy.

    Raises:
        TypeError: if `value` is no function, or `label` is no text.
        ValueError: if `low` is not below `high`, or not above 0 where `log`; or `over` does not name two.

    Example:
        >>> Map("loss", lambda r: r.settings["a"] ** 2, over=("a", "b")).label
        'loss'

    Source:
        V. Godbole et al., "Deep learning tuning playbook", 2023, has isolation plots.
    """

    label: str
    value: Callable[[Any], Any]
    over: tuple[str, str]
    low: float | None = None
    high: float | None = None
    log: bool = False
    lowest_is_best: bool = True

    def __post_init__(self) -> None:
        if not isinstance(self.label, str):
            raise TypeError(f"label={self.label!r}: expected a few words")
        if not callable(self.value):
            raise TypeError(f"value={self.value!r}: expected a function of a record")
        if isinstance(self.over, str) or len(set(self.over)) != 2:
            raise ValueError(f"over={self.over!r}: expected the names of two sliders")
        if self.log and any(end is not None and end <= 0 for end in (self.low, self.high)):
            raise ValueError(f"low={self.low}, high={self.high}: expected above 0 on a log axis")
        if self.low is not None and self.high is not None and self.low >= self.high:
            raise ValueError(f"low={self.low}, high={self.high}: expected low < high")

    def numbers(self, record: Record) -> np.ndarray:
        """The number of every setting of a record; NaN where it is not finite.

        Args:
            record: the settings.

        Returns:
            float32, `(settings,)`.

        Raises:
            ValueError: if `value` gives another shape.
        """
        found = np.asarray(self.value(record), np.float64)
        if found.shape != (len(record),):
            raise ValueError(
                f"the map's value has shape {found.shape}: expected ({len(record)},), one a setting"
            )
        with np.errstate(over="ignore"):
            return np.where(np.isfinite(found), found, np.nan).astype(np.float32)


class LabMap(anywidget.AnyWidget):
    """The map of a lab: the browser keeps one number a setting and draws from them by itself.

    Args:
        declared: what it shows.
        grid: the settings.
        sliders: the sliders, in the grid's order.

    Raises:
        ValueError: if it is to begin over something that is no slider.
    """

    _esm = joined("maps")
    _css = HERE / "css" / "maps.css"

    params: List[dict] = List().tag(sync=True)  # see `toolbar.described`
    sliders = List(Instance(ipywidgets.Widget)).tag(sync=True, **widget_serialization)
    strides: List[int] = List().tag(sync=True)
    label = Unicode().tag(sync=True)
    low = CFloat(None, allow_none=True).tag(sync=True)
    high = CFloat(None, allow_none=True).tag(sync=True)
    log = Bool().tag(sync=True)
    lowest_is_best = Bool().tag(sync=True)
    colors = Bytes().tag(sync=True)  # RGBA, 256 of them, from `low` to `high`
    axes: List[int] = List().tag(sync=True)  # which two sliders it is over: across, up
    pages = List(Instance(FramePage)).tag(sync=True, **widget_serialization)  # one number a setting

    def __init__(self, declared: Map, grid: Grid, sliders: Sequence[ipywidgets.Widget]) -> None:
        self.declared, self._lock = declared, threading.RLock()
        self._waiting: list[tuple[int, float]] = []
        super().__init__(
            params=[described(param) for param in grid.params],
            sliders=list(sliders),
            strides=strides(grid.shape),
            label=declared.label,
            low=declared.low,
            high=declared.high,
            log=declared.log,
            lowest_is_best=declared.lowest_is_best,
            colors=colors_of("viridis_r" if declared.lowest_is_best else "viridis"),
            axes=axes_of(grid, declared.over),
        )

    def note(self, slots: Sequence[int], result: Record | Exception) -> None:
        """Keep the numbers of some settings for the next page.

        Args:
            slots: which.
            result: their runs; of what cannot be run, or has no number, the map says that it diverged.
        """
        try:
            values = self.declared.numbers(result) if isinstance(result, Record) else LOST
        except Exception:  # noqa: BLE001  (the author's own code; the first setting has told the author)
            values = LOST
        with self._lock:
            self._waiting += zip(slots, np.broadcast_to(values, len(slots)).tolist(), strict=True)

    def send(self) -> None:
        """Tell the browser the numbers that wait, as one page."""
        with self._lock:
            waiting, self._waiting = self._waiting, []
            if not waiting or self.comm is None:
                return
            slots, values = zip(*waiting, strict=True)
            n = len(slots)
            frames = Frames(np.array(values, np.float32)[:, None], [()] * n, [""] * n, [0] * n)
            self.pages = [*self.pages, FramePage([int(slot) for slot in slots], frames)]

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take what the page has changed, while no other thread sets a trait."""
        with self._lock:
            super().set_state(sync_data)

    def close(self) -> None:
        """Close the map, its pages and its layout."""
        with self._lock:  # a thread may be at its last page
            for widget in (*self.pages, self.layout):
                widget.close()
            super().close()
        self.pages, self.sliders = [], []


def axes_of(grid: Grid, names: Sequence[str]) -> list[int]:
    """The two sliders with these names; one that cannot be moved gives way to the first others that can.

    Args:
        grid: the settings.
        names: of two sliders.

    Returns:
        Two indices; fewer where fewer sliders can be moved.

    Raises:
        ValueError: if a name is not that of a slider.
    """
    known = [param.name for param in grid.params]
    for name in names:
        if name not in known:
            raise ValueError(f"map: {name!r} is no slider: expected {', '.join(known)}")
    movable = [k for k, count in enumerate(grid.shape) if count > 1]
    wanted = [known.index(name) for name in names]
    return list(dict.fromkeys([k for k in wanted if k in movable] + movable))[:2]


def colors_of(name: str) -> bytes:
    """256 colours of a colour map of matplotlib, as RGBA."""
    return (colormaps[name](np.linspace(0, 1, 256)) * 255).round().astype(np.uint8).tobytes()
