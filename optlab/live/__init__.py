"""Live figures: matplotlib figures of which a few artists are redrawn by the browser itself."""

from optlab.live.cells import CellClock, replace_earlier
from optlab.live.figure import LiveFigure
from optlab.live.scenes import DRAW_LOCK
from optlab.live.toolbar import Toolbar

__all__ = ["DRAW_LOCK", "CellClock", "LiveFigure", "Toolbar", "replace_earlier"]
