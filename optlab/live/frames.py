"""Frames: what the living artists of a figure show for some settings, as plain data."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from optlab.live.artists import Channel

__all__ = ["Frames", "draw_numbers", "frame_numbers", "with_moments"]

MOMENT = "\x1e"
"""Stands before each of the texts that follow a film, after the text of the whole run."""
LISTS = ("texts", "labels", "scenes", "goals")


@dataclass(frozen=True, eq=False)
class Frames:
    """Pictures of the living artists, one for each setting.

    Args:
        values: float32, `(frames, size)`: the artists' numbers one after the other; NaN is a gap. An infinite
            number is one, too, and the edge of its axes tells of it.
        texts: for each frame one string for each living text, in the order of the artists.
        labels: each frame in words, for a screen reader.
        scenes: which background each frame belongs to.
        goals: for each frame which goals of the lab its run reaches; empty where no goals are carried.

    Example:
        >>> frames = Frames(np.zeros((2, 3), np.float32), [("a",), ("b",)], ["first", "second"], [0, 0])
        >>> len(frames), frames[1].labels
        (2, ['second'])
    """

    values: np.ndarray
    texts: Sequence[tuple[str, ...]]
    labels: Sequence[str]
    scenes: Sequence[int]
    goals: Sequence[tuple[bool, ...]] = ()

    def __len__(self) -> int:
        """How many frames there are."""
        return len(self.values)

    def __getitem__(self, row: int) -> Frames:
        """One of the frames."""
        return self.select([row])

    def select(self, rows: Sequence[int]) -> Frames:
        """Some of the frames, in the order asked for."""
        lists: dict[str, Any] = {
            name: [getattr(self, name)[k] for k in rows] if getattr(self, name) else [] for name in LISTS
        }
        return Frames(self.values[list(rows)], **lists)

    @classmethod
    def concat(cls, parts: Sequence[Frames]) -> Frames:
        """Frames of one figure, joined."""
        lists = {name: [item for part in parts for item in getattr(part, name)] for name in LISTS}
        return cls(np.concatenate([part.values for part in parts]), **lists)

    def as_traits(self) -> dict[str, Any]:
        """The frames as they travel: one little-endian matrix, and a list for each other field."""
        return {"data": self.values.astype("<f4", copy=False).tobytes(), **self.lists()}

    def as_message(self, slot: int) -> dict[str, Any]:
        """One frame as a page of one row, at a slot."""
        return {"slots": [int(slot)], **self.as_traits()}

    def lists(self) -> dict[str, list[Any]]:
        """All but the numbers, as plain lists, one entry a frame."""
        return {
            "texts": [list(texts) for texts in self.texts],
            "labels": list(self.labels),
            "scenes": [int(scene) for scene in self.scenes],
            "goals": [list(goals) for goals in self.goals] or [[] for _ in self.labels],
        }


def frame_numbers(channels: Sequence[Channel], record: Any) -> np.ndarray:
    """The numbers of all channels for every setting of a record, float32, `(settings, sum of rooms)`."""
    with np.errstate(over="ignore", invalid="ignore"):  # a number beyond float32 becomes infinite, too
        parts = [part.numbers(record).astype(np.float32) for part in channels]
    return np.concatenate(parts, axis=1) if parts else np.zeros((len(record), 0), np.float32)


def draw_numbers(channels: Sequence[Channel], numbers: np.ndarray, texts: Sequence[str]) -> None:
    """Put one frame into the artists: of a mark with several positions the last one."""
    start, words = 0, iter(texts)
    for part in channels:
        last = start + part.room - (part.mark.appears is not None)
        if part.kind == "text":
            part.artist.set_text(next(words).partition(MOMENT)[0])
        elif part.size:
            part.draw(numbers[last - part.size : last])
        start += part.room


def with_moments(
    words: Callable[[Any], str], moments: Callable[[Any], Sequence[str]]
) -> Callable[[Any], str]:
    """A text of the whole run, and those that follow a film, as one.

    Example:
        >>> with_moments(lambda _: "end", lambda _: ["first", "second"])(None).split(MOMENT)
        ['end', 'first', 'second']
    """
    return lambda one: MOMENT.join([words(one), *moments(one)])
