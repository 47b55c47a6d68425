"""Channels: how each kind of matplotlib artist becomes numbers in a frame and is described to the browser.

A channel stands for the artist of one mark. It knows how many numbers one position of it takes (`size`),
makes them from what the mark's function returns (`numbers`) or reads them off the artist (`write`), puts them
into the artist (`draw`), and says how they are drawn in the browser (`style`) and where (`place`, asked for
each background). Another kind of artist is one more class here and one more function in `drawing.js`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.collections import PathCollection
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.text import Annotation, Text

from optlab.live.looks import color_table, hex_color, line_marker, minus, plain, svg_path
from optlab.live.mark import Mark
from optlab.live.together import answers
from optlab.live.values import place_numbers, points_of, wrong_shape

STEPS = {"steps": "pre", "steps-pre": "pre", "steps-mid": "mid", "steps-post": "post"}
CANVAS_CAP = {"butt": "butt", "projecting": "square", "round": "round"}


class Channel:
    """One living artist. `size` is how many float32 numbers one position of it takes."""

    kind = ""
    size = 0

    def __init__(self, mark: Mark) -> None:
        self.mark = mark
        self.artist: Any = mark.artist

    @property
    def room(self) -> int:
        """How many numbers it takes in a frame: every position, and the step at which it appears."""
        return self.size * max(1, len(self.mark.at)) + (self.mark.appears is not None)

    def numbers(self, record: Any) -> np.ndarray:
        """What the mark's function says of every setting, `(settings, room)`."""
        n, found = len(record), np.zeros((len(record), 0))
        if self.size and self.mark.values is not None:
            found = self.encode(self.mark.values(record), n).reshape(n, -1)
        if self.mark.appears is None:
            return found
        step = place_numbers(np.reshape(self.mark.appears(record), (-1, 1)), (n, 1), self.mark.name)
        return np.concatenate([found, step], axis=1)

    def encode(self, values: Any, n: int) -> np.ndarray:
        """Bring what the mark's function returned to `(n, [stops,] size)`."""
        raise NotImplementedError

    def draw(self, numbers: np.ndarray) -> None:
        """Put the numbers of one position into the artist."""

    def write(self, out: np.ndarray) -> None:
        """Write the artist's present numbers into `out`, shape ``(size,)``, which comes full of NaN."""

    def style(self) -> dict[str, Any]:
        """Return what does not change from frame to frame: colours, widths (in points), kind, names."""
        mark = self.mark
        return {
            "kind": self.kind,
            "size": self.room,
            "clip": bool(self.artist.get_clip_on()),
            "role": mark.role,
            "named": mark.named,
            "grows": mark.first,
            "every": mark.every,
            "at": list(mark.at) or None,
            "appears": mark.appears is not None,
        }

    def place(self) -> list[float] | None:
        """Return where the artist sits on the present background, if its numbers do not say so."""
        return None


