"""What an exercise is: the cases, the truth, the commonest mistakes, a solution, as plain data."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Function = Callable[..., Any]


@dataclass(frozen=True)
class Mistake:
    """A wrong answer that many give.

    Args:
        function: what it computes.
        hint: what to tell its author, without giving the answer away.
    """

    function: Function
    hint: str


@dataclass(frozen=True)
class Exercise:
    """A small function for the learner to write.

    Args:
        prompt: what is asked, in a sentence.
        cases: the arguments of each trial call; together they tell the truth from every mistake.
        truth: a right answer; its parameters have the names that the learner's have.
        mistakes: the commonest wrong answers, the commonest first.
        hint: what to tell anyone else who is wrong.
        praise: what being right means, in a sentence.
        solution: the text of a right answer.
    """

    prompt: str
    cases: tuple[tuple[Any, ...], ...]
    truth: Function
    mistakes: tuple[Mistake, ...]
    hint: str
    praise: str
    solution: str
