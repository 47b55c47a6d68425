"""Calls: the line of Python that makes a lab, for whoever the lab is shared with."""

from __future__ import annotations

import ast
import inspect
import linecache
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from types import FrameType
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
        caller = sys._getframe(1)  # noqa: SLF001  (what a learner has written says more than the numbers)
        written, known = _written_in(caller, maker, signature), caller.f_globals
        bound = _flat(signature, signature.bind(*args, **options).arguments)
        bound.pop("state", None)
        given = (f"{name}={literal(value, known, written.get(name, ''))}" for name, value in bound.items())
        lab.toolbar.call = Call(maker, ", ".join(given), before).traits()
        return lab

    return made


def literal(value: Any, known: Mapping[str, Any], written: str = "") -> str:
    """A value as Python text.

    Args:
        value: anything.
        known: names that may be used for it.
        written: what stands for it in the call; empty: nobody knows.

    Returns:
        Text that gives the value: a number, a text, the name of this very object, or a list, tuple or dict of
        such; else what was written; else `...`, for who reads it to fill in.

    Example:
        >>> data = object()
        >>> literal((1, "a"), {}), literal((data, 2), {"data": data}), literal([data], {})
        ("(1, 'a')", '(data, 2)', '...')
        >>> literal(data, {}, written="load(2)")
        'load(2)'
    """
    if is_plain(value):
        return repr(value)
    names = [name for name, held in known.items() if held is value and not name.startswith("_")]
    if names:
        return names[0]
    return written or _of_parts(value, known) or "..."


def _of_parts(value: Any, known: Mapping[str, Any]) -> str:
    """A list, tuple or dict part by part; empty where a part has no text."""
    if type(value) is dict:
        parts = {literal(key, known): literal(part, known) for key, part in value.items()}
        whole = "{" + ", ".join(f"{key}: {part}" for key, part in parts.items()) + "}"
        return "" if "..." in [*parts, *parts.values()] else whole
    if type(value) not in (list, tuple):
        return ""
    listed = [literal(part, known) for part in value]
    if "..." in listed:
        return ""
    whole = ", ".join(listed)
    return f"[{whole}]" if type(value) is list else f"({whole}{',' * (len(listed) == 1)})"


def _flat(signature: inspect.Signature, bound: dict[str, Any]) -> dict[str, Any]:
    """Arguments by name, those without a parameter of their own too."""
    for name, parameter in signature.parameters.items():
        if parameter.kind is inspect.Parameter.VAR_KEYWORD:
            bound |= bound.pop(name, {})
    return bound


def _written_in(caller: FrameType, maker: str, signature: inspect.Signature) -> dict[str, str]:
    """What stands for each argument in the call that a frame is at; nothing where that cannot be told."""
    call = _call_at(caller)
    if call is None or any(isinstance(node, ast.Starred) for node in call.args):
        return {}
    if ast.unparse(call.func).split(".")[-1] != maker.rsplit(".", maxsplit=1)[-1]:
        return {}  # another call, such as map(labs.training_lab, data)
    written = {node.arg: ast.unparse(node.value) for node in call.keywords if node.arg}
    bound = signature.bind_partial(*map(ast.unparse, call.args), **written)
    return _flat(signature, bound.arguments)


def _call_at(caller: FrameType) -> ast.Call | None:
    """The call that a frame is at, by what its code knows of the text."""
    place = getattr(inspect.getframeinfo(caller), "positions", None)
    if place is None or None in (place.lineno, place.end_lineno, place.col_offset, place.end_col_offset):
        return None
    lines = linecache.getlines(caller.f_code.co_filename, caller.f_globals)[
        place.lineno - 1 : place.end_lineno
    ]
    text = [line.encode() for line in lines]  # columns count bytes
    if not text:
        return None
    text[-1] = text[-1][: place.end_col_offset]
    text[0] = text[0][place.col_offset :]
    try:
        node = ast.parse(b"(" + b"".join(text) + b")", mode="eval").body
    except SyntaxError:  # the file has changed since
        return None
    return node if isinstance(node, ast.Call) else None


def is_plain(value: Any) -> bool:
    """Whether Python reads the value's own text back as the value."""
    if isinstance(value, dict):
        return all(map(is_plain, [*value, *value.values()]))
    if isinstance(value, (list, tuple)):
        return all(map(is_plain, value))
    finite = not isinstance(value, float) or abs(value) < float("inf")
    return value is None or (type(value) in (bool, int, float, str) and finite)
