"""Program: a plain Python file with a block of settings on top, which a lab rewrites for a setting."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

__all__ = ["START", "Program"]

START = "# Settings: change them here."
"""The comment line above the block; the block ends at the first blank line."""

ASSIGNED = re.compile(r"^(\w+) = [^#;]*?(\s*#.*)?$")


class Program:
    """A file that runs by itself, as a lab shows it for a setting.

    Args:
        path: the file. Below the line `# Settings: change them here.` it assigns each setting on a line of
            its own, up to the first blank line.
        also: values that are not sliders, `also(setting) -> {name: value}`.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if the file has no such block, or another line in it.

    Example:
        >>> import tempfile
        >>> path = Path(tempfile.mkdtemp()) / "line_program.py"
        >>> lines = [START, "lr = 0.1  # per step", "", "print(2 * lr)"]
        >>> _ = path.write_text(chr(10).join(lines), encoding="utf-8")
        >>> print(Program(path)({"lr": 0.5}))
        # Settings: change them here.
        lr = 0.5  # per step
        <BLANKLINE>
        print(2 * lr)
    """

    def __init__(
        self, path: str | Path, also: Callable[[dict[str, Any]], Mapping[str, Any]] | None = None
    ) -> None:
        self.path, self._also = Path(path), also
        if not self.path.is_file():
            raise FileNotFoundError(
                f"path={str(path)!r}: expected a program, a Python file that runs by itself"
            )
        head, found, rest = self.path.read_text(encoding="utf-8").partition(f"{START}\n")
        block, gap, body = rest.partition("\n\n")
        lines = block.split("\n")
        wrong = [line for line in lines if not ASSIGNED.match(line)]
        if not found or not gap or wrong:
            raise ValueError(
                f"{self.path.name}: expected the line {START!r}, lines `name = value` and a blank line"
                + (f", found {wrong[0]!r}" if wrong and found else "")
            )
        self._parts = head + found, lines, gap + body

    @classmethod
    def beside(cls, file: str, also: Callable[[dict[str, Any]], Mapping[str, Any]] | None = None) -> Program:
        """The program of a lab: `cloud_program.py` beside `cloud_lab.py`.

        Args:
            file: the lab's own `__file__`.
            also: as in `Program`.

        Returns:
            The program.
        """
        path = Path(file)
        return cls(path.with_name(f"{path.stem.removesuffix('_lab')}_program.py"), also)

    @property
    def names(self) -> tuple[str, ...]:
        """What the block assigns, in order."""
        return tuple(line.split(" ", 1)[0] for line in self._parts[1])

    def __call__(self, setting: dict[str, Any]) -> str:
        """The program for a setting.

        Args:
            setting: the value of each slider by name; sliders that the block does
                not name are ignored, and what is no slider keeps the file's value.

        Returns:
            The text of the program.
        """
        known = setting | dict(self._also(setting) if self._also else {})
        head, lines, body = self._parts
        return head + "\n".join(_with_value(line, known) for line in lines) + body


def _with_value(line: str, values: Mapping[str, Any]) -> str:
    name = line.split(" ", 1)[0]
    if name not in values:
        return line
    matched = ASSIGNED.match(line)
    comment = (matched and matched[2]) or ""
    return f"{name} = {_literal(values[name])}{comment}"


def _literal(value: Any) -> str:
    """A value as a person would write it in a program.

    >>> _literal(0.1), _literal("Adam"), _literal(float("-inf"))
    ('0.1', '"Adam"', 'float("-inf")')
    """
    value = value.item() if hasattr(value, "item") else value
    if isinstance(value, float) and math.isinf(value):
        return f'float("{value}")'
    return f'"{value}"' if isinstance(value, str) else repr(value)
