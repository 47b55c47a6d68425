"""What goes wrong on the way to the page is noted: the thread and its run must outlive it."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator

__all__ = ["logged"]


@contextlib.contextmanager
def logged(trouble: str) -> Iterator[None]:
    """Note an error, and go on after the block.

    Args:
        trouble: what could not be done, for the log.

    Example:
        >>> with logged("a picture could not be sent"):
        ...     print("sent")
        sent
    """
    try:
        yield
    except Exception:
        logging.getLogger("optlab").exception(trouble)
