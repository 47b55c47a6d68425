"""A few eights among many other digits: what a classifier finds, with three remedies and without."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from optlab import Record, grid
from optlab.engine.data.digits import digits
from optlab.engine.systems.threads import threads

COUNTS = (2, 4, 8, 16, 32, 64)
"""How many eights there are to learn from; all other digits stay."""

REMEDIES = ("none", "class weights", "repeat eights", "drop others")
SEEDS = 4
STEPS = 200
LR = 1.0


@dataclass(frozen=True)
class Screened(Record):
    """Classifiers by the number of eights and the remedy.

    Args:
        settings: `count` and `remedy`, each `(settings,)`.
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


def fit(weights: Tensor) -> Tensor:
    """Logistic regression by gradient descent on the weighted loss, many at once.

    Args:
        weights: of each training digit, `(settings, training digits)`.

    Returns:
        The coefficients and, last, the intercept, `(settings, 65)`.
    """
    x = functional.pad(digits().x_train, (0, 1), value=1.0)
    y = is_eight(digits().y_train).float()
    theta = torch.zeros(len(weights), x.shape[1])
    for _ in range(STEPS):
        theta = theta - LR * (weights * (torch.sigmoid(theta @ x.T) - y)) @ x
    return theta


@cache
@threads(1)
def screened() -> Screened:
    """Fit a classifier for every number of eights and every remedy; computed once.

    Returns:
        The record: for each number every remedy; means over `SEEDS` choices of the eights.
    """
    settings = grid(count=COUNTS, remedy=REMEDIES)
    cases = [(int(count), str(remedy)) for count, remedy in zip(*settings.values(), strict=True)]
    theta = fit(torch.stack([weights_for(*case, seed=s) for case in cases for s in range(SEEDS)]))
    called = theta @ functional.pad(digits().x_test, (0, 1), value=1.0).T > 0
    eight = is_eight(digits().y_test).bool()
    found, spared = (
        right.float().mean(1).view(-1, SEEDS).mean(1).double().numpy()
        for right in (called[:, eight], ~called[:, ~eight])
    )
    rare = settings["count"] / (settings["count"] + OTHERS)
    return Screened(settings, found, spared, rare * found + (1 - rare) * spared)
