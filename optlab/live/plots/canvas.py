"""Canvas: a figure with one axes, and the marks that live on it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from matplotlib.collections import PathCollection
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.text import Text
from matplotlib.ticker import MaxNLocator

from optlab.live.artists import Channel, channel
from optlab.live.mark import Mark, Role
from optlab.live.plots.films import Film
from optlab.live.plots.style import ORANGE, blank_axes

__all__ = ["Canvas"]

Values = Callable[[Any], Any] | np.ndarray
"""A function of a record, or an array: the same for all settings."""
Words = Callable[[Any], str]
FOLLOW = -1
"""As the `film` of a mark: its first point belongs to the first step of the plot's film."""


class Canvas:
    """A figure with one axes; every method adds a mark and takes a function of a record for its numbers.

    Args:
        film: the film that its growing marks make; None: nothing grows.
        size: width and height in inches.
        title_lines: how many lines of title to leave room for, 1 or 2.
        axes: labels, limits and scales, as `ax.set` takes them.
    """

    def __init__(self, film: Film | None, size: tuple[float, float], title_lines: int, **axes: Any) -> None:
        self.figure, self.ax = blank_axes(size, title_lines)
        self.ax.set(**axes)
        if film and axes.get("xlabel") == film.unit and self.ax.get_xscale() == "linear":
            whole = MaxNLocator(6, integer=True, steps=[1, 2, 5, 10])  # there is no epoch 0.5
            self.ax.xaxis.set_major_locator(whole)
        self.film, self.marks = film, list[Mark]()
        self._channels: list[Channel] = []

    def mark(self, artist: Any, values: Values, *, film: int | None = None, **declared: Any) -> Any:
        """Let an artist live that you made on `ax` yourself.

        Args:
            artist: a `Line2D`, `PathCollection`, `AxesImage` or `Text` of this figure.
            values: what it shows, in the shape that `line`, `path`, `image`, `scatter` or `text` describe; an
                array in place of a function is the same for all settings, without their axis.
            film: the step of the film that a line's first point belongs to; None: it does not grow.
            declared: `role`, `named`, `fixed_x`, `at`, `appears` and `ending`, as in `Mark`.

        Returns:
            The artist.

        Raises:
            TypeError: if the artist is of a kind that cannot live.
        """
        if film == FOLLOW:
            film = self.film.first if self.film else None
        shown = values if callable(values) else _always(values)
        every = self.film.every if self.film else 1
        self.marks.append(Mark(artist, shown, first=film, every=every, **declared))
        self._channels.append(channel(self.marks[-1]))
        return artist

    def line(
        self,
        label: str,
        values: Values,
        color: Any = "black",
        style: Any = "-",
        *,
        x: Any,
        role: Role = "main",
        width: float = 2.0,
        named: bool = True,
        film: int | None = FOLLOW,
        at: Sequence[int] = (),
        ending: str = "",
        **look: Any,
    ) -> Line2D:
        """A curve over fixed x.

        Args:
            label: its name in the legend, when hovering and in the film.
            values: y, `values(record) -> (settings, points)`; or `(points,)`, the same for all settings.
            color: of the line and its markers.
            style: solid, dashed, ...; `""` for markers alone.
            x: `(points,)`.
            role: `"main"` grows in the film and is what pins and ghosts show; `"other"` grows in the film;
                `"theory"` is there from the start; `"plain"` is nothing special.
            width: in points.
            named: whether the legend, hovering and the film name it.
            film: the step that its first point belongs to; left out: the film's first one. None: no growing.
            at: the film's steps for which it has a position: `values` gives `(settings, steps, points)`, and
                it follows the film as a whole instead of growing.
            ending: what is written beside its last point.
            look: further properties of the line, such as `marker` and `markersize`.

        Returns:
            The line.
        """
        line = self._curve(label, x, np.full(len(x), np.nan), color, style, named, width, look)
        if (
            self.ax.get_autoscalex_on()
        ):  # nothing is drawn yet that could tell matplotlib how wide the axis is
            self.ax.set_xlim(np.min(x), np.max(x), auto=True)
        grows = film if role in ("main", "other") and not len(at) else None
        return self.mark(
            line, values, role=role, named=named, fixed_x=True, film=grows, at=tuple(at), ending=ending
        )

    def path(
        self,
        label: str,
        values: Values,
        color: Any = "black",
        style: Any = "-",
        *,
        points: int,
        role: Role = "main",
        width: float = 2.0,
        named: bool = False,
        film: int | None = FOLLOW,
        at: Sequence[int] = (),
        ending: str = "",
        **look: Any,
    ) -> Line2D:
        """A line both of whose coordinates move, such as the path of a descent.

        Args:
            label: its name, where `named`.
            values: `values(record) -> (settings, points, 2)`, or a pair of x and y.
            color: of the line and its markers.
            style: solid, dashed, ...; `""` for markers alone.
            points: how many points it has at most.
            role: as in `Mark`.
            width: in points.
            named: whether the legend, hovering and the film name it.
            film: the step that its first point belongs to; left out: the film's first one. None: no growing.
            at: the film's steps for which it has a position: `values` gives `(settings, steps, points, 2)`,
                and it follows the film as a whole instead of growing.
            ending: what is written beside its last point.
            look: further properties of the line.

        Returns:
            The line.
        """
        blank = np.full(points, np.nan)
        line = self._curve(label, blank, blank, color, style, named, width, look)
        grows = film if role in ("main", "other") and not len(at) else None
        return self.mark(line, values, role=role, named=named, film=grows, at=tuple(at), ending=ending)

    def point(
        self,
        label: str,
        values: Values,
        color: Any,
        marker: str = "o",
        *,
        role: Role,
        size: float = 8.0,
        named: bool = False,
        appears: Values | None = None,
        at: Sequence[int] = (),
        **look: Any,
    ) -> Line2D:
        """One marker.

        Args:
            label: its name, where `named`.
            values: `values(record) -> (settings, 2)`, or a pair of x and y, each `(settings,)` or a number.
            color: of its face.
            marker: as in matplotlib.
            role: as in `Mark`: `"here"`, `"end"`, `"theory"`, ...
            size: in points.
            named: whether the legend and hovering name it.
            appears: the step of the film from which on it is shown, `(settings,)`; left out: always.
            at: the film's steps for which it has a position.
            look: further properties of the marker.

        Returns:
            The marker, a line of one point.
        """
        look = {"markeredgecolor": "black", "marker": marker, "markersize": size} | look
        line = self._curve(label, [np.nan], [np.nan], color, "", named, None, look)
        return self.mark(line, values, role=role, named=named, appears=appears, at=tuple(at))

    def here(self, values: Values, **look: Any) -> Line2D:
        """The orange dot that says "you are here"; values and look as in `point`."""
        options = {"size": 11, "zorder": 5, "clip_on": False} | look
        return self.point("you are here", values, ORANGE, role="here", **options)

    def upright(self, values: Values, color: Any = "black", style: Any = "-", **look: Any) -> Line2D:
        """A vertical line across the axes.

        Args:
            values: x, `values(record) -> (settings,)`; NaN: no line.
            color: of the line.
            style: solid, dashed, ...
            look: further properties; `role` and `at` as in `Mark`.

        Returns:
            The line.
        """
        declared = {"role": look.pop("role", "here"), "at": tuple(look.pop("at", ()))}
        transform = self.ax.get_xaxis_transform()
        options: dict[str, Any] = {"linewidth": 1.2, "label": "_upright", "transform": transform} | look
        (line,) = self.ax.plot([np.nan] * 2, [0, 1], color=color, linestyle=style, **options)

        of = values if callable(values) else _always(values)

        def both_ends(record: Any) -> tuple[Any, Any]:
            x = np.asarray(of(record), float)[..., None]
            return np.repeat(x, 2, axis=-1), [0.0, 1.0]

        return self.mark(line, both_ends, named=False, **declared)

    def image(
        self, values: Values, shape: tuple[int, int], *, at: Sequence[int] = (), **look: Any
    ) -> AxesImage:
        """A small field of numbers, coloured.

        Args:
            values: `values(record) -> (settings, rows, columns)`.
            shape: rows and columns.
            at: the film's steps for which it has a position.
            look: as in `ax.imshow`.

        Returns:
            The image.
        """
        self.ax.grid(visible=False)
        image = self.ax.imshow(np.zeros(shape), **({"aspect": "auto"} | look))
        return self.mark(image, values, named=False, at=tuple(at))

    def scatter(self, values: Values, points: int, *, role: Role = "plain", **look: Any) -> PathCollection:
        """Points of their own sizes and colours.

        Args:
            values: `values(record) -> (settings, points, 2)`, or a pair of x and y.
            points: how many there are at most.
            role: as in `Mark`.
            look: as in `ax.scatter`.

        Returns:
            The scatter.
        """
        blank = np.full(points, np.nan)
        return self.mark(self.ax.scatter(blank, blank, **look), values, role=role, named=False)

    def text(self, words: Words, x: float, y: float, *, role: Role = "text", **look: Any) -> Text:
        """A text that changes.

        Args:
            words: `words(one) -> str`, of a record of one setting.
            x: where it is, in data coordinates unless `transform` says otherwise.
            y: likewise.
            role: `"title"` for a text that a film's numbers replace.
            look: as in `ax.text`; and `at`, as in `Plot.title`.

        Returns:
            The text.
        """
        at = look.pop("at", ())
        return self.mark(self.ax.text(x, y, "", **look), words, role=role, named=False, at=at)

    def _curve(
        self,
        label: str,
        x: Any,
        y: Any,
        color: Any,
        style: Any,
        named: bool,
        width: Any,
        look: dict[str, Any],
    ) -> Line2D:
        name = label if named else f"_{label}"  # matplotlib leaves names with an underscore out of its legend
        width = {} if width is None else {"linewidth": width}
        (line,) = self.ax.plot(x, y, color=color, linestyle=style or "none", label=name, **width, **look)
        return line


def _always(values: Any) -> Callable[[Any], np.ndarray]:
    known = np.asarray(values, float)[None]
    return lambda _: known
