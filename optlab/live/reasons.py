"""Why an answer is right, and why each of the others is not."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

__all__ = ["Answer", "Why", "check_question", "reasons_of"]

Answer = str | Callable[..., str]
Why = str | Sequence[str] | Mapping[str, str]


def check_question(options: Sequence[str], answer: Answer, because: Why) -> None:
    """See to it that a question can be answered, and every answer explained.

    Args:
        options: the answers to choose from.
        answer: the true one, or what reads it from runs.
        because: why, as in `predict`.

    Raises:
        TypeError: if `because` is of the wrong kind.
        ValueError: if there are fewer than two options, if two are the same, if `answer` or a key of
            `because` is none of them, if there are more or fewer reasons than options, or if one is empty.
    """
    if len(options) < 2 or len(set(options)) != len(options):
        raise ValueError(f"options={options!r}: expected 2 or more, none of them twice")
    known = ", ".join(options)
    if not callable(answer) and answer not in options:
        raise ValueError(f"answer={answer!r}: expected one of {known}")
    if not isinstance(because, (str, Mapping, Sequence)):
        raise TypeError(f"because={because!r}: expected a sentence, or one for each option")
    if not isinstance(because, (str, Mapping)) and len(because) != len(options):
        raise ValueError(f"because={because!r}: expected {len(options)} sentences, one for each option")
    for option, reason in reasons_of(options, because, next(iter(options))).items():
        if option not in options:
            raise ValueError(f"because has {option!r}: expected some of {known}")
        if not reason.strip():
            raise ValueError(f"because={because!r}: expected a sentence that says why")


def reasons_of(options: Sequence[str], because: Why, true: str) -> Mapping[str, str]:
    """What is said of each option.

    Args:
        options: the answers to choose from.
        because: why, as in `predict`.
        true: the option that a sentence alone is said of.

    Returns:
        A reason by option; options without one are left out.

    Example:
        >>> reasons_of(["2³", "3²"], ["2³ is 8.", "3² is 9."], "3²")
        {'2³': '2³ is 8.', '3²': '3² is 9.'}
    """
    if isinstance(because, str):
        return {true: because}
    return because if isinstance(because, Mapping) else dict(zip(options, because, strict=True))
