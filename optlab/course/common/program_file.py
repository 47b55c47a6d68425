"""A lab's program in plain PyTorch: a file that runs by itself, with the sliders' settings written in."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["Program"]


@dataclass(frozen=True)
class Program:
    """A program whose settings stand in a block of their own: after a comment line, up to a blank line.

    Args:
        path: the file.
        also: gives values that follow from the settings, by name.
    """

    path: Path
    also: Callable[[dict[str, Any]], dict[str, Any]] = lambda settings: {}  # noqa: ARG005

    def __call__(self, settings: dict[str, Any]) -> str:
        """The program with these settings."""
        values = settings | self.also(settings)
        head, comment, rest = re.split(r"^(# Settings.*\n)", self.path.read_text("utf-8"), flags=re.MULTILINE)
        block, tail = rest.split("\n\n", 1)
        lines = [_with_value(line, values) for line in block.splitlines()]
        return f"{head}{comment}" + "\n".join(lines) + f"\n\n{tail}"


def _with_value(line: str, values: dict[str, Any]) -> str:
    name = line.split(" = ", maxsplit=1)[0]
    if name not in values:
        return line
    value = values[name]
    text = f'"{value}"' if isinstance(value, str) else repr(value)
    return re.sub(r"= .*?(?=  #|$)", lambda _: f"= {text}", line, count=1)
