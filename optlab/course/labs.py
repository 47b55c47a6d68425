"""The labs of the course, found in the lessons' folders: `labs.cloud_lab()`, `labs.names()`.

A lab is loaded when it is first asked for: importing this module loads neither torch nor matplotlib.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from optlab.live.lab import Lab

HERE = Path(__file__).parent
ALSO = {"IRIS_GOALS": "training_lab"}
"""Names that are no labs, and the lab whose module has them."""


def names() -> list[str]:
    """The names of all labs, sorted.

    Example:
        >>> [name for name in names() if name.startswith("l")]
        ['layers_lab', 'lemma_lab', 'local_sgd_lab']
    """
    return sorted(_modules())


@cache
def _modules() -> dict[str, str]:
    """Each lab and the module that defines it; a lab's own file wins over one with several labs."""
    found: dict[str, str] = {}
    for file in sorted([*HERE.glob("*/*_lab.py"), *HERE.glob("*/*_labs.py")], reverse=True):
        module = f"optlab.course.{file.parent.name}.{file.stem}"
        for name in re.findall(r"^def (\w+_lab)\(", file.read_text(encoding="utf-8"), re.MULTILINE):
            if found.get(name, "").rpartition(".")[2] != name:
                found[name] = module
    return found


def __getattr__(name: str) -> Callable[..., Lab]:
    """Load a lab when it is first asked for (PEP 562)."""
    if name.startswith("__"):
        raise AttributeError(f"module 'optlab.course.labs' has no attribute {name!r}")
    module: Any = _modules().get(ALSO.get(name, name))
    if module is None:
        raise AttributeError(f"there is no lab {name!r}; the labs are {', '.join(names())}")
    value = globals()[name] = getattr(importlib.import_module(module), name)
    return value


def __dir__() -> list[str]:
    return [*names(), "names"]
