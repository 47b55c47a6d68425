"""Write a traced rule as the source of a function that numba compiles.

What is one number for a setting (a rate, a count of steps) is worked out once a step, in double precision, as
Python does it; what differs from parameter to parameter, in a loop over them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from optlab.engine.compiled.tracing import PER_ENTRY, Symbol, Traced

__all__ = ["penalty_source", "update_source"]

Written = Callable[[Any], str]


def update_source(traced: Traced, hyper: Sequence[str]) -> str:
    """The source of `update(theta, grad, state, counters, hyper, mask, rate, scratch, scale)`.

    Args:
        traced: the rule.
        hyper: names of the rows of `hyper`.

    Returns:
        The text of a Python function; it changes `theta`, `state` and `counters` in place.

    Example:
        >>> from optlab.engine.compiled.tracing import trace_rule
        >>> from optlab.engine.rules.classic import sgd
        >>> text = update_source(trace_rule(sgd, []), ["l2", "l1"])
        >>> compile(text, "update", "exec") is not None
        True
    """
    lanes = traced.per_setting()
    counted = [name for name in traced.starts if f"state_{name}" in lanes]
    entries = [name for name in traced.starts if name not in counted]
    read = [f"state_{name} = load(state, {k} * count + p, one)" for k, name in enumerate(entries)]
    kept = [
        f"store(state, {k} * count + p, {_entry(traced.states[name], lanes)})"
        for k, name in enumerate(entries)
    ]
    steps = [f"counters[{k} * LANES + s] = {_lane(traced.states[name])}" for k, name in enumerate(counted)]
    given = [f"state_{name} = counters[{k} * LANES + s]" for k, name in enumerate(counted)]
    return "\n".join(
        [
            "def update(theta_, grad_, state, counters, hyper, mask_, rate, scratch, scale):",
            "    one, count = one_sample(), len(mask_)",
            *_per_setting(traced, lanes, hyper, [*given, "lr = float64(rate[s])"], steps),
            "    for p in range(count):",
            "        theta, grad = load(theta_, p, one), load(grad_, p, one)",
            "        mask = number(mask_[p], one)",
            *_indented(read, 8),
            *_per_entry(traced, lanes),
            *_indented(kept, 8),
            f"        store(theta_, p, {_entry(traced.theta, lanes)})",
            "",
        ]
    )


def penalty_source(traced: Traced, hyper: Sequence[str]) -> str:
    """The source of `penalty(theta, hyper, mask, scratch, curves)`, which puts its sum into curve 4.

    Args:
        traced: the penalties, from `trace_penalty`.
        hyper: names of the rows of `hyper`.

    Returns:
        The text of a Python function.
    """
    lanes = traced.per_setting()
    return "\n".join(
        [
            "def penalty(theta_, hyper, mask_, scratch, curves):",
            "    one = one_sample()",
            *_per_setting(traced, lanes, hyper, ["lr, scale = 0.0, 1.0"], []),
            "    total = number(0.0, one)",
            "    for p in range(len(mask_)):",
            "        theta, mask = load(theta_, p, one), number(mask_[p], one)",
            *_per_entry(traced, lanes),
            f"        total = {_entry(traced.theta, lanes)}",
            "    store(curves, 4, total)",
            "",
        ]
    )


def _per_setting(
    traced: Traced, lanes: set[str], hyper: Sequence[str], given: Iterable[str], steps: Iterable[str]
) -> list[str]:
    """Work out what is one number for a setting, and load what the loop over the parameters needs of it."""
    lines = [
        f"{symbol.name} = {_expression(symbol, _lane)}"
        for symbol in traced.tape.symbols
        if symbol.name in lanes
    ]
    needed = _needed(traced, lanes)
    rows = [f"hyper_{name} = float64(hyper[{k} * LANES + s])" for k, name in enumerate(hyper)]
    out = [f"scratch[{k} * LANES + s] = float32({name})" for k, name in enumerate(needed)]
    loads = [f"lane_{name} = load(scratch, {k}, one)" for k, name in enumerate(needed)]
    return [
        "    for s in range(LANES):",
        *_indented([*rows, *given, *lines, *out, *steps], 8),
        *_indented(loads, 4),
    ]


def _per_entry(traced: Traced, lanes: set[str]) -> list[str]:
    written = [s for s in traced.tape.symbols if s.name not in lanes]
    return _indented([f"{s.name} = {_expression(s, lambda value: _entry(value, lanes))}" for s in written], 8)


def _needed(traced: Traced, lanes: set[str]) -> list[str]:
    """Names of the numbers of a setting that the loop over the parameters uses."""
    ends = [traced.theta, *(new for name, new in traced.states.items() if f"state_{name}" not in lanes)]
    loop = [s for s in traced.tape.symbols if s.name not in lanes]
    used = [part for s in loop for part in s.inputs] + ends
    return sorted({part.name for part in used if isinstance(part, Symbol) and _of_setting(part, lanes)})


def _of_setting(symbol: Symbol, lanes: set[str]) -> bool:
    """Whether a symbol is one number for a setting: worked out as one, or given as one."""
    given = not symbol.operation and symbol.name not in PER_ENTRY and not symbol.name.startswith("state_")
    return symbol.name in lanes or given


def _expression(symbol: Symbol, written: Written) -> str:
    return symbol.operation.format(*map(written, symbol.inputs))


def _lane(value: Any) -> str:
    return value.name if isinstance(value, Symbol) else repr(float(value))


def _entry(value: Any, lanes: set[str]) -> str:
    if not isinstance(value, Symbol):
        return f"number({float(value)!r}, one)"
    return f"lane_{value.name}" if _of_setting(value, lanes) else value.name


def _indented(lines: Iterable[str], by: int) -> list[str]:
    return [" " * by + line for line in lines]
