"""What a widget leaves in a notebook: its view says which kernel shows it, so that a later day can tell."""

from __future__ import annotations

import os
import re
import sys
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

__all__ = ["VIEW", "signed", "this_kernel"]

VIEW = "application/vnd.jupyter.widget-view+json"


def signed(data: dict[str, Any]) -> dict[str, Any]:
    """Write into a widget's output which kernel shows it; `optlab.server` reads it.

    Args:
        data: what is shown, by mimetype; changed in place.

    Returns:
        The same.

    Example:
        >>> signed({"text/plain": "no widget"})
        {'text/plain': 'no widget'}
    """
    if VIEW in data:
        data[VIEW] = {**data[VIEW], "optlab": this_kernel()}
    return data


@cache
def this_kernel() -> dict[str, Any]:
    """The kernel's id, and its process with all that it comes from: Jupyter may know a launcher between them.

    Example:
        >>> this_kernel()["kernel"], os.getpid() in this_kernel()["pids"]  # no kernel here
        ('', True)
    """
    return {"kernel": _id_of(_connection_file()), "pids": _pids()}


def _connection_file() -> str:
    if "ipykernel.kernelapp" not in sys.modules:  # no kernel; importing it would change where comms are kept
        return ""
    with suppress(RuntimeError, AttributeError):  # a kernel that is not IPython's
        return str(sys.modules["ipykernel"].get_connection_file())
    return ""


def _id_of(connection_file: str) -> str:
    """Jupyter names the file after the kernel.

    Example:
        >>> _id_of("/run/kernel-0b7f.json")
        '0b7f'
    """
    found = re.fullmatch(r"kernel-(.+)\.json", Path(connection_file).name)
    return found[1] if found else ""


def _pids() -> list[int]:
    with suppress(ImportError, OSError):
        import psutil  # noqa: PLC0415  (comes with ipykernel)

        with suppress(psutil.Error):
            return [os.getpid(), *(process.pid for process in psutil.Process().parents())]
    return [os.getpid(), os.getppid()]
