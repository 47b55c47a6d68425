"""Double descent: the test error of a linear model on random ReLU features, over the number of features.

A hidden layer of random weights that are never trained, and a linear layer on top that is: so the training
has a closed form, and a curve over the width takes a second. The model says whether a digit is even or odd.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from optlab import Record
from optlab.engine.data.digits import digits

FEATURES = (10, 20, 30, 50, 70, 85, 100, 120, 150, 200, 300, 500, 1000)
SAMPLES = (50, 100, 200)
"""How many digits there are to learn from."""
NOISES = (0.0, 0.1, 0.2)
"""Which share of their labels is wrong."""
L2S = (0.0, 1e-5, 1e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1)
STEPS = (1, 3, 10, 30, 100, 300, 1000, 10**4, 10**5, 10**6, 10**7, 10**8)
"""After how many steps descent may stop."""
DRAWS = 9
"""How many sets of digits and features each number is the median of."""

RATE = 0.5
"""α. With it a step leaves 1 − h − λ of the distance in a direction of eigenvalue h."""


@dataclass(frozen=True)
class Widths(Record):
    """Errors over the number of features; each is the median of `DRAWS` draws.

    Args:
        settings: `features`, `l2`, `steps`, `noise` and `samples`, each `(settings,)`.
        test: the mean squared error on the test digits with each number of `FEATURES`, 1 being that of a
            model that says 0, `(settings, widths)`.
        train: likewise on the digits to learn from.
        plain: `test` with λ = 0 after the most steps.
        tuned: `test` with the best λ of `L2S` for each width, after the most steps.
        over_steps: the test error with this number of features after each of `STEPS`, `(settings, stops)`.
        train_over_steps: likewise on the digits to learn from.
        plain_over_steps: `over_steps` with λ = 0.
    """

    test: np.ndarray
    train: np.ndarray
    plain: np.ndarray
    tuned: np.ndarray
    over_steps: np.ndarray
    train_over_steps: np.ndarray
    plain_over_steps: np.ndarray

    @property
    def width(self) -> np.ndarray:
        """Which of `FEATURES` it has, `(settings,)`."""
        return np.searchsorted(FEATURES, self.settings["features"])

    @property
    def error(self) -> np.ndarray:
        """The test error with its own number of features, `(settings,)`."""
        return self.test[np.arange(len(self)), self.width]


def double_descent(settings: dict[str, np.ndarray]) -> Widths:
    """The errors of all settings.

    Args:
        settings: `features`, `l2`, `steps`, `noise` and `samples`, each `(settings,)`, of the values above.

    Returns:
        The record.

    Example:
        >>> setting = {"features": 50, "l2": 0.01, "steps": 10**8, "noise": 0.0, "samples": 50}
        >>> run = double_descent({name: np.array([value]) for name, value in setting.items()})
        >>> bool(run.plain[0, 3] > 10 * run.test[0, 3])
        True

    Source:
        M. Belkin et al., "Reconciling modern machine-learning practice and the classical bias-variance
        trade-off", 2019; P. Nakkiran et al., "Optimal regularization can mitigate double descent", 2021;
        M. Advani and A. Saxe, "High-dimensional dynamics of generalization error in neural networks", 2017.
    """
    parts = [_one(*row) for row in zip(*(settings[name].tolist() for name in NAMES), strict=True)]
    return Widths(settings, *(np.array(part) for part in zip(*parts, strict=True)))


NAMES = ("features", "l2", "steps", "noise", "samples")


def _one(features: int, l2: float, steps: int, noise: float, samples: int) -> tuple[np.ndarray, ...]:
    """The arrays of a `Widths`, of one setting."""
    test, train = medians(samples)[NOISES.index(noise)]
    own, stop, width = L2S.index(l2), STEPS.index(steps), FEATURES.index(features)
    over_width = (test[:, own, stop], train[:, own, stop], test[:, 0, -1], test[:, :, -1].min(1))
    return *over_width, test[width, own], train[width, own], test[width, 0]


@cache
def medians(samples: int, first: int = 0) -> np.ndarray:
    """Test and training errors of everything with so many samples.

    Args:
        samples: n.
        first: the first of the draws.

    Returns:
        `(noises, 2, features, l2s, stops)`.
    """
    return np.median([errors(draw, samples) for draw in range(first, first + DRAWS)], axis=0)


def errors(draw: int, samples: int) -> np.ndarray:
    """The same of a single draw: of the samples, of which of their labels are wrong, and of the features."""
    x, y, x_test, y_test = even_or_odd()
    rng = np.random.default_rng(draw)
    chosen, chance = rng.permutation(len(x))[:samples], rng.random(samples)
    weights = rng.standard_normal((64, FEATURES[-1]))
    labels = np.where(np.less.outer(chance, NOISES).T, -y[chosen], y[chosen])
    found = [_width(weights[:, :n], x[chosen], labels, x_test, y_test) for n in FEATURES]
    return np.stack(found, axis=2)


def _width(
    weights: np.ndarray, x: np.ndarray, labels: np.ndarray, x_test: np.ndarray, y_test: np.ndarray
) -> np.ndarray:
    """Test and training errors with these features, `(noises, 2, l2s, stops)`."""
    u, sizes, v = np.linalg.svd(relu_features(x, weights), full_matrices=False)
    h = sizes**2 / len(x)
    fits = kept(h, np.array(L2S)[:, None, None], np.array(STEPS)[:, None])[None] * (labels @ u)[:, None, None]
    unseen = relu_features(x_test, weights) @ (v.T / sizes)
    parts = [(unseen, y_test), (u, labels[:, None, None])]
    return np.stack([((fits @ basis.T - truth) ** 2).mean(-1) for basis, truth in parts], axis=1)


def kept(h: Any, l2: Any, steps: Any) -> np.ndarray:
    """The share of the least-squares fit that descent has reached in a direction.

    h/(h + λ) (1 − (1 − h − λ)ᵗ), on J = (1/n)Σ(Xw − y)² + λΣw² with α = ½.

    Args:
        h: the eigenvalue of XᵀX/n in this direction.
        l2: λ.
        steps: t.

    Returns:
        The share, in the shape that the arguments broadcast to.

    Example:
        >>> kept([0.1, 0.001], 0.0, 1000).round(2), kept([0.1, 0.001], 0.01, 10**8).round(2)
        (array([1.  , 0.63]), array([0.91, 0.09]))

    Source:
        I. Goodfellow, Y. Bengio and A. Courville, "Deep learning", 2016, section 7.8.
    """
    whole = np.asarray(h, float) + l2
    return h / whole * (1 - (1 - whole) ** steps)


def relu_features(x: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Random features √(2/N) max(0, xW): a hidden layer of N neurons that is never trained.

    Args:
        x: `(samples, 64)`.
        weights: W, `(64, N)`.

    Returns:
        `(samples, N)`.
    """
    return np.sqrt(2 / weights.shape[1]) * np.maximum(0, x @ weights)


@cache
def even_or_odd() -> tuple[np.ndarray, ...]:
    """Digits to learn from and to test, each with +1 where it is even and −1 where it is odd.

    The pixels are centred, and divided so that the mean of |x|² is 1.

    Returns:
        `x`, `y`, `x_test` and `y_test`.
    """
    data = digits()
    pixels = [part.double().numpy() for part in (data.x_train, data.x_test)]
    middle = pixels[0].mean(0)
    size = np.sqrt(((pixels[0] - middle) ** 2).sum(1).mean())
    x, x_test = ((part - middle) / size for part in pixels)
    y, y_test = (1 - 2 * (part.numpy() % 2) for part in (data.y_train, data.y_test))
    return x, y, x_test, y_test
