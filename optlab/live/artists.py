"""Living artists: how each kind of matplotlib artist is read into a frame and described to the browser.

A channel stands for one artist. It knows how many numbers the artist takes in a frame (`size`), writes them
(`write`), says how they are drawn (`style`) and where (`place`, asked for each background). Another kind of
artist is one more class here and one more drawing function in `drawing.js`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.collections import PathCollection
from matplotlib.colors import to_hex, to_rgba
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.markers import MarkerStyle
from matplotlib.path import Path
from matplotlib.text import Annotation, Text

SVG_LETTER = {Path.MOVETO: "M", Path.LINETO: "L", Path.CURVE3: "Q", Path.CURVE4: "C", Path.CLOSEPOLY: "Z"}
STEPS = {"steps": "pre", "steps-pre": "pre", "steps-mid": "mid", "steps-post": "post"}
CANVAS_CAP = {"butt": "butt", "projecting": "square", "round": "round"}


class Channel:
    """One living artist. `size` is how many float32 numbers it takes in every frame."""

    kind = ""
    size = 0

    def __init__(self, artist: Any) -> None:
        self.artist = artist

    def write(self, out: np.ndarray) -> None:
        """Write the artist's present numbers into `out`, shape ``(size,)``, which comes full of NaN."""

    def style(self) -> dict[str, Any]:
        """Return what does not change from frame to frame: colours, widths (in points), kind, names."""
        return {"kind": self.kind, "size": self.size, "clip": bool(self.artist.get_clip_on())}

    def place(self) -> list[float] | None:
        """Return where the artist sits on the present background, if its numbers do not say so."""
        return None


class LineChannel(Channel):
    """A line: its x and then its y, or its y alone when its x is fixed."""

    kind = "line"

    def __init__(self, artist: Line2D, fixed_x: bool = False) -> None:
        super().__init__(artist)
        self.points = len(self.artist.get_xydata())
        self.x: Any = artist.get_xdata(orig=True) if fixed_x else None
        self.size = self.points if fixed_x else 2 * self.points

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
        }


class ScatterChannel(Channel):
    """A scatter plot: its points move, their sizes and colours stay."""

    kind = "scatter"

    def __init__(self, artist: PathCollection) -> None:
        super().__init__(artist)
        self.points = len(as_numbers(artist.get_offsets()))
        self.size = 2 * self.points

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

    def __init__(self, artist: AxesImage) -> None:
        super().__init__(artist)
        self.shape = self.artist.get_array().shape
        if len(self.shape) != 2:
            raise ValueError(f"{name_of(artist)} has shape {self.shape}; it must be one number a pixel")
        self.size = int(np.prod(self.shape))

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

    def __init__(self, artist: Text) -> None:
        if isinstance(artist, Annotation):
            raise TypeError("an Annotation cannot live: use ax.text(...)")
        super().__init__(artist)

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


def channel(artist: Artist, fixed_x: bool = False) -> Channel:
    """Return the channel for an artist; TypeError names the kinds there are."""
    if isinstance(artist, Line2D):
        return LineChannel(artist, fixed_x=fixed_x)
    if isinstance(artist, PathCollection):
        return ScatterChannel(artist)
    if isinstance(artist, AxesImage):
        return ImageChannel(artist)
    if isinstance(artist, Text):
        return TextChannel(artist)
    kind = type(artist).__name__
    raise TypeError(f"a {kind} cannot live: use Line2D, PathCollection (scatter), AxesImage or Text")


def line_marker(line: Line2D) -> dict[str, Any] | None:
    """Return the line's marker, None without one: outline of unit size, size and edge in points, colours."""
    marker = MarkerStyle(line.get_marker(), line.get_fillstyle())
    if not np.size(marker.get_path().vertices):
        return None
    face = line.get_markerfacecolor() if marker.is_filled() else "none"
    return {
        "path": svg_path(marker.get_path().transformed(marker.get_transform())),
        "size": line.get_markersize(),
        "face": hex_color(face, line.get_alpha()),
        "edge": hex_color(line.get_markeredgecolor(), line.get_alpha()),
        "width": line.get_markeredgewidth(),
    }


def svg_path(path: Path) -> str:
    """Return a matplotlib path as an SVG path string, so that the browser draws the very same outline.

    >>> svg_path(Path([[0, 0], [1, 0.5]]))
    'M0 0L1 0.5'
    """
    segments = path.iter_segments(simplify=False)
    return "".join(
        "Z" if code == Path.CLOSEPOLY else SVG_LETTER[code] + " ".join(f"{v:.6g}" for v in vertices)
        for vertices, code in segments
    )


def color_table(image: AxesImage) -> np.ndarray:
    """Return RGBA, uint8, shape ``(256, 4)``: the image's colours from its lowest to its highest value."""
    low, high = image.get_clim()
    middles = low + (np.arange(256) + 0.5) / 256 * (high - low)
    table = np.asarray(image.cmap(image.norm(middles)))
    table[:, 3] *= 1.0 if image.get_alpha() is None else image.get_alpha()
    return np.round(table * 255).astype(np.uint8)


def hex_color(color: Any, alpha: float | None = None) -> str:
    """Return a CSS colour with its opacity; "none" is fully transparent.

    >>> hex_color("red", 0.5), hex_color("none", 0.5)
    ('#ff000080', '#00000000')
    """
    return to_hex(to_rgba(color, alpha), keep_alpha=True)


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


def plain(label: object) -> str:
    r"""Return a label without mathtext's marks, for the tooltip.

    >>> plain(r"rate $\alpha_{0}$")
    'rate alpha_0'
    """
    return str(label).translate(str.maketrans("", "", "$\\{}"))
