"""One widget a cell: what an earlier run of a notebook cell has left is closed when the cell runs again."""

from __future__ import annotations

from typing import Any, Protocol
from weakref import WeakKeyDictionary

from IPython import get_ipython


class Closable(Protocol):
    """Anything with a `close()` that frees its threads, figures and comms."""

    def close(self) -> None:
        """Free everything."""


# Jupyter tells nobody that a cell's old output is gone, so only a record of who made what can tell that a
# widget is stale: without it, every re-run of a lab's cell would leave a thread, a figure and a comm behind.
# The references are weak: the record keeps nothing alive.
_made_by: WeakKeyDictionary[Any, tuple[str, str]] = WeakKeyDictionary()


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
            earlier.close()
    _made_by[widget] = now


def running_cell() -> tuple[str, str] | None:
    """Return the running cell's id and the id of this run of it; None when there is no cell."""
    shell = get_ipython()
    request = shell.get_parent() if hasattr(shell, "get_parent") else {}
    cell = request.get("metadata", {}).get("cellId")
    return (cell, request["header"]["msg_id"]) if cell else None
