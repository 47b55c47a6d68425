"""Looks: colours, outlines and labels of matplotlib artists, as the browser wants them."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
from matplotlib.colors import to_hex, to_rgb, to_rgba
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.markers import MarkerStyle
from matplotlib.path import Path

HYPHEN = re.compile(r"(?<![\w.)-])-(?=\.?\d)|(?<=\de)-(?=\d)")
"""A hyphen that stands for a minus: at the beginning of a number, or of its exponent."""

SVG_LETTER = {Path.MOVETO: "M", Path.LINETO: "L", Path.CURVE3: "Q", Path.CURVE4: "C", Path.CLOSEPOLY: "Z"}


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


def readable(color: Any) -> str:
    """Return a colour dark enough for letters on white: a contrast of 4.5 to 1 (WCAG 2.2, 1.4.3).

    The luminance `L` of a paler one is scaled to `1.05 / 4.55 - 0.05`, its hue stays.

    >>> readable("black"), readable("#d0d0d0"), readable("yellow")
    ('#000000', '#767676', '#7a7a00')
    """
    coded = np.array(to_rgb(color))
    linear = np.where(coded <= 0.04045, coded / 12.92, ((coded + 0.055) / 1.055) ** 2.4)
    luminance = max(float(linear @ [0.2126, 0.7152, 0.0722]), 1e-9)
    darker = linear * min(1.0, (1.05 / 4.55 - 0.05) / luminance)
    return to_hex(tuple(np.where(darker <= 0.0031308, 12.92 * darker, 1.055 * darker ** (1 / 2.4) - 0.055)))


def minus(text: str) -> str:
    """Return a text with a true minus before its negative numbers, as matplotlib writes them on its axes.

    >>> minus("x = -0.5, 1e-09, 3-1")
    'x = −0.5, 1e−09, 3-1'
    """
    return HYPHEN.sub("−", text) if "-" in text else text


def plain(label: object) -> str:
    r"""Return a label without mathtext's marks, for the tooltip.

    >>> plain(r"rate $\alpha_{0}$")
    'rate alpha_0'
    """
    return str(label).translate(str.maketrans("", "", "$\\{}"))
