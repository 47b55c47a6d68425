"""Clear errors for wrong use of `Lab`: the argument, its value, and what is allowed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from optlab.live.goals import AtLeast, Goal
from optlab.live.maps import Map, axes_of
from optlab.live.plots.margins import level
from optlab.live.plots.plot import Plot
from optlab.params import Grid, Param

__all__ = ["check_goals", "check_maps", "check_name", "check_params", "check_plots", "check_program"]


def several(name: str, values: Any, kind: type) -> tuple[Any, ...]:
    """The values as a tuple, if they are several of one kind.

    Args:
        name: the argument.
        values: what it was given.
        kind: what each of them has to be.

    Returns:
        The values.

    Raises:
        TypeError: if they are not a sequence, or one of them is of another kind.
    """
    word = kind.__name__
    if isinstance(values, kind):
        raise TypeError(f"{name}={values!r}: expected a list of {word}s, such as [{word.lower()}]")
    if isinstance(values, (str, bytes)) or not isinstance(values, Sequence):
        raise TypeError(f"{name}={values!r}: expected a list of {word}s")
    for value in values:
        if not isinstance(value, kind):
            raise TypeError(f"{name} has a {type(value).__name__}, {value!r}: expected {word}s")
    return tuple(values)


def check_params(params: Any) -> tuple[Param, ...]:
    """The sliders, if each has a name of its own."""
    found = several("params", params, Param)
    twice = [name for name, count in Counter(param.name for param in found).items() if count > 1]
    if twice:
        raise ValueError(f"params: two sliders are named {twice[0]!r}: expected a name of its own for each")
    if not found:
        raise ValueError("params=[]: expected at least one slider")
    return found


def check_plots(plots: Any) -> tuple[Plot, ...]:
    """The plots, their legends drawn, their axes at one height."""
    found: tuple[Plot, ...] = several("plots", plots, Plot)
    if not found:
        raise ValueError("plots=[]: expected at least one Plot")
    if all(plot.depends_on is not None for plot in found):
        raise ValueError("plots: each has depends_on; expected one that depends on every slider")
    for plot in found:
        plot.finish()
    level([plot.margins for plot in found if plot.margins])
    return found


def check_name(name: Any) -> str:
    """The name of the function that makes the lab, if it can be written in a call; or nothing."""
    if not isinstance(name, str) or not (name == "" or all(map(str.isidentifier, name.split(".")))):
        raise ValueError(f'name={name!r}: expected the function that makes the lab, such as "my_lab"')
    return name


def check_maps(maps: Any, grid: Grid) -> tuple[Map, ...]:
    """The maps, if they begin over sliders of the lab; none where fewer than two sliders can be moved."""
    found: tuple[Map, ...] = several("maps", maps, Map)
    return tuple(one for one in found if len(axes_of(grid, one.over)) == 2)


def check_goals(goals: Any, grid: Grid) -> tuple[Goal, ...]:
    """The goals, if what they ask for is on the sliders."""
    found: tuple[Goal, ...] = several("goals", goals, Goal)
    sliders = {param.name: param for param in grid.params}
    for goal in found:
        for name, value in goal.where.items():
            if name not in sliders:
                raise ValueError(f"goal {goal.text!r}: {name!r} is no slider: expected {', '.join(sliders)}")
            if len(sliders[name].values) > 1:  # a hidden slider stays where it is put
                _check_stop(goal, sliders[name], value)
    return found


def _check_stop(goal: Goal, slider: Param, value: Any) -> None:
    try:
        slider.index(value.value if isinstance(value, AtLeast) else value)
    except ValueError as error:
        raise ValueError(f"goal {goal.text!r}: {error}") from None


def check_program(program: Any) -> Callable[[dict[str, Any]], str] | None:
    """The program, if it is a function of a setting."""
    if program is None or callable(program):
        return program
    raise TypeError(f"program={program!r}: expected a function of a setting, such as Program(path)")
