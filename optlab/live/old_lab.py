"""Lab: sliders, training and figures, wired."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import ipywidgets
import numpy as np

from optlab.course.common.old_figures import Panel, film_of
from optlab.engine.training.callbacks import Callback, StopWhen
from optlab.engine.training.streaming import Stream
from optlab.live import DRAW_LOCK, CellClock, LiveFigure, Toolbar, replace_earlier
from optlab.live.controls import Control, value_text
from optlab.live.frames import Frames
from optlab.live.goals import Goal, which_reached
from optlab.live.mark import Mark
from optlab.live.old_worker import BoxTrainer, Stop
from optlab.live.pictures import side_by_side
from optlab.live.state import State, grid_without, read_state, write_state
from optlab.params import Grid, Param

__all__ = ["Lab"]

SECONDS_FOR_A_CELL = 5.0
"""How long a running cell has the processor to itself, but for the setting on the sliders."""

Run = Callable[[dict[str, np.ndarray], Sequence[Callback]], Any]


class Lab(ipywidgets.VBox):
    """Sliders that move through settings already trained, and figures that follow within one display frame.

    The setting of all defaults is trained before the lab appears. A thread of its own then trains what each
    slider can reach by itself, nearest first, and goes on filling the box of settings while nobody asks.

    Args:
        params: one slider each.
        run: trains many settings: `run(settings, callbacks) -> result`, where `settings` has a `(settings,)`
            array for each slider and `result.select(row)` is one of them.
        panels: the figures.
        most: how many settings to train without being asked.
        goals: what to reach; a line for each lights up while the run on the screen reaches it.
        program: gives a setting as a program in plain PyTorch, `program(settings) -> str`; None: no button.
        state: where to begin, as `lab.state` gives it; all defaults when left out.
        hide: names of sliders to leave out; each stays at its default, or where `state` puts it.

    Attributes:
        box: the settings that the sliders span.
        controls: the sliders, in order, hidden ones too.
        figures: the live figures, in order.
        toolbar: the row below the figures.

    Raises:
        TypeError: if `state` is no text.
        ValueError: if `hide` names no slider, or `state` says what this lab has not.

    Example:
        >>> from optlab import iris_pair
        >>> from optlab.course.labs import training_lab
        >>> lab = training_lab(iris_pair(), epochs=5)
        >>> lab.set(lr=1.0).lr[0, 0].round(2)
        np.float32(1.0)
        >>> lab.state
        'lr=1'
        >>> lab.at(l2=0.0).lr[0, 0].round(2)
        np.float32(0.1)
        >>> lab.close()
    """

    def __init__(
        self,
        params: Sequence[Param],
        run: Run,
        panels: Sequence[Panel],
        *,
        most: int = 1024,
        goals: Sequence[Goal] = (),
        program: Callable[[dict[str, Any]], str] | None = None,
        state: str = "",
        hide: Sequence[str] = (),
    ) -> None:
        self.grid, (last, unit) = grid_without(hide, Grid(tuple(params)), state), film_of(panels)
        begin = read_state(self.grid, state, last)
        self.panels, self.goals = tuple(panels), tuple(goals)
        self.figures = [LiveFigure(p.figure, old_marks(p), scenes=p.scenes) for p in self.panels]
        self.controls = [Control(param) for param in self.grid.params]
        for control, index in zip(self.controls, self.grid.indices(begin.slot), strict=True):
            control.slider.index = index
            control.mark(self.controls)
        sliders, texts = [control.slider for control in self.controls], [goal.text for goal in goals]
        self.toolbar = Toolbar(
            self.grid, sliders, last=last, unit=unit, state=begin, goals=texts, program=program
        )
        self._run = run
        self._unsent: dict[int, list[Frames]] = {}
        self._bar = ipywidgets.FloatProgress(
            min=0, max=1, bar_style="", layout={"width": "160px", "height": "12px"}
        )
        self._reset = ipywidgets.Button(
            description="reset all", layout={"width": "90px"}, tooltip="All defaults"
        )
        self._message = ipywidgets.Label(layout={"flex": "1 1 auto", "min_width": "0"})
        self._rows = self._lay_out(hide)
        self._cell = CellClock()
        self._trainer = BoxTrainer(
            self.grid, self._train, self._publish, most=most, cost=self._cost, busy=self._cell_comes_first
        )
        super().__init__(self._rows, layout={"overflow": "hidden", "max_width": "980px"})
        self.add_class("optlab-lab")
        replace_earlier(self)
        self._begin([begin.slot, *begin.pins])

    @property
    def slot(self) -> int:
        """Where the sliders stand in the box."""
        return self.grid.slot([control.slider.index for control in self.controls])

    @property
    def settings(self) -> dict[str, Any]:
        """The value of every slider, by name."""
        return self.grid.setting(self.slot)

    @property
    def state(self) -> str:
        """Where the lab stands, as a short text to hand to `Lab(..., state=...)`."""
        bar = self.toolbar
        step = bar.step if bar.step < bar.last else None
        return write_state(self.grid, State(self.slot, tuple(bar.pins), step))

    @property
    def history(self) -> Any:
        """What is shown: the result of the setting on the sliders; waits until it is trained."""
        result, row = self._trainer.wait(self.slot)
        return result.select(row)

    def set(self, **values: Any) -> Any:
        """Move sliders from code, and wait for the answer.

        Args:
            values: for any of the sliders a value that it stops at, such as `lr=1.0`.

        Returns:
            What is then shown, as `history`.

        Raises:
            TypeError: if there is no such slider.
            ValueError: if a value is not on its slider; no slider has then moved.
        """
        by_name = {control.param.name: control for control in self.controls}
        for name, value in values.items():
            if name not in by_name:
                raise TypeError(f"{name}={value!r}: the lab's sliders are {', '.join(by_name)}")
        found = [(by_name[name], by_name[name].param.index(value)) for name, value in values.items()]
        for control, index in found:
            control.slider.index = index
        return self.history

    def at(self, **values: Any) -> Any:
        """From all defaults, move some sliders, and wait for the answer; the rest as in `set`."""
        self.reset()
        return self.set(**values)

    def reset(self) -> None:
        """Move every slider to its default."""
        for control in self.controls:
            control.reset()

    def png(self) -> bytes:
        """The lab as a picture: every figure as it stands, and the setting in words."""
        with DRAW_LOCK:
            results = self._trainer.results
            self._frames(*(results.get(self.slot) or next(iter(results.values()))))
            pictures = [figure.png() for figure in self.figures]
        words = "   ".join(
            f"{c.param.symbol or c.param.label} = {value_text(c.param, self.settings[c.param.name])}"
            for c in self.controls
        )
        return side_by_side(pictures, words)

    def close(self) -> None:
        """End the training and free every figure, slider and comm of the lab."""
        if not hasattr(self, "_trainer"):  # it was refused, and Python clears it away
            return
        self._trainer.close()
        self._cell.close()
        styles = (self._bar.style, self._reset.style, self._message.style)
        for part in (*self.figures, *self.controls, self.toolbar, *styles):
            part.close()
        for box in (self._bar, self._reset, self._message, *self._rows):
            box.layout.close()
            box.close()
        self.layout.close()
        super().close()
        # the notebook's Out[...] holds on to closed labs: let go of their figures and trainings
        self.panels, self.figures = (), []
        self._trainer.results.clear()

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """The live lab, and a picture for places that run no JavaScript."""
        bundle = super()._repr_mimebundle_(**kwargs)
        bundle["image/png"] = base64.b64encode(self.png()).decode()
        return bundle

    def _lay_out(self, hide: Sequence[str]) -> list[ipywidgets.Widget]:
        shown = [control for control in self.controls if control.param.name not in hide]

        def columns(least: int) -> dict[str, str]:
            fit = f"repeat(auto-fit, minmax(min({least}px, 100%), 1fr))"
            return {"display": "grid", "grid_template_columns": fit, "width": "100%"}

        return [
            ipywidgets.Box(shown, layout=columns(340)),
            ipywidgets.Box(self.figures, layout=columns(360)),
            ipywidgets.Box([self.toolbar], layout={"display": "block"}),
            ipywidgets.HBox([self._reset, self._bar, self._message], layout={"align_items": "center"}),
        ]

    def _begin(self, slots: Sequence[int]) -> None:
        self._reset.on_click(lambda _: self.reset())
        sliders = [control.slider for control in self.controls]
        for slider in sliders:
            slider.observe(lambda _: self._moved(), "index")
        first = self._run(self.grid.settings(slots), ())
        self._trainer.results |= {slot: (first, row) for row, slot in enumerate(slots)}
        self._trainer.want(slots[0])
        self._publish(slots, first)
        for figure in self.figures:
            figure.steer(sliders, self.toolbar)
        self._trainer.start()

    def _moved(self) -> None:
        self._trainer.want(self.slot)
        self._tell()

    def _tell(self) -> None:
        """Say why there is no curve, when the setting on the sliders cannot be trained."""
        error = self._trainer.failed.get(self.slot)
        self._message.value = f"This setting cannot be trained: {error}" if error else ""

    def _cost(self, slot: int) -> float:
        """Steps an epoch, up to a factor: what a setting's training time goes by."""
        return 1 / self.grid.setting(slot).get("batch_size", 1)

    def _cell_comes_first(self) -> bool:
        return 0 < self._cell.seconds() < SECONDS_FOR_A_CELL

    def _train(self, slots: Sequence[int], stop: Stop) -> Any:
        watch = [Stream(lambda part: self._push(slots[0], self._frames(part, 0)))] if len(slots) == 1 else []
        return self._run(self.grid.settings(slots), [StopWhen(stop), *watch])

    def _frames(self, result: Any, row: int) -> list[Frames]:
        """Draw one row of a result into every panel and take the frames."""
        frames = []
        with DRAW_LOCK:
            for panel, figure in zip(self.panels, self.figures, strict=True):
                figure.label = panel.show(result, row)
                figure.scene = panel.scene(result, row)
                frames.append(figure.capture())
        return frames

    def _whole_run(self, result: Any, row: int) -> list[Frames]:
        """The frames of a run that has ended; the first one carries which goals it reaches."""
        first, *others = self._frames(result, row)
        return [replace(first, goals=[which_reached(self.goals, result.select(row))]), *others]

    def _push(self, slot: int, frames: Sequence[Frames]) -> None:
        for figure, frame in zip(self.figures, frames, strict=True):
            figure.push(frame, slot)

    def _publish(self, slots: Sequence[int], result: Any) -> None:
        """Send what was trained: one setting at once, many as a page, which takes waiting ones along."""
        if isinstance(result, Exception):
            self._tell()
            return
        self._unsent |= {slot: self._whole_run(result, row) for row, slot in enumerate(slots)}
        if len(slots) == 1:
            self._push(slots[0], self._unsent[slots[0]])
        if len(slots) > 1 or not self._trainer.next_slots():
            self._send_page()
        self._bar.value = min(1.0, len(self._trainer.results) / self._trainer.most)

    def _send_page(self) -> None:
        slots, frames = list(self._unsent), list(self._unsent.values())
        self._unsent.clear()
        for k, figure in enumerate(self.figures):
            figure.add(slots, Frames.concat([of_slot[k] for of_slot in frames]))


def old_marks(panel: Any) -> list[Mark]:
    """The artists of an old panel as marks, their roles guessed as the browser once did."""
    grown = [line.get_linewidth() for line in panel.grows]

    def role(artist: Any) -> Any:
        if hasattr(artist, "get_fontsize"):
            return "title"
        if artist in panel.grows:
            return "main" if artist.get_linewidth() == max(grown) else "other"
        return "plain" if grown else "main"

    return [
        Mark(
            artist,
            role=role(artist),
            named=not str(artist.get_label()).startswith("_"),
            fixed_x=artist in panel.fixed_x,
            first=panel.grows.get(artist),
        )
        for artist in panel.artists
    ]
