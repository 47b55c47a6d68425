"""Loops over numbers as machine code, by numba: kept on disk where that is possible, in memory where not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba

__all__ = ["jit"]


def jit(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a function when it is first called, for threads of Python: it lets go of the interpreter.

    Divisions by 0 give infinity or NaN, as in NumPy, and results are rounded as IEEE 754 says, on every
    processor the same. Importing this module imports numba, so leave that to the module that needs it.

    Args:
        function: of numbers and NumPy arrays.

    Returns:
        The compiled function; where numba can write neither beside the source nor into its cache folder, it
        is compiled anew in every process.

    Example:
        >>> @jit
        ... def half(x):
        ...     return x / 2
        >>> half(3.0)
        1.5
    """
    options: dict[str, Any] = {"nogil": True, "error_model": "numpy"}
    try:
        return numba.njit(cache=True, **options)(function)
    except RuntimeError:  # "no locator available": there is no folder to keep it in
        return numba.njit(**options)(function)
