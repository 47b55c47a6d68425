"""Axes as a reader wants them for now: fitted to what is shown, logarithmic or linear."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

import numpy as np
from matplotlib.ticker import FixedFormatter, FixedLocator, FuncFormatter, LogLocator, NullLocator

__all__ = ["as_seen", "is_free"]


@contextmanager
def as_seen(axes: Sequence[Any], wanted: Mapping[str, Any]) -> Iterator[None]:
    """Give axes other limits and scales for as long as the block runs.

    Args:
        axes: all of a figure.
        wanted: for the index of an axes, as text, any of `xlim`, `ylim`, `xlog` and `ylog`; what is no limit
            of a picture is left out.
    """
    with ExitStack() as stack:
        for key, want in wanted.items():
            ax = axes[int(key)]
            for name in "xy":
                low, high = limits_of(want.get(f"{name}lim"), bool(want.get(f"{name}log")))
                if low < high:
                    scale = "log" if want.get(f"{name}log") else "linear"
                    stack.enter_context(_other_axis(ax, name, scale, (low, high)))
            stack.enter_context(_texts_clipped(ax))
        yield


def limits_of(wanted: Any, log: bool) -> tuple[float, float]:
    """Two limits that an axis can have; (0, 0) where these are none.

    >>> limits_of([1, 2], log=True), limits_of([0, 2], log=True), limits_of([2, float("inf")], log=False)
    ((1.0, 2.0), (0.0, 0.0), (0.0, 0.0))
    """
    found = np.asarray(wanted if wanted is not None else (), float)
    fits = found.shape == (2,) and np.isfinite(found).all() and (not log or found.min() > 0)
    return (float(found.min()), float(found.max())) if fits else (0.0, 0.0)


def is_free(axis: Any) -> bool:
    """Whether an axis counts something: its ticks have no names that would lose their places."""
    formatter, places = axis.get_major_formatter(), axis.get_major_locator()
    if not isinstance(places, FixedLocator) or not isinstance(formatter, FixedFormatter | FuncFormatter):
        return True
    return all(_is_number(formatter(place, k)) for k, place in enumerate(places.tick_values(0, 1)))


def _is_number(text: str) -> bool:
    try:
        float(str(text).replace("−", "-").replace(",", ""))
    except ValueError:
        return False
    return True


@contextmanager
def _other_axis(ax: Any, name: str, scale: str, limits: tuple[float, float]) -> Iterator[None]:
    axis, get, set_ = getattr(ax, f"{name}axis"), getattr(ax, f"get_{name}lim"), getattr(ax, f"set_{name}lim")
    set_scale = getattr(ax, f"set_{name}scale")
    before, old, ticks = get(), axis.get_scale(), [getattr(axis, f"get_{part}")() for part in TICKS]
    set_scale(scale)
    if scale == "log" and limits[1] < 1000 * limits[0]:  # few powers of ten: ticks between them, in short
        axis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        axis.set_minor_locator(NullLocator())
    set_(*(limits if before[0] < before[1] else reversed(limits)))
    try:
        yield
    finally:
        set_scale(old)
        for part, held in zip(TICKS, ticks, strict=True):
            getattr(axis, f"set_{part}")(held)
        set_(*before)


TICKS = ("major_locator", "minor_locator", "major_formatter", "minor_formatter")


@contextmanager
def _texts_clipped(ax: Any) -> Iterator[None]:
    """What is written at a place in data is not seen beyond the axes."""
    texts = [(text, text.get_clip_on()) for text in ax.texts if text.get_transform() == ax.transData]
    for text, _ in texts:
        text.set(clip_on=True, clip_box=ax.bbox)
    try:
        yield
    finally:
        for text, clip in texts:
            text.set_clip_on(clip)
