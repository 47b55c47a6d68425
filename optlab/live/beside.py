"""Files that a program reads: what only the kernel has, such as a learner's own data, written beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from optlab.files import whole_file

__all__ = ["Write", "files_of", "keep", "said_of"]

Write = Callable[[BinaryIO], object]
"""Writes a file that is open for writing bytes."""


def files_of(program: Any) -> Mapping[str, Write]:
    """The files that a program reads: its `files`, a function for each name; none for a plain function."""
    return getattr(program, "files", {})


def keep(files: Mapping[str, Write], folder: Path) -> None:
    """Write files into a folder; one that is there stays as it is, for the name tells what is in it.

    Args:
        files: what writes each, by name.
        folder: where.

    Raises:
        OSError: if one cannot be written.

    Example:
        >>> import tempfile
        >>> folder = Path(tempfile.mkdtemp())
        >>> keep({"one.txt": lambda file: file.write(b"1")}, folder)
        >>> (folder / "one.txt").read_text()
        '1'
    """
    for name, write in files.items():
        if not (folder / name).exists():
            with whole_file(folder / name) as file:
                write(file)


def said_of(files: Mapping[str, Write], folder: Path) -> str:
    """Where the files are, in words; empty where one is not there."""
    there = all((folder / name).exists() for name in files)
    return f"{' and '.join(files)} {'is' if len(files) == 1 else 'are'} beside the notebook." if there else ""
