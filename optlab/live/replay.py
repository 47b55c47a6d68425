"""Replay: a few runs of a lab once more, apart from its sliders: one after the other, the last as a film."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import anywidget
import ipywidgets
from traitlets import Bool, Dict, Int, List, Unicode

from optlab.live.controls import slot_at, stops_of, value_text
from optlab.live.drawing import film_of
from optlab.live.figure import LiveFigure
from optlab.live.frames import Frames
from optlab.live.layout import close_tree
from optlab.live.mark import Mark, Role
from optlab.live.plots.plot import Plot
from optlab.live.scripts import joined, styles
from optlab.live.sketch import Sketch, which_has
from optlab.live.source import Table
from optlab.record import Record

if TYPE_CHECKING:
    from optlab.live.lab import Lab

__all__ = ["Replay"]

Setting = Mapping[str, Any]
SHOWN = ["index", "step"]


class Replay(ipywidgets.VBox):
    """Some figures of a lab with a few of its runs. The lab's sliders stay where they are until asked.

    Args:
        lab: the lab, not closed.
        before: the runs to compare with, each as the sliders that are not at their defaults.
        figures: which of the lab's figures, counted from 0; empty: all.
        sketch: the line that a learner may draw first, by its label; empty: none.
        asked: the run that is to be played; figures that are empty until then have its background.

    Attributes:
        figures: the figures.
        row: the box that they stand in.
        player: what is below them.
        runs: the record of the runs, in the order in which they are shown; None before the first.
        sketch: what the learner has drawn; None where nothing is to be drawn.

    Raises:
        RuntimeError: if the lab is closed.
        TypeError, ValueError: if the lab has no such slider, value, figure or line.

    Example:
        >>> from optlab.live.plots import Plot
        >>> from optlab.live.lab import Lab
        >>> from optlab.params import Param
        >>> plot = Plot(xlabel="x", ylabel="y", ylim=(0, 4))
        >>> line = plot.line("y", lambda r: r.settings["a"][:, None] * [1, 2], x=[1, 2])
        >>> lab = Lab([Param("a", "a", "slope", (1.0, 2.0), 1.0)], Record, [plot])
        >>> replay = Replay(lab, [{}])
        >>> replay.play({"a": 2.0})
        >>> [run["words"] for run in replay.player.runs], lab.state
        (['a = 1', 'a = 2'], '')
        >>> replay.close()
        >>> lab.close()
    """

    def __init__(
        self,
        lab: Lab,
        before: Sequence[Setting],
        figures: Sequence[int] = (),
        sketch: str = "",
        asked: Setting | None = None,
    ) -> None:
        if not lab.figures:
            raise RuntimeError("its lab is closed: run the cell that makes the lab, then this one")
        self._lab, self._slots = lab, [slot_of(lab, setting) for setting in before]
        chosen = list(figures) or range(len(lab.figures))
        if not set(chosen) <= set(range(len(lab.figures))):
            raise ValueError(f"figures={figures!r}: expected some of 0 to {len(lab.figures) - 1}")
        self.runs: Record | None = None
        self._plots = [lab.plots[k] for k in chosen]
        last, unit = film_of(self._plots)
        drawn_on = which_has(sketch, self._plots) if sketch else -1
        self.player = ReplayPlayer(last=last, unit=unit, step=last, lab=lab.model_id or "")
        self.player.observe(lambda _: self._move_lab(), "to_lab")
        self._asked: Setting = asked or {}
        self.figures = [
            ReplayFigure(plot, self.player, frames, sketch if k == drawn_on else "")
            for k, (plot, frames) in enumerate(zip(self._plots, self._run(), strict=True))
        ]
        self.sketch = Sketch(self.figures[drawn_on], self._plots[drawn_on], sketch) if drawn_on >= 0 else None
        self.row = ipywidgets.Box(self.figures)
        self.row.add_class("optlab-replay-figures")
        super().__init__([self.row, self.player])
        self.add_class("optlab-replay")

    def play(self, setting: Setting) -> None:
        """Add a run, and show it as a film where there is a page.

        Args:
            setting: the sliders that are not at their defaults.
        """
        self._slots.append(slot_of(self._lab, setting))
        for figure, frames in zip(self.figures, self._run(), strict=True):
            figure.hold(frames)
        if self.sketch:
            self.sketch.lock()
        with self.player.hold_sync():
            self._begin(setting)
            self.player.plays = 1

    def _begin(self, asked: Setting) -> None:
        """Stand before the film of the last run, which was asked for; those before it stay in sight."""
        self._asked = asked
        before = list(range(len(self._slots) - 1))
        self.player.pins, self.player.answered = before, True
        self.player.index, self.player.step = 0, self.player.last if before else 0

    def when_seen(self, act: Callable[[], object]) -> None:
        """Call a function once, when the last run has been shown to its end.

        Args:
            act: takes nothing.
        """

        def look(_: object = None) -> None:
            player = self.player
            if player.index < len(self._slots) - 1 or player.step < player.last:
                return
            player.unobserve(look, SHOWN)
            player.told = True
            act()

        self.player.observe(look, SHOWN)
        look()

    def skip(self) -> None:
        """Show the last run whole, in place of its film."""
        player = self.player
        with player.hold_sync(), player.hold_trait_notifications():
            player.plays, player.index, player.step = 0, len(self._slots) - 1, player.last

    def close(self) -> None:
        """Close every widget it is made of."""
        if not hasattr(self, "sketch"):  # the constructor failed; called by the garbage collector
            return
        for part in (*self.figures, self.player):
            part.close()
        close_tree(self)
        self.figures, self._plots = [], []

    def _move_lab(self) -> None:
        """Move the lab's sliders to the run that was asked for; a lab that is closed has none."""
        if self._lab.figures:
            with suppress(RuntimeError):  # it cannot be run: the lab says so itself
                self._lab.at(**self._asked)

    def _run(self) -> list[Frames]:
        """Run what is to be shown; for each figure its frames, an empty one where there is no run yet."""
        if not self._slots:
            return [plot.blank(" ", scene) for plot, scene in zip(self._plots, self._scenes(), strict=True)]
        self.runs = self._lab.source.run(self._lab.grid.settings(self._slots))
        self.player.runs = [{"words": words} for words in _in_words(self._lab, self._slots)]
        return [plot.frames(self.runs) for plot in self._plots]

    def _scenes(self) -> list[int]:
        """The backgrounds of the run that is asked for, where it is at hand: an axis may be among them."""
        if not isinstance(self._lab.source, Table) or not any(plot.scenes for plot in self._plots):
            return [0] * len(self._plots)
        run = self._lab.source.run(self._lab.grid.settings([slot_of(self._lab, self._asked)]))
        return [plot.scenes_of(run)[0] for plot in self._plots]


