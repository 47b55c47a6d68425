"""What a learner has done, remembered from day to day: one small file in the notebooks' folder.

It holds the goals reached, the predictions made and the checkpoints passed. Whoever deletes it starts afresh.
Where it cannot be written nothing is kept, and nothing is raised.
"""

from __future__ import annotations

import json
import os
import threading
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

from IPython import get_ipython

from optlab.files import whole_file

__all__ = ["FILE", "FORGET", "KINDS", "kept", "kept_in", "note", "recall", "trouble"]

FILE = "optlab_progress.json"
KINDS = ("goal", "prediction", "checkpoint")
FORGET = "OPTLAB_FORGET"
"""A variable of the environment; where it is set nothing is kept or recalled."""
MOST_BYTES = 1 << 20
"""A file that is larger is none of ours."""
MOST_OF_A_KIND = 1000
MOST_LETTERS = 2000
"""In one value of an outcome; what is longer is left out."""

_FOLDER = Path.cwd()  # a kernel starts in its notebook's folder
_lock = threading.Lock()
_trouble = {"reading": "", "writing": ""}

Kept = dict[str, dict[str, dict[str, Any]]]
"""For each kind, for each key, the outcome."""


def note(kind: str, key: str, outcome: dict[str, Any]) -> None:
    """Remember something that the learner has done; outside a notebook nothing is kept.

    Args:
        kind: `"goal"`, `"prediction"` or `"checkpoint"`.
        key: which one; what was noted of it before is replaced.
        outcome: what became of it, in values that JSON can hold; the day is added as `when`.

    Raises:
        ValueError: if there is no such kind.
    """
    _check(kind)
    folder = _folder()
    if folder is None:
        return
    with _lock:
        all_kinds = _read(folder)
        of_kind = all_kinds[kind]
        of_kind.pop(key, None)  # the last one noted stands last, and is dropped last
        of_kind[key] = _writable(outcome) | {"when": date.today().isoformat()}  # noqa: DTZ011  (the learner's day)
        for oldest in [*of_kind][:-MOST_OF_A_KIND]:
            del of_kind[oldest]
        _write(folder, all_kinds)


def recall(kind: str, key: str) -> dict[str, Any] | None:
    """What was last noted under a key.

    Args:
        kind: as in `note`.
        key: as in `note`.

    Returns:
        The outcome, with `when`; None if there is none.

    Raises:
        ValueError: if there is no such kind.

    Example:
        >>> recall("checkpoint", "l2_step") is None  # outside a notebook nothing is kept
        True
    """
    return kept(kind).get(key)


def kept(kind: str) -> dict[str, dict[str, Any]]:
    """All that was noted of one kind.

    Args:
        kind: as in `note`.

    Returns:
        For each key its outcome, in the order in which they were noted.

    Raises:
        ValueError: if there is no such kind.
    """
    _check(kind)
    folder = _folder()
    if folder is None:
        return {}
    with _lock:
        return _read(folder)[kind]


def kept_in(folder: Path, kind: str) -> dict[str, dict[str, Any]]:
    """All that was noted of one kind in a folder, whoever asks.

    Args:
        folder: where the notebooks are.
        kind: as in `note`.

    Returns:
        As `kept`.

    Raises:
        ValueError: if there is no such kind.

    Example:
        >>> kept_in(Path("no such folder"), "goal")
        {}
    """
    _check(kind)
    with _lock:
        return _read(folder)[kind]


def trouble() -> str:
    """Why the file could not be read or written last time, in a sentence; empty where all is well."""
    return " ".join(filter(None, _trouble.values()))


def _check(kind: str) -> None:
    if kind not in KINDS:
        raise ValueError(f"kind={kind!r}: expected one of {', '.join(KINDS)}")


def _folder() -> Path | None:
    """Where the file belongs; None outside a Jupyter kernel, and where progress is not wanted."""
    wanted = getattr(get_ipython(), "kernel", None) is not None and not os.environ.get(FORGET)
    return _FOLDER if wanted else None


def _read(folder: Path) -> Kept:
    """What the file holds; a file that is damaged counts as empty, and `trouble` says so."""
    _trouble["reading"] = ""
    empty: Kept = {kind: {} for kind in KINDS}
    path = folder / FILE
    try:
        if not path.exists():
            return empty
        if path.stat().st_size > MOST_BYTES:
            raise ValueError(f"it has more than {MOST_BYTES:,} bytes")  # noqa: TRY301
        return empty | _understood(json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, RecursionError) as problem:
        _trouble["reading"] = f"{FILE} cannot be read and is ignored: {problem}."
        return empty


def _understood(found: Any) -> Kept:
    """The parts of a file that are ours."""
    if not isinstance(found, dict):
        raise ValueError("it is no JSON object")  # noqa: TRY004  (a damaged file, not a wrong argument)
    parts = {kind: found.get(kind, {}) for kind in KINDS}
    for kind, part in parts.items():
        if not isinstance(part, dict) or not all(isinstance(one, dict) for one in part.values()):
            raise ValueError(f"its part {kind!r} is no table of outcomes")
    return parts


def _writable(outcome: dict[str, Any]) -> dict[str, Any]:
    """What of an outcome JSON can hold, in not too many letters."""
    good = {}
    for name, value in outcome.items():
        with suppress(TypeError, ValueError):
            if len(json.dumps(value, allow_nan=False)) <= MOST_LETTERS:
                good[name] = value
    return good


def _write(folder: Path, all_kinds: Kept) -> None:
    """Write the file whole; one that could not be read is put aside first."""
    _trouble["writing"] = ""
    path = folder / FILE
    try:
        if _trouble["reading"]:
            path.replace(path.with_suffix(".damaged.json"))
        with whole_file(path) as file:
            file.write(json.dumps(all_kinds, ensure_ascii=False, indent=1).encode())
    except OSError as problem:
        _trouble["writing"] = f"{FILE} cannot be written, so nothing is remembered: {problem}."
