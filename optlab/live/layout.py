"""How a lab is laid out: its rows, and closing all that is in them."""

from __future__ import annotations

import html
from collections.abc import Sequence

import ipywidgets

__all__ = ["Foot", "close_tree", "leave_word", "name_for_styles", "rows_of"]

AHEAD = "positions of the sliders that have been run ahead: they answer at once"


def rows_of(
    controls: Sequence[ipywidgets.Widget],
    figures: Sequence[ipywidgets.Widget],
    toolbar: ipywidgets.Widget,
    maps: Sequence[ipywidgets.Widget],
    foot: ipywidgets.Widget,
) -> list[ipywidgets.Widget]:
    """The rows of a lab; where each stands is for css/lab.css to say, which goes by the room there is.

    Args:
        controls: the sliders that are shown.
        figures: the figures.
        toolbar: the toolbar.
        maps: the maps.
        foot: the last row.

    Returns:
        The rows, in order.
    """
    return [
        _row("optlab-sliders", controls),
        _row(f"optlab-figures optlab-figures-{len(figures)}", figures),
        _row("optlab-below", [toolbar]),
        *(_row("optlab-maps", [one]) for one in maps),
        foot,
    ]


def name_for_styles(lab: ipywidgets.DOMWidget, figures: int, maps: int) -> None:
    """Give a lab the classes that style sheets know; `:has(...)` would be matched at every change of a page.

    Args:
        lab: the lab.
        figures: how many it has.
        maps: how many it has.
    """
    for name in ("optlab-lab", *["optlab-lab-1"] * (figures == 1), *["optlab-mapped"] * (maps > 0)):
        lab.add_class(name)


def _row(classes: str, parts: Sequence[ipywidgets.Widget]) -> ipywidgets.Box:
    row = ipywidgets.Box(parts)
    for name in classes.split():
        row.add_class(name)
    return row


def close_tree(widget: ipywidgets.Widget) -> None:
    """Close a widget with its children, layouts and styles, so that no comm is left.

    Args:
        widget: any widget; what is closed already is left alone.

    Example:
        >>> box = ipywidgets.HBox([ipywidgets.Button()])
        >>> close_tree(box)
        >>> box.comm is None and box.children[0].comm is None
        True
    """
    for child in getattr(widget, "children", ()):
        close_tree(child)
    for part in ("layout", "style"):
        held = getattr(widget, part, None)
        if isinstance(held, ipywidgets.Widget):
            held.close()
    ipywidgets.Widget.close(widget)


def leave_word(box: ipywidgets.Box, words: str) -> None:
    """Close all that is in a box and put a line of text there; its views stay, on a reloaded page too.

    Args:
        box: the box; it stays open.
        words: plain text.
    """
    rows = box.children
    look = "border-left: 4px solid #b34a00; padding: 2px 8px"
    box.children = (ipywidgets.HTML(f"<div role='note' style='{look}'>{html.escape(words)}</div>"),)
    for row in rows:
        close_tree(row)


class Foot(ipywidgets.HBox):
    """The last row of a lab: how much is run ahead, as a bar with words, and a line of text."""

    def __init__(self) -> None:
        self._ahead = ipywidgets.HTML(layout={"margin": "0 8px 0 0"})
        self.message = ipywidgets.Label(layout={"flex": "1 1 auto", "min_width": "0"})
        super().__init__([self._ahead, self.message], layout={"align_items": "center"})
        self.tell(0, 1, 1)

    def tell(self, done: int, most: int, size: int) -> None:
        """Say how many positions of the sliders are run ahead.

        Args:
            done: how many are.
            most: how many are to be; the bar ends there.
            size: how many there are.
        """
        self.share = min(1.0, done / most)
        words = f"{done:,} of {size:,} positions ready" if done < size else "all positions ready"
        bar = (
            f"<progress value='{self.share:.3f}' aria-label='{AHEAD}'></progress> " if self.share < 1 else ""
        )
        self._ahead.value = f"<span class='optlab-ahead' title='{AHEAD}'>{bar}{words}</span>"
