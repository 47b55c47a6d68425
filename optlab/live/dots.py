"""Dots: what a program has printed, laid over the figures of its lab, and how far it is from their curves."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from optlab.live.edges import in_data
from optlab.live.plots.plot import Plot
from optlab.live.scenes import DRAW_LOCK

__all__ = ["Dot", "Sheet", "in_words"]

ROUNDING = "rounding parts two such runs"
FAR = 0.01
"""A larger difference, relative, is seen."""


@dataclass(frozen=True)
class Dot:
    """One number of a program in a figure.

    Args:
        figure: which figure of the lab.
        x: where it is, in data.
        y: where it is, in data.
        difference: from the curve that it belongs to, relative; None where the figure has no such point.
        place: the name and the number of its line's place, such as `("epoch", 12.0)`; None: it has none.
    """

    figure: int
    x: float
    y: float
    difference: float | None = None
    place: tuple[str, float] | None = None


class Sheet:
    """The figures of one setting, on which dots are laid.

    A line that a program has printed belongs to a figure if it has a number for x: under the name of the x
    axis, or under that of the film's steps. A line that has one for no figure is about the whole run, and
    stands where the sliders are. Its y is under the name of a curve, or of the y axis, which then means the
    figure's main curve.

    Args:
        plots: the figures.
        record: the run of the same setting, a record of one.

    Example:
        >>> from optlab.record import Record
        >>> plot = Plot(xlabel="epoch", ylabel="loss", ylim=(0, 2))
        >>> _ = plot.line("training loss", lambda r: [[1.0, 0.5]], x=[0, 1])
        >>> Sheet([plot], Record({"lr": np.array([0.1])})).dots([{"epoch": 1.0, "training loss": 0.5}])
        [Dot(figure=0, x=1.0, y=0.5, difference=0.0, place=('epoch', 1.0))]
    """

    def __init__(self, plots: Sequence[Plot], record: Any) -> None:
        self._shown = [_Shown(k, plot, record) for k, plot in enumerate(plots)]
        self._places = {name for one in self._shown for name in one.places}

    def dots(self, rows: Sequence[dict[str, float]]) -> list[Dot]:
        """Find the dots of what a program has printed.

        Args:
            rows: from `printed.read`.

        Returns:
            The dots, figure by figure.
        """
        return [
            dot
            for one in self._shown
            for row in rows
            for dot in (one.dots(row) if self._places & row.keys() else one.at_the_sliders(row))
            if np.isfinite([dot.x, dot.y]).all()
        ]


def in_words(dots: Iterable[Dot], parts: str = ROUNDING) -> str:
    """How many dots there are, how far they are from the curves, from where on that is seen, and why."""
    dots = list(dots)
    known = [dot for dot in dots if dot.difference is not None]
    if not dots:
        return "The figures have no place for what it prints."
    count = f"{len(dots)} dot{'' if len(dots) == 1 else 's'} on the figures"
    if not known:
        return f"{count}."
    largest = max(known, key=lambda dot: dot.difference or 0.0)
    said = f"{count}: largest difference from the lab {largest.difference:.1g}"
    far = [dot for dot in known if (dot.difference or 0.0) > FAR]
    if not far:
        return f"{said}."
    return f"{said}; more than 1 % {_since(known, far, parts)}."


def _since(known: Sequence[Dot], far: Sequence[Dot], parts: str) -> str:
    """From which place on dots are far off, where they have places one after the other."""
    first = min((dot.place for dot in far if dot.place), key=lambda place: place[1], default=None)
    if first is None or len({dot.place for dot in known}) == 1:
        return "here"
    agreed = any(
        dot.place and dot.place[1] < first[1] for dot in known
    )  # and then what was alike has grown apart
    return f"from {first[0]} {first[1]:g} on{f', as {parts}' if agreed else ''}"


@dataclass(frozen=True)
class _Line:
    """A living line of a figure: its points, `(points, 2)`, and what is declared of it."""

    name: str
    role: str
    fixed: bool
    first: int | None
    every: int
    xy: np.ndarray


class _Shown:
    """A figure of one setting, as far as dots can be laid on it."""

    def __init__(self, figure: int, plot: Plot, record: Any) -> None:
        self.figure, ax = figure, plot.ax
        self.unit = plot.film.unit if plot.film else None
        with DRAW_LOCK:
            if plot.scenes:  # the axes of this setting may be others
                plot.scenes[plot.scenes_of(record)[0]]()
            self.y_names = _names(ax.get_ylabel())
            self.x_names = _names(ax.get_xlabel()) if self.y_names else set()  # bars have no y
            self.low, self.high = sorted(ax.get_ylim())
        self.floor = 0.0 if ax.get_yscale() == "log" else FAR * (self.high - self.low)
        self.places = self.x_names | ({self.unit} if self.unit else set())
        self.lines = list(_lines(plot, record))

    def dots(self, row: dict[str, float]) -> list[Dot]:
        """Those of a line that has a place."""
        x = next((row[name] for name in row if name in self.x_names), None)
        step = row.get(self.unit) if self.unit else None
        if x is None and step is None:
            return []
        name = next(name for name in row if name in self.places)
        found = (self._dot(line, x, step, y, (name, row[name])) for line, y in self._targets(row))
        return [dot for dot in found if dot]

    def at_the_sliders(self, row: dict[str, float]) -> list[Dot]:
        """Those of a line without a place."""
        here = next(
            (x for line in self.lines if line.role == "here" for x, _ in line.xy if np.isfinite(x)), None
        )
        if here is None:
            return []
        curves = [line for line in self.lines if line.fixed and line.name in row]
        found = [
            Dot(self.figure, here, row[name], self._nearest(here, row[name]))
            for name in row
            if name in self.y_names
        ]
        return found + [Dot(self.figure, here, row[c.name], self._from(c, here, row[c.name])) for c in curves]

    def _targets(self, row: dict[str, float]) -> list[tuple[_Line | None, float]]:
        """The curves that a line has numbers for, and these numbers."""
        curves = [line for line in self.lines if line.fixed or line.first is not None]
        named = [curve for curve in curves if curve.fixed and curve.name in row]
        found: list[tuple[_Line | None, float]] = [(curve, row[curve.name]) for curve in named]
        main = next((c for c in curves if c.role == "main"), None)
        if not any(line is main for line, _ in found):
            found += [(main, row[name]) for name in row if name in self.y_names]
        return found

    def _dot(
        self, line: _Line | None, x: float | None, step: float | None, y: float, place: tuple[str, float]
    ) -> Dot | None:
        """The dot of one number, at its own x or at that of the curve's step."""
        k = _index(line, x, step)
        if x is None:
            if line is None or k is None:
                return None
            x = float(line.xy[k, 0])
        if line is None:
            return Dot(self.figure, x, y, self._nearest(x, y), place)
        return Dot(self.figure, x, y, None if k is None else self._difference(y, line.xy[k, 1]), place)

    def _nearest(self, x: float, y: float) -> float | None:
        """From the nearest point at the same x of what follows the sliders."""
        points = np.concatenate(
            [line.xy for line in self.lines if line.role in ("main", "here")] or [np.zeros((0, 2))]
        )
        apart = [self._difference(y, other) for at, other in points if np.isclose(at, x, rtol=1e-6)]
        return min((d for d in apart if d is not None), default=None)

    def _from(self, line: _Line, x: float, y: float) -> float | None:
        """From a curve at an x that it has."""
        k = _index(line, x, None)
        return None if k is None else self._difference(y, line.xy[k, 1])

    def _difference(self, y: float, other: float) -> float | None:
        """Relative to the value; None where it is outside of the figure, or there is none."""
        if not (np.isfinite([y, other]).all() and self.low <= other <= self.high):
            return None
        return float(abs(y - other) / max(abs(other), self.floor))


