"""The state of a lab as a short line of text, such as "lr=1, l2=0; pin; at 12".

Parts are separated by semicolons: first the sliders that are not at their defaults; then `pin` and the
sliders of a pinned run, once for each; then `at` and the step that the film shows. Anything not mentioned has
its default: sliders at their defaults, nothing pinned, the whole run.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from optlab.params import Grid, Param

__all__ = ["FREE", "MOST_PINS", "State", "grid_without", "plain_text", "read_state", "write_state"]

MOST_PINS = 8
AND = re.compile(r",(?=\s*\w+\s*=)|,(?=\s*$)")
"""What separates two sliders; a value may have commas of its own."""
FREE = -1
"""In `State.pins`, a place where nothing is pinned."""


@dataclass(frozen=True)
class State:
    """The sliders, pins and film of a lab.

    Args:
        slot: the position of the sliders in their grid.
        pins: the slots of the runs that are pinned; `FREE` where one was taken off.
        step: the step that the film shows; None for the whole run.
    """

    slot: int
    pins: tuple[int, ...] = ()
    step: int | None = None


def plain_text(value: Any) -> str:
    """A slider's value as a state writes it.

    Example:
        >>> plain_text(0.1), plain_text("saddle")
        ('0.1', 'saddle')
    """
    return f"{value:g}" if isinstance(value, (int, float)) else str(value)


def write_state(grid: Grid, state: State) -> str:
    """A state as a line of text.

    Args:
        grid: the settings that the sliders span.
        state: what to write.

    Returns:
        The line; empty where all is as it always is.

    Example:
        >>> from optlab.params import L2, LR
        >>> grid = Grid((LR, L2))
        >>> start = grid.default
        >>> write_state(grid, State(grid.slot([LR.index(1.0), L2.index(0.0)]), pins=(start,), step=12))
        'lr=1, l2=0; pin; at 12'
    """
    pins = [f"pin {_setting_text(grid, slot)}".strip() for slot in state.pins if slot != FREE]
    step = [] if state.step is None else [f"at {state.step}"]
    return "; ".join(part for part in [_setting_text(grid, state.slot), *pins, *step] if part)


def _setting_text(grid: Grid, slot: int) -> str:
    values = grid.setting(slot)
    return ", ".join(
        f"{p.name}={plain_text(values[p.name])}"
        for p in grid.params
        if p.index(values[p.name]) != p.index(p.default)
    )


def read_state(grid: Grid, text: str, last: int = 0) -> State:
    """The state that a line of text says.

    Args:
        grid: the settings that the sliders span.
        text: the line; spaces do not matter.
        last: the last step of the lab's film.

    Returns:
        The state.

    Raises:
        TypeError: if `text` is no text.
        ValueError: if a slider is not known, a value is not on its slider, more is pinned than can be, or the
            film has no such step.

    Example:
        >>> from optlab.params import L2, LR
        >>> grid = Grid((LR, L2))
        >>> grid.setting(read_state(grid, "lr=1,l2=0.01").slot)
        {'lr': 1.0, 'l2': 0.01}
    """
    first, rest = _parts(text)
    pins, step = [], None
    for part in filter(None, rest):
        word, _, what = part.partition(" ")
        if word == "pin":
            pins.append(_slot(grid, what))
        elif word == "at":
            step = _step(what, last)
        else:
            raise ValueError(
                f'state has a part {part!r}: expected "pin ..." or "at <step>" after the sliders'
            )
    if len(pins) > MOST_PINS:
        raise ValueError(f"state pins {len(pins)} runs: expected at most {MOST_PINS}")
    return State(_slot(grid, first), tuple(pins), step)


def _parts(text: str) -> tuple[str, list[str]]:
    """What a state says of the sliders, and its other parts."""
    if not isinstance(text, str):
        raise TypeError(f'state={text!r}: expected text such as "lr=1, l2=0; pin"')
    first, *rest = [part.strip() for part in text.split(";")]
    if first.split(" ")[0] in ("pin", "at"):  # all sliders at their defaults
        return "", [first, *rest]
    return first, rest


def _slot(grid: Grid, text: str) -> int:
    indices = {param.name: param.index(param.default) for param in grid.params}
    for part in filter(None, (part.strip() for part in AND.split(text))):
        name, equals, value = (word.strip() for word in part.partition("="))
        if not equals or name not in indices:
            raise ValueError(
                f"state has {part!r}: expected <slider>=<value>, a slider one of {', '.join(indices)}"
            )
        indices[name] = _index(next(p for p in grid.params if p.name == name), value)
    return grid.slot(list(indices.values()))


def _index(param: Param, text: str) -> int:
    texts: Sequence[str] = [plain_text(value) for value in param.values]
    if text in texts:
        return texts.index(text)
    try:
        return param.index(float(text))
    except ValueError:
        raise ValueError(f"state has {param.name}={text}: expected one of {', '.join(texts)}") from None


def _step(text: str, last: int) -> int:
    if not text.isdecimal() or int(text) > last:
        raise ValueError(f"state has at {text}: expected a step of the film, 0 to {last}")
    return int(text)


def grid_without(hidden: Sequence[str], grid: Grid, text: str) -> Grid:
    """The grid with some of its sliders held where they are: at their default, or where a state puts them.

    Args:
        hidden: names of sliders.
        grid: the settings that all sliders span.
        text: a state.

    Returns:
        A grid of the same sliders, of which the hidden ones have one value only.

    Raises:
        TypeError: if `hidden` is one text rather than several.
        ValueError: if one of them is no slider; and what `read_state` raises.

    Example:
        >>> from optlab.params import L2, LR
        >>> grid_without(["l2"], Grid((LR, L2)), "l2=0.1").setting(0)
        {'lr': 0.001, 'l2': 0.1}
    """
    names = [param.name for param in grid.params]
    if isinstance(hidden, str):
        raise TypeError(f"hide={hidden!r}: expected a list of names, such as [{hidden!r}]")
    for name in hidden:
        if name not in names:
            raise ValueError(f"hide has {name!r}: expected names of sliders, of {', '.join(names)}")
    values = grid.setting(_slot(grid, _parts(text)[0])) if hidden else {}

    def held(param: Param) -> Param:
        return replace(
            param, values=(values[param.name],), default=values[param.name], marks=None, applies=None
        )

    return Grid(tuple(held(param) if param.name in hidden else param for param in grid.params))
