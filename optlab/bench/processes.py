"""Other processes of this Python: what they inherit, so that they find this very optlab."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import optlab

__all__ = ["environment", "fresh_python"]


def environment() -> dict[str, str]:
    """This process's environment, and optlab on the path."""
    paths = [str(Path(optlab.__file__).parents[1]), os.environ.get("PYTHONPATH")]
    return os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, paths))}


def fresh_python(*words: str) -> str:
    """Run Python with these words, and return what it prints.

    Raises:
        RuntimeError: if it fails, with the last thing it said.

    Example:
        >>> fresh_python("-c", "print(1 + 1)")
        '2'
    """
    done = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, *words], env=environment(), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError((done.stderr.strip().splitlines() or ["it said nothing"])[-1])
    return done.stdout.strip()
