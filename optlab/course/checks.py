"""Predictions and checkpoints: a learner commits to an answer, and hears at once whether it holds.

Neither ever raises on what a learner does: an answer that is missing, wrong or broken is a verdict.
"""

from __future__ import annotations

import copy
import html
import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import ipywidgets
import numpy as np

from optlab.course.exercises import EXERCISES, Exercise
from optlab.engine.validation import one_of
from optlab.live.cells import replace_earlier

__all__ = ["Prediction", "Verdict", "checkpoint", "judge", "predict"]

RTOL, ATOL = 1e-4, 1e-6
NOT_ANSWERED = "not answered yet"
MARKS = {"right": "✔", "wrong": "✘", "unanswered": "○"}


# ---------------------------------------------------------------- predictions


class Prediction(ipywidgets.VBox):
    """A question with a choice that can be made once, and is then held against the run; see `predict`.

    Attributes:
        choice: the radio buttons.
        lock: the button that makes the choice final.
        feedback: the line below, as HTML.
        outcome: the same in plain text.
    """

    def __init__(
        self,
        question: str,
        options: Sequence[str],
        answer: str | Callable[[], str],
        show: Callable[[], Any] | None,
    ) -> None:
        self.outcome = NOT_ANSWERED
        self._options, self._answer, self._show = tuple(options), answer, show or (lambda: None)
        self._question = ipywidgets.HTML(
            f"<div style='line-height: 1.5'><b>{html.escape(question)}</b></div>", layout={"width": "auto"}
        )
        self.choice = ipywidgets.RadioButtons(
            options=self._options, index=None, layout={"width": "auto"}, tooltip=question
        )
        self.lock = ipywidgets.Button(
            description="lock in", tooltip="Make this your prediction; it cannot be changed after"
        )
        self.feedback = ipywidgets.HTML(layout={"width": "auto", "min_height": "32px"})
        self.lock.on_click(lambda _: self._score())
        super().__init__([self._question, self.choice, self.lock, self.feedback])
        self._say("unanswered", NOT_ANSWERED)
        self.add_class("optlab-guess")
        replace_earlier(self)

    def close(self) -> None:
        """Close every widget it is made of, so that no comm is left."""
        for part in (self._question, self.choice, self.lock, self.feedback):
            part.layout.close()
            part.style.close()
            part.close()
        self.layout.close()
        super().close()

    def __repr__(self) -> str:
        """The outcome in one line."""
        return f"Prediction: {self.outcome}"

    def _score(self) -> None:
        """Freeze the choice, show the run, and compare."""
        chosen = self.choice.value
        if chosen is None:
            self._say("unanswered", f"{NOT_ANSWERED}: choose one first")
            return
        self.choice.disabled = self.lock.disabled = True
        self._say("unanswered", f"you said “{chosen}”; running it …")
        try:
            self._show()
            true = self._answer() if callable(self._answer) else self._answer
            self._show()  # finding the answer may have moved the lab on
        except Exception as error:  # noqa: BLE001  (a learner may have closed the lab, or renamed it)
            self._say("unanswered", f"you said “{chosen}”; the run could not be made: {_named(error)}")
            return
        right = chosen == true
        self._say("right" if right else "wrong", _compared(chosen, true))

    def _say(self, state: str, text: str) -> None:
        self.outcome = text
        self.feedback.value = _line(state, text)


def predict(
    question: str,
    options: Sequence[str],
    *,
    answer: str | Callable[[], str],
    show: Callable[[], Any] | None = None,
) -> Prediction:
    """Ask for a prediction before the run; nothing happens until one is locked in.

    Args:
        question: what to predict.
        options: what there is to choose from, 2 or more.
        answer: the true option, or a function that finds it from the run.
        show: moves the lab; called once the choice is final, and again when the answer is known.

    Returns:
        The widget; make it the last line of a cell.

    Raises:
        ValueError: if there are fewer than two options, one stands there twice, or `answer` is none of them.

    Example:
        >>> predict("Which is larger?", ["2³", "3²"], answer="3²")
        Prediction: not answered yet
    """
    if len(options) < 2 or len(set(options)) != len(options):
        raise ValueError(f"options={options!r}: expected 2 or more, none of them twice")
    if not callable(answer):
        one_of("answer", answer, options)
    return Prediction(question, options, answer, show)


def _compared(chosen: str, true: str) -> str:
    if chosen == true:
        return f"right: “{true}”"
    return f"not this time: you said “{chosen}”; the run says “{true}”"


# ---------------------------------------------------------------- checkpoints


@dataclass(frozen=True)
class Verdict:
    """What became of an answer to an exercise.

    Args:
        state: `"right"`, `"wrong"` or `"unanswered"`.
        text: the verdict in a line.
        exercise: what was asked.
    """

    state: str
    text: str
    exercise: Exercise

    def __repr__(self) -> str:
        """The verdict in one line."""
        return f"Checkpoint: {self.text}"

    def _repr_html_(self) -> str:
        """The verdict, and the solution folded away."""
        return (
            f"{_line(self.state, self.text)}"
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
            return "wrong", f"for {_call(exercise, case)} it raises {_named(error)}"
    if all(result is None or result is Ellipsis for result in results):
        return "unanswered", NOT_ANSWERED + _reminder(function)
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
    """Whether two results agree: text exactly, numbers of one shape to 1e-4."""
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
    """A trial call in words, such as `w=[1, 2], lr=0.1`."""
    names = inspect.signature(exercise.truth).parameters
    return ", ".join(f"{name}={_shown(value)}" for name, value in zip(names, case, strict=False))


def _shown(value: Any) -> str:
    """A value in a few characters."""
    array = None if isinstance(value, bool) else _numbers(value)
    if array is None:
        return repr(value) if len(repr(value)) <= 40 else f"a {type(value).__name__}"
    text = np.array2string(array, separator=", ", threshold=8, formatter={"float": "{:.4g}".format})
    return text.replace("\n", "")


def _named(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"


def _reminder(function: Callable[..., Any]) -> str:
    """Who has written a body but no `return` is told so."""
    code = getattr(function, "__code__", None)
    return ": the function returns nothing" if code and len(code.co_varnames) > code.co_argcount else ""


def _line(state: str, text: str) -> str:
    """One line of feedback: a sign and words, so that the colour is not needed."""
    color = {"right": "#009E73", "wrong": "#D55E00", "unanswered": "#666666"}[state]
    return (
        f"<div role='status' style='border-left: 4px solid {color}; padding: 2px 8px; line-height: 1.5'>"
        f"{MARKS[state]} {html.escape(text)}</div>"
    )
