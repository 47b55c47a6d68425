"""A small network on two noisy moons, trained for every λ at once: what regularisation does, in full."""

from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np
import torch

from optlab import MLP, Dataset, History, Record, train
from optlab.engine.data.digits import theta_of
from optlab.engine.models.losses import cross_entropy
from optlab.engine.models.penalties import split
from optlab.engine.training.callbacks import Callback, EpochRecord
from optlab.engine.validation import whole
from optlab.params import log_values

STRENGTHS = (0.0, *log_values(1e-4, 1, 4)[:-2])
"""Every λ of the axis."""

EPOCHS = 300
TRAINING: dict[str, Any] = {"optimizer": "momentum", "momentum": 0.9, "lr": 0.3, "schedule": "cosine"}
"""How each network is trained; the rate falls to 0, so that L1's jitter dies out."""

STOPS = (0, 1, 2, 4, 7, 12, 20, 35, 60, 120, EPOCHS)
"""The epochs after which each network is looked at: close at first, when most of it changes."""

MODEL = MLP((2, 64, 2))
NEAR_ZERO = 1e-3
"""The size below which a weight counts as 0."""

LIMITS = (-2.0, 3.0, -1.75, 2.25)
PIXELS = (40, 50)
"""The part of the plane that is looked at, and its rows and columns."""


def moons(samples: int = 30, *, seed: int = 1, noise: float = 0.3) -> tuple[Dataset, Dataset]:
    """Two half circles that reach into each other, blurred so much that no line could be right everywhere.

    Args:
        samples: points to learn from, 4 to 1000; a larger set holds the smaller one.
        seed: of the points to learn from, and of those for validation.
        noise: how much each point is moved, as a standard deviation.

    Returns:
        The training points twice: with 100 validation points, to choose by, in the place of the test part;
        and with 2000 test points, to be judged by.

    Raises:
        ValueError: if `samples` or `seed` is out of range.

    Example:
        >>> choosing, judging = moons(40)
        >>> len(choosing), len(choosing.x_test), len(judging.x_test)
        (40, 100, 2000)
    """
    n, draw = int(whole("samples", samples, 4, 1000)[0]), int(whole("seed", seed, 0, 10**6)[0])
    x, y = _points(1000, 2 * draw, noise)
    parts = (_points(100, 2 * draw + 1, noise), _points(2000, 2**31, noise))
    choosing, judging = (
        Dataset(x[:n], y[:n], *part, name="two moons", classes=("upper", "lower")) for part in parts
    )
    return choosing, judging


def _points(count: int, seed: int, noise: float) -> tuple[torch.Tensor, torch.Tensor]:
    from sklearn.datasets import make_moons  # noqa: PLC0415  (loaded when its data are asked for)

    x, y = make_moons(count, noise=noise, random_state=seed)
    return torch.as_tensor(x), torch.as_tensor(y)


@dataclass(frozen=True)
class Fits(Record):
    """Networks trained on two moons.

    Args:
        settings: `strength`, `kind` and `samples`, and whatever else the lab has, each `(settings,)`.
        train_loss: J₁ on the training points, `(settings, epochs + 1)`.
        validation_loss: J₁ on the validation points, likewise.
        accuracy: of the training and of the validation points at the end, `(settings, 2)`.
        accuracies: the same at every one of the `STOPS`, `(settings, stops, 2)`.
        test_loss: J₁ on the test points at the end, `(settings,)`.
        weight_norm: the Euclidean norm of all weights, `(settings, epochs + 1)`.
        weights: all weights at the end, without the biases, `(settings, weights)`.
        field: the probability of the second class over `LIMITS`, bottom row first, `(settings, rows,
            columns)`.
        fields: likewise at every one of the `STOPS`, in hundredths, `(settings, stops, rows, columns)`.
        sizes: the magnitudes of all weights at every stop, largest first, to 11 bits, `(settings, stops,
            weights)`.
        curves: training, validation and test loss and weight norm at the end, for every λ of `STRENGTHS` at
            this kind and these samples, `(settings, 4, strengths)`.
    """

    train_loss: np.ndarray
    validation_loss: np.ndarray
    accuracy: np.ndarray
    accuracies: np.ndarray
    test_loss: np.ndarray
    weight_norm: np.ndarray
    weights: np.ndarray
    field: np.ndarray
    fields: np.ndarray
    sizes: np.ndarray
    curves: np.ndarray

    @property
    def zeros(self) -> np.ndarray:
        """How many weights are practically 0, `(settings,)`."""
        return (np.abs(self.weights) < NEAR_ZERO).sum(axis=1)


