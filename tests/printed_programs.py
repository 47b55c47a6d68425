"""Run a lab's program in plain PyTorch, and read the curve or the quantities that it prints."""

import contextlib
import io

import numpy as np

DIGITS = 1e-4
"""Relative: what equal to four digits means."""


def printed(program):
    """What a program prints, as numbers."""
    return np.array([float(line) for line in _lines(program)])


def named(program):
    """What a program prints as `name: number`, by name."""
    return {name: float(number) for name, number in (line.split(": ") for line in _lines(program))}


def columns(program):
    """What a program prints under a line of names, by name."""
    names, *rows = [line.split() for line in _lines(program)]
    return dict(zip(names, np.array(rows, dtype=float).T, strict=True))


def _lines(program):
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        exec(program, {"__name__": "__main__"})
    return said.getvalue().splitlines()


def first_departure(curve, other):
    """The first place where rounding alone has changed a curve: beyond it no program can agree with it."""
    close = np.isclose(curve, other, rtol=DIGITS / 10, atol=0, equal_nan=True)
    return len(curve) if close.all() else int(np.argmin(close))
