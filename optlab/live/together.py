"""Together: a function that answers for all settings of a record at once, where one for each would do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

__all__ = ["Together", "answers"]


class Together:
    """Words or goals for all settings at once: faster for a grid of tens of thousands.

    Args:
        function: `function(record)` gives a list or an array, one entry a setting.

    Raises:
        TypeError: if it is no function.

    Example:
        >>> import numpy as np
        >>> from optlab.record import Record
        >>> record = Record({"a": np.array([1, 2])})
        >>> answers(Together(lambda r: [f"a = {a}" for a in r.settings["a"]]), record)
        ['a = 1', 'a = 2']
        >>> answers(lambda one: f"a = {one.settings['a'][0]}", record)
        ['a = 1', 'a = 2']
    """

    def __init__(self, function: Callable[[Any], Sequence[Any]]) -> None:
        if not callable(function):
            raise TypeError(f"function={function!r}: expected a function of a record")
        self._function = function

    def __call__(self, record: Any) -> Any:
        """The answer for a record of one setting, as a plain function would give it."""
        return self.all(record)[0]

    def all(self, record: Any) -> list[Any]:
        """The answers for all settings."""
        found = self._function(record)
        found = found.tolist() if hasattr(found, "tolist") else list(found)
        if len(found) != len(record):
            raise ValueError(f"a Together gave {len(found)} answers: expected {len(record)}, one a setting")
        return found


def answers(function: Callable[[Any], Any], record: Any) -> list[Any]:
    """What a function says of each setting: asked once where it is a `Together`, else one by one.

    Args:
        function: of a record of one setting, or a `Together`.
        record: the settings.

    Returns:
        As many answers as settings.
    """
    return function.all(record) if isinstance(function, Together) else [function(one) for one in record]
