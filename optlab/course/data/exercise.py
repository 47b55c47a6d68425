"""The exercises of 01.2: standardise new data, balance classes, choose how far to move digits."""

import torch

from optlab.course.common.exercise import Exercise, Mistake


def _counts(labels: torch.Tensor, classes: int) -> torch.Tensor:
    return labels.bincount(minlength=classes).float()


BALANCED_WEIGHTS = Exercise(
    prompt="A weight for each class: all classes weigh the same in total, and a sample weighs 1 on average.",
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
            "These weights add up to 1 over the classes. It is the mean over the samples that should be 1.",
        ),
    ),
    hint="Count each class first. weight × count must be the same for every class, and its sum over the "
    "classes the number of samples.",
    praise="This is what `class_weight='balanced'` does in scikit-learn.",
    solution=(
        "def balanced_weights(labels, classes):\n"
        "    counts = labels.bincount(minlength=classes)\n"
        "    return len(labels) / (classes * counts)"
    ),
)


def _expected(accuracy: torch.Tensor, share: float) -> torch.Tensor:
    return (1 - share) * accuracy[:, 0] + share * accuracy[:, 1]


NEW, KNOWN = torch.tensor([[1.0, 20.0], [3.0, 60.0]]), torch.tensor([[0.0, 10.0], [2.0, 30.0], [7.0, 80.0]])
STANDARDISED = Exercise(
    prompt="New data, standardised as a network knows them from its training data.",
    cases=(
        (NEW, KNOWN),
        (KNOWN, KNOWN),
        (torch.tensor([[5.0], [9.0]]), torch.tensor([[1.0], [2.0], [4.0]])),
    ),
    truth=lambda x, x_train: (x - x_train.mean(0)) / x_train.std(0),
    mistakes=(
        Mistake(
            lambda x, x_train: (x - x.mean(0)) / x.std(0),  # noqa: ARG005
            "You use the new data's own mean and spread. A single new flower would always come out as nan.",
        ),
        Mistake(
            lambda x, x_train: x - x_train.mean(0),
            "That is centred. The spread of each column should be 1, too.",
        ),
        Mistake(
            lambda x, x_train: (x - x_train.mean()) / x_train.std(),
            "One mean for all columns leaves them as unequal as before. Each column has its own.",
        ),
        Mistake(
            lambda x, x_train: (x - x_train.mean(0)) / x_train.var(0),
            "You divide by the variance, whose unit is squared. Divide by its root.",
        ),
    ),
    hint="Subtract each column's mean, then divide by its standard deviation, both of the training data.",
    praise="The test data must not decide about their own preparation.",
    solution="def standardised(x, x_train):\n    return (x - x_train.mean(0)) / x_train.std(0)",
)

BEST_MOVE = Exercise(
    prompt="How far should training digits be moved, if a share of the digits to come is moved?",
    cases=(
        (torch.tensor([[0.93, 0.58], [0.90, 0.74], [0.75, 0.76]]), 0.0),
        (torch.tensor([[0.93, 0.58], [0.90, 0.74], [0.75, 0.76]]), 0.4),
        (torch.tensor([[0.93, 0.58], [0.90, 0.74], [0.75, 0.76]]), 1.0),
        (torch.tensor([[0.95, 0.30], [0.80, 0.60]]), 0.25),
        (torch.tensor([[0.95, 0.30], [0.80, 0.60]]), 0.75),
    ),
    truth=lambda accuracy, share: int(_expected(accuracy, share).argmax()),
    mistakes=(
        Mistake(
            lambda accuracy, share: int(accuracy[:, 1].argmax()),  # noqa: ARG005
            "You look at moved digits alone. Some of those to come are in place.",
        ),
        Mistake(
            lambda accuracy, share: int(accuracy[:, 0].argmax()),  # noqa: ARG005
            "You look at digits in place alone. Some of those to come are moved.",
        ),
        Mistake(
            lambda accuracy, share: int(accuracy.mean(1).argmax()),  # noqa: ARG005
            "You give both kinds of digits the same weight. How often does each come?",
        ),
        Mistake(
            lambda accuracy, share: int(_expected(accuracy, 1 - share).argmax()),
            "You have the two kinds the other way round: the first column is for digits in place.",
        ),
    ),
    hint="Weight the two columns by how often each kind comes and add them. Which row has the largest sum?",
    praise="Augmentation is a forecast of what will come: choose it as one.",
    solution=(
        "def best_move(accuracy, share):\n"
        "    expected = (1 - share) * accuracy[:, 0] + share * accuracy[:, 1]\n"
        "    return expected.argmax()"
    ),
)
