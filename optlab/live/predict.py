"""Predictions: a learner commits to an answer before the run, and sees at once whether it holds.

A prediction never raises on what a learner does: an answer that is missing or a run that fails is feedback.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from typing import Any

import ipywidgets

from optlab.live.cells import replace_earlier
from optlab.live.layout import close_tree

__all__ = ["NOT_ANSWERED", "Prediction", "feedback_line", "predict"]

NOT_ANSWERED = "not answered yet"
SIGNS = {"right": ("✔", "#009E73"), "wrong": ("✘", "#D55E00"), "unanswered": ("○", "#666666")}


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
        options: the answers to choose from, 2 or more.
        answer: the true option, or a function that reads it from the run.
        show: moves the lab; called once the choice is final, and again when the answer is known.

    Returns:
        The widget; make it the last line of a cell.

    Raises:
        ValueError: if there are fewer than two options, if two are the same, or if `answer` is none of them.

    Example:
        >>> predict("Which is larger?", ["2³", "3²"], answer="3²")
        Prediction: not answered yet
    """
    if len(options) < 2 or len(set(options)) != len(options):
        raise ValueError(f"options={options!r}: expected 2 or more, none of them twice")
    if not callable(answer) and answer not in options:
        raise ValueError(f"answer={answer!r}: expected one of {', '.join(options)}")
    return Prediction(question, options, answer, show)


class Prediction(ipywidgets.VBox):
    """A question whose answer is chosen once and then compared with the run; see `predict`.

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
        self._answer, self._show = answer, show or (lambda: None)
        self._question = ipywidgets.HTML(
            f"<div style='line-height: 1.5'><b>{html.escape(question)}</b></div>", layout={"width": "auto"}
        )
        self.choice = ipywidgets.RadioButtons(
            options=tuple(options), index=None, layout={"width": "auto"}, tooltip=question
        )
        self.lock = ipywidgets.Button(
            description="lock in", tooltip="Make this your prediction; it cannot be changed after"
        )
        self.feedback = ipywidgets.HTML(layout={"width": "auto", "min_height": "32px"})
        self.lock.on_click(lambda _: self._lock_in())
        super().__init__([self._question, self.choice, self.lock, self.feedback])
        self._say("unanswered", NOT_ANSWERED)
        self.add_class("optlab-guess")
        replace_earlier(self)

    def close(self) -> None:
        """Close every widget it is made of, so that no comm is left."""
        close_tree(self)

    def __repr__(self) -> str:
        """The outcome in one line."""
        return f"Prediction: {self.outcome}"

    def _lock_in(self) -> None:
        """Freeze the choice, show the run, and compare."""
        chosen = self.choice.value
        if chosen is None:
            self._say("unanswered", f"{NOT_ANSWERED}: choose one first")
            return
        self.choice.disabled = self.lock.disabled = True
        self._say("unanswered", f"you said “{chosen}”; running it …")
        try:
            true = self._run()
        except Exception as error:  # noqa: BLE001  (a learner may have closed the lab, or renamed it)
            why = f"{type(error).__name__}: {error}"
            self._say("unanswered", f"you said “{chosen}”; the run could not be made: {why}")
        else:
            self._compare(chosen, true)

    def _run(self) -> str:
        self._show()
        true = self._answer() if callable(self._answer) else self._answer
        self._show()  # finding the answer may have moved the lab on
        return true

    def _compare(self, chosen: str, true: str) -> None:
        if chosen == true:
            self._say("right", f"right: “{true}”")
        else:
            self._say("wrong", f"not this time: you said “{chosen}”; the run says “{true}”")

    def _say(self, state: str, text: str) -> None:
        self.outcome = text
        self.feedback.value = feedback_line(state, text)


def feedback_line(state: str, text: str) -> str:
    """One line of feedback as HTML: a sign and words, so that nobody needs to see the colour.

    Args:
        state: "right", "wrong" or "unanswered".
        text: the words, in plain text.

    Returns:
        HTML that a screen reader reads out when it changes.
    """
    sign, color = SIGNS[state]
    return (
        f"<div role='status' style='border-left: 4px solid {color}; padding: 2px 8px; line-height: 1.5'>"
        f"{sign} {html.escape(text)}</div>"
    )
