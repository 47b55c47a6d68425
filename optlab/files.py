"""Write a file whole or not at all."""

from __future__ import annotations

import errno
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

__all__ = ["whole_file"]


@contextmanager
def whole_file(path: str | os.PathLike[str], *, new: bool = False) -> Iterator[BinaryIO]:
    """Open a file for writing that takes its place only when all of it is on the disk.

    It is written beside its place and renamed. When writing fails (a full disk, an error, Ctrl-C), what was
    there before is untouched and nothing is left behind.

    Args:
        path: where the file goes; a link is followed, a device or a pipe is written to directly.
        new: whether it must not replace anything, not even a file that appears while it is being written.

    Yields:
        The file, open for writing bytes.

    Raises:
        FileExistsError: if `new` and something is there.
        OSError: if the folder is missing or cannot be written, or a file that is there is read-only.

    Example:
        >>> import tempfile
        >>> folder = Path(tempfile.mkdtemp())
        >>> with whole_file(folder / "one.txt") as file:
        ...     _ = file.write(b"all of it")
        >>> [path.name for path in folder.iterdir()]
        ['one.txt']
    """
    if new and os.path.lexists(path):
        raise _exists(path)
    target = Path(os.path.realpath(path))
    if target.exists() and not target.is_file():  # a folder says by itself that it is none
        with target.open("wb") as file:
            yield file
        return
    if target.exists() and not os.access(target, os.W_OK):  # renaming would not ask
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), os.fspath(path))
    part = target.with_name(f".optlab-{uuid.uuid4().hex}.part")
    try:
        with part.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        _put(part, target, new=new)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _put(part: Path, target: Path, *, new: bool) -> None:
    """Give a file that is complete its name."""
    if new:
        _put_new(part, target)
        return
    with suppress(FileNotFoundError):
        shutil.copymode(target, part)
    part.replace(target)


def _put_new(part: Path, target: Path) -> None:
    """Give a file a name that must be free; a second name (a link) is what no file system overwrites with."""
    try:
        os.link(part, target)
    except FileExistsError:
        raise _exists(target) from None
    except (
        OSError,
        AttributeError,
        NotImplementedError,
    ):  # no links there: a memory stick, some shared disks
        if target.exists():
            raise _exists(target) from None
        part.replace(target)
    else:
        part.unlink()


def _exists(path: str | os.PathLike[str]) -> FileExistsError:
    return FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), os.fspath(path))