def _index(line: _Line | None, x: float | None, step: float | None) -> int | None:
    """Which point of a curve a line of the program is about; None: none of them."""
    if line is None:
        return None
    if step is not None and line.first is not None:
        k, between = divmod(round(step - line.first), line.every)
        return k if 0 <= k < len(line.xy) and not between else None
    at = step if x is None else x
    if at is None:
        return None
    found = np.flatnonzero(np.isclose(line.xy[:, 0], at, rtol=1e-6, atol=1e-12))
    return int(found[0]) if len(found) else None


def _names(label: str) -> set[str]:
    """What an axis is called: its label, and the same without an explanation and a symbol."""
    words = re.split(r"\s*[,(:]", label)[0].split()
    short = words[:-1] if len(words) > 1 and len(words[-1]) <= 2 else words
    return {name for name in (label, " ".join(words), " ".join(short)) if name}


def _lines(plot: Plot, record: Any) -> Iterable[_Line]:
    """The lines of a figure, for one setting."""
    for mark in plot.marks:
        if hasattr(mark.artist, "get_xdata"):
            xy = _points(plot, mark, record)
            if (
                np.isfinite(xy[:, 1]).any() or mark.role == "here"
            ):  # of a rule that is not chosen there is none
                yield _Line(mark.name, mark.role, mark.fixed_x, mark.first, mark.every, xy)


def _points(plot: Plot, mark: Any, record: Any) -> np.ndarray:
    """The points of a line for one setting, `(points, 2)`; of what moves in a film, the last ones."""
    values = np.asarray(plot.values(mark, record), float)[0]
    if mark.at:
        values = values[-1]
    if mark.fixed_x:
        values = np.stack([np.asarray(mark.artist.get_xdata(), float), values], axis=-1)
    return np.where(in_data(mark.artist), values, np.nan)
