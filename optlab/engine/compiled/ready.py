"""Compile the kernel and the rules in the background, once on a machine; until then autograd serves.

numba is imported and code compiled by one thread of their own. What is compiled is kept beside the package,
or in the user's cache folder if the package cannot be written to; where neither can, it is compiled in each
process.
"""

from __future__ import annotations

import hashlib
import types
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

__all__ = ["Kernel", "ask"]


@dataclass(frozen=True)
class Kernel:
    """Compiled functions.

    Args:
        train_block: trains a block of settings, see `kernel.train_block`.
        update: a rule.
        penalty: the penalties.
        run: makes the argument that says which steps to train.
    """

    train_block: Callable[..., None]
    update: Any
    penalty: Any
    run: Callable[..., Any]


@cache
def ask(update: str, penalty: str) -> Future[Kernel]:
    """Ask for the kernel with this rule; it is on its way when this returns.

    Args:
        update: the rule's source.
        penalty: the penalties' source.

    Returns:
        The kernel, once it is compiled.
    """
    return _thread().submit(_made, update, penalty)


@cache
def _thread() -> ThreadPoolExecutor:
    """The one thread that compiles: numba lets no two compile at once."""
    return ThreadPoolExecutor(1, thread_name_prefix="optlab-compile")


def _made(update: str, penalty: str) -> Kernel:
    from optlab.engine.compiled import kernel, signatures  # noqa: PLC0415  (numba takes half a second to import)

    names = signatures.NAMES
    return Kernel(
        _compiled(kernel.train_block, signatures.TRAIN_BLOCK, _digest()),
        _compiled(_function(update, "update", names), signatures.UPDATE, _digest(update)),
        _compiled(_function(penalty, "penalty", names), signatures.PENALTY, _digest(penalty)),
        kernel.Run,
    )


def _function(source: str, name: str, names: dict[str, Any]) -> Any:
    """The function that a source defines, as if it stood in this file: numba keeps its code beside it."""
    made: dict[str, Any] = {}
    exec(compile(source, __file__, "exec"), names, made)  # noqa: S102  (our own text, see `source`)
    return made[name]


@cache
def _digest(*texts: str) -> str:
    """A name for these texts and the kernel's own code: what was compiled serves again only for the same."""
    own = [path.read_text(encoding="utf-8") for path in sorted(Path(__file__).parent.glob("*.py"))]
    return hashlib.sha256("\0".join([*own, *texts]).encode()).hexdigest()[:16]


def _compiled(function: Any, signature: Any, digest: str) -> Any:
    """Compile a function, or load what was compiled before; numba finds it by the function's name."""
    from numba import njit  # noqa: PLC0415

    named = types.FunctionType(function.__code__, function.__globals__, function.__name__)
    named.__qualname__ = f"{function.__name__}_{digest}"
    try:
        return njit(signature, nogil=True, _nrt=False, error_model="numpy", cache=True)(named)
    except (RuntimeError, OSError):  # no folder can be written to: compiled for this process
        return njit(signature, nogil=True, _nrt=False, error_model="numpy")(named)
