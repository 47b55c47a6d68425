"""Loops over numbers as machine code, by numba: kept on disk where that is possible, in memory where not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba

__all__ = ["jit"]


def jit(function: Callable[..., Any], *signature: Any, **options: Any) -> Any:
    """Compile a function for threads of Python: it lets go of the interpreter.

    Divisions by 0 give infinity or NaN, as in NumPy, and results are rounded as IEEE 754 says, on every
    processor the same. Importing this module imports numba, so leave that to the module that needs it.

    Args:
        function: of numbers and NumPy arrays.
        signature: the types of its arguments, to compile it now; left out, it is compiled when first called.
        options: others of numba's.

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
    options = {"nogil": True, "error_model": "numpy", **options}
    try:
        return numba.njit(*signature, cache=True, **options)(function)
    except (RuntimeError, OSError):  # "no locator available", or a full disk: it cannot be kept
        return numba.njit(*signature, **options)(function)
