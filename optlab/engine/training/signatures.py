"""What update rules and schedules can be called with: read off their signatures."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from optlab.engine.validation import names_of

__all__ = ["accepted", "check_call", "check_names", "keywords", "listens"]

Functions = Sequence[Callable[..., Any]]

_FROM_TRAINING = ("lr", "total", "loss", "state", "gradient", "shapes")


def accepted(function: Callable[..., Any]) -> list[str]:
    """Names of all arguments of a function, in order."""
    return list(inspect.signature(function).parameters)


def listens(schedule: Callable[..., Any]) -> bool:
    """Whether a schedule looks at the loss, and so keeps a state."""
    return "loss" in accepted(schedule)


def keywords(function: Callable[..., Any], positional: int) -> list[str]:
    """Names of a rule's or schedule's own hyper-parameters.

    Args:
        function: the rule or schedule.
        positional: how many leading arguments are not hyper-parameters.

    Returns:
        The names, without those that training itself supplies.

    Example:
        >>> from optlab.engine.rules.classic import adam
        >>> keywords(adam, 3)
        ['beta1', 'beta2', 'eps']
    """
    return [name for name in accepted(function)[positional:] if name not in _FROM_TRAINING]


def check_names(given: Mapping[str, Any], rules: Functions, schedules: Functions = ()) -> None:
    """Raise `TypeError` for a hyper-parameter that none of these functions takes.

    Args:
        given: hyper-parameters by name.
        rules: update rules.
        schedules: learning-rate schedules.
    """
    taken = {name for f in rules for name in keywords(f, 3)} | {n for f in schedules for n in keywords(f, 1)}
    for name, value in given.items():
        if name not in taken:
            raise TypeError(
                f"{name}={value!r} is not a hyper-parameter of {names_of([*rules, *schedules])}: "
                f"expected one of {', '.join(sorted(taken)) or 'none'}"
            )


def check_call(name: str, function: Callable[..., Any], positional: int, given: Iterable[str]) -> None:
    """Raise `TypeError` for a rule or schedule that cannot be called as training will call it.

    Args:
        name: the argument's name, for the error.
        function: the rule or schedule.
        positional: how many leading arguments it gets.
        given: what it is given by name, where it takes it.
    """
    takes = accepted(function)[positional:]
    named = {"lr": None} | {key: None for key in (*given, *_FROM_TRAINING) if key in takes}
    try:
        inspect.signature(function).bind(*[None] * positional, **named)
    except TypeError as error:
        form = "(theta, grad, state, *, lr, ...)" if positional == 3 else "(t, *, lr, ...)"
        raise TypeError(f"{name}={names_of([function])}: expected a function {form}; {error}") from error
