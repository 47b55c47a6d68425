"""Read the arrays of a `.npz` file that may be damaged, or made to do harm.

NumPy unpacks an array before anyone has seen how large it is, so a small file can ask for all of a machine's
memory. Here every size, shape and dtype is read and checked first.
"""

from __future__ import annotations

import math
import os
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np
from numpy.lib import format as npy

__all__ = ["Header", "read_arrays"]

DENSE, ROOM = 100, 2**28
"""A compressed file may unpack to so many times its size, or to so many bytes if that is more."""


@dataclass(frozen=True)
class Header:
    """What an array will be, known before it is read."""

    shape: tuple[int, ...]
    dtype: np.dtype


def read_arrays(file: BinaryIO, check: Callable[[dict[str, Header]], None]) -> dict[str, np.ndarray]:
    """Read all arrays of a `.npz` file, after their headers have been looked at.

    Args:
        file: open for reading.
        check: called with the header of each array by name; raises when the arrays are not what is expected.

    Returns:
        The arrays by name.

    Raises:
        ValueError: if a name comes twice, an array is not plain numbers or text, the sizes contradict each
            other or the file, or the file unpacks to far more than its own size.
        Exception: of any other kind, from the zip file or its parts, when the file is damaged.
    """
    size = os.fstat(file.fileno()).st_size
    with zipfile.ZipFile(file) as archive:
        members = archive.infolist()
        _check_sizes(members, size)
        names = [member.filename.removesuffix(".npy") for member in members]
        for name, times in Counter(names).items():
            if times > 1:
                raise ValueError(f"it holds {name!r} {times} times")
        check({name: _header(archive, name, member) for name, member in zip(names, members, strict=True)})
        return {name: _array(archive, member) for name, member in zip(names, members, strict=True)}


def _check_sizes(members: list[zipfile.ZipInfo], size: int) -> None:
    packed, unpacked = (sum(getattr(m, name) for m in members) for name in ("compress_size", "file_size"))
    if packed > size:  # members that share their bytes, or a file that was cut
        raise ValueError(f"its parts have {packed} bytes and the file has {size}")
    if unpacked > max(size, DENSE * size, ROOM):
        raise ValueError(f"its {size} bytes would unpack to {unpacked}")


def _header(archive: zipfile.ZipFile, name: str, member: zipfile.ZipInfo) -> Header:
    with archive.open(member) as file:
        version = npy.read_magic(file)
        if version != (1, 0):  # the others have room for a header as large as memory
            raise ValueError(f"{name!r} is of version {version} of the npy format: expected (1, 0)")
        shape, _, dtype = npy.read_array_header_1_0(file)
        size = file.tell() + math.prod(shape) * dtype.itemsize
    if dtype.hasobject or any(length < 0 for length in shape) or size != member.file_size:
        raise ValueError(
            f"{name!r} has shape {shape}, dtype {dtype} and {member.file_size} bytes: expected {size}"
        )
    return Header(shape, dtype)


def _array(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> np.ndarray:
    with archive.open(member) as file:
        return npy.read_array(file, allow_pickle=False)
