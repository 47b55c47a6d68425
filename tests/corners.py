"""What a figure shows at one setting, without a browser: its texts, its legend and its marks, in pixels."""

import warnings
import weakref
from contextlib import nullcontext
from itertools import combinations

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.lines import Line2D

from optlab.live import scenes
from optlab.live.edges import edge_notes, empty_words, in_data, shares_of
from optlab.live.frames import draw_numbers
from optlab.live.labels import make_room_for_labels

LAID_OUT: weakref.WeakKeyDictionary[object, int] = weakref.WeakKeyDictionary()
"""Of each plot the background for which it was laid out last: that takes longest."""
WITHIN = 1.5
"""Pixels by which two boxes may touch: letters do not fill theirs."""


class Corner:
    """A plot at one row of its frames."""

    def __init__(self, plot, frames, row):
        self.plot, self.ax = plot, plot.ax
        if plot not in LAID_OUT:
            lay_out(plot)
        self.channels = plot._channels
        draw_numbers(self.channels, frames.values[row], frames.texts[row])
        if plot.scenes:
            plot.scenes[frames.scenes[row]]()
        plot.figure.set_dpi(100)
        self.scene = frames.scenes[row]
        self.empty = [part.artist for part in self.channels if part.mark.role == "empty"]

    def renderer(self):
        """A renderer for a figure whose ticks and labels stand where they will be drawn."""
        canvas = self.plot.figure.canvas
        canvas = canvas if isinstance(canvas, FigureCanvasAgg) else FigureCanvasAgg(self.plot.figure)
        if LAID_OUT.get(self.plot) != self.scene:
            self.plot.figure.draw_without_rendering()
            LAID_OUT[self.plot] = self.scene
        return canvas.get_renderer()

    def says_something(self):
        """Whether what the plot is for can be seen, or words say where it is or why it is not."""
        roles = {part.mark.role for part in self.channels} & {"main", "other"} or {"here", "plain", "theory"}
        own = [part.artist for part in self.channels if part.mark.role in roles]
        told = edge_notes(self.channels, self.ax) or empty_words(self.channels, self.ax)
        return any(map(self.sees, own)) or told

    def sees(self, artist):
        """Whether a point of it is within the axes."""
        if not hasattr(artist, "get_xydata"):
            return True  # an image or a scatter, which fill their axes
        points = np.asarray(artist.get_xydata(), float)
        shares = np.where(in_data(artist), shares_of(self.ax, points), points)
        return bool(((shares >= -0.004) & (shares <= 1.004)).all(axis=1).any())

    def texts(self):
        """Every text with letters, and where it is."""
        renderer = self.renderer()
        written = [text for text in self.ax.texts if text.get_visible() and text not in self.empty]
        written += [self.ax.xaxis.label, self.ax.yaxis.label, self.ax.title]
        boxes = {}
        for text in written:
            if text.get_text().strip() and text.get_alpha() != 0:
                boxes[text.get_text()] = text.get_window_extent(renderer)
        for axis, name in ((self.ax.xaxis, "x"), (self.ax.yaxis, "y")):
            low, high = sorted(axis.get_view_interval())
            for label in axis.get_ticklabels():
                at = label.get_position()[name == "y"]
                if self.ax.axison and label.get_text() and low <= at <= high:
                    boxes[f"{name} = {label.get_text()}"] = label.get_window_extent(renderer)
        for legend in self.plot.figure.legends:
            boxes["legend"] = legend.get_window_extent(renderer)
        return boxes

    def overlaps(self):
        """Pairs of texts that lie over each other, and texts that leave the figure."""
        boxes = {name: shrunk(box) for name, box in self.texts().items() if box is not None}
        pairs = [(a, b) for (a, one), (b, other) in combinations(boxes.items(), 2) if one.overlaps(other)]
        figure = self.plot.figure.bbox
        outside = [
            (name, "the figure's edge")
            for name, box in boxes.items()
            if box.x0 < figure.x0 or box.x1 > figure.x1 or box.y0 < figure.y0 or box.y1 > figure.y1
        ]
        return pairs + outside

    def cut_at(self, width):
        """The axes whose ticks or label leave a figure that is laid out on so many CSS pixels."""
        figure, axes = self.plot.figure, [self.ax.xaxis, self.ax.yaxis] if self.ax.axison else []
        with scenes.shrunk(figure, width / 100 / figure.get_figwidth()):
            lay_out(self.plot)
            boxes = {axis.axis_name: axis.get_tightbbox(self.renderer()) for axis in axes}
            inside = figure.bbox.padded(0.5)
            found = [
                name
                for name, box in boxes.items()
                if not inside.containsx(box.x0) or not inside.containsx(box.x1)
            ]
        lay_out(self.plot)
        return found

    def curves_through_the_legend(self):
        """The lines with a point in the box of a legend."""
        boxes = [legend.get_window_extent(self.renderer()) for legend in self.plot.figure.legends]
        inside = [legend for legend in [self.ax.get_legend()] if legend is not None]
        boxes += [legend.get_window_extent(self.renderer()) for legend in inside]
        found = []
        for line in self.ax.lines:
            if isinstance(line, Line2D) and line.get_visible():
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore", RuntimeWarning)  # overflow far outside the axes
                    points = line.get_transform().transform(np.asarray(line.get_xydata(), float))
                points = np.where(np.isfinite(points), points, np.nan)
                points = between(points) if line.get_linestyle() != "None" else points
                if any((within(box, points) & within(self.ax.bbox, points)).any() for box in boxes):
                    found.append(line.get_label())
        return found


def lay_out(plot):
    """As it is laid out for the width that its figure has."""
    plot.figure.set_dpi(100)
    plot.arrange()
    make_room_for_labels(plot.figure, [plot.ax], plot.scenes or [lambda: None], nullcontext)


def within(box, points):
    """Which points are in a box."""
    return ((points > box.min) & (points < box.max)).all(axis=1)


def between(points):
    """Points along the straight lines from one to the next, too."""
    if len(points) < 2:
        return points
    t = np.linspace(0, 1, 9)[None, :, None]
    return (points[:-1, None] * (1 - t) + points[1:, None] * t).reshape(-1, 2)


def shrunk(box):
    return box.padded(-WITHIN)
