"""Steering: where the stops of sliders are on a plot, so that a press or a drag on it moves them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from optlab.params import Grid, Param, grid

__all__ = ["Steer", "Steered", "axis_steer"]

FAR = 1e300
Where = Callable[[Mapping[str, np.ndarray]], Any]


@dataclass(frozen=True)
class Steer:
    """Sliders that the mouse moves on a plot: a press goes to their nearest stops, a drag follows it.

    Args:
        names: the sliders that move.
        where: the place of every combination of their stops, `where(settings) -> (x, y)` in data, each
            `(n,)` or a number; NaN for a coordinate that makes no difference, such as the y of a curve over
            one slider's values.
        given: other sliders that the places depend on; they do not move.

    Raises:
        TypeError: if `names` or `given` is one text rather than several, or `where` is no function.

    Example:
        >>> lr = Param("lr", "α", "rate", (0.1, 1.0), 0.1)
        >>> axis_steer(x="lr").described(Grid((lr,)), axes=0)["xs"]
        [0.1, 1.0]
    """

    names: Sequence[str]
    where: Where
    given: Sequence[str] = ()

    def __post_init__(self) -> None:
        for what, names in (("names", self.names), ("given", self.given)):
            if isinstance(names, str):
                raise TypeError(f"{what}={names!r}: expected a list of names, such as [{names!r}]")
        if not callable(self.where):
            raise TypeError(f"where={self.where!r}: expected a function of settings")

    def described(self, box: Grid, axes: int) -> dict[str, Any]:
        """What the browser needs to know.

        Args:
            box: the settings that the lab's sliders span.
            axes: which of the figure's axes it is on.

        Returns:
            The sliders' places among all, how many stops each has, and x and y of every combination, those
            of the last slider fastest; None for a coordinate that makes no difference.

        Raises:
            ValueError: if a name is not that of a slider, or `where` gives another number of places.
        """
        known = {param.name: k for k, param in enumerate(box.params)}
        for name in (*self.given, *self.names):
            if name not in known:
                raise ValueError(f"steers has {name!r}: expected names of sliders, of {', '.join(known)}")
        moved = [box.params[known[name]] for name in (*self.given, *self.names)]
        xs, ys = self._places(moved)
        return {
            "axes": axes,
            "given": [known[name] for name in self.given],
            "sliders": [known[name] for name in self.names],
            "sizes": [len(param.values) for param in moved],
            "xs": xs,
            "ys": ys,
        }

    def _places(self, moved: Sequence[Param]) -> list[list[float | None]]:
        settings = grid(**{param.name: param.values for param in moved})
        count = len(next(iter(settings.values())))
        x, y = self.where(settings)
        try:
            both = [np.broadcast_to(np.asarray(part, float), count).tolist() for part in (x, y)]
        except (TypeError, ValueError) as error:
            raise ValueError(
                f"steers {', '.join(self.names)}: expected x and y of {count} places, one for each "
                f"combination of stops ({error})"
            ) from None
        # JSON has no infinity: what lies beyond every axis is far away
        return [[None if np.isnan(v) else min(max(v, -FAR), FAR) for v in part] for part in both]


def axis_steer(x: str | None = None, y: str | None = None) -> Steer:
    """The steering of axes that show the values of sliders.

    Args:
        x: the slider whose values are on the x axis; None: none.
        y: the one whose values are on the y axis.

    Raises:
        TypeError: if both are None.
    """
    names = [name for name in (x, y) if name is not None]
    if not names:
        raise TypeError("steers(): expected the name of a slider for x, for y or for both")

    def where(settings: Mapping[str, np.ndarray]) -> tuple[Any, Any]:
        return tuple(np.nan if name is None else settings[name] for name in (x, y))  # type: ignore[return-value]

    return Steer(names, where)


class Steered:
    """What a plot lets the mouse do."""

    steering: list[Steer]

    def steers(self, x: str | None = None, y: str | None = None) -> None:
        """Let a press or a drag on the axes move the sliders whose values they show; no kernel is asked.

        Args:
            x: the slider whose values are on the x axis; None: none.
            y: the one whose values are on the y axis.

        Raises:
            TypeError: if both are None.

        Example:
            >>> from optlab import Plot
            >>> plot = Plot(xscale="log", xlabel="learning rate α", ylabel="loss at the end")
            >>> plot.steers(x="lr")  # a click on the curve goes to the α that it is above
        """
        self.steering.append(axis_steer(x, y))

    def handle(self, names: Sequence[str], where: Where, given: Sequence[str] = ()) -> None:
        """Let the mouse drag something that sliders place, such as the point where a descent starts.

        Args:
            names: the sliders that move.
            where: the place of every combination of their stops, `where(settings) -> (x, y)` in data, each
                `(n,)` or a number; NaN for a coordinate that makes no difference.
            given: other sliders that the places depend on.

        Raises:
            TypeError: if `names` or `given` is one text rather than several, or `where` is no function.

        Example:
            >>> from optlab import Plot
            >>> plot = Plot(xlim=(-1, 1), ylim=(-1, 1))
            >>> plot.handle(["angle"], lambda at: (np.cos(at["angle"]), np.sin(at["angle"])))
        """
        self.steering.append(Steer(names, where, given))
