"""Compile the kernel and the rules in the background, once on a machine; until then autograd serves.

Compiling takes ten seconds or more of a processor, so a process of low priority does it, and leaves the
result on disk: beside the package, or in the user's cache folder if the package cannot be written to. From
there it is loaded in a fraction of a second. Of several notebooks that want it one has it compiled, and the
others wait for that. Where neither folder can be written to, each process compiles for itself.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import threading
import types
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from optlab.engine.systems.children import environment

__all__ = ["Coming", "Kernel", "ask", "compile_for_others"]


@dataclass(frozen=True)
class Kernel:
    """Compiled functions.

    Args:
        train_block: trains a block of settings, see `kernel.train_block`.
        update: a rule.
        penalty: the penalties.
    """

    train_block: Callable[..., None]
    update: Any
    penalty: Any


class Coming(Future[Kernel]):
    """A kernel that is on its way.

    Attributes:
        compiling: whether it is being compiled, which takes long, and not only loaded.
    """

    compiling = False


@cache
def ask(update: str, penalty: str) -> Coming:
    """Ask for the kernel with this rule; it is on its way when this returns.

    Args:
        update: the rule's source.
        penalty: the penalties' source.

    Returns:
        The kernel, once it is compiled.
    """
    coming = Coming()
    asked = (coming, update, penalty)
    threading.Thread(target=_fulfil, args=asked, name="optlab-compile", daemon=True).start()
    return coming


_ONE_AT_A_TIME = threading.Lock()
"""numba compiles in one thread at a time; what one request compiles serves the next."""


def _fulfil(coming: Coming, update: str, penalty: str) -> None:
    try:
        with _ONE_AT_A_TIME:
            wanted = _wanted(update, penalty)
            if not all(one.kept() for one in wanted):
                coming.compiling = True
                _compile_elsewhere(update, penalty)
            coming.set_result(Kernel(*[one.compiled() for one in wanted]))
    except Exception as error:  # noqa: BLE001  (whoever waits for the kernel is told)
        coming.set_exception(error)


@dataclass(frozen=True)
class _Wanted:
    """A function to compile; its name says what it was made from, and numba finds it on disk by its name."""

    function: Any
    signature: Any

    def folder(self) -> Path:
        """Where it is kept; `RuntimeError` where no folder can be written to."""
        from numba import njit  # noqa: PLC0415  (half a second)

        return Path(njit(cache=True)(self.function).stats.cache_path)

    def kept(self) -> bool:
        """Whether it is on disk; True also where nothing can be kept."""
        try:
            return any(self.folder().glob(f"*{self.function.__qualname__}*.nbi"))
        except RuntimeError:
            return True

    def compiled(self) -> Any:
        """The function, loaded from disk or compiled now."""
        from optlab.engine.jit import jit  # noqa: PLC0415  (imports numba)

        return jit(self.function, self.signature, _nrt=False)


def _wanted(update: str, penalty: str) -> list[_Wanted]:
    from optlab.engine.compiled import kernel, signatures  # noqa: PLC0415  (they import numba)

    update_function = _function(update, "update", signatures.NAMES)
    penalty_function = _function(penalty, "penalty", signatures.NAMES)
    return [
        _Wanted(_named(kernel.train_block, _digest()), signatures.TRAIN_BLOCK),
        _Wanted(_named(update_function, _digest(update)), signatures.UPDATE),
        _Wanted(_named(penalty_function, _digest(penalty)), signatures.PENALTY),
    ]


def _compile_elsewhere(update: str, penalty: str) -> None:
    """Have another process compile; if it cannot, this one will."""
    code = "from optlab.engine.compiled import ready; ready.compile_for_others()"
    asked = json.dumps([update, penalty])
    subprocess.run(  # noqa: S603  (this Python, and code of ours)
        [sys.executable, "-c", code],
        input=asked,
        env=environment(),
        capture_output=True,
        encoding="utf-8",
        errors="replace",  # what it says may name a folder in a script that this console lacks
        check=False,
    )


def compile_for_others() -> None:
    """Compile the sources on the standard input and keep the result on disk, at a low priority."""
    if hasattr(os, "nice"):
        os.nice(10)
    _compile_once(_wanted(*json.load(sys.stdin)))


def _compile_once(wanted: Sequence[_Wanted]) -> None:
    """Compile what is not on disk, while no other process does."""
    with _alone(wanted[0]):
        for one in wanted:
            if not one.kept():
                one.compiled()


@contextmanager
def _alone(wanted: _Wanted) -> Iterator[None]:
    """Wait for other processes to leave this; where no file can be locked, nobody waits."""
    from filelock import FileLock  # noqa: PLC0415  (only who compiles needs it)

    with ExitStack() as held:
        with suppress(OSError, NotImplementedError, RuntimeError):
            held.enter_context(FileLock(wanted.folder() / "compiling.lock"))
        yield


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


def _named(function: Any, digest: str) -> Any:
    named = types.FunctionType(function.__code__, function.__globals__, function.__name__)
    named.__qualname__ = f"{function.__name__}_{digest}"
    return named
