"""The labs of the course, found in the lessons' folders: `labs.cloud_lab()`, `labs.names()`.

A lab is loaded when it is first asked for: importing this module loads neither torch nor matplotlib.

Example:
    >>> from optlab import labs
    >>> lab = labs.parabola_lab()
    >>> lab.close()
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from optlab.live.lab import Lab

HERE = Path(__file__).parent


def names() -> list[str]:
    """The names of all labs, sorted.

    Example:
        >>> [name for name in names() if name.startswith("l")]
        ['layers_lab', 'lemma_lab', 'local_sgd_lab']
    """
    return sorted(_modules())


@cache
def _modules() -> dict[str, str]:
    """Each lab and the module that defines it."""
    return {file.stem: f"optlab.course.{file.parent.name}.{file.stem}" for file in HERE.glob("*/*_lab.py")}


def __getattr__(name: str) -> Callable[..., Lab]:
    """Load a lab when it is first asked for (PEP 562)."""
    if name.startswith("__"):
        raise AttributeError(f"module 'optlab.course.labs' has no attribute {name!r}")
    module: Any = _modules().get(name)
    if module is None:
        raise AttributeError(f"there is no lab {name!r}; the labs are {', '.join(names())}")
    value = globals()[name] = getattr(importlib.import_module(module), name)
    return value


def __dir__() -> list[str]:
    return [*names(), "names"]
