"""How a lesson makes its lab: the function says the parts, the rest is the same for all."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any

from optlab import Goal, Lab, Lazy, Param, Plot, Program, Table

__all__ = ["Parts", "course_lab"]

SHARED = """

Args:
    options: `goals`, `state` and `hide`, as in `Lab`.

Returns:
    The lab.
"""


@dataclass(frozen=True)
class Parts:
    """What one lab is made of.

    Args:
        params: its sliders.
        source: where its runs come from.
        plots: its figures.
        goals: what to reach.
        also: values of its program that are not sliders, as in `Program`.
        kind: what makes the lab of these, `Lab` or such as a `TrainedLab` of some data.
    """

    params: Sequence[Param]
    source: Table | Lazy
    plots: Sequence[Plot]
    goals: Sequence[Goal] = ()
    also: Callable[[dict[str, Any]], Mapping[str, Any]] | None = None
    kind: Callable[..., Lab] = Lab


def course_lab(parts: Callable[..., Parts]) -> Callable[..., Lab]:
    """Turn the function that says a lab's parts into the function that makes the lab.

    The program is the file beside the lab's: `cloud_program.py` beside `cloud_lab.py`; without such a file
    the lab has none.

    Args:
        parts: `x_lab` of a lesson; its own arguments are optional, such as a table that was measured before.

    Returns:
        A function of these arguments and of `goals`, `state` and `hide`, as `Lab` takes them.

    Example:
        >>> import numpy as np
        >>> from optlab import Record
        >>> @course_lab
        ... def line_lab() -> Parts:
        ...     plot = Plot()
        ...     plot.line("line", lambda r: r.settings["a"][:, None] * np.arange(3), x=np.arange(3))
        ...     plot.title(lambda one: f"a = {one.settings['a'][0]}")
        ...     return Parts([Param("a", "a", "slope", (1, 2), 1)], Table(Record), [plot])
        >>> lab = line_lab(state="a=2")
        >>> lab.settings
        {'a': 2}
        >>> lab.close()
    """
    program = Path(inspect.getfile(parts)).with_name(f"{parts.__name__.removesuffix('_lab')}_program.py")

    @wraps(parts)
    def made(*args: Any, **options: Any) -> Lab:
        own = {name: options.pop(name) for name in [*options] if name in inspect.signature(parts).parameters}
        of = parts(*args, **own)
        given: dict[str, Any] = {"goals": of.goals, "name": parts.__name__}
        given["program"] = Program(program, of.also) if program.is_file() else None
        return of.kind(of.params, of.source, of.plots, **(given | options))

    rest = inspect.Parameter("options", inspect.Parameter.VAR_KEYWORD)
    signature = inspect.signature(parts)
    made.__signature__ = signature.replace(parameters=[*signature.parameters.values(), rest])  # type: ignore[attr-defined]
    made.__doc__ = inspect.cleandoc(parts.__doc__ or "") + SHARED
    return made
