"""What a widget knows of notebook cells: which one made it, and whether one is running."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Protocol
from weakref import WeakKeyDictionary

from IPython import get_ipython

SECONDS_FOR_A_CELL = 5.0
"""How long a running cell has the processor to itself, except for the setting on the sliders."""
SECONDS_OF_A_MOVE = 0.1
"""How long after a slider has moved it may well move again, and the page needs the processor."""


class Closable(Protocol):
    """Anything with a `close()` that frees its threads, figures and comms."""

    def close(self) -> None:
        """Free everything."""


# No event tells that a cell's old output is gone, so only a record of which cell made what can tell that a
# widget is stale: without it, every re-run of a lab's cell would leave a thread, a figure and a comm behind.
# The references are weak: the record keeps nothing alive.
_made_by: WeakKeyDictionary[Any, tuple[str, str]] = WeakKeyDictionary()
_shown_in: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()
"""The cells that show a widget."""
_retired: dict[str, list[Any]] = {}
"""For each cell the widgets that only leave a line there."""


def replace_earlier(widget: Closable) -> None:
    """Close what earlier runs of the running cell registered, and register `widget` for this run.

    Several widgets of one run stay side by side. Outside a notebook no cell has an identity: nothing happens.
    """
    now = running_cell()
    if now is None:
        return
    for earlier, (cell, run) in list(_made_by.items()):
        if cell == now[0] and run != now[1]:
            del _made_by[earlier]
            _put_away(earlier, now[0])
    _made_by[widget] = now


def note_shown(widget: Closable) -> None:
    """Note that the running cell shows a widget, and close what was kept for this cell only."""
    now = running_cell()
    if now is None:
        return
    for earlier in _retired.pop(now[0], ()):
        earlier.close()
    _shown_in.setdefault(widget, set()).add(now[0])


def _put_away(widget: Closable, builder: str) -> None:
    """Close a widget; where another cell than its builder shows it, it leaves a line there if it can."""
    elsewhere = _shown_in.pop(widget, set()) - {builder}
    if not elsewhere or not hasattr(widget, "retire"):
        widget.close()
        return
    widget.retire()
    for cell in elsewhere:
        _retired.setdefault(cell, []).append(widget)


def running_cell() -> tuple[str, str] | None:
    """Return what names the running cell and the id of this run of it; None when there is no cell."""
    request = _request(get_ipython())
    name = _name(request)
    return (name, request["header"]["msg_id"]) if name else None


def _name(request: dict[str, Any]) -> str:
    """What is the same when a cell runs again, or a button is pressed again; empty when it is neither.

    JupyterLab and VS Code send a cell's id. For others (nbclassic, a console) its text has to do: two cells
    with the same text are one. A button or a slider is named by the widget that it belongs to.
    """
    content = request.get("content", {})
    if cell := request.get("metadata", {}).get("cellId"):
        return cell
    if code := content.get("code"):
        return f"code {code}"
    return f"widget {comm}" if (comm := content.get("comm_id")) else ""


def _request(shell: Any) -> dict[str, Any]:
    """What the front end asked for last; empty outside a notebook."""
    if not hasattr(shell, "get_parent"):
        return {}
    try:
        return shell.get_parent()
    except LookupError:  # of ipykernel 7.0: a thread that is not the kernel's runs no cell
        return {}


def after_this_cell(act: Callable[[], None]) -> None:
    """Call a function once when the running cell ends, still within it; without a cell nothing happens.

    Args:
        act: takes nothing; what it raises is IPython's to show.
    """
    shell = get_ipython()
    if _request(shell).get("header", {}).get("msg_type") != "execute_request":
        return

    def once(_: Any) -> None:
        shell.events.unregister("post_run_cell", once)
        act()

    shell.events.register("post_run_cell", once)


class CellClock:
    """How long the running cell has been at it.

    Example:
        >>> clock = CellClock()
        >>> clock.seconds()  # outside a notebook no cell runs
        0.0
        >>> clock.close()
    """

    def __init__(self) -> None:
        self._shell = get_ipython()
        in_a_cell = _request(self._shell).get("header", {}).get("msg_type") == "execute_request"
        self._began = time.monotonic() if in_a_cell else None
        self._hear("register")

    def seconds(self) -> float:
        """Seconds since the running cell began; 0 when none is running."""
        began = self._began
        return time.monotonic() - began if began is not None else 0.0

    def close(self) -> None:
        """Stop listening."""
        if self._shell is not None:
            self._hear("unregister")
            self._shell = None

    def _hear(self, verb: str) -> None:
        if self._shell is not None:
            getattr(self._shell.events, verb)("pre_run_cell", self._begin)
            getattr(self._shell.events, verb)("post_run_cell", self._end)

    def _begin(self, _: Any) -> None:
        self._began = time.monotonic()

    def _end(self, _: Any) -> None:
        self._began = None


class Courtesy:
    """Whether others should have the processor: a cell that is running, or a page whose sliders are moving.

    Example:
        >>> courtesy = Courtesy()
        >>> courtesy()
        False
        >>> courtesy.moved()
        >>> courtesy()
        True
        >>> courtesy.close()
    """

    def __init__(self) -> None:
        self._clock, self._at_rest_from = CellClock(), 0.0

    def moved(self) -> None:
        """Note that a slider has moved."""
        self._at_rest_from = time.monotonic() + SECONDS_OF_A_MOVE

    def __call__(self) -> bool:
        """Whether to wait."""
        in_a_cell = 0 < self._clock.seconds() < SECONDS_FOR_A_CELL
        return in_a_cell or time.monotonic() < self._at_rest_from

    def close(self) -> None:
        """Stop listening."""
        self._clock.close()