class LineChannel(Channel):
    """A line: its x and then its y, or its y alone when its x is fixed."""

    kind = "line"

    def __init__(self, mark: Mark) -> None:
        super().__init__(mark)
        self.points = len(self.artist.get_xydata())
        self.x: Any = self.artist.get_xdata(orig=True) if mark.fixed_x else None
        self.size = self.points if mark.fixed_x else 2 * self.points

    def encode(self, values: Any, n: int) -> np.ndarray:
        """Bring y, or x and y, to their places."""
        name, stops = self.mark.name, self.mark.at
        if self.x is None:
            return points_of(values, n, self.points, name, stops)
        shape = (n, *([len(stops)] if stops else []), self.points)
        if np.ndim(values) not in (0, len(shape)):  # one setting's curve is not everyone's
            raise wrong_shape(values, shape, name)
        return place_numbers(values, shape, name)

    def draw(self, numbers: np.ndarray) -> None:
        """Move the line."""
        if self.x is None:
            self.artist.set_data(*numbers.reshape(2, -1))
        else:
            self.artist.set_ydata(numbers)

    def write(self, out: np.ndarray) -> None:
        """Write x and y, or y alone."""
        x, y = self.artist.get_data(orig=True)
        check_length(self.artist, max(len(x), len(y)), self.points)
        if self.x is None:
            out[: len(x)] = as_numbers(x)
        elif x is not self.x and not np.array_equal(x, self.x[: len(x)]):
            raise ValueError(f"{name_of(self.artist)} is in fixed_x, but its x has changed")
        out[self.size - self.points :][: len(y)] = as_numbers(y)

    def style(self) -> dict[str, Any]:
        """Return the line's colour, stroke, steps and marker."""
        line = self.artist
        offset, dashes = line._dash_pattern  # noqa: SLF001  (in points; there is no public way to ask)
        cap = line.get_dash_capstyle() if dashes else line.get_solid_capstyle()
        in_data = line.get_transform().contains_branch_seperately(line.axes.transData)
        return super().style() | {
            "label": plain(line.get_label()),
            "color": hex_color(line.get_color(), line.get_alpha()),
            "width": line.get_linewidth() if line.get_linestyle() != "None" else 0,
            "dashes": [float(d) for d in dashes or ()],
            "dash_offset": float(offset or 0),
            "cap": CANVAS_CAP[str(cap)],
            "steps": STEPS.get(line.get_drawstyle(), "default"),
            "in_data": [bool(flag) for flag in in_data],  # False: a fraction of the axes, as in axvline
            "x": None if self.x is None else as_numbers(self.x).astype("<f4").tobytes(),
            "marker": line_marker(line),
            "ending": self.mark.ending,
        }


class ScatterChannel(Channel):
    """A scatter plot: its points move, their sizes and colours stay."""

    kind = "scatter"

    def __init__(self, mark: Mark) -> None:
        super().__init__(mark)
        self.points = len(as_numbers(self.artist.get_offsets()))
        self.size = 2 * self.points

    def encode(self, values: Any, n: int) -> np.ndarray:
        """Bring the points to their places."""
        return points_of(values, n, self.points, self.mark.name, self.mark.at)

    def draw(self, numbers: np.ndarray) -> None:
        """Move the points."""
        self.artist.set_offsets(numbers.reshape(2, -1).T)

    def write(self, out: np.ndarray) -> None:
        """Write all x, then all y."""
        offsets = as_numbers(self.artist.get_offsets())
        check_length(self.artist, len(offsets), self.points)
        out.reshape(2, self.points)[:, : len(offsets)] = offsets.T

    def style(self) -> dict[str, Any]:
        """Return the outline of a point, and the points' sizes and colours."""
        scatter = self.artist
        scatter.update_scalarmappable()  # colours given as numbers become colours only here
        return super().style() | {
            "path": svg_path(scatter.get_paths()[0]),
            "sizes": [float(s) for s in np.sqrt(scatter.get_sizes())],
            "faces": [hex_color(c) for c in scatter.get_facecolor()],
            "edges": [hex_color(c) for c in scatter.get_edgecolor()],
            "widths": [float(w) for w in np.atleast_1d(scatter.get_linewidth())],
        }


