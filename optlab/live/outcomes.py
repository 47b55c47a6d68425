"""Outcomes: what a learner has guessed and reached, told to whoever keeps it from day to day."""

from __future__ import annotations

from typing import Any, Protocol

__all__ = ["Keeper", "keep", "note", "recall"]


class Keeper(Protocol):
    """Whoever keeps outcomes; each is a dict that JSON can hold."""

    def note(self, kind: str, key: str, outcome: dict[str, Any]) -> None:
        """Keep an outcome."""

    def recall(self, kind: str, key: str) -> dict[str, Any] | None:
        """The outcome that was noted last; None where there is none."""


_keeper: Keeper | None = None


def keep(keeper: Keeper | None) -> None:
    """Say who keeps the outcomes from now on.

    Args:
        keeper: the keeper; None: nobody.
    """
    global _keeper  # noqa: PLW0603  (one learner, one record)
    _keeper = keeper


def note(kind: str, key: str, outcome: dict[str, Any]) -> None:
    """Hand an outcome to the keeper; without one nothing happens.

    Args:
        kind: what it is about: "prediction", "goal", "checkpoint".
        key: which of them.
        outcome: what became of it, as JSON can hold it.
    """
    if _keeper is not None:
        _keeper.note(kind, key, outcome)


def recall(kind: str, key: str) -> dict[str, Any] | None:
    """The outcome of an earlier day.

    Args:
        kind: what it is about, as in `note`.
        key: which of them.

    Returns:
        The outcome; None where nobody has kept one.

    Example:
        >>> recall("prediction", "00a1b2c3d4e5") is None
        True
    """
    return _keeper.recall(kind, key) if _keeper is not None else None
