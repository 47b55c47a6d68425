"""Told: a line of feedback on the page that can take the keyboard's focus."""

from __future__ import annotations

import anywidget
from traitlets import Unicode

from optlab.live.scripts import joined

__all__ = ["Told"]


class Told(anywidget.AnyWidget):
    """A line of feedback, as HTML. `focus()` puts the keyboard's focus on it; a screen reader then reads it.

    Where the button that was pressed goes away, the focus would fall to the page, and Tab begin at its top.

    Args:
        value: the line, HTML that is safe.
    """

    _esm = joined("told")
    _css = ".optlab-told { font-size: var(--jp-widgets-font-size); color: var(--jp-ui-font-color1); }"

    value = Unicode().tag(sync=True)
