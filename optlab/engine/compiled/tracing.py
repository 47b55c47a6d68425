"""Turn an update rule into source code, by calling it once with symbols in place of tensors.

A rule such as `momentum` is arithmetic, entry by entry. Given a `Symbol` for each of its tensors it returns
a `Symbol` for the new parameters, which knows the operation it came from and the symbols that went in.
Written out in order, these operations are a straight piece of code that numba can compile. So rules and
penalties are written once, as PyTorch, and what the kernel runs cannot differ from them.
"""

from __future__ import annotations

import numbers
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch

from optlab.engine.models.losses import PENALTIES

__all__ = ["PER_ENTRY", "NotTraceableError", "Symbol", "Tape", "Traced", "trace_penalty", "trace_rule"]

PER_ENTRY = ("theta", "grad", "mask", "total")
"""Inputs that are another number for each parameter."""


class NotTraceableError(Exception):
    """A function did something with its tensors that is not arithmetic, entry by entry."""


@dataclass(frozen=True, eq=False)
class Symbol:
    """A value that a function works with, and how it was made.

    Args:
        tape: where operations on it are noted.
        name: what it is called in the source.
        operation: a template such as `"{} + {}"`, or empty for an input.
        inputs: what it was made of.
    """

    tape: Tape
    name: str
    operation: str = ""
    inputs: tuple[Any, ...] = ()

    def __add__(self, other: Any) -> Symbol:
        return self.tape.note("{} + {}", self, other)

    def __radd__(self, other: Any) -> Symbol:
        return self.tape.note("{} + {}", other, self)

    def __sub__(self, other: Any) -> Symbol:
        return self.tape.note("{} - {}", self, other)

    def __rsub__(self, other: Any) -> Symbol:
        return self.tape.note("{} - {}", other, self)

    def __mul__(self, other: Any) -> Symbol:
        return self.tape.note("{} * {}", self, other)

    def __rmul__(self, other: Any) -> Symbol:
        return self.tape.note("{} * {}", other, self)

    def __truediv__(self, other: Any) -> Symbol:
        return self.tape.note("{} / {}", self, other)

    def __rtruediv__(self, other: Any) -> Symbol:
        return self.tape.note("{} / {}", other, self)

    def __neg__(self) -> Symbol:
        return self.tape.note("{} - {}", 0.0, self)

    def __pow__(self, other: Any) -> Symbol:
        return self * self if other == 2 else self.tape.note("{} ** {}", self, other)

    def __rpow__(self, other: Any) -> Symbol:
        return self.tape.note("{} ** {}", other, self)

    def __bool__(self) -> bool:
        raise NotTraceableError("it decides by a value")

    @classmethod
    def __torch_function__(
        cls, function: Any, types: Any, args: Sequence[Any] = (), kwargs: Mapping[str, Any] | None = None
    ) -> Any:
        """What torch does when one of its functions is given a symbol."""
        known = _FUNCTIONS.get(function)
        if known is None:
            raise NotTraceableError(f"it uses {getattr(function, '__name__', function)}")
        return known(*args, **(kwargs or {}))


def _clamp(x: Symbol, min: float | None = None, max: float | None = None) -> Symbol:  # noqa: A002
    if min is not None:
        x = x.tape.note("clamp_below({}, {})", x, min)
    return x if max is None else x.tape.note("clamp_above({}, {})", x, max)


_FUNCTIONS: dict[Any, Callable[..., Any]] = {
    torch.sqrt: lambda x: x.tape.note("sqrt({})", x),
    torch.sign: lambda x: x.tape.note("sign({})", x),
    torch.abs: lambda x: x.tape.note("absolute({})", x),
    torch.square: lambda x: x * x,
    torch.zeros_like: lambda _: 0.0,
    torch.clamp: _clamp,
}


