"""SliderMarks: theory's values marked on the slider they belong to, moving with the other sliders."""

from __future__ import annotations

import inspect
import itertools
import pathlib
from collections.abc import Sequence
from typing import Any

import anywidget
import ipywidgets
import numpy as np
from ipywidgets import widget_serialization
from traitlets import Instance, List

from optlab.live.looks import minus
from optlab.live.scripts import joined
from optlab.params import Param, strides

__all__ = ["SliderMarks", "marks_table", "position"]

HERE = pathlib.Path(__file__).parent


class SliderMarks(anywidget.AnyWidget):
    """A thin strip below a slider's track; the browser picks its marks, and a click on one goes to it.

    It must be in one box with its slider, a box with the class `optlab-control`: the browser measures the
    track there.

    Args:
        param: whose slider it is; its `marks` are called once for every position of the sliders they name.
        sliders: the slider of each hyper-parameter that `marks` may name, and its own.

    Raises:
        ValueError: if `marks` names a hyper-parameter that has no slider.
    """

    _esm = joined("slider_marks")
    _css = HERE / "css" / "slider_marks.css"

    table: List[list[dict]] = List().tag(sync=True)  # what is marked, for each position of `sliders`
    sliders = List(Instance(ipywidgets.Widget)).tag(sync=True, **widget_serialization)
    own = Instance(ipywidgets.Widget, allow_none=True).tag(
        sync=True, **widget_serialization
    )  # a click moves it
    strides: List[int] = List().tag(sync=True)

    def __init__(self, param: Param, sliders: Sequence[tuple[Param, ipywidgets.Widget]]) -> None:
        by_name = {other.name: (other, slider) for other, slider in sliders}
        names = list(inspect.signature(param.marks).parameters) if param.marks else []
        if set(names) - set(by_name):
            raise ValueError(f"{param.name}: marks={names}: expected names of sliders, {list(by_name)}")
        named = [by_name[name] for name in names]
        sizes = [len(other.values) for other, _ in named]
        super().__init__(
            table=marks_table(param, [other for other, _ in named]),
            sliders=[slider for _, slider in named],
            own=by_name[param.name][1] if param.name in by_name else None,
            strides=strides(sizes),
        )

    def close(self) -> None:
        """Close the strip and its layout."""
        self.layout.close()
        super().close()


def marks_table(param: Param, others: Sequence[Param]) -> list[list[dict[str, Any]]]:
    """What is marked on a slider, for each position of the others, the last fastest.

    Args:
        param: whose `marks` are called.
        others: the hyper-parameters that they name, in their order.

    Returns:
        For each position a list of marks: `label`, and `from` and `to` as fractions of the track's length.
        Marks that lie wholly beyond the slider's ends are left out.

    Example:
        >>> lr = Param("lr", "α", "rate", (0.01, 0.1, 1.0), 0.1, marks=lambda k: {"best": 1 / k})
        >>> marks_table(lr, [Param("k", "κ", "condition number", (1.0, 10.0), 1.0)])
        [[{'label': 'best: 1', 'from': 1.0, 'to': 1.0}], [{'label': 'best: 0.1', 'from': 0.5, 'to': 0.5}]]
    """
    if param.marks is None:
        return []
    positions = itertools.product(*(other.values for other in others))
    return [_placed(param, param.marks(*values)) for values in positions]


def _placed(param: Param, marks: dict[str, Any]) -> list[dict[str, Any]]:
    found = []
    for name, value in marks.items():
        low, high = value if isinstance(value, tuple) else (value, value)
        start, end = position(param, low), position(param, high)
        if start <= 1 and end >= 0:
            label = minus(f"{name}: {low:.3g}")
            found.append({"label": label, "from": max(start, 0.0), "to": min(end, 1.0)})
    return found


def position(param: Param, value: float) -> float:
    """Where a value lies on a slider's track, as a fraction of its length; below 0 or above 1 if beyond.

    The stops are equally far from each other; between them the value's logarithm decides where that exists.

    Args:
        param: the slider's hyper-parameter, its values ascending.
        value: any number.

    Returns:
        The fraction, or -inf and inf for what lies beyond the ends.

    Example:
        >>> position(Param("lr", "α", "rate", (0.01, 0.1, 1.0), 0.1), 0.1 * 10**0.5)
        0.75
    """
    stops = np.asarray(param.values, float)
    if not stops[0] <= value <= stops[-1]:
        return float(np.copysign(np.inf, value - stops[0]))
    if stops[0] > 0:
        stops, value = np.log(stops), np.log(value)
    return float(np.interp(value, stops, np.linspace(0, 1, len(stops))))
