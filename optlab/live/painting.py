"""Painting: all that matplotlib draws of a live figure: its backgrounds, and whole pictures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from matplotlib.figure import Figure

from optlab.live.artists import Channel
from optlab.live.edge_writing import told_at_the_edges
from optlab.live.endings import written_at_the_ends
from optlab.live.frames import Frames, draw_numbers
from optlab.live.labels import make_room_for_labels
from optlab.live.scenes import CSS_DPI, DRAW_LOCK, png_of, scene_of, shrunk, styles_of
from optlab.live.seen import as_seen

__all__ = ["Painting"]


class Painting:
    """What matplotlib draws of a live figure.

    Args:
        figure: the figure.
        axes: those of its axes that the browser knows.
        channels: its living artists.
        scenes: functions that change what does not live, one for each background; none: one background.
        arrange: called before the figure is drawn at another size.

    Attributes:
        scenes: the functions of its backgrounds; others may be put in their place before it is drawn again.
    """

    def __init__(
        self,
        figure: Figure,
        axes: Sequence[Any],
        channels: Sequence[Channel],
        scenes: Sequence[Callable[[], object]],
        arrange: Callable[[], object],
    ) -> None:
        self._figure, self._axes, self._channels = figure, axes, channels
        self.scenes, self._arrange = list(scenes) or [lambda: None], arrange

    def traits(self, room: float, seen: Mapping[str, Any], pixel_ratio: float) -> dict[str, Any]:
        """The backgrounds, the artists' styles and the size, as the browser wants them.

        Args:
            room: CSS pixels to lay the figure out on; 0: all that it was made for.
            seen: limits and scales that a reader has asked for, as in `as_seen`.
            pixel_ratio: device pixels to a CSS pixel.

        Returns:
            `backgrounds`, `artists` and `size`.
        """
        with DRAW_LOCK:
            size = [float(inches) * CSS_DPI for inches in self._figure.get_size_inches()]
            with shrunk(self._figure, min(max(room / size[0], 0.3), 1) if room else 1):
                self._make_room(seen)
                backgrounds = [self._scene(prepare, seen, pixel_ratio) for prepare in self.scenes]
            return {
                "backgrounds": backgrounds,
                "artists": styles_of(self._channels, self._axes),
                "size": size,
            }

    def png(self, frame: Frames, pixel_ratio: float) -> bytes:
        """The whole figure as a picture.

        Args:
            frame: one frame.
            pixel_ratio: device pixels to a CSS pixel.

        Returns:
            PNG bytes.
        """
        with DRAW_LOCK, shrunk(self._figure, 1):
            draw_numbers(self._channels, frame.values[0], frame.texts[0])
            self._make_room({})
            self.scenes[frame.scenes[0]]()
            living = self._figure, self._channels
            with told_at_the_edges(*living), written_at_the_ends(*living):
                return png_of(self._figure, pixel_ratio)

    def _make_room(self, seen: Mapping[str, Any]) -> None:
        self._arrange()
        make_room_for_labels(self._figure, self._axes, self.scenes, lambda: as_seen(self._axes, seen))

    def _scene(
        self, prepare: Callable[[], object], seen: Mapping[str, Any], pixel_ratio: float
    ) -> dict[str, Any]:
        prepare()
        with as_seen(self._axes, seen):
            return scene_of(self._figure, self._axes, self._channels, pixel_ratio)
