"""Measurements that can be taken once and kept: pages made of them are the same each time."""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

__all__ = ["KEPT_IN", "as_measured", "caller"]

KEPT_IN = "OPTLAB_MEASURED"
"""The variable of the environment that names a file of measurements; without it everything is measured."""

_asked: Counter[str] = Counter()


def as_measured(name: str, measure: Callable[[], list[float]]) -> list[float]:
    """Numbers that a machine gives, and others another time.

    Args:
        name: of the measurement; one that is taken several times in a process has a number for each time.
        measure: takes it.

    Returns:
        What `measure` returned, now or, where a file keeps measurements, the first time.

    Example:
        >>> as_measured("seconds", lambda: [0.5])
        [0.5]
    """
    where = os.environ.get(KEPT_IN)
    if not where:
        return measure()
    _asked[name] += 1
    file, key = Path(where), f"{name} {_asked[name]}"
    found = _read(file).get(key)
    if found is None:
        found = measure()
        text = json.dumps(_read(file) | {key: found}, indent=0, sort_keys=True)
        file.with_suffix(".new").write_text(text + "\n", encoding="utf-8")
        file.with_suffix(".new").replace(file)
    return found


def caller() -> str:
    """Where the function that asks for this was called: the module and the function."""
    frame = sys._getframe(2)  # noqa: SLF001  (`inspect.stack` reads every source file on the way)
    return f"{frame.f_globals['__name__']}.{frame.f_code.co_name}"


def _read(file: Path) -> dict[str, list[float]]:
    return dict(json.loads(file.read_text("utf-8"))) if file.is_file() else {}
