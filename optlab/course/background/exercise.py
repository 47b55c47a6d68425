"""The exercise of 01: weights that make rare classes count as much as common ones."""

import torch

from optlab.course.common.exercise import Exercise, Mistake


def _counts(labels: torch.Tensor, classes: int) -> torch.Tensor:
    return labels.bincount(minlength=classes).float()


BALANCED_WEIGHTS = Exercise(
    prompt="A weight for each class: every class weighs the same in all, and a sample 1 on average.",
    cases=(
        (torch.tensor([0, 0, 0, 1]), 2),
        (torch.tensor([0, 1, 1, 2, 2, 2, 2, 2]), 3),
        (torch.tensor([1, 0, 1, 0]), 2),
        (torch.tensor([3, 0, 1, 2, 2, 3, 3, 3, 3, 0]), 4),
    ),
    truth=lambda labels, classes: len(labels) / (classes * _counts(labels, classes)),
    mistakes=(
        Mistake(
            lambda labels, classes: 1 / _counts(labels, classes),
            "The classes are balanced, but the whole loss has shrunk. What does a sample weigh on average?",
        ),
        Mistake(
            lambda labels, classes: len(labels) / _counts(labels, classes),
            "Nearly: now each class weighs as much as all samples together, so the loss and its gradient "
            "have grown.",
        ),
        Mistake(
            lambda labels, classes: classes * _counts(labels, classes) / len(labels),
            "Upside down: the common class gets the larger weight.",
        ),
        Mistake(
            lambda labels, classes: 1 - _counts(labels, classes) / len(labels),
            "The rare class gets more, but not enough. Count: weight × samples should be the same for each "
            "class.",
        ),
        Mistake(
            lambda labels, classes: 1 / _counts(labels, classes) / (1 / _counts(labels, classes)).sum(),
            "These weights add up to 1 over the classes. The wish was about the mean over the samples.",
        ),
    ),
    hint="Count each class first. weight × count must be the same for every class, and all of it together "
    "the number of samples.",
    praise="This is what `class_weight='balanced'` does in scikit-learn.",
    solution=(
        "def balanced_weights(labels, classes):\n"
        "    counts = labels.bincount(minlength=classes)\n"
        "    return len(labels) / (classes * counts)"
    ),
)
