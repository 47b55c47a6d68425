"""Mark: one living artist of a figure, with all that is to be known about it declared."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from matplotlib.figure import Figure
from matplotlib.lines import Line2D

__all__ = ["ROLES", "Mark", "Role", "check_marks"]

Role = Literal["main", "other", "theory", "here", "end", "title", "text", "empty", "plain"]
ROLES = get_args(Role)


@dataclass(frozen=True, eq=False)
class Mark:
    """An artist that the browser redraws, and what it is for.

    Args:
        artist: a `Line2D`, `PathCollection` (scatter), `AxesImage` (one number a pixel) or `Text`.
        values: what it shows of a record, `values(record) -> (settings, ...)`; a text's function takes a
            record of one setting and returns a string. None: as the artist stands, see `LiveFigure.capture`.
        role: `"main"`: what a film grows, and pins and ghosts show; `"other"`: grows in a film, but is not
            shown by pins; `"theory"`: known from the start; `"here"`: where the sliders are; `"end"`: waits
            in a film for its step; `"title"` gives way to the numbers of the moment while a film runs;
            `"text"`; `"empty"`: a text that is shown where nothing else is seen; `"plain"`: nothing special.
        named: whether hovering and the film name it.
        fixed_x: for a line: its x never changes, so that only y travels.
        first: the step of the film that a growing line's first point belongs to; None: it does not grow.
        every: how many steps of the film there are from one of its points to the next.
        at: the film's steps for which it has a position; empty: one position for the whole run.
        appears: the step from which on a film shows it, `appears(record) -> (settings,)`; NaN: only the whole
            run does. None: always.
        ending: for a line: what is written beside its last point; empty: nothing.

    Raises:
        ValueError: if `role` is none of these, or `fixed_x`, `first` or `ending` is given for anything but a
            line.
    """

    artist: Any
    values: Callable[[Any], Any] | None = None
    role: Role = "plain"
    named: bool = True
    fixed_x: bool = False
    first: int | None = None
    every: int = 1
    at: tuple[int, ...] = ()
    appears: Callable[[Any], Any] | None = None
    ending: str = ""

    def __post_init__(self) -> None:
        if self.role not in ROLES:
            raise ValueError(f"role={self.role!r}: expected one of {', '.join(ROLES)}")
        of_lines = {"fixed_x": self.fixed_x or None, "first": self.first, "ending": self.ending or None}
        given = [f"{name}={value!r}" for name, value in of_lines.items() if value is not None]
        if given and not isinstance(self.artist, Line2D):
            raise ValueError(f"{', '.join(given)}: expected a line, not a {type(self.artist).__name__}")

    @property
    def name(self) -> str:
        """What an error message calls it."""
        return str(self.artist.get_label()).lstrip("_") or type(self.artist).__name__


def check_marks(figure: Figure, marks: Sequence[Mark]) -> None:
    """Raise ValueError unless all artists are of the figure, each marked once."""
    artists = [mark.artist for mark in marks]
    for artist in artists:
        if artist.get_figure() is not figure:
            raise ValueError(f"{artist} is not part of the figure")
        if artists.count(artist) > 1:
            raise ValueError(f"{artist} is marked twice among the living artists")
