"""One function as PyTorch runs it line by line, and compiled into a single loop over memory."""

import os
import tempfile
import time
import warnings
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from optlab.engine.systems.bench import Timing, timed
from optlab.engine.systems.measured import as_measured
from optlab.engine.systems.threads import threads

NUMBERS = 2**20


def activation(x: Tensor) -> Tensor:
    """GELU, written out: eight operations on every number, so eight trips through memory.

    Example:
        >>> x = torch.linspace(-3, 3, 7)
        >>> torch.allclose(activation(x), torch.nn.functional.gelu(x, approximate="tanh"), atol=1e-5)
        True

    Source:
        D. Hendrycks and K. Gimpel, "Gaussian error linear units", 2016.
    """
    return 0.5 * x * (1 + torch.tanh(0.7978846 * (x + 0.044715 * x**3)))


@dataclass(frozen=True)
class Compiled:
    """A function run eagerly and compiled.

    Args:
        eager: how long a call takes line by line.
        compiled: how long a compiled one takes; None if nothing was compiled.
        first: seconds of the first compiled call, the compiling included; NaN likewise.
        difference: the largest difference between both results.
        why_not: why nothing was compiled, in words; empty if it was.
    """

    eager: Timing
    compiled: Timing | None
    first: float
    difference: float
    why_not: str

    @property
    def faster(self) -> float:
        """How many times as fast a compiled call is; NaN if nothing was compiled."""
        return self.eager.best / self.compiled.best if self.compiled else np.nan

    @property
    def pays_after(self) -> float:
        """After how many calls compiling has paid; infinite if it never does."""
        if self.compiled is None or self.compiled.best >= self.eager.best:
            return np.inf
        return self.first / (self.eager.best - self.compiled.best)


def compare(function: Callable[[Tensor], Tensor] = activation, numbers: int = NUMBERS) -> Compiled:
    """Time a function, compile it, and time it again, all on one thread.

    Args:
        function: of one tensor, entry by entry.
        numbers: how many entries it is given.

    Returns:
        Both timings. Without a C++ compiler nothing is raised: `why_not` says it in words.
    """
    x = torch.linspace(-3, 3, numbers)
    with threads(1), torch.no_grad():
        eager = timed(lambda: function(x), tries=7)
        began = time.perf_counter()
        try:
            fast = _compile(function, x)
        except Exception as error:  # noqa: BLE001  (a dozen kinds, by platform; all mean the same here)
            return Compiled(eager, None, np.nan, np.nan, _in_words(error))
        (first,) = as_measured("compiling", lambda: [time.perf_counter() - began])
        difference = float((fast(x) - function(x)).abs().max())
        return Compiled(eager, timed(lambda: fast(x), tries=7), first, difference, "")


def _compile(function: Callable[[Tensor], Tensor], x: Tensor) -> Callable[[Tensor], Tensor]:
    """Compile, at first without trying the compiler out on small programs, which takes twice as long."""
    for extra in ({"cpp.vec_isa_ok": True}, {}):
        try:
            with _quiet_compiler(extra):
                fast = torch.compile(function)
                fast(x)
        except Exception:
            if not extra:
                raise
            torch.compiler.reset()
        else:
            return fast
    raise AssertionError("one of the two returns or raises")


def _quiet_compiler(extra: dict[str, Any]) -> ExitStack:
    """One compiler process at a time, its files in a folder that is gone afterwards, no warnings."""
    import torch._inductor.config as settings  # noqa: PLC0415  (it takes a second: part of what compiling costs)

    stack = ExitStack()
    stack.enter_context(warnings.catch_warnings())
    warnings.simplefilter("ignore")
    folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="optlab-", ignore_cleanup_errors=True))
    # a header that is compiled once for all functions takes 500 MB, and stays in another folder
    once = (
        {"cpp_cache_precompile_headers": False} if hasattr(settings, "cpp_cache_precompile_headers") else {}
    )
    stack.enter_context(settings.patch({"compile_threads": 1, "fx_graph_cache": False} | once | extra))
    before = os.environ.get("TORCHINDUCTOR_CACHE_DIR")
    os.environ["TORCHINDUCTOR_CACHE_DIR"] = folder
    stack.callback(_restore, before)
    return stack


def _restore(folder: str | None) -> None:
    os.environ.pop("TORCHINDUCTOR_CACHE_DIR", None)
    if folder is not None:
        os.environ["TORCHINDUCTOR_CACHE_DIR"] = folder


def _in_words(error: Exception) -> str:
    first = next((line for line in str(error).splitlines() if line.strip()), type(error).__name__)
    return f"torch.compile needs a C++ compiler, and could not use one here ({first.strip()[:120]})"
