"""Toolbar: a film of the run, runs pinned to compare with, undo, goals, and a lab's setting to take away."""

from __future__ import annotations

import inspect
import itertools
import pathlib
from collections.abc import Callable, Sequence
from typing import Any

import anywidget
import ipywidgets
from ipywidgets import widget_serialization
from traitlets import Bool, Dict, Instance, Int, List, Unicode, observe

from optlab.live.beside import files_of, keep, said_of
from optlab.live.scripts import joined, styles
from optlab.live.state import State, plain_text
from optlab.params import Grid, Param, strides

__all__ = ["Toolbar", "applies_table", "described"]

HERE = pathlib.Path(__file__).parent


class Toolbar(anywidget.AnyWidget):
    """One thin row below a lab's figures, and its goals. All but the program works without the kernel.

    It also furnishes the lab's sliders: their values, a way back to the default, names for the ear.

    The figures look at `step` and `pins`, and note in `reached` which goals the run on the screen reaches.

    Args:
        grid: the settings that the sliders span.
        sliders: the sliders, in the grid's order.
        last: the last step of the film; 0 leaves the film out.
        unit: what the steps are: "epoch", "step".
        goals: the goals, in words.
        program: a setting as a program; None leaves the button out.
        state: what is pinned, and the step that the film shows.
    """

    _esm = joined("toolbar")
    _css = styles("lab", "toolbar", "stage")

    params: List[dict] = List().tag(sync=True)  # see `described`
    sliders = List(Instance(ipywidgets.Widget)).tag(sync=True, **widget_serialization)
    strides: List[int] = List().tag(sync=True)
    last = Int().tag(sync=True)
    unit = Unicode().tag(sync=True)
    step = Int().tag(sync=True)  # the step that the film shows; `last` is the whole run
    coming = Int(-1).tag(sync=True)  # how many steps there are of a run in the making; -1: all
    pins: List[int] = List().tag(sync=True)  # a slot for each place, -1: free
    call: Dict[str, str] = Dict().tag(sync=True)  # what makes the lab: see `optlab.live.calls`
    goals: List[str] = List().tag(sync=True)
    reached: List[bool] = List().tag(sync=True)
    noted: List[int] = List().tag(sync=True)  # for each goal the slot where a hand reached it; see `noted`
    hand = Int(-1).tag(sync=True)  # the slot that the kernel moves to because a hand asked it to
    lab = Unicode().tag(sync=True)  # the model of the lab: the stage shows a view of it
    has_program = Bool().tag(sync=True)
    asked = Int(-1).tag(sync=True)  # the slot whose program the browser wants
    program: Dict[str, Any] = Dict().tag(
        sync=True
    )  # the program last asked for: slot, text, and files it reads
    keep = Int().tag(sync=True)  # counts how often the browser wanted those files beside the notebook
    kept: Dict[str, Any] = Dict().tag(sync=True)  # the answer: count, and in words where they are
    wish: Dict[str, int] = Dict().tag(sync=True)  # slot: whose program to run, -1: none; count: of wishes
    ran: Dict[str, Any] = Dict().tag(sync=True)  # the program run last: see `optlab.live.run_here`

    def __init__(
        self,
        grid: Grid,
        sliders: Sequence[ipywidgets.Widget],
        *,
        last: int,
        unit: str,
        state: State,
        goals: Sequence[str] = (),
        program: Callable[[dict[str, Any]], str] | None = None,
    ) -> None:
        self._grid, self._program = grid, program
        super().__init__(
            params=[described(param) | applies_table(param, grid) for param in grid.params],
            sliders=list(sliders),
            strides=strides(grid.shape),
            last=last,
            unit=unit,
            step=last if state.step is None else state.step,
            pins=list(state.pins),
            goals=list(goals),
            has_program=program is not None,
        )

    def close(self) -> None:
        """Close the toolbar and its layout."""
        self.layout.close()
        super().close()

    @observe("asked")
    def _write_program(self, change: Any) -> None:
        if self._program is not None and 0 <= change["new"] < self._grid.size:
            text = self._program(self._grid.setting(change["new"]))
            files = files_of(self._program)
            self.kept = {"count": self.keep, "said": said_of(files, pathlib.Path()) if files else ""}
            self.program = {"slot": change["new"], "text": text, "files": list(files)}

    @observe("keep")
    def _keep_files(self, change: Any) -> None:
        files, folder = files_of(self._program), pathlib.Path()  # a notebook's kernel is in its folder
        try:
            keep(files, folder)
            said = said_of(files, folder)
        except OSError as error:
            said = f"What it reads could not be written beside the notebook: {error}"
        self.kept = {"count": change["new"], "said": said}


def described(param: Param) -> dict[str, Any]:
    """A slider as the browser knows it."""
    return {
        "name": param.name,
        "title": f"{param.label} {param.symbol}".strip(),
        "lead": f"{param.symbol} =" if param.symbol else param.label,
        "texts": [plain_text(value) for value in param.values],
        "default": param.index(param.default),
    }


def applies_table(param: Param, grid: Grid) -> dict[str, dict[str, list[Any]]]:
    """Where a slider makes a difference, for each position of the sliders that its `applies` names.

    Args:
        param: the slider.
        grid: all sliders of the lab, in order.

    Returns:
        Nothing where it makes a difference everywhere; else `applies`: `sliders`, the indices of those;
        `strides` of their positions, the last fastest; `table`, true or false for each position.

    Raises:
        ValueError: if `applies` names a slider that the lab has not.

    Example:
        >>> rule = Param("rule", "", "rule", ("SGD", "Adam"), "SGD")
        >>> beta = Param("beta2", "β₂", "memory", (0.9, 0.99), 0.9, applies=lambda rule: rule == "Adam")
        >>> applies_table(beta, Grid((rule, beta)))
        {'applies': {'sliders': [0], 'strides': [1], 'table': [False, True]}}
    """
    if param.applies is None:
        return {}
    names = [known.name for known in grid.params]
    named = list(inspect.signature(param.applies).parameters)
    if set(named) - set(names):
        raise ValueError(f"{param.name}: applies={named}: expected names of sliders, {names}")
    others = [grid.params[names.index(name)] for name in named]
    positions = itertools.product(*(other.values for other in others))
    table: dict[str, list[Any]] = {
        "sliders": [names.index(name) for name in named],
        "strides": strides([len(other.values) for other in others]),
        "table": [bool(param.applies(*values)) for values in positions],
    }
    return {"applies": table}