class ImageChannel(Channel):
    """A small field of numbers, row after row, coloured through a table of 256 colours."""

    kind = "image"

    def __init__(self, mark: Mark) -> None:
        super().__init__(mark)
        self.shape = self.artist.get_array().shape
        if len(self.shape) != 2:
            raise ValueError(f"{name_of(self.artist)} has shape {self.shape}; it must be one number a pixel")
        self.size = int(np.prod(self.shape))

    def encode(self, values: Any, n: int) -> np.ndarray:
        """Lay every field out row after row."""
        stops = [len(self.mark.at)] if self.mark.at else []
        field = place_numbers(as_numbers(values), (n, *stops, *self.shape), self.mark.name)
        return np.where(np.isfinite(field), field, np.nan)

    def draw(self, numbers: np.ndarray) -> None:
        """Show the field."""
        self.artist.set_array(np.ma.masked_invalid(numbers.reshape(self.shape)))

    def write(self, out: np.ndarray) -> None:
        """Write the field, row after row."""
        field = self.artist.get_array()
        if field.shape != self.shape:
            raise ValueError(f"{name_of(self.artist)} has shape {field.shape}, but was built {self.shape}")
        out[:] = as_numbers(field).ravel()

    def style(self) -> dict[str, Any]:
        """Return the field's shape, range and colours."""
        image = self.artist
        low, high = image.get_clim()
        return super().style() | {
            "rows": self.shape[0],
            "clim": [float(low), float(high)],
            "colors": color_table(image).tobytes(),
            "upper": image.origin == "upper",
            # matplotlib's own default, "auto", shows a field that is blown up as plain squares
            "smooth": image.get_interpolation() not in ("auto", "antialiased", "nearest", "none"),
        }

    def place(self) -> list[float]:
        """Return its extent in data: left, right, bottom, top."""
        return [float(v) for v in self.artist.get_extent()]


class TextChannel(Channel):
    """A text: its string changes, its place stays. The browser knows no mathtext: write "λ" itself."""

    kind = "text"

    def __init__(self, mark: Mark) -> None:
        if isinstance(mark.artist, Annotation):
            raise TypeError("an Annotation cannot live: use ax.text(...)")
        super().__init__(mark)

    def words(self, record: Any) -> list[str]:
        """The string of every setting."""
        said = answers(self.mark.values or (lambda _: self.artist.get_text()), record)
        for one in said:
            if not isinstance(one, str):
                raise TypeError(f"the {self.mark.role} of a plot gave {one!r}: expected a string")
        return [minus(one) for one in said]

    def style(self) -> dict[str, Any]:
        """Return the font and how the text lies about its anchor."""
        text = self.artist
        return super().style() | {
            "color": hex_color(text.get_color(), text.get_alpha()),
            "font_size": text.get_fontsize(),
            "font_style": text.get_fontstyle(),
            "weight": str(text.get_fontweight()),
            "ha": text.get_horizontalalignment(),
            "va": text.get_verticalalignment(),
            "rotation": text.get_rotation(),
        }

    def place(self) -> list[float]:
        """Return its anchor as a fraction of the figure, from the lower left."""
        pixels = self.artist.get_transform().transform(self.artist.get_position())
        return [float(v) for v in self.artist.get_figure().transFigure.inverted().transform(pixels)]


KINDS: dict[type, type[Channel]] = {
    Line2D: LineChannel,
    PathCollection: ScatterChannel,
    AxesImage: ImageChannel,
    Text: TextChannel,
}


def channel(mark: Mark) -> Channel:
    """Return the channel for a mark; TypeError names the kinds of artists there are."""
    for kind, maker in KINDS.items():
        if isinstance(mark.artist, kind):
            return maker(mark)
    kind_of = type(mark.artist).__name__
    raise TypeError(f"a {kind_of} cannot live: use Line2D, PathCollection (scatter), AxesImage or Text")


def as_numbers(values: Any) -> np.ndarray:
    """Return floats, with NaN in place of masked ones."""
    if np.ma.isMaskedArray(values):
        return np.ma.filled(values.astype(float), np.nan)
    return np.asarray(values, float)


def check_length(artist: Artist, length: int, built_with: int) -> None:
    """Raise ValueError when an artist holds more points than a frame has room for."""
    if length > built_with:
        raise ValueError(
            f"{name_of(artist)} has {length} points; a frame holds the {built_with} it was built with"
        )


def name_of(artist: Artist) -> str:
    """Return how an error message names an artist."""
    return f"{type(artist).__name__} {artist.get_label()!r}"
