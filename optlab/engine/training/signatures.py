"""What update rules and schedules can be called with: read off their signatures."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from optlab.engine.validation import names_of

__all__ = ["accepted", "check_call", "check_names", "check_own", "keywords", "listens"]

Functions = Sequence[Callable[..., Any]]

_FROM_TRAINING = ("lr", "total", "loss", "state", "gradient", "shapes")


FORMS = {"optimizer": "(theta, grad, state, *, lr, ...)", "schedule": "(t, *, lr, ...)"}
"""How an update rule and a schedule are called."""


def check_own(name: str, value: Any) -> None:
    """Raise `TypeError` for an optimizer or a schedule of torch's, class or instance.

    Args:
        name: `"optimizer"` or `"schedule"`.
        value: what was given.
    """
    kind = value if isinstance(value, type) else type(value)
    if kind.__module__.startswith("torch.optim"):
        raise TypeError(
            f"{name}={kind.__name__} is torch's, which trains one network at a time: "
            f"expected a name or a function {FORMS[name]}"
        )


_remembered = lru_cache(maxsize=64)(inspect.signature)


def _signature(function: Callable[..., Any]) -> inspect.Signature:
    """Reading them off takes longer than planning the rest of a training."""
    try:
        return _remembered(function)
    except TypeError:  # it has no hash, or cannot be called
        return inspect.signature(function)


def accepted(function: Callable[..., Any]) -> list[str]:
    """Names of all arguments of a function, in order."""
    return list(_signature(function).parameters)


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
        _signature(function).bind(*[None] * positional, **named)
    except TypeError as error:
        raise TypeError(
            f"{name}={names_of([function])}: expected a function {FORMS[name]}; {error}"
        ) from error
