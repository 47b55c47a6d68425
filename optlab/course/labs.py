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
from typing import TYPE_CHECKING

from optlab.live.calls import shared_by

if TYPE_CHECKING:
    from optlab.live.lab import Lab


def names() -> list[str]:
    """The names of all labs, sorted.

    Example:
        >>> "cloud_lab" in names()
        True
    """
    return sorted(_lessons())


def names_of(lesson: str) -> list[str]:
    """The names of the labs of one lesson, sorted.

    Args:
        lesson: the name of its folder.

    Example:
        >>> names_of("start_here")
        ['first_lab']
    """
    return sorted(name for name, folder in _lessons().items() if folder == lesson)


def module_of(name: str) -> str:
    """The module that defines a lab.

    Args:
        name: the lab's.

    Example:
        >>> module_of("first_lab")
        'optlab.course.start_here.first_lab'
    """
    return f"optlab.course.{_lessons()[name]}.{name}"


@cache
def _lessons() -> dict[str, str]:
    """The lesson of each lab: `cloud_lab` is the function of that name in `<lesson>/cloud_lab.py`."""
    return {file.stem: file.parent.name for file in Path(__file__).parent.glob("*/*_lab.py")}


def __getattr__(name: str) -> Callable[..., Lab]:
    """Load a lab when it is first asked for (PEP 562)."""
    if name.startswith("__"):
        raise AttributeError(f"module 'optlab.course.labs' has no attribute {name!r}")
    if name not in _lessons():
        raise AttributeError(f"there is no lab {name!r}; the labs are {', '.join(names())}")
    module = importlib.import_module(module_of(name))
    if name not in vars(module):
        raise AttributeError(f"{module.__name__} has no {name}: a file {name}.py must define {name}()")
    make = globals()[name] = shared_by(f"labs.{name}", "from optlab import labs; ", vars(module)[name])
    return make


def __dir__() -> list[str]:
    return [*names(), "module_of", "names", "names_of"]
