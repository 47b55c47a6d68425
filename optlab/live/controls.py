"""Sliders from hyper-parameters: symbol, name, value, unit. What stands beside them is the toolbar's."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import ipywidgets

from optlab.live.layout import close_tree
from optlab.live.looks import minus
from optlab.live.slider_marks import SliderMarks
from optlab.live.state import plain_text
from optlab.params import Grid, Param

__all__ = ["Control", "setting_text", "slot_at", "stops_of", "value_text"]


def value_text(param: Param, value: Any) -> str:
    """A value as the slider shows it.

    Example:
        >>> from optlab.params import DELTA
        >>> value_text(DELTA, 0.1), value_text(DELTA, float("inf"))
        ('0.1 /epoch', '∞ /epoch')
    """
    unit = param.unit.removesuffix("s") if value == 1 else param.unit  # 1 pixel, 2 pixels
    return minus(f"{_amount(value)} {unit}".strip())


def _amount(value: Any) -> str:
    if not isinstance(value, int | float) or abs(value) < 1e5:
        return plain_text(value)
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    return f"{value:,.0f}" if value == int(value) else plain_text(value)  # 10,000,000, not 1e+07


def stops_of(controls: Sequence[Control], values: Mapping[str, Any]) -> dict[Control, int]:
    """Where some sliders are to be moved.

    Args:
        controls: all of them.
        values: for any of the sliders a value that it stops at.

    Returns:
        For each of these sliders the index of the value.

    Raises:
        TypeError: if there is no such slider.
        ValueError: if a value is not on its slider.
    """
    by_name = {control.param.name: control for control in controls}
    for name, value in values.items():
        if name not in by_name:
            raise TypeError(f"{name}={value!r}: the lab's sliders are {', '.join(by_name)}")
    return {by_name[name]: by_name[name].param.index(value) for name, value in values.items()}


def slot_at(grid: Grid, controls: Sequence[Control], stops: Mapping[Control, int], others: int) -> int:
    """Where all sliders are when some are at these stops.

    Args:
        grid: the settings that they span.
        controls: all of them.
        stops: for some of them an index, as `stops_of` gives it.
        others: the slot at which the rest are.

    Returns:
        The slot.
    """
    indices = zip(controls, grid.indices(others), strict=True)
    return grid.slot([stops.get(control, index) for control, index in indices])


def setting_text(grid: Grid, setting: dict[str, Any]) -> str:
    """A whole setting on one line."""
    return "   ".join(f"{p.symbol or p.label} = {value_text(p, setting[p.name])}" for p in grid.params)


class Control(ipywidgets.HBox):
    """One slider with its name; the browser puts its value beside it, and a way back to the default.

    Args:
        param: the hyper-parameter.

    Attributes:
        slider: the slider itself; its `index` counts `param.values`.
        marks: what theory marks on it, if `param.marks` says so.
    """

    def __init__(self, param: Param) -> None:
        self.param = param
        self.slider = _slider(param)
        self.marks: SliderMarks | None = None
        rows = {"flex_flow": "row wrap", "align_content": "flex-start"}  # the marks are in the second
        super().__init__([self.slider], layout={"align_items": "center", "min_width": "0", **rows})
        self.add_class("optlab-control")
        self.add_class(f"optlab-slider-{param.name}")  # by which js/slider_sides.js finds it

    def mark(self, controls: Sequence[Control]) -> None:
        """Show the theory's marks, which follow the other sliders; without `param.marks` nothing happens."""
        if self.param.marks is not None:
            self.marks = SliderMarks(self.param, [(other.param, other.slider) for other in controls])
            self.children = [self.slider, self.marks]

    def close(self) -> None:
        """Close the slider and the marks too, so that no comm is left."""
        close_tree(self)


def _slider(param: Param) -> ipywidgets.Widget:
    options = [(value_text(param, value), value) for value in param.values]
    named = not all(isinstance(value, (int, float)) for value in param.values)
    kind = ipywidgets.Dropdown if named else ipywidgets.SelectionSlider
    shown = {} if named else {"readout": False}  # the browser shows the value, where it can be typed too
    return kind(
        **shown,
        options=options,
        value=param.default,
        description=f"{param.label} {param.symbol}".strip(),
        tooltip=f"{param.label} {param.symbol}, default {value_text(param, param.default)}",
        style={"description_width": "130px"},
        layout=ipywidgets.Layout(flex="1 1 200px", width="auto", min_width="0"),
    )
