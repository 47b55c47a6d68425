"""Run here: a lab's program runs beside the kernel, and what it prints becomes dots over the figures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from optlab.live.beside import files_of
from optlab.live.child import Child, State
from optlab.live.dots import ROUNDING, Sheet, in_words
from optlab.live.figure import LiveFigure
from optlab.live.filling import Filling
from optlab.live.plots.plot import Plot
from optlab.live.printed import read
from optlab.live.toolbar import Toolbar

__all__ = ["RunHere"]

HOW: dict[State, str] = {
    "running": "It is running.",
    "done": "",
    "failed": "It ended with an error.",
    "stopped": "Stopped.",
    "late": "It took more than five minutes and was ended: run it as a file.",
}


class RunHere:
    """Runs programs when the browser asks for it, one at a time.

    The toolbar's `wish` says of which slot; its `ran` is the answer: `slot`, `state` as a `Child` has it,
    `text` (what was printed) and `said` (how it went, and how far from the lab's run, in words).

    Args:
        toolbar: where the browser asks.
        program: gives a setting as a program; None: there is nothing to run. It may say in `parts` what parts
            its run from the lab's, and what it reads in `files`.
        plots: the figures as they are declared.
        figures: the same as they are shown.
        filling: where the lab's runs are.
    """

    def __init__(
        self,
        toolbar: Toolbar,
        program: Callable[[dict[str, Any]], str] | None,
        plots: Sequence[Plot],
        figures: Sequence[LiveFigure],
        filling: Filling,
    ) -> None:
        self._toolbar, self._program, self._filling = toolbar, program, filling
        self._plots, self._figures = plots, figures
        self._parts: str = getattr(program, "parts", ROUNDING)
        self._child: Child | None = None
        self._count = 0
        toolbar.observe(self._asked, "wish")

    def close(self) -> None:
        """End what is running, and hear nothing more of it."""
        self._count += 1
        if self._child is not None:
            self._child.stop()
        self._plots = self._figures = ()

    def _asked(self, change: Any) -> None:
        slot, grid = change["new"].get("slot", -1), self._filling.grid
        if self._child is not None:
            self._child.stop()
        if self._program is None or not 0 <= slot < grid.size:
            return
        self._count += 1
        self._tell(slot, "running")
        text, sheet = self._program(grid.setting(slot)), self._sheet(slot)
        files = files_of(self._program)
        self._child = Child(text, partial(self._heard, self._count, slot, sheet), files=files)

    def _sheet(self, slot: int) -> Sheet | None:
        """The figures of a slot; None where it cannot be run or drawn."""
        try:
            return Sheet(self._plots, self._filling.wait(slot))
        except Exception:  # noqa: BLE001  (the author's own code; the lab says what is wrong with it)
            return None

    def _heard(self, count: int, slot: int, sheet: Sheet | None, text: str, state: State) -> None:
        if count != self._count:  # another one has been asked for since
            return
        dots = sheet.dots(read(text)) if sheet else []
        for k, figure in enumerate(self._figures):
            figure.dots = {"slot": slot, "points": [[dot.x, dot.y] for dot in dots if dot.figure == k]}
        self._tell(slot, state, text, in_words(dots, self._parts) if dots or state == "done" else "")

    def _tell(self, slot: int, state: State, text: str = "", found: str = "") -> None:
        said = " ".join(filter(None, [HOW[state], found]))
        self._toolbar.ran = {"slot": slot, "state": state, "text": text, "said": said}
