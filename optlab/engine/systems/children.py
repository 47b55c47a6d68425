"""What a process that we start inherits, so that it finds this very optlab."""

from __future__ import annotations

import os
import sys
from pathlib import Path

__all__ = ["environment"]

ROOT = str(Path(__file__).resolve().parents[3])


def environment() -> dict[str, str]:
    """This process's environment, with the path on which this process finds its modules.

    Example:
        >>> environment()["PYTHONPATH"].split(os.pathsep)[-1] in sys.path + [ROOT]
        True
    """
    paths = [
        *filter(None, sys.path),
        ROOT,
    ]  # an empty entry is the working folder, which a child may not share
    return os.environ | {"PYTHONPATH": os.pathsep.join(dict.fromkeys(paths))}
