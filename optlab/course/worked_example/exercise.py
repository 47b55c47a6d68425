"""The exercise of 04: one step with a penalty."""

from torch import tensor

from optlab.course.common.exercise import Exercise, Mistake

L2_STEP = Exercise(
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
)
