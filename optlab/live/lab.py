"""Lab: sliders, a source of runs, and plots that follow within one display frame."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from typing import Any

import ipywidgets

from optlab.live.background import filling_of
from optlab.live.calls import Call
from optlab.live.cells import Courtesy, after_this_cell, note_shown, replace_earlier
from optlab.live.controls import Control, setting_text, slot_at, stops_of
from optlab.live.drawing import draw, draw_each, film_of, refused
from optlab.live.driving import Driven
from optlab.live.figure import LiveFigure
from optlab.live.filling import Ahead, Filling
from optlab.live.frames import Frames
from optlab.live.goals import Goal
from optlab.live.layout import Foot, close_tree, leave_word, name_for_styles, rows_of
from optlab.live.maps import LabMap, Map
from optlab.live.noted import remember
from optlab.live.pictures import in_rows
from optlab.live.plots.plot import Plot
from optlab.live.publisher import Publisher
from optlab.live.run_here import RunHere
from optlab.live.shown import signed
from optlab.live.source import as_source
from optlab.live.state import State, grid_without, read_state
from optlab.live.toolbar import Toolbar
from optlab.live.validation import (
    check_goals,
    check_maps,
    check_name,
    check_params,
    check_plots,
    check_program,
)
from optlab.params import Grid, Param
from optlab.record import Record

__all__ = ["Lab"]

BUILT_AGAIN = "This lab was built again in a cell above: run this cell to see the new one."
TRAINING = "training …"
SECONDS_BETWEEN_PAGES = 0.5
"""Frames that nobody waits for are sent together."""


class Lab(Driven):
    """Sliders that move through settings, and plots that follow within one display frame.

    The setting on the sliders is run before the lab appears, unless that takes seconds. A `Table` is filled
    on the calling thread when the cell ends, after the lab is shown; all frames leave for the browser, which
    needs no kernel from then on. A `Lazy` source is filled by a background thread, the most recently wanted
    setting first.

    Args:
        params: one slider each.
        source: a `Table`, a `Lazy`, a function of settings or a `Record` (both mean a `Table`).
        plots: the figures.
        goals: what to reach; a line for each lights up while the run on the screen reaches it.
        maps: a number of every setting over any two sliders, each a `Map`.
        program: gives a setting as a program in plain PyTorch, such as a `Program`; None: no button.
        state: where to begin, as `lab.state` gives it; all defaults when left out.
        hide: names of sliders to leave out; each stays at its default, or where `state` puts it.
        name: the function that makes this lab and takes `state`: what *share* copies is a call of it, and
            goals that a learner reaches are remembered under it, from day to day.

    Attributes:
        grid: the settings that the sliders span.
        source: where the runs come from.
        plots: the plots, in order.
        goals: the goals, in order.
        program: as given.
        name: as given.
        controls: the sliders, in order, hidden ones too.
        figures: the live figures, one for each plot.
        maps: the maps.
        toolbar: the row below the figures.

    Raises:
        TypeError: if an argument is of the wrong kind, or `run` returns no `Record`.
        ValueError: if two sliders have one name, `hide` or a goal names no slider, `state` says what this lab
            does not have, or a plot's values do not fit the settings.

    Example:
        >>> import numpy as np
        >>> from optlab.live.plots import Film
        >>> from optlab.live.source import Table
        >>> from optlab.record import Record
        >>> x = np.arange(4)
        >>> plot = Plot(film=Film("step"), xlabel="step", ylabel="loss")
        >>> line = plot.line("loss", lambda r: r.settings["rate"][:, None] ** x, x=x)
        >>> lab = Lab([Param("rate", "r", "rate", (0.5, 1.0), 0.5)], Table(Record), [plot])
        >>> lab.set(rate=1.0).settings, lab.state
        ({'rate': array([1.])}, 'rate=1')
        >>> lab.close()
    """

    figures: list[LiveFigure]
    maps: list[LabMap]
    _publisher: Publisher
    _trial: RunHere

    def __init__(
        self,
        params: Sequence[Param],
        source: Any,
        plots: Sequence[Plot],
        *,
        goals: Sequence[Goal] = (),
        maps: Sequence[Map] = (),
        program: Callable[[dict[str, Any]], str] | None = None,
        state: str = "",
        hide: Sequence[str] = (),
        name: str = "",
    ) -> None:
        self.plots, self.source = check_plots(plots), as_source(source)
        self.grid = grid_without(hide, Grid(check_params(params)), state)
        self.goals, self.program = check_goals(goals, self.grid), check_program(program)
        self.name, declared = check_name(name), check_maps(maps, self.grid)
        last, unit = film_of(self.plots)
        begin = read_state(self.grid, state, last)
        self._courtesy = Courtesy()
        self._filling = self._new_filling()
        try:
            run = self._filling.begin(begin.slot)
            first = self._checked(run, declared) if run else []
            self._lay_out(begin, hide, last, unit, declared)
        except BaseException:
            self._filling.close()
            raise
        self.toolbar.call = Call(self.name).traits()
        remember(self.toolbar, self.name, self.grid)
        replace_earlier(self)
        if run:
            self._publisher.begin(begin.slot, run, first)
        else:
            self._publisher.wait_for(begin.slot, TRAINING)
        self._begin(begin)

    def fill(self) -> None:
        """Run every setting of a `Table` now, and send all frames; a `Lazy` source fills itself."""
        if isinstance(self._filling, Ahead):
            self._filling.fill(self.slot)

    def png(self, *, wait: bool = True) -> bytes:
        """The lab as a picture: every figure at the setting on the sliders, and the setting in words.

        Args:
            wait: whether for a setting in the making; else the picture is what there is of it.

        Returns:
            PNG bytes.
        """
        words = setting_text(self.grid, self.settings)
        if not (wait or self._filling.known(self.slot)):
            return in_rows([figure.png() for figure in self.figures], words)
        try:
            frames, _ = draw_each(self.plots, self.goals, self.result)
        except RuntimeError as error:  # it cannot be run: the picture says why
            frames = refused(self.plots, self.goals, str(error))
        pictures = [figure.png(frame) for figure, frame in zip(self.figures, frames, strict=True)]
        return in_rows(pictures, words)

    def close(self) -> None:
        """End what is under way and free every figure, slider and comm of the lab."""
        if not hasattr(self, "_filling"):  # the constructor failed; called by the garbage collector
            return
        self._end()
        if hasattr(self, "figures"):
            close_tree(self)

    def retire(self) -> None:
        """End, and leave one line where another cell shows the lab: its own cell has built a new one."""
        self._end()
        leave_word(self, BUILT_AGAIN)

    def _end(self) -> None:
        self._filling.close()
        self._courtesy.close()
        if not hasattr(self, "figures"):
            return
        parts: list[ipywidgets.Widget] = [*self.figures, *self.controls, self.toolbar, *self.maps]
        for part in parts:
            part.close()
        self._trial.close()
        # the notebook's Out[...] keeps closed labs: let go of what they hold
        self.plots, self.figures = (), []
        self._publisher = Publisher((), (), self.grid)

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """The live lab, and a picture for places that run no JavaScript."""
        note_shown(self)
        bundle = signed(super()._repr_mimebundle_(**kwargs))
        bundle["image/png"] = base64.b64encode(self.png(wait=False)).decode()
        return bundle

    # ------------------------------------------------------------ making it

    def _new_filling(self) -> Filling:
        return filling_of(
            self.grid,
            self.source,
            self._publish,
            partial=lambda slot, run: self._publisher.stream(slot, run),  # noqa: PLW0108  (it comes later)
            busy=self._courtesy,
            idle=self._send_frames,
        )

    def _checked(self, run: Record, maps: Sequence[Map]) -> list[Frames]:
        """The first frames: what goes wrong here is the author's to hear at once."""
        for one in maps:
            one.numbers(run)
        return draw(self.plots, self.goals, run)

    def _lay_out(self, begin: State, hide: Sequence[str], last: int, unit: str, maps: Sequence[Map]) -> None:
        self._publisher = Publisher(self.plots, self.goals, self.grid)
        self.figures = self._publisher.figures
        self.controls = [Control(param) for param in self.grid.params]
        for control, index in zip(self.controls, self.grid.indices(begin.slot), strict=True):
            control.slider.index = index
            control.mark(self.controls)
        sliders, texts = [control.slider for control in self.controls], [goal.text for goal in self.goals]
        self.toolbar = Toolbar(
            self.grid, sliders, last=last, unit=unit, state=begin, goals=texts, program=self.program
        )
        self._foot = Foot()
        self.maps = self._publisher.maps = [LabMap(one, self.grid, sliders) for one in maps]
        shown = [control for control in self.controls if control.param.name not in hide]
        super().__init__(rows_of(shown, self.figures, self.toolbar, self.maps, self._foot))
        name_for_styles(self, len(self.figures), len(self.maps))
        self.toolbar.lab = self.model_id
        self._trial = RunHere(self.toolbar, self.program, self.plots, self.figures, self._filling)

    def _begin(self, begin: State) -> None:
        sliders = [control.slider for control in self.controls]
        for slider in sliders:
            slider.observe(lambda _: self._moved(), "index")
        sliders[0].on_msg(lambda _, content, __: self._move_as_told(content))
        pinned = [slot for slot in dict.fromkeys(begin.pins) if not self._filling.known(slot)]
        if pinned and self._filling.known(begin.slot):  # else the thread is at its first run
            self._filling.make(pinned)
        self._send_frames()
        for figure, plot in zip(self.figures, self.plots, strict=True):
            figure.steer(sliders, self.toolbar)
            figure.observe(lambda change, plot=plot: self._clicked(plot, change["new"]), "clicked")
        self._filling.want(begin.slot)
        self._filling.start()
        after_this_cell(self._fill_if_open)

    def _fill_if_open(self) -> None:
        if self.comm is not None:
            self.fill()

    # ------------------------------------------------------------ running and showing

    def _clicked(self, plot: Plot, where: dict[str, Any]) -> None:
        """Move the sliders to where a plot says that a click on it leads."""
        try:
            answer = plot.clicked(self._filling.wait(where["slot"]), where["x"], where["y"])
            stops = stops_of(self.controls, answer)
            self.toolbar.hand = slot_at(self.grid, self.controls, stops, self.slot)
            self._move(stops)
        except Exception as error:  # noqa: BLE001  (the author's own code)
            self._foot.message.value = f"This click leads nowhere: {error}"
        self.toolbar.hand = -1

    def _moved(self) -> None:
        if self._moving:
            return
        self._courtesy.moved()
        self._filling.want(self.slot)
        if self._publisher.waits(self.slot):  # the thread may be at its next chunk for long
            self._send_frames()
        self._tell()

    def _tell(self) -> None:
        """Say why there is no curve, where the setting on the sliders cannot be run or drawn."""
        self._foot.message.value = self._publisher.trouble(self.slot, self._filling.failed.get(self.slot))

    def _publish(self, slots: Sequence[int], result: Any) -> None:
        """Show what was run, and send it soon."""
        shown = list(slots) == [self.slot]
        self._publisher.publish(slots, result, now=shown)
        self._tell()
        if isinstance(self._filling, Ahead):
            self._send_frames()
        elif not shown:  # else it can wait for the next page
            now = self.slot in slots or self._filling.near(slots)
            self._send_frames(0.0 if now else SECONDS_BETWEEN_PAGES)

    def _send_frames(self, every: float = 0.0) -> None:
        self._publisher.send(every)
        self._foot.tell(len(self._filling.runs), self._filling.most, self.grid.size)
