"""Checkpoints judge what the learner wrote, and never raise."""

# ruff: noqa: ARG005  (wrong answers leave arguments out)

import html

import numpy as np
import pytest
import torch

from optlab.course.checkpoint import Verdict, checkpoint
from optlab.course.exercises import EXERCISES


def state(function, name="l2_step"):
    return checkpoint(name, function).state


def text(function, name="l2_step"):
    return checkpoint(name, function).text


def in_place(w, grad, lr, l2):
    w -= lr * grad
    w -= lr * 2 * l2 * w + lr * 2 * l2 * lr * grad
    return w


def with_autograd(w, grad, lr, l2):
    w = w.clone().requires_grad_()
    ((w * grad).sum() + l2 * (w**2).sum()).backward()
    return (w - lr * w.grad).requires_grad_()


@pytest.mark.parametrize(
    "answer",
    [
        lambda w, grad, lr, l2: w - lr * grad - 2 * lr * l2 * w,
        lambda w, grad, lr, l2: (1 - 2 * lr * l2) * w - lr * grad,
        lambda theta, g, alpha, lam: theta - alpha * (g + 2 * lam * theta),
        lambda w, grad, lr, l2: np.asarray(w) - lr * (np.asarray(grad) + 2 * l2 * np.asarray(w)),
        lambda w, grad, lr, l2: [a - lr * (g + 2 * l2 * a) for a, g in zip(w, grad, strict=True)],
        lambda w, grad, lr, l2: (w - lr * (grad + 2 * l2 * w)).double()[None],
        in_place,
        with_autograd,
    ],
)
def test_a_right_answer_written_in_another_way_is_right(answer):
    assert state(answer) == "right"


def stub_ellipsis(w, grad, lr, l2): ...


def stub_docstring(w, grad, lr, l2):
    """Say what the next w is."""


def stub_with_its_first_line(w, grad, lr, l2):
    slope = grad + 2 * l2 * w  # noqa: F841
    return ...


def stub_raises(w, grad, lr, l2):
    raise NotImplementedError


@pytest.mark.parametrize("stub", [stub_ellipsis, stub_docstring, stub_with_its_first_line, stub_raises])
def test_an_unfilled_stub_is_not_answered_yet(stub):
    verdict = checkpoint("l2_step", stub)
    assert verdict.state == "unanswered"
    assert repr(verdict) == "Checkpoint: not answered yet"


def test_a_body_without_return_is_told_so():
    def forgot(w, grad, lr, l2):
        new = w - lr * (grad + 2 * l2 * w)  # noqa: F841

    assert text(forgot) == "not answered yet: the function returns nothing"


@pytest.mark.parametrize("mistake", EXERCISES["l2_step"].mistakes[:3], ids=lambda m: m.hint)
def test_a_common_mistake_gets_its_hint_however_it_is_written(mistake):
    def doubled(*case):
        return (mistake.function(*case) * 2 / 2).numpy()

    assert text(doubled) == mistake.hint


def test_any_other_wrong_answer_gets_a_counter_example():
    got = text(lambda w, grad, lr, l2: 0 * w)
    assert got.startswith(
        "not yet: for w=[1, -2, 0.5], grad=[0.3, 0.1, -0.2], lr=0.1, l2=0.01 it gives [0, -0, 0]"
    )
    assert "expected [0.968, -2.006, 0.519]" in got
    assert EXERCISES["l2_step"].hint in got


@pytest.mark.parametrize(
    "answer",
    [
        lambda w, grad, lr, l2: "w - lr * grad",
        lambda w, grad, lr, l2: {"w": w},
        lambda w, grad, lr, l2: (w, grad),
        lambda w, grad, lr, l2: w.sum(),
        lambda w, grad, lr, l2: torch.full_like(w, torch.nan),
        lambda w, grad, lr, l2: None if l2 else w,
        lambda w, grad, lr, l2: "x" * 1000,
    ],
)
def test_nonsense_is_wrong_and_its_verdict_is_short(answer):
    assert state(answer) == "wrong"
    assert len(text(answer)) < 300


def test_right_on_one_case_only_is_wrong():
    """λ = 0 in one of the cases: there the step without a penalty is right."""
    assert state(lambda w, grad, lr, l2: w - lr * grad) == "wrong"


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (lambda w, grad, lr, l2: 1 / 0, "ZeroDivisionError: division by zero"),
        (lambda w, grad, lr, l2: undefined, "NameError: name 'undefined' is not defined"),  # type: ignore[name-defined]  # noqa: F821
        (lambda w, grad: w, "TypeError"),
    ],
)
def test_a_raising_function_is_a_verdict_that_names_the_error(answer, error):
    assert state(answer) == "wrong"
    assert error in text(answer)


def test_a_result_in_place_of_the_function_is_a_verdict():
    assert text(torch.zeros(2)) == "this is a Tensor: hand over the function itself, without ( )"


def test_the_solution_is_folded_and_what_the_learner_wrote_is_escaped():
    def evil(w, grad, lr, l2):
        raise ValueError("<script>alert(1)</script>")

    shown = checkpoint("l2_step", evil)._repr_html_()
    before, folded = shown.split("<details", 1)
    assert "<script>" not in shown
    assert "2 * l2 * w" not in before
    assert not folded.startswith(" open")
    assert html.escape(EXERCISES["l2_step"].solution) in folded


def test_an_unknown_exercise_names_the_known_ones():
    with pytest.raises(ValueError, match=r"name='l3_step': expected one of .*l2_step"):
        checkpoint("l3_step", print)


@pytest.mark.parametrize("name", EXERCISES)
def test_no_mark_of_code_is_left_in_what_a_learner_reads(name):
    exercise = EXERCISES[name]
    for said in (exercise.praise, exercise.hint, *(mistake.hint for mistake in exercise.mistakes)):
        verdict = Verdict("wrong", said, exercise)
        shown = verdict._repr_html_().split("<details")[0]
        assert "`" not in shown + repr(verdict)
        assert shown.count("<code>") == said.count("`") / 2
