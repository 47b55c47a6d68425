"""Which request a message answers: every thread may ask its kernel.

A widget asks whenever it sends something. ipykernel 7.0.0 and 7.0.1 answer the kernel's own thread only, and
raise `LookupError` in all others: those that fill labs, and those that a learner starts.
"""

from __future__ import annotations

from contextvars import Context, copy_context
from typing import Any

from IPython import get_ipython

__all__ = ["let_every_thread_ask"]


def let_every_thread_ask() -> None:
    """Where this kernel answers only its own thread, have others answered as the calling one is now."""
    kernel = getattr(get_ipython(), "kernel", None)
    if kernel is None or _answers_every_thread(kernel):
        return
    asked, here = kernel.get_parent, copy_context()

    def get_parent(channel: str | None = None) -> dict[str, Any]:
        for ask in (asked, lambda named: here.copy().run(asked, named)):
            try:
                return ask(channel)
            except LookupError:
                continue
        return {}  # a message that answers nothing arrives as well

    kernel.get_parent = get_parent


def _answers_every_thread(kernel: Any) -> bool:
    try:
        Context().run(kernel.get_parent)  # an empty context is what a new thread begins with
    except LookupError:
        return False
    return True
