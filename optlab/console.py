"""What a command prints on whatever console there is."""

import io
import sys

__all__ = ["let_any_console_show_any_name"]


def let_any_console_show_any_name() -> None:
    """Folders have names in every script; a console that lacks a letter shows its number instead."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
