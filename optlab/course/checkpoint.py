"""Checkpoints: a learner writes a small function and sees at once whether it is right, and if not, why.

A checkpoint never raises on what a learner does: an answer that is missing or broken is a verdict.
"""

from __future__ import annotations

import copy
import html
import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from optlab.course.exercises import EXERCISES, Exercise
from optlab.engine.validation import one_of
from optlab.live import progress
from optlab.live.feedback import NOT_ANSWERED, feedback_line, without_ticks

__all__ = ["Verdict", "checkpoint", "judge"]

RTOL, ATOL = 1e-4, 1e-6


@dataclass(frozen=True)
class Verdict:
    """What became of an answer to an exercise.

    Args:
        state: `"right"`, `"wrong"` or `"unanswered"`.
        text: the verdict in one line.
        exercise: what was asked.
    """

    state: str
    text: str
    exercise: Exercise

    def __repr__(self) -> str:
        """The verdict in one line."""
        return f"Checkpoint: {without_ticks(self.text)}"

    def _repr_html_(self) -> str:
        """The verdict, and the solution folded away."""
        return (
            f"{feedback_line(self.state, self.text)}"
            "<details style='margin: 4px 0 4px 12px'><summary>show the solution</summary>"
            f"<pre style='margin: 4px 12px'>{html.escape(self.exercise.solution)}</pre></details>"
        )


def checkpoint(name: str, function: Any) -> Verdict:
    """Judge a learner's function.

    Args:
        name: which exercise of the course it answers.
        function: the learner's; a stub that returns nothing counts as not answered.

    Returns:
        The verdict; make it the last line of a cell. Nothing that the function does is raised.

    Raises:
        ValueError: if there is no such exercise.

    Example:
        >>> checkpoint("l2_step", lambda w, grad, lr, l2: None)
        Checkpoint: not answered yet
        >>> checkpoint("l2_step", lambda w, grad, lr, l2: w - lr * grad)
        Checkpoint: That is the step without the penalty: λ does nothing yet.
    """
    one_of("name", name, EXERCISES)
    state, text = judge(EXERCISES[name], function)
    if state == "right":
        progress.note("checkpoint", name, {})
    elif state == "unanswered" and (passed := progress.recall("checkpoint", name)):
        text += f" (you passed it on {passed['when']})"
    return Verdict(state, text, EXERCISES[name])


def judge(exercise: Exercise, function: Any) -> tuple[str, str]:
    """Compare a function with the truth, then with the known mistakes.

    Args:
        exercise: what was asked.
        function: the answer; its results may be numbers, arrays, tensors or text.

    Returns:
        The state and the line of a `Verdict`.
    """
    if not callable(function):
        return "wrong", f"this is a {type(function).__name__}: hand over the function itself, without ( )"
    results = []
    for case in exercise.cases:
        try:
            results.append(function(*copy.deepcopy(case)))  # a copy: it may change its arguments in place
        except NotImplementedError:
            return "unanswered", NOT_ANSWERED
        except Exception as error:  # noqa: BLE001  (whatever it raises is the verdict)
            return "wrong", f"for {_call(exercise, case)} it raises {type(error).__name__}: {error}"
    if all(result is None or result is Ellipsis for result in results):
        return "unanswered", NOT_ANSWERED + (_reminder(function) if results[0] is None else "")
    return _compare(exercise, results)


def _compare(exercise: Exercise, results: Sequence[Any]) -> tuple[str, str]:
    truth = _outputs(exercise, exercise.truth)
    wrong = [k for k, (got, true) in enumerate(zip(results, truth, strict=True)) if not _same(got, true)]
    if not wrong:
        return "right", f"right. {exercise.praise}"
    for mistake in exercise.mistakes:
        if all(map(_same, results, _outputs(exercise, mistake.function))):
            return "wrong", mistake.hint
    k = wrong[0]
    where = _call(exercise, exercise.cases[k])
    return "wrong", (
        f"not yet: for {where} it gives {_shown(results[k])}, expected {_shown(truth[k])}. {exercise.hint}"
    )


def _outputs(exercise: Exercise, function: Callable[..., Any]) -> list[Any]:
    return [function(*copy.deepcopy(case)) for case in exercise.cases]


def _same(got: Any, expected: Any) -> bool:
    """Whether two results agree: text exactly, numbers of the same shape to 1e-4."""
    if isinstance(expected, str) or isinstance(got, str):
        return isinstance(got, str) and isinstance(expected, str) and got.strip() == expected
    left, right = _numbers(got), _numbers(expected)
    if left is None or right is None or left.shape != right.shape:
        return False
    return bool(np.allclose(left, right, rtol=RTOL, atol=ATOL, equal_nan=True))


def _numbers(value: Any) -> np.ndarray | None:
    """Numbers as an array without axes of length 1; None for anything else."""
    if value is None or isinstance(value, str):  # numpy would make numbers of these
        return None
    if hasattr(value, "detach"):
        value = value.detach().cpu()
    try:
        return np.squeeze(np.asarray(value, dtype=np.float64))
    except (TypeError, ValueError, RuntimeError):
        return None


def _call(exercise: Exercise, case: Sequence[Any]) -> str:
    """The arguments of a trial call, such as `w=[1, 2], lr=0.1`."""
    names = inspect.signature(exercise.truth).parameters
    return ", ".join(f"{name}={_shown(value)}" for name, value in zip(names, case, strict=False))


def _shown(value: Any) -> str:
    """A value in a few characters."""
    array = None if isinstance(value, bool) else _numbers(value)
    if array is None:
        return repr(value) if len(repr(value)) <= 40 else f"a {type(value).__name__}"
    text = np.array2string(array, separator=", ", threshold=8, formatter={"float": "{:.4g}".format})
    return text.replace("\n", "")


def _reminder(function: Callable[..., Any]) -> str:
    """Point out a missing `return`."""
    code = getattr(function, "__code__", None)
    return ": the function returns nothing" if code and len(code.co_varnames) > code.co_argcount else ""
