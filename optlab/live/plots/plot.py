"""Plot: a figure that is declared, mark by mark, and drawn for all settings of a record at once."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from optlab.live.artists import TextChannel
from optlab.live.endings import room_for
from optlab.live.frames import Frames, frame_numbers, with_moments
from optlab.live.looks import minus
from optlab.live.mark import Mark
from optlab.live.plots.canvas import Canvas, Words
from optlab.live.plots.films import Film
from optlab.live.plots.legends import LegendBelow
from optlab.live.plots.margins import Margins
from optlab.live.plots.steering import Steer, Steered
from optlab.live.plots.style import SIZE
from optlab.live.together import answers

__all__ = ["Film", "Plot"]


class Plot(Steered, Canvas):
    """One figure of a lab: what each mark shows of a record, said once, with its role.

    Every method that adds a mark takes a function of a record, which gives the numbers of all settings at
    once. What stands still is drawn straight on `ax`.

    Args:
        film: the film that its growing marks make; None: nothing grows.
        size: width and height in inches; an inch is 100 CSS pixels on the page.
        title_lines: how many lines of title to leave room for, 1 or 2.
        legend: whether there is one, below the axes in as few rows as fit; or where inside of them, as
            matplotlib's `loc`.
        depends_on: the sliders that the picture depends on, where it does not depend on all: each picture is
            then made and sent once, however many settings share it. None: all.
        empty: what stands in the middle where nothing of a setting is within the axes: a text, or
            `empty(one) -> str`; left out, it says whether the run has diverged.
        axes: labels, limits and scales, as `ax.set` takes them. Give `ylim`: the axis is drawn before any run
            is there. `xlim` left out is that of the lines.

    Attributes:
        figure: the matplotlib figure.
        ax: its axes.
        marks: what has been added, in order.
        depends_on: as given.
        steering: which sliders the mouse moves on it.
        margins: the room around its axes; None before it is finished.

    Raises:
        TypeError: if `depends_on` is one text rather than several.

    Example:
        >>> from optlab.record import Record
        >>> plot = Plot(xlabel="x", ylabel="a x²", ylim=(0, 8))
        >>> x = np.linspace(0, 2, 3)
        >>> line = plot.line("parabola", lambda r: r.settings["a"][:, None] * x**2, "black", x=x)
        >>> plot.title(lambda one: f"a = {one.settings['a'][0]}")
        >>> frames = plot.frames(Record({"a": np.array([1, 2])}))
        >>> frames.values.tolist(), frames.labels
        ([[0.0, 1.0, 4.0], [0.0, 2.0, 8.0]], ['a = 1', 'a = 2'])
    """

    def __init__(
        self,
        *,
        film: Film | None = None,
        size: tuple[float, float] = SIZE,
        title_lines: int = 2,
        legend: bool | str = False,
        depends_on: Sequence[str] | None = None,
        empty: str | Words | None = None,
        **axes: Any,
    ) -> None:
        super().__init__(film, size, title_lines, **axes)
        if empty is not None:
            words = empty if callable(empty) else partial(_always, empty)
            look = {"ha": "center", "va": "center", "fontsize": 10, "color": "#444444", "zorder": 20}
            self.text(words, 0.5, 0.5, role="empty", transform=self.ax.transAxes, **look)
        self._legend, self.depends_on = legend, check_names(depends_on)
        self.margins: Margins | None = None
        self.steering: list[Steer] = []
        self._words: Words | None = None
        self._answer: Callable[[Any, float, float], Mapping[str, Any]] | None = None
        self._title: Words | None = None
        self._scene_of: Callable[[Any], Sequence[int]] | None = None
        self._scenes: list[Callable[[], object]] = []

    def title(
        self,
        words: Words,
        moments: Callable[[Any], Sequence[str]] | None = None,
        at: Sequence[int] = (),
        **look: Any,
    ) -> None:
        """One or two lines above the axes.

        Args:
            words: `words(one) -> str`, of a record of one setting, or `Together`.
            moments: what a film says in their place, one text for each step of `at`, likewise; left out, the
                film says where the growing lines are.
            at: steps of the film.
            look: as in `text`.
        """
        self._title = words
        shown = with_moments(words, moments) if moments else words
        options = {"transform": self.ax.transAxes, "fontsize": 9, "va": "bottom", "at": tuple(at)} | look
        self.text(shown, 0, 1.02, role="title", **options)

    def words(self, words: Words) -> None:
        """The figure in words for a screen reader, as in `title`, on one line; left out, it is the title."""
        self._words = words

    def on_click(self, answer: Callable[[Any, float, float], Mapping[str, Any]]) -> None:
        """Let a click on the axes move the sliders to where a function says; the kernel is asked.

        Args:
            answer: `answer(one, x, y)` gives values for some sliders, such as `{"lr": 0.1}`. It is called in
                the kernel; `one` is the record of the setting that is shown, `x` and `y` are in data.

        Raises:
            TypeError: if it is no function.
        """
        if not callable(answer):
            raise TypeError(f"answer={answer!r}: expected a function of a record, x and y")
        self._answer = answer

    @property
    def clickable(self) -> bool:
        """Whether a click on it does anything."""
        return self._answer is not None

    def clicked(self, one: Any, x: float, y: float) -> Mapping[str, Any]:
        """Where a click leads: values for some sliders; none where it does nothing."""
        return self._answer(one, x, y) if self._answer else {}

    def background(
        self,
        keys: Sequence[Hashable],
        key_of: Callable[[Any], Any],
        draw: Callable[[Any], Sequence[Any] | None],
    ) -> None:
        """What stands still, but not the same for all settings.

        Args:
            keys: one for each background.
            key_of: which of them each setting has, `key_of(record) -> (settings,)` keys.
            draw: draws what belongs to a key alone and returns the artists, which are shown with that key
                only; or changes the axes (limits, labels) for it and returns None.
        """
        layers = [draw(key) for key in keys]
        changes = all(layer is None for layer in layers)
        places = {key: k for k, key in enumerate(keys)}
        self._scene_of = lambda record: [places[_plain(key)] for key in key_of(record)]
        self._scenes = [
            partial(draw, key) if changes else partial(_show_only, layers, k) for k, key in enumerate(keys)
        ]

    @property
    def scenes(self) -> Sequence[Callable[[], object]]:
        """Functions that bring what stands still to each background."""
        return self._scenes

    @property
    def last(self) -> int:
        """The last step of its film; 0 where nothing grows."""
        points = lambda mark: np.size(mark.artist.get_xdata())  # noqa: E731  (for this line alone)
        grown = [m.first + (points(m) - 1) * m.every for m in self.marks if m.first is not None]
        return max([*grown, *(m.at[-1] for m in self.marks if m.at)], default=0)

    def frames(self, record: Any) -> Frames:
        """Every setting of a record as a frame.

        Args:
            record: a `Record`.

        Returns:
            As many frames as settings.

        Raises:
            TypeError: if the title or another text is not a string.
            ValueError: if a mark's values do not have the shape that it declares.
        """
        texts = [part.words(record) for part in self._channels if isinstance(part, TextChannel)]
        words = list(zip(*texts, strict=True)) if texts else [()] * len(record)
        numbers = frame_numbers(self._channels, record)
        return Frames(numbers, words, self._spoken(record), self.scenes_of(record))

    def scenes_of(self, record: Any) -> Sequence[int]:
        """For every setting of a record its background, an index into `scenes`; 0 where there are none."""
        return self._scene_of(record) if self._scene_of else [0] * len(record)

    def blank(self, words: str, scene: int = 0) -> Frames:
        """A frame that shows nothing but words on a background, for a setting that cannot be drawn."""
        size = sum(part.room for part in self._channels)
        said = iter([words])
        texts = tuple(
            "" if part.mark.role == "empty" else next(said, "")
            for part in self._channels
            if part.kind == "text"
        )
        return Frames(np.full((1, size), np.nan, np.float32), [texts], [words], [scene])

    def values(self, label: str | Mark, record: Any) -> np.ndarray:
        """The numbers of one mark for every setting of a record.

        Args:
            label: of the mark; or the mark, where two have one label.
            record: a `Record`.

        Returns:
            `(settings, points)` for a line with fixed x, else `(settings, points, 2)`; a mark with positions
            that follow a film has an axis of steps after the settings.

        Raises:
            KeyError: if no mark has this label.
        """
        found = [part for part in self._channels if label in (part.mark, part.mark.name)]
        if not found:
            known = ", ".join(repr(part.mark.name) for part in self._channels)
            raise KeyError(f"no mark {label!r}: the plot has {known}")
        mark, size = found[0].mark, found[0].size
        stops = [len(mark.at)] if mark.at else []
        numbers = found[0].numbers(record)[:, : size * max(1, len(mark.at))]
        if mark.fixed_x:
            return numbers.reshape(len(record), *stops, size)
        return np.moveaxis(numbers.reshape(len(record), *stops, 2, size // 2), -2, -1)

    def finish(self) -> None:
        """Add the legend, once all marks are there."""
        if self.margins is not None:
            return
        if isinstance(self._legend, str):
            look: dict[str, Any] = {"loc": self._legend, "frameon": False, "fontsize": 8.5}
            self.ax.legend(**look)
        right = self.figure.subplotpars.right
        beside = room_for([mark.ending for mark in self.marks]) / self.figure.get_figwidth()
        self.figure.subplots_adjust(right=min(right, 1 - beside))
        self.margins = Margins(self.ax, LegendBelow(self.ax) if self._legend is True else None)
        self.arrange()

    def arrange(self) -> None:
        """Make room for the legend; to be called before the figure is drawn at another size."""
        if self.margins is not None:
            self.margins.arrange()

    def said(self, one: Any) -> str:
        """The title of one setting on one line."""
        return self._title(one).replace("\n", "; ") if self._title else ""

    def ends(self, one: Any) -> dict[str, float]:
        """Where every named line with fixed x ends for one setting, by name, in the order of the marks."""
        lines = [part for part in self._channels if part.mark.fixed_x and part.mark.named]
        return {part.mark.name: float(part.numbers(one)[0, -1]) for part in lines}

    def _spoken(self, record: Any) -> list[str]:
        if self._words:
            return [minus(said) for said in answers(self._words, record)]
        return [minus(said.replace("\n", "; ")) for said in answers(self._title or _nothing, record)]


def check_names(depends_on: Any) -> Sequence[str] | None:
    """The names, if they are several."""
    if isinstance(depends_on, str):
        raise TypeError(f"depends_on={depends_on!r}: expected a list of names, such as [{depends_on!r}]")
    return depends_on


def _always(words: str, _: Any) -> str:
    return words


def _nothing(_: Any) -> str:
    return ""


def _plain(key: Any) -> Any:
    """A NumPy scalar as a plain Python value, which can be looked up."""
    return key.item() if isinstance(key, np.generic) else key


def _show_only(layers: Sequence[Any], shown: int) -> None:
    for k, layer in enumerate(layers):
        for artist in layer:
            artist.set_visible(k == shown)
