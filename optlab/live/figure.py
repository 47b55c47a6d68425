"""LiveFigure: one matplotlib figure of which a few artists live in the browser ("blitting over the wire")."""

from __future__ import annotations

import base64
import pathlib
import threading
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import anywidget
import ipywidgets
import numpy as np
from ipywidgets import widget_serialization
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from traitlets import Bool, CFloat, Dict, Instance, List, observe, validate

from optlab.live.artists import channel
from optlab.live.asking import let_every_thread_ask
from optlab.live.frames import Frames
from optlab.live.mark import Mark, check_marks
from optlab.live.packing import bytes_for
from optlab.live.pages import FramePage
from optlab.live.painting import Painting
from optlab.live.places import Places
from optlab.live.scripts import joined
from optlab.live.shown import signed
from optlab.live.toolbar import Toolbar
from optlab.params import strides

HERE = pathlib.Path(__file__).parent


class LiveFigure(anywidget.AnyWidget):
    """A figure whose living artists the browser redraws by itself, within one display frame.

    matplotlib draws everything else once, into a picture. The living artists travel as numbers, which
    `drawing.js` draws above that picture, so they lie over all that does not live. The browser keeps a table
    of frames and picks one as a slider moves; the kernel is not asked.

    Args:
        figure: a figure with linear or log axes, made without pyplot: `matplotlib.figure.Figure(...)`. An
            inch of it is 100 CSS pixels wide on the page. Where the page is narrower, it is laid out anew on
            less room, so that text stays legible: use `layout="constrained"`.
        marks: the artists that live, each as a `Mark` or, with nothing special about it, as it is. Each shows
            at most as many points as it was built with; fewer are padded with NaN, a gap.
        scenes: functions that change what does not live (a surface, limits, titles), one for each background.
            All are drawn now, so that no frame has to wait for a drawing later. Without any, the figure as it
            stands is the one scene.
        arrange: called before the figure is drawn at another size.
        places: where the frame of a slot is in the table; left out, each slot has a frame of its own.

    Attributes:
        label: the next captured frame in words, for a screen reader.
        scene: the background that the next captured frame belongs to, an index into `scenes`.
        slots: the places that have a frame in the browser's table.

    Raises:
        TypeError: an artist of a kind that cannot live.
        ValueError: an artist of another figure, one marked twice, or a scale other than linear and log.

    Example:
        >>> figure = Figure(figsize=(4, 3))
        >>> (line,) = figure.subplots().plot([0, 1, 2], [4, 2, 1])
        >>> live = LiveFigure(figure, [Mark(line, fixed_x=True)])
        >>> live.capture().values.tolist()
        [[4.0, 2.0, 1.0]]
    """

    _esm = joined("figure")
    _css = HERE / "css" / "figure.css"
    _lock = threading.RLock()  # the thread that fills a grid and the page's messages both set traits

    size: List[float] = List().tag(sync=True)  # CSS pixels: width, height
    pixel_ratio = CFloat(2.0).tag(sync=True)  # device pixels to a CSS pixel; a finer screen asks for more
    room = CFloat(0.0).tag(
        sync=True
    )  # CSS pixels to lay the figure out on; a narrow page asks for fewer; 0: all
    artists: List[dict] = List().tag(sync=True)  # how each living artist is drawn, in drawing order
    backgrounds: List[dict] = List().tag(sync=True)  # for each scene its picture and the places of its axes
    pushed: Dict[str, Any] = Dict().tag(sync=True)  # the frame that the kernel sent last
    pages = List(Instance(FramePage)).tag(sync=True, **widget_serialization)
    sliders = List(Instance(ipywidgets.Widget)).tag(sync=True, **widget_serialization)
    strides: List[int] = List().tag(sync=True)  # slot = sum of index * stride over the sliders
    place_strides: List[int] = List().tag(
        sync=True
    )  # likewise the place of its frame in the table; []: the slot
    seen: Dict[str, Any] = Dict().tag(sync=True)  # limits and scales that the reader has asked for
    toolbar = Instance(ipywidgets.Widget, allow_none=True).tag(sync=True, **widget_serialization)
    steering: List[dict] = List().tag(sync=True)  # sliders that the mouse moves on it, see `plots.steering`
    dots: Dict[str, Any] = Dict().tag(sync=True)  # what a program has printed: slot, points in data
    clickable = Bool().tag(sync=True)  # whether the browser tells of clicks
    clicked: Dict[str, Any] = Dict().tag(sync=True)  # the last one: slot shown, x and y in data, count

    def __init__(
        self,
        figure: Figure,
        marks: Sequence[Mark | Artist],
        *,
        scenes: Sequence[Callable[[], object]] = (),
        places: Places | None = None,
        arrange: Callable[[], object] = lambda: None,
    ) -> None:
        living = [mark if isinstance(mark, Mark) else Mark(mark) for mark in marks]
        check_marks(figure, living)
        let_every_thread_ask()
        if not isinstance(figure.canvas, FigureCanvasAgg):
            FigureCanvasAgg(figure)
        self.figure = figure
        self.label = ""
        self.scene = 0
        self.slots: set[int] = set()
        self._channels = [channel(mark) for mark in living]
        self._axes = list(dict.fromkeys(m.artist.axes for m in living if m.artist.axes is not None))
        self._painting = Painting(figure, self._axes, self._channels, scenes, arrange)
        self._lock = threading.RLock()
        self._last: Frames | None = None
        self._places = places if places is not None and not places.all else None
        # complete from its first message: a front end that is still loading misses nothing
        strides = self._places.strides if self._places else []
        super().__init__(pushed=self.capture().as_message(-1), place_strides=strides, **self._drawn())
        self._kept = bytes_for(self._spans())

    def render(self) -> None:
        """Draw the backgrounds anew: call it after changing limits, titles, the size or an artist's style."""
        with self._lock, self.hold_sync():
            for name, value in self._drawn().items():
                setattr(self, name, value)

    def capture(self) -> Frames:
        """Return the living artists' present data as one frame, with the present `label` and `scene`.

        Raises:
            ValueError: an artist has more points than it was built with, or a fixed x has changed.
        """
        values = np.full(sum(part.room for part in self._channels), np.nan, np.float32)
        start = 0
        with np.errstate(over="ignore"):  # a diverged loss beyond float32 becomes infinity, which is a gap
            for part in self._channels:
                part.write(values[start : start + part.size])
                start += part.room
        texts = tuple(part.artist.get_text() for part in self._channels if part.kind == "text")
        return Frames(values[None], [texts], [self.label], [self.scene])

    def push(self, frame: Frames | None = None, slot: int = -1, *, partial: bool = False) -> None:
        """Show a frame now: one small message.

        Args:
            frame: what to show; without one, the artists as they stand.
            slot: the position of the sliders it belongs to: it is shown if they stand there; -1: at once.
            partial: whether the run of that setting is not finished: its frame is not kept.
        """
        with self._lock:
            self._last = self.capture() if frame is None else frame
            if self._places and slot >= 0 and not self.lacks([slot]):
                return
            # where several slots share a frame, only a page puts it into the table
            how = {"kept": False} if self._places else {}
            self.pushed = self._last.as_message(slot) | how | ({"partial": True} if partial else {})

    @property
    def shares(self) -> bool:
        """Whether several slots share a frame."""
        return self._places is not None

    def lacks(self, slots: Sequence[int]) -> list[int]:
        """Which of some slots have no frame in the table yet; of those that share one only the first.

        Args:
            slots: the sliders' indices as `numpy.ravel_multi_index` counts them, the last slider fastest.

        Returns:
            Their indices in `slots`; where each slot has a frame of its own, all of them.
        """
        if not self._places:
            return list(range(len(slots)))
        first = {place: row for row, place in reversed(list(enumerate(self._places(slots))))}
        return sorted(row for place, row in first.items() if place not in self.slots)

    def places_of(self, slots: Sequence[int]) -> list[int]:
        """Where the table has the frames of some slots; those that look alike share one."""
        return self._places(slots) if self._places else list(slots)

    def add(self, slots: Iterable[int], frames: Frames) -> None:
        """Put many frames into the browser's table, as one page. A slot that comes again takes the new frame.

        Args:
            slots: where each belongs, counted as in `lacks`.
            frames: as many frames of this figure.

        Raises:
            ValueError: the numbers of slots and frames differ.
        """
        slots = [int(slot) for slot in slots]
        if len(slots) != len(frames):
            raise ValueError(f"add takes a slot for every frame: {len(slots)} slots, {len(frames)} frames")
        with self._lock:
            rows = self.lacks(slots)
            if not rows or self.comm is None:
                return
            places = self.places_of([slots[row] for row in rows])
            page = FramePage(places, frames.select(rows) if self._places else frames, self._kept)
            self.pages = [*self.pages, page]
            self.slots.update(places)

    def steer(self, sliders: Sequence[ipywidgets.Widget], toolbar: Toolbar | None = None) -> None:
        """Let the browser pick the frame by the position of the sliders.

        Args:
            sliders: widgets with `options` and `index`, such as `SelectionSlider` and `Dropdown`.
            toolbar: where films are played, runs pinned and goals lit up.
        """
        sizes = [len(slider.options) for slider in sliders]
        with self._lock, self.hold_sync():
            self.strides = strides(sizes)
            self.toolbar = toolbar
            self.sliders = list(sliders)

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take what the page has changed, while no other thread sets a trait."""
        with self._lock:
            super().set_state(sync_data)

    def axes_index(self, axes: Axes) -> int:
        """Which of its axes one is, as the browser counts those that have something living."""
        return self._axes.index(axes)

    def png(self, frame: Frames | None = None, pixel_ratio: float = 1) -> bytes:
        """Return the whole figure as a picture, drawn by matplotlib.

        Args:
            frame: one frame to draw; without one, that which was pushed last.
            pixel_ratio: device pixels to a CSS pixel.

        Returns:
            PNG bytes.
        """
        return self._painting.png(frame or self._last or self.capture(), pixel_ratio)

    def close(self) -> None:
        """Close the figure, its frames and its layout, so that nothing of it is left in the kernel."""
        with self._lock:  # a thread may be at its last page
            if self.comm is None:
                return
            for widget in (*self.pages, self.layout):
                widget.close()
            super().close()
        # the notebook's Out[...] and anywidget hold on to closed widgets: let go of what they have drawn
        self.unobserve_all()
        self.pages, self.backgrounds, self.pushed = [], [], {}
        self.toolbar = None
        del self.figure, self._channels, self._axes, self._painting

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict, dict] | None:
        """Return the live view, and a picture for places that run no JavaScript."""
        bundle = super()._repr_mimebundle_(**kwargs)
        if bundle is not None:
            signed(bundle[0])["image/png"] = base64.b64encode(self.png()).decode()
        return bundle

    def _drawn(self) -> dict[str, Any]:
        """Return the traits that matplotlib's drawing decides."""
        return self._painting.traits(self.room, self.seen, self.pixel_ratio)

    def _spans(self) -> list[tuple[float, float, bool]]:
        """The limits of all axes in all backgrounds, and the ranges of colours: what says how exact to be."""
        axes = [place for scene in self.backgrounds for place in scene["axes"]]
        limits = [(*place[f"{name}lim"], place[f"{name}log"]) for place in axes for name in "xy"]
        return limits + [(*style["clim"], False) for style in self.artists if "clim" in style]

    @validate("pixel_ratio")
    def _clamp_pixel_ratio(self, proposal: Any) -> float:
        return min(max(proposal["value"], 1.0), 4.0)

    @observe("pixel_ratio", "room", "seen")
    def _follow_page(self, change: Any) -> None:
        self.render()
