"""The course's exercises as plain data: the cases, the truth, the commonest mistakes, a solution."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from torch import Tensor, tensor

__all__ = ["EXERCISES", "Exercise", "Mistake"]

Function = Callable[..., Any]


@dataclass(frozen=True)
class Mistake:
    """A wrong answer that many give.

    Args:
        function: what it computes.
        hint: what to tell whoever wrote it, without giving the answer away.
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


def _slope_of_a_ravine(theta: Tensor) -> Tensor:
    return theta * tensor([1.0, 10.0])


def _slope_of_a_quartic(theta: Tensor) -> Tensor:
    return theta**3


def _descend(grad: Function, theta: Tensor, lr: float, steps: int) -> Tensor:
    for _ in range(steps):
        theta = theta - lr * grad(theta)
    return theta


EXERCISES: dict[str, Exercise] = {
    "descent": Exercise(
        prompt="Gradient descent: go `steps` steps from θ against the gradient.",
        cases=(
            (_slope_of_a_ravine, tensor([2.0, -1.0]), 0.15, 5),
            (_slope_of_a_quartic, tensor([1.0, 0.5, -1.5]), 0.1, 3),
            (_slope_of_a_ravine, tensor([1.0, 1.0]), 0.3, 1),
        ),
        truth=_descend,
        mistakes=(
            Mistake(
                lambda grad, theta, lr, steps: _descend(grad, theta, -lr, steps),
                "Look at the sign: this climbs. The gradient points uphill.",
            ),
            Mistake(
                lambda grad, theta, lr, steps: _descend(grad, theta, lr, 1),  # noqa: ARG005
                "That is one step, however many were asked for. Does your `return` stand inside the loop?",
            ),
            Mistake(
                lambda grad, theta, lr, steps: theta - steps * lr * grad(theta),
                "The gradient changes on the way: ask for it anew in every step, at the θ you have reached.",
            ),
            Mistake(
                lambda grad, theta, lr, steps: _descend(grad, theta, lr, steps - 1),
                "One step too few: `range(steps)` counts from 0 and has exactly `steps` numbers.",
            ),
            Mistake(
                lambda grad, theta, lr, steps: _descend(grad, theta, lr, steps + 1),
                "One step too many.",
            ),
        ),
        hint="Repeat `steps` times: θ ← θ − α · grad(θ). Return θ after the loop.",
        praise="It works for any function whose gradient you can compute: that is all that `sgd` is.",
        solution=(
            "def descent(grad, theta, lr, steps):\n    for _ in range(steps):\n"
            "        theta = theta - lr * grad(theta)\n    return theta"
        ),
    ),
    "l2_step": Exercise(
        prompt="One step of gradient descent on J₁ + λ Σw².",
        cases=(
            (tensor([1.0, -2.0, 0.5]), tensor([0.3, 0.1, -0.2]), 0.1, 0.01),
            (tensor([3.0, 0.5]), tensor([0.0, 0.0]), 0.5, 0.2),
            (tensor([-1.5, 4.0]), tensor([1.0, -1.0]), 0.01, 0.0),
        ),
        truth=lambda w, grad, lr, l2: w - lr * (grad + 2 * l2 * w),
        mistakes=(
            Mistake(
                lambda w, grad, lr, l2: w - lr * (grad + l2 * w),
                "Nearly: that is the step for (λ/2) Σw². What is the derivative of w²?",
            ),
            Mistake(
                lambda w, grad, lr, l2: w - lr * (grad + l2 * w**2),
                "You added the penalty itself. A step needs the penalty's gradient.",
            ),
            Mistake(
                lambda w, grad, lr, l2: w - lr * grad - 2 * l2 * w,
                "The penalty is part of the loss, so the learning rate multiplies its gradient too.",
            ),
            Mistake(
                lambda w, grad, lr, l2: w - lr * grad,  # noqa: ARG005
                "That is the step without the penalty: λ does nothing yet.",
            ),
            Mistake(
                lambda w, grad, lr, l2: w + lr * (grad + 2 * l2 * w),
                "Look at the sign: this step climbs. Descent goes against the gradient.",
            ),
        ),
        hint="Write down the gradient of J₁ + λ Σw² first, then go against it.",
        praise="With no gradient at all the step is w ← (1 − 2αλ) w: the weights decay.",
        solution="def l2_step(w, grad, lr, l2):\n    return w - lr * (grad + 2 * l2 * w)",
    ),
}
"""Every exercise by its name, in the order of the course."""