@dataclass(eq=False)
class Tape:
    """The operations of a function, in the order in which it did them."""

    symbols: list[Symbol] = field(default_factory=list)

    def input(self, name: str) -> Symbol:
        """A symbol that the function is given."""
        return Symbol(self, name)

    def note(self, operation: str, *inputs: Any) -> Symbol:
        """Write down an operation, and name what comes of it."""
        for value in inputs:
            if not isinstance(value, (Symbol, numbers.Real)):
                raise NotTraceableError(f"it works with a {type(value).__name__}")
        made = Symbol(self, f"v{len(self.symbols)}", operation, inputs)
        self.symbols.append(made)
        return made


class _State(dict[str, Any]):
    """The state that a rule is given: whatever it asks for is there, and what it would start with is kept."""

    def __init__(self, tape: Tape) -> None:
        self.tape, self.starts = tape, {}  # type: ignore[var-annotated]

    def get(self, name: str, default: Any = None) -> Any:
        """The symbol of a buffer; `default` is what it starts as."""
        self.starts[name] = default
        return self.tape.input(f"state_{name}")


@dataclass(frozen=True)
class Traced:
    """An update rule as operations.

    Args:
        tape: the operations.
        theta: the new parameters.
        states: for each buffer of the rule what it becomes.
        starts: for each buffer what it starts as: 0, or the symbol of θ.
    """

    tape: Tape
    theta: Symbol
    states: dict[str, Any]
    starts: dict[str, Any]

    def per_setting(self) -> set[str]:
        """Names of all symbols that are one number for a setting, not one for each of its parameters."""
        named = {f"state_{name}": new for name, new in self.states.items()}
        entries = {*PER_ENTRY, *(f"state_{name}" for name, start in self.starts.items() if _is_symbol(start))}
        known = 0
        while known < len(entries):
            known = len(entries)
            for symbol in self.tape.symbols:
                if any(_is_symbol(part) and part.name in entries for part in symbol.inputs):
                    entries.add(symbol.name)
            entries |= {name for name, new in named.items() if _is_symbol(new) and new.name in entries}
        return ({symbol.name for symbol in self.tape.symbols} | set(named)) - entries


def _is_symbol(value: Any) -> bool:
    return isinstance(value, Symbol)


def trace_rule(rule: Callable[..., Any], hyper: Iterable[str]) -> Traced:
    """Call a rule once with symbols; its gradient is that of the loss and of all penalties.

    Args:
        rule: an update rule, `rule(theta, grad, state, *, lr, ...)`.
        hyper: names of the hyper-parameters that it is given.

    Returns:
        What the rule did.

    Raises:
        NotTraceableError: if it does more than arithmetic, entry by entry.

    Example:
        >>> from optlab.engine.rules.classic import momentum
        >>> traced = trace_rule(momentum, ["momentum"])
        >>> list(traced.states), sorted(traced.per_setting())
        (['v'], [])
    """
    tape = Tape()
    theta: Any = tape.input("theta")
    grad = tape.input("grad") * tape.input("scale")
    for name, penalty in PENALTIES.items():
        grad = grad + tape.input(f"hyper_{name}") * tape.input("mask") * penalty.gradient(theta)
    state = _State(tape)
    given = {name: tape.input(f"hyper_{name}") for name in hyper}
    try:
        made, states = rule(theta, grad, state, lr=tape.input("lr"), **given)
    except (AttributeError, TypeError, RuntimeError) as error:
        raise NotTraceableError(str(error)) from error
    if not (_is_symbol(made) and set(states) <= set(state.starts)):
        raise NotTraceableError("it returns something else than it was given")
    return Traced(tape, made, dict(states), {name: state.starts[name] for name in states})


def trace_penalty() -> Traced:
    """The value of all penalties for one parameter, as the `theta` of a trace."""
    tape = Tape()
    theta: Any = tape.input("theta")
    total = tape.input("total")
    for name, penalty in PENALTIES.items():
        total = total + tape.input(f"hyper_{name}") * tape.input("mask") * penalty.value(theta)
    return Traced(tape, total, {}, {})
