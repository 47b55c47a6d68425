"""Show me: the runs behind a fact, on a copy of a lab's figures; the lab's sliders stay where they are."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from optlab.live.cells import replace_earlier
from optlab.live.replay import Replay
from optlab.live.shown import signed

if TYPE_CHECKING:
    from optlab.live.lab import Lab

__all__ = ["ShowMe", "show_me"]

FOLDED = "optlab-folded"


def show_me(lab: Lab, *, before: Mapping[str, Any] | Sequence[Mapping[str, Any]] = (), **at: Any) -> ShowMe:
    """A button that plays the run behind a fact on a copy of a lab's figures.

    Args:
        lab: the lab that the fact is about.
        before: a setting to compare with, or several, each as the sliders that are not at their defaults.
        at: the setting of the fact, likewise.

    Returns:
        The widget; make it the last line of a cell.

    Raises:
        RuntimeError: if the lab is closed, or a setting cannot be run.
        TypeError: if there is no such slider.
        ValueError: if a value is not on its slider.

    Example:
        >>> from optlab import Lab, Param, Plot
        >>> from optlab.record import Record
        >>> plot = Plot(xlabel="x", ylabel="y", ylim=(0, 4))
        >>> line = plot.line("y", lambda r: r.settings["a"][:, None] * [1, 2], x=[1, 2])
        >>> lab = Lab([Param("a", "a", "slope", (1.0, 2.0), 1.0)], Record, [plot])
        >>> show_me(lab, before={"a": 1.0}, a=2.0)
        Show me: a = 1, then a = 2
        >>> lab.close()
    """
    return ShowMe(lab, [*([before] if isinstance(before, Mapping) else before), at])


class ShowMe(Replay):
    """What `show_me` returns: a replay that is folded away until its button is pressed.

    Args:
        lab: the lab.
        settings: what is shown, one after the other, the last as a film.
    """

    def __init__(self, lab: Lab, settings: Sequence[Mapping[str, Any]]) -> None:
        super().__init__(lab, settings)
        with self.player.hold_sync():
            self._begin(settings[-1])
            self.player.fact = ", then ".join(run["words"] for run in self.player.runs)
            self.player.told = True
        self.children = [self.player, self.row]  # the button stays where it is when the figures unfold
        self.add_class(FOLDED)
        replace_earlier(self)

    def __repr__(self) -> str:
        """What it shows, in one line."""
        return f"Show me: {self.player.fact}"

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """The live button, and its words for places without a kernel."""
        bundle = super()._repr_mimebundle_(**kwargs)
        bundle["text/html"] = f"<p>{html.escape(repr(self))}. Run this cell to see it.</p>"
        return signed(bundle)
