"""Driving a lab from code: where its sliders are, moving them, and what is then shown."""

from __future__ import annotations

from typing import Any

import ipywidgets

from optlab.live.controls import Control, slot_at, stops_of
from optlab.live.filling import Filling
from optlab.live.state import State, write_state
from optlab.live.toolbar import Toolbar
from optlab.params import Grid

__all__ = ["Driven"]


class Driven(ipywidgets.VBox):
    """What a `Lab` lets code do with its sliders.

    Attributes:
        grid: the settings that the sliders span.
        controls: the sliders, in order, hidden ones too.
        toolbar: the row below the figures.
    """

    grid: Grid
    controls: list[Control]
    toolbar: Toolbar
    _filling: Filling
    _moving = False

    @property
    def slot(self) -> int:
        """Where the sliders are in the grid."""
        return self.grid.slot([control.slider.index for control in self.controls])

    @property
    def settings(self) -> dict[str, Any]:
        """The value of every slider, by name."""
        return self.grid.setting(self.slot)

    @property
    def state(self) -> str:
        """Sliders, pins and film as a short text to hand to `Lab(..., state=...)`."""
        bar = self.toolbar
        step = bar.step if bar.step < bar.last else None
        return write_state(self.grid, State(self.slot, tuple(bar.pins), step))

    @property
    def result(self) -> Any:
        """What is shown: the record of the setting on the sliders; waits until it has been run."""
        return self._filling.wait(self.slot)

    def set(self, **values: Any) -> Any:
        """Move sliders from code, and wait for the answer.

        Args:
            values: for any of the sliders a value that it stops at, such as `lr=1.0`.

        Returns:
            What is then shown, as `result`.

        Raises:
            TypeError: if there is no such slider.
            ValueError: if a value is not on its slider; no slider has then moved.
            RuntimeError: if this setting cannot be run.
        """
        self._move(stops_of(self.controls, values))
        return self.result

    def at(self, **values: Any) -> Any:
        """From all defaults, move some sliders, and wait for the answer; the rest as in `set`."""
        self.reset()
        return self.set(**values)

    def look(self, **values: Any) -> Any:
        """What `at` would give, while every slider stays where it is.

        Args:
            values: for any of the sliders a value that it stops at; the others at their defaults.

        Returns:
            A record of one setting.

        Raises:
            TypeError: if there is no such slider.
            ValueError: if a value is not on its slider.
            RuntimeError: if this setting cannot be run.
        """
        slot = slot_at(self.grid, self.controls, stops_of(self.controls, values), self.grid.default)
        try:
            return self._filling.wait(slot)
        finally:
            self._filling.want(self.slot)

    def reset(self) -> None:
        """Move every slider to its default."""
        self._move(dict(zip(self.controls, self.grid.indices(self.grid.default), strict=True)))

    def _move(self, stops: dict[Control, int], *, by_the_page: bool = False) -> None:
        """Move several sliders, and run only the setting that they end at.

        Args:
            stops: for some of the sliders an index.
            by_the_page: whether the page has told it: then nothing is sent back.
        """
        self._moving = True
        for control, index in stops.items():
            if by_the_page:
                control.slider.set_state({"index": index})  # as the page's own messages do
            else:
                control.slider.index = index
        self._moving = False
        self._moved()

    def _move_as_told(self, content: Any) -> None:
        """The page moves several sliders, one message each: it has told first where they all go.

        Args:
            content: `stops`, the index of every slider; what is not that is left alone.
        """
        stops = content.get("stops") if isinstance(content, dict) else None
        if not isinstance(stops, list) or len(stops) != len(self.controls):
            return
        if not all(isinstance(k, int) and 0 <= k < n for k, n in zip(stops, self.grid.shape, strict=True)):
            return
        self._filling.want(self.grid.slot(stops))  # the sliders' answers to the page take longer to write
        self._move(dict(zip(self.controls, stops, strict=True)), by_the_page=True)

    def _moved(self) -> None:
        """The sliders have come to rest at a setting: show it."""
        raise NotImplementedError