@cache
def fit(kind: str, samples: int = 30, seed: int = 1) -> Fits:
    """Train the network for every λ of `STRENGTHS` at once; the result is cached.

    Args:
        kind: J₂, a name from `penalties.KINDS`.
        samples: number of training points.
        seed: of the points.

    Returns:
        The fits, one row a λ.

    Raises:
        ValueError: as `moons` and `penalties.split` do.

    Example:
        >>> STRENGTHS[int(fit("L2").curves[0, 1].argmin())]
        0.0032
    """
    choosing, judging = moons(samples, seed=seed)
    l2, l1 = split([kind] * len(STRENGTHS), STRENGTHS)
    asked: dict[str, Any] = {"model": MODEL, "l2": l2, "l1": l1, "batch_size": samples, "epochs": EPOCHS}
    looks = _Looks()
    whole = train(choosing, callbacks=[looks], **asked, **TRAINING)
    n = len(STRENGTHS)
    settings = {"strength": np.array(STRENGTHS), "kind": np.repeat(kind, n), "samples": np.repeat(samples, n)}
    return _fits(settings, whole, looks.seen, judging)


class _Looks(Callback):
    """Keeps all parameters, as they are at each of the `STOPS`."""

    def __init__(self) -> None:
        self.seen: list[dict[str, np.ndarray]] = []

    def on_epoch_end(self, record: EpochRecord) -> None:
        if record.epoch in STOPS:
            self.seen.append(record.weights())


def _fits(
    settings: dict[str, np.ndarray], whole: History, seen: list[dict[str, np.ndarray]], judging: Dataset
) -> Fits:
    """What a training says, and what its networks were at every one of the `STOPS`."""
    theta, weights = [theta_of(parts) for parts in seen], [_weights(parts) for parts in seen]
    fields = [_field(one) for one in theta]
    test_loss = cross_entropy(MODEL(theta[-1], judging.x_test[None]), judging.y_test).mean(1).numpy()
    ends = [whole.train_loss[:, -1], whole.test_loss[:, -1], test_loss, whole.weight_norm[:, -1]]
    accuracies = np.stack([whole.train_accuracy, whole.test_accuracy], axis=-1)[:, list(STOPS)]
    return Fits(
        settings,
        train_loss=whole.train_loss,
        validation_loss=whole.test_loss,
        accuracy=accuracies[:, -1],
        accuracies=accuracies,
        test_loss=test_loss,
        weight_norm=whole.weight_norm,
        weights=weights[-1],
        field=fields[-1],
        fields=(np.stack(fields, axis=1) * 100).round().astype(np.uint8),
        sizes=np.sort(np.abs(np.stack(weights, axis=1)))[..., ::-1].astype(np.float16),
        curves=np.repeat(np.stack(ends)[None], len(whole), axis=0),
    )


def _weights(parts: dict[str, np.ndarray]) -> np.ndarray:
    """The weights without the biases, `(settings, weights)`."""
    weights = [part for name, part in parts.items() if name.endswith("weight")]
    return np.concatenate([part.reshape(len(part), -1) for part in weights], axis=1)


def _field(theta: torch.Tensor) -> np.ndarray:
    """What the networks answer at every pixel of the picture, `(settings, rows, columns)`."""
    left, right, bottom, top = LIMITS
    rows, columns = PIXELS
    across = left + (torch.arange(columns) + 0.5) * (right - left) / columns
    up = bottom + (torch.arange(rows) + 0.5) * (top - bottom) / rows
    y, x = torch.meshgrid(up, across, indexing="ij")
    points = torch.stack([x, y], -1).reshape(1, -1, 2).to(theta.dtype)
    return MODEL(theta, points).softmax(-1)[..., 1].reshape(-1, rows, columns).numpy()


def fit_all(settings: dict[str, np.ndarray]) -> Fits:
    """The fits of any settings of `strength`, `kind` and `samples`; other columns are kept as they are.

    Args:
        settings: each `(settings,)`; every strength one of `STRENGTHS`.

    Returns:
        The fits, in this order.
    """
    trained = dict.fromkeys(zip(settings["kind"].tolist(), settings["samples"].tolist(), strict=True))
    found = Fits.concat([fit(kind, samples) for kind, samples in trained]).find(settings)
    return replace(found, settings=settings)
