"""Other processes of this Python: asked for one thing, with this very optlab."""

from __future__ import annotations

import subprocess
import sys

from optlab.engine.systems.children import environment

__all__ = ["fresh_python"]


def fresh_python(*words: str) -> str:
    """Run Python with these words, and return what it prints.

    Raises:
        RuntimeError: if it fails, with the last thing it said.

    Example:
        >>> fresh_python("-c", "print(1 + 1)")
        '2'
    """
    done = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, *words],
        env=environment(),
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode:
        raise RuntimeError((done.stderr.strip().splitlines() or ["it said nothing"])[-1])
    return done.stdout.strip()
