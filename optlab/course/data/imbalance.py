"""A few eights among many other digits: what a classifier finds, how soon, with and without a remedy."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from optlab import Record, grid
from optlab.engine.data.digits import digits
from optlab.engine.systems.threads import threads

COUNTS = (4, 8, 16, 32, 64)
"""How many eights there are to learn from; all other digits stay."""

REMEDIES = ("none", "class weights", "repeat eights", "drop others")
SEEDS = 4
STEPS = (200, 400, 1000, 2000, 4000)
"""How long descent goes on: one run, looked at after so many steps."""
LR = 1.0


@dataclass(frozen=True)
class Screened(Record):
    """Classifiers by the number of eights, the remedy and the number of steps.

    Args:
        settings: `count`, `remedy` and `steps`, each `(settings,)`.
        found: the recall of the eights: the fraction of them that are called eights, `(settings,)`.
        spared: the recall of all others: the fraction that are not called eights, `(settings,)`.
        accuracy: where eights are as rare as in training, `(settings,)`.
    """

    found: np.ndarray
    spared: np.ndarray
    accuracy: np.ndarray


def is_eight(labels: Tensor) -> Tensor:
    """1 for an eight and 0 for any other digit."""
    return (labels == 8).long()


@cache
def _places() -> tuple[Tensor, Tensor]:
    """Where the eights and the others are among the training digits."""
    eight = is_eight(digits().y_train)
    return torch.nonzero(eight)[:, 0], torch.nonzero(1 - eight)[:, 0]


OTHERS = 1082
EIGHTS = 116


def class_weights(labels: Tensor) -> Tensor:
    """A weight for each class, so that all classes weigh the same: samples / (classes · its samples).

    Args:
        labels: class numbers, every class at least once, `(samples,)`.

    Returns:
        `(classes,)`.

    Example:
        >>> class_weights(torch.tensor([0, 0, 0, 1]))
        tensor([0.6667, 2.0000])

    Source:
        G. King and L. Zeng, "Logistic regression in rare events data", 2001; `class_weight="balanced"` in
        scikit-learn.
    """
    counts = labels.bincount()
    return len(labels) / (len(counts) * counts.float())


def weights_for(count: int, remedy: str, seed: int = 0) -> Tensor:
    """How much each training digit counts in the loss: 0 if it is not there, 2 if it is there twice.

    Args:
        count: how many eights there are, 1 or more.
        remedy: a name from `REMEDIES`.
        seed: which eights, and which are drawn.

    Returns:
        `(training digits,)`; they add up to 1.

    Raises:
        ValueError: if the remedy is not known.
    """
    eights, others = _places()
    draw = torch.Generator().manual_seed(seed)
    known = eights[torch.randperm(len(eights), generator=draw)[:count]]
    there = torch.zeros(len(digits()))
    there[others], there[known] = 1.0, 1.0
    if remedy == "class weights":
        there *= class_weights(is_eight(digits().y_train[there > 0]))[is_eight(digits().y_train)]
    elif remedy == "repeat eights":
        drawn = known[torch.randint(count, (len(others),), generator=draw)]
        there[eights] = drawn.bincount(minlength=len(there)).float()[eights]
    elif remedy == "drop others":
        there[others] = 0.0
        there[others[torch.randperm(len(others), generator=draw)[:count]]] = 1.0
    elif remedy != "none":
        raise ValueError(f"remedy={remedy!r}: expected one of {', '.join(REMEDIES)}")
    return there / there.sum()


def fit(weights: Tensor, steps: int, theta: Tensor | None = None) -> Tensor:
    """Logistic regression by gradient descent on the weighted loss, many at once.

    Args:
        weights: of each training digit, `(settings, training digits)`.
        steps: how many.
        theta: where descent begins, as it is returned; at 0 if left out.

    Returns:
        The coefficients and, last, the intercept, `(settings, 65)`.
    """
    x = functional.pad(digits().x_train, (0, 1), value=1.0)
    across, y = x.T.contiguous(), is_eight(digits().y_train).float()
    theta = torch.zeros(len(weights), x.shape[1]) if theta is None else theta.clone()
    slope = torch.empty_like(weights)
    for _ in range(steps):
        torch.mm(theta, across, out=slope).sigmoid_().sub_(y).mul_(weights)
        theta.addmm_(slope, x, alpha=-LR)
    return theta


CASES = [(count, remedy) for count in COUNTS for remedy in REMEDIES]


@cache
@threads(1)
def _fitted(steps: int) -> Tensor:
    """Classifiers for all cases and seeds after so many steps; goes on from the number before in `STEPS`."""
    k = STEPS.index(steps)
    if k:
        return fit(_weights(), steps - STEPS[k - 1], _fitted(STEPS[k - 1]))
    return fit(_weights(), steps)


@cache
def _weights() -> Tensor:
    return torch.stack([weights_for(*case, seed=s) for case in CASES for s in range(SEEDS)])


def recalls(theta: Tensor) -> Tensor:
    """What classifiers find in the test: the recall of the eights and that of all others, `(2, settings)`."""
    called = theta @ functional.pad(digits().x_test, (0, 1), value=1.0).T > 0
    eight = is_eight(digits().y_test).bool()
    return torch.stack([right.float().mean(1) for right in (called[:, eight], ~called[:, ~eight])])


@cache
def screened(steps: int) -> Screened:
    """Classifiers for every number of eights and every remedy; computed once.

    Args:
        steps: one of `STEPS`.

    Returns:
        The record: for each number every remedy; means over `SEEDS` choices of the eights.
    """
    settings = grid(count=COUNTS, remedy=REMEDIES, steps=[steps])
    found, spared = recalls(_fitted(steps)).view(2, -1, SEEDS).mean(2).double().numpy()
    rare = settings["count"] / (settings["count"] + OTHERS)
    return Screened(settings, found, spared, rare * found + (1 - rare) * spared)


def screen(settings: dict[str, np.ndarray]) -> Screened:
    """Classifiers for some settings.

    Args:
        settings: `count`, `remedy` and `steps`, each `(settings,)`, among the values above.

    Returns:
        The record.
    """
    steps = sorted({int(number) for number in settings["steps"]})
    return Screened.concat([screened(number) for number in steps]).find(settings)