def slot_of(lab: Lab, setting: Setting) -> int:
    """Where a lab's sliders are at a setting: the named ones there, all others at their defaults.

    Raises:
        TypeError: if there is no such slider.
        ValueError: if a value is not on its slider.
    """
    return slot_at(lab.grid, lab.controls, stops_of(lab.controls, setting), lab.grid.default)


def _in_words(lab: Lab, slots: Sequence[int]) -> list[str]:
    """What sets the runs apart from each other; where there is only one, from the defaults."""
    settings = [lab.grid.setting(slot) for slot in slots]
    others = [lab.grid.setting(lab.grid.default)] if len(set(slots)) < 2 else []
    differing = [
        p for p in lab.grid.params if len({str(setting[p.name]) for setting in [*settings, *others]}) > 1
    ]
    return [
        ", ".join(f"{p.symbol or p.label} = {value_text(p, setting[p.name])}" for p in differing)
        or "as the lab opens"
        for setting in settings
    ]


class ReplayFigure(LiveFigure):
    """A figure of a lab with frames of its own: it is drawn as that one, and follows other controls.

    Args:
        plot: what is drawn.
        player: what chooses the frame and the step of the film.
        frames: one for each run.
        line: the line that the runs before are compared by; empty: as in the lab.
    """

    sketch = Dict().tag(sync=True)  # see `Sketch`
    drawn: List[Any] = List().tag(sync=True)  # the sketch: a number or None for each point of its line

    def __init__(self, plot: Plot, player: ReplayPlayer, frames: Frames, line: str = "") -> None:
        self._every_scene = list(plot.scenes) or [_as_it_stands]
        self._used = _used(frames)
        super().__init__(plot.figure, _led_by(line, plot.marks), scenes=self._chosen())
        with self.hold_sync():  # the page reads all three when the sliders come
            self.sliders, self.strides, self.toolbar = [player], [1], player
            self.hold(frames)

    def hold(self, frames: Frames) -> None:
        """Take frames in place of those it had; the player's index picks one.

        Args:
            frames: as many as there are runs.
        """
        used = [*self._used, *(scene for scene in _used(frames) if scene not in self._used)]
        held = replace(frames, scenes=[used.index(scene) for scene in frames.scenes], goals=())
        with self._lock, self.hold_sync():
            if used != self._used:
                self._used = used
                self._painting.scenes = self._chosen()
                self.render()
            self.push(held[len(held) - 1])  # what `png` draws
            self.pushed = held.as_message(0) | {"slots": list(range(len(held)))}

    def close(self) -> None:
        """Close it, and let go of what it draws."""
        super().close()
        self._every_scene = []

    def _chosen(self) -> list[Callable[[], object]]:
        """Of the plot's backgrounds only those that some frame has: each is a picture."""
        return [self._every_scene[k] for k in self._used]


def _led_by(line: str, marks: Sequence[Mark]) -> list[Mark]:
    """The marks, of which a certain line is the main one: what pins show."""
    if not any(mark.name == line and mark.role == "other" for mark in marks):
        return list(marks)
    roles: dict[bool, Role] = {True: "main", False: "other"}
    return [
        replace(mark, role=roles[mark.name == line]) if mark.name == line or mark.role == "main" else mark
        for mark in marks
    ]


def _used(frames: Frames) -> list[int]:
    return list(dict.fromkeys(int(scene) for scene in frames.scenes))


def _as_it_stands() -> None:
    """The background of a plot that has only one."""


class ReplayPlayer(anywidget.AnyWidget):
    """The row below a replay: which run is shown, and its film. It is slider and toolbar to the figures."""

    _esm = joined("replay")
    _css = styles("toolbar", "replay")

    index = Int().tag(sync=True)  # the run that is shown
    runs: List[dict] = List().tag(sync=True)  # for each run what it is, in words
    fact = Unicode().tag(sync=True)  # what a `ShowMe` shows, in words; empty: it is a guess that is decided
    answered = Bool().tag(sync=True)  # whether the last run is the one that was asked for
    plays = Int().tag(sync=True)  # 1: the browser is to play the last run from its beginning
    verdict: List[list] = List().tag(sync=True)  # of some models the traits that they have from then on
    told = Bool().tag(sync=True)  # whether the last run has been seen, so that the answer is no secret
    lab = Unicode().tag(sync=True)  # the model of the lab
    to_lab = Int().tag(sync=True)  # how often the lab was asked to go to the last run
    last = Int().tag(sync=True)
    unit = Unicode().tag(sync=True)
    step = Int().tag(sync=True)
    pins: List[int] = List().tag(sync=True)  # the runs that stay in sight

    def close(self) -> None:
        """Close the player and its layout."""
        self.layout.close()
        super().close()
