"""Calls: the line of Python that makes a lab, for whoever the lab is shared with."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any

__all__ = ["Call", "literal", "shared_by"]


@dataclass(frozen=True)
class Call:
    """What made a lab, as text.

    Args:
        maker: the function, as one calls it; empty: nobody knows.
        given: its arguments but for the state.
        before: what has to run first, such as an import.
    """

    maker: str = ""
    given: str = ""
    before: str = ""

    def traits(self) -> dict[str, str]:
        """As the browser wants it, which adds the state."""
        return {"maker": self.maker, "given": self.given, "before": self.before}


def shared_by(maker: str, before: str, make: Callable[..., Any]) -> Callable[..., Any]:
    """The same function, whose labs can be shared as a call of it.

    Args:
        maker: the function, as one calls it.
        before: what has to run first.
        make: makes a lab; takes `state`.

    Returns:
        A function of the same arguments.
    """
    signature = inspect.signature(make)

    @wraps(make)
    def made(*args: Any, **options: Any) -> Any:
        lab = make(*args, **options)
        bound = signature.bind(*args, **options).arguments
        for name, parameter in signature.parameters.items():
            if parameter.kind is inspect.Parameter.VAR_KEYWORD:
                bound |= bound.pop(name, {})
        bound.pop("state", None)
        known = sys._getframe(1).f_globals  # noqa: SLF001  (the caller's names: `data=data` says more than its numbers)
        given = ", ".join(f"{name}={literal(value, known)}" for name, value in bound.items())
        lab.toolbar.call = Call(maker, given, before).traits()
        return lab

    return made


def literal(value: Any, known: Mapping[str, Any]) -> str:
    """A value as Python text.

    Args:
        value: anything.
        known: names that may be used for it.

    Returns:
        Text that gives the value: a number, a text, or a list or tuple or dict of such; else the name of this
        very object; else `...`, for who reads it to fill in.

    Example:
        >>> data = object()
        >>> literal((1, "a"), {}), literal(data, {"data": data}), literal([data], {})
        ("(1, 'a')", 'data', '...')
    """
    if is_plain(value):
        return repr(value)
    names = [name for name, held in known.items() if held is value and not name.startswith("_")]
    return names[0] if names else "..."


def is_plain(value: Any) -> bool:
    """Whether Python reads the value's own text back as the value."""
    if isinstance(value, dict):
        return all(map(is_plain, [*value, *value.values()]))
    if isinstance(value, (list, tuple)):
        return all(map(is_plain, value))
    finite = not isinstance(value, float) or abs(value) < float("inf")
    return value is None or (type(value) in (bool, int, float, str) and finite)
