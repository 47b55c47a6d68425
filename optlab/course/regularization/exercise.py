"""The exercise of 03.5: the step that makes weights exactly 0."""

import torch
from torch import tensor

from optlab.course.common.exercise import Exercise, Mistake

SOFT_THRESHOLD = Exercise(
    prompt="Move every weight towards 0 by `amount`; one that would cross 0 stays at 0.",
    cases=(
        (tensor([0.8, -0.5, 0.1, -0.05, 0.0]), 0.2),
        (tensor([-3.0, 2.0, 0.4]), 0.5),
        (tensor([[1.0, -1.0], [0.25, -0.3]]), 0.25),
    ),
    truth=lambda w, amount: torch.sign(w) * torch.clamp(torch.abs(w) - amount, min=0),
    mistakes=(
        Mistake(
            lambda w, amount: w - amount * torch.sign(w),
            "Look at the small ones: a weight closer to 0 than `amount` has crossed it. The plain "
            "gradient of |w| does that too, which is why it never comes to rest.",
        ),
        Mistake(
            lambda w, amount: torch.where(torch.abs(w) > amount, w, 0.0 * w),
            "The small weights are right, the large ones have not moved. Every weight pays.",
        ),
        Mistake(
            lambda w, amount: w - amount,
            "The negative weights have moved away from 0. Which way is 0, seen from them?",
        ),
        Mistake(
            lambda w, amount: (1 - amount) * w,
            "That takes a fraction of each weight, as L2 does. L1 takes the same amount from all.",
        ),
        Mistake(
            lambda w, amount: torch.clamp(torch.abs(w) - amount, min=0),
            "The sizes are right. What has become of the signs?",
        ),
        Mistake(
            lambda w, amount: torch.clamp(w, -amount, amount),
            "That keeps what should be taken away, and takes away what should be kept.",
        ),
        Mistake(
            lambda w, amount: torch.clamp(w - amount, min=0),
            "Positive weights are right. A negative one should come nearer to 0, not end there at once.",
        ),
    ),
    hint="Take the size and the sign apart: shrink the size, not below 0, and give it its sign back.",
    praise="A gradient step on J₁ and then this, with amount αλ, is the whole algorithm (ISTA).",
    solution=(
        "def soft_threshold(w, amount):\n    size = (w.abs() - amount).clamp(min=0)\n"
        "    return w.sign() * size"
    ),
)
