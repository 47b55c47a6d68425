"""Feedback: what a learner is told of an answer, as HTML that is safe and reads well aloud."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

__all__ = [
    "NOT_ANSWERED",
    "answered_before",
    "emphasised",
    "feedback_line",
    "marked",
    "plain_text",
    "without_ticks",
]

NOT_ANSWERED = "not answered yet"
SIGNS = {"right": ("✔", "#009E73"), "wrong": ("✘", "#D55E00"), "unanswered": ("○", "#666666")}
CODE = re.compile(r"`([^`]+)`")
EMPHASIS = re.compile(r"(?<!\w)\*(?=\S)([^*]+)(?<=\S)\*(?!\w)")


def plain_text(question: str) -> str:
    """A question without its marks of emphasis.

    Example:
        >>> plain_text("the *updates* of 2 * 3")
        'the updates of 2 * 3'
    """
    return EMPHASIS.sub(r"\1", question)


def emphasised(question: str) -> str:
    """A question as HTML, its marks of emphasis rendered and all else as it is.

    Example:
        >>> emphasised("the *updates* of a < b")
        'the <em>updates</em> of a &lt; b'
    """
    return EMPHASIS.sub(r"<em>\1</em>", _escaped(question))


def without_ticks(text: str) -> str:
    """A text whose code is not set apart, for where there is plain text only.

    Example:
        >>> without_ticks("`weight_decay` in torch")
        'weight_decay in torch'
    """
    return CODE.sub(r"\1", text)


def marked(options: Sequence[str], chosen: str, true: str) -> list[str]:
    """The options, the right one and the one that was chosen with a sign and words.

    Example:
        >>> marked(["rises", "falls", "stays"], chosen="falls", true="rises")
        ['✔ rises (right)', '✘ falls (your guess)', 'stays']
    """
    words = {chosen: "✘ {} (your guess)", true: "✔ {} (right)"}
    if chosen == true:
        words = {true: "✔ {} (right, your guess)"}
    return [words.get(option, "{}").format(option) for option in options]


def _escaped(text: str) -> str:
    """As HTML, `code` set apart and all else as it is."""
    return CODE.sub(r"<code>\1</code>", html.escape(text))


def answered_before(chosen: str, true: str) -> str:
    """What is said of a question that was answered on another day; the right answer is not given away.

    Example:
        >>> answered_before("it falls", "it rises")
        'you answered this before: “it falls”, which was not right'
    """
    verdict = "right" if chosen == true else "not right"
    return f"you answered this before: “{chosen}”, which was {verdict}"


def feedback_line(state: str, text: str) -> str:
    """One line of feedback as HTML: a sign and words, so that nobody needs to see the colour.

    Args:
        state: "right", "wrong" or "unanswered".
        text: the words, in plain text but for `code`.

    Returns:
        HTML that a screen reader reads out when it changes.
    """
    sign, color = SIGNS[state]
    return (
        f"<div role='status' style='border-left: 4px solid {color}; padding: 2px 8px; line-height: 1.5'>"
        f"{sign} {_escaped(text)}</div>"
    )
