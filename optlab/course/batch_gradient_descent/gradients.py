"""Gradients of random batches at one point, and how far they are from the full gradient."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import torch
from torch import Tensor

from optlab import MLP, iris_pair, train
from optlab.engine.analysis.sampling_noise import batch_noise
from optlab.engine.models.losses import LOSSES
from optlab.engine.validation import count, one_of

BATCHES = 2048
"""How many random batches of each size are looked at."""
DRAWS = ("without replacement", "with replacement")
NETWORK = MLP((4, 16, 2))
LR, BATCH_SIZE = 0.5, 16
"""How the article's network is trained up to the point that is looked at."""


@dataclass(frozen=True)
class Gradients:
    """The gradients of all samples and of random batches, at one point.

    Args:
        samples: the gradient of each sample's loss, `(samples, parameters)`.
        noise: for each way to draw the mean squared distance of a batch's gradient from the full one, over
            all batches of 1, 2, …, N samples, `(draws, samples)`.
        plane: two directions, orthonormal: that of the full gradient, and across it the one with the most
            noise, `(2, parameters)`.
        clouds: the batches' gradients in that plane, `(draws, samples, batches, 2)`.
    """

    samples: np.ndarray
    noise: np.ndarray
    plane: np.ndarray
    clouds: np.ndarray

    @property
    def full(self) -> np.ndarray:
        """The full gradient, `(parameters,)`."""
        return self.samples.mean(0)

    @property
    def variance(self) -> float:
        """σ²: the variance of one random sample's gradient, summed over the parameters."""
        return float(self.samples.var(0).sum())

    def law(self, draw: str) -> np.ndarray:
        """What theory says of `noise`, for batches of 1, 2, …, N samples, `(samples,)`."""
        n = len(self.samples)
        return batch_noise(self.variance, range(1, n + 1), n, replacement=draw == DRAWS[1])

    def spread(self, batch_size: int, draw: str) -> np.ndarray:
        """The covariance of a cloud by theory, `(2, 2)`."""
        one = np.cov(self.samples @ self.plane.T, rowvar=False, bias=True)
        return one * batch_noise(1.0, batch_size, len(self.samples), replacement=draw == DRAWS[1])

    def downhill(self, batch_size: int, draw: str) -> float:
        """The fraction of batches whose step, if short, lowers the full loss."""
        return float((self.clouds[DRAWS.index(draw), batch_size - 1, :, 0] > 0).mean())


@cache
def gradients_after(epochs: int) -> Gradients:
    """Gradients of the article's network after some epochs of training, 2048 random batches of each size.

    Args:
        epochs: of training with batches of 16 at the rate 0.5, on 80 irises; 0 or more.

    Returns:
        The gradients.

    Raises:
        ValueError: if epochs is not a whole number from 0 on.

    Example:
        >>> at = gradients_after(0)
        >>> at.samples.shape, at.clouds.shape
        ((80, 114), (2, 80, 2048, 2))
    """
    samples = _sample_gradients(_theta_after(epochs))
    plane = _plane(samples)
    seen = [_looked_at(samples, random_orders(draw, len(samples), BATCHES), plane) for draw in DRAWS]
    noise, clouds = (np.stack(part) for part in zip(*seen, strict=True))
    return Gradients(samples, noise, plane, clouds)


@cache
def curvature_after(epochs: int) -> float:
    """L: the largest curvature of the training loss at the same point, its Hessian's largest eigenvalue.

    Args:
        epochs: as in `gradients_after`.

    Returns:
        L; descent with all samples overshoots from the rate 2/L on.

    Raises:
        ValueError: if epochs is not a whole number from 0 on.

    Example:
        >>> round(curvature_after(0), 2)
        1.98
    """
    data, theta = iris_pair(dtype=torch.float64), _theta_after(epochs).double()

    def loss(theta: Tensor) -> Tensor:
        return LOSSES["cross_entropy"](NETWORK(theta[None], data.x_train[None]), data.y_train[None]).mean()

    hessian = torch.autograd.functional.hessian(loss, theta)
    return float(torch.linalg.eigvalsh(hessian)[-1])


def random_orders(draw: str, samples: int, orders: int, seed: int = 0) -> np.ndarray:
    """Random samples, `(orders, samples)`: the first B of a row are a random batch.

    Args:
        draw: one of `DRAWS`.
        samples: how many samples there are.
        orders: how many rows.
        seed: of the random numbers.

    Returns:
        Whole numbers from 0 to samples − 1.

    Raises:
        ValueError: if `draw` is something else.

    Example:
        >>> np.sort(random_orders("without replacement", samples=4, orders=2)).tolist()
        [[0, 1, 2, 3], [0, 1, 2, 3]]
    """
    one_of("draw", draw, DRAWS)
    generator = torch.Generator().manual_seed(seed)
    if draw == DRAWS[1]:
        return torch.randint(samples, (orders, samples), generator=generator).numpy()
    return torch.rand(orders, samples, generator=generator).argsort(1).numpy()


def _looked_at(samples: np.ndarray, orders: np.ndarray, plane: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The noise of batches of 1, 2, … samples, and their gradients in the plane."""
    total, noise, cloud = np.zeros((len(orders), samples.shape[1])), [], []
    for size, picked in enumerate(orders.T, start=1):  # a batch grows by a sample
        total += samples[picked]
        mean = total / size
        noise.append(((mean - samples.mean(0)) ** 2).sum(1).mean())
        cloud.append(mean @ plane.T)
    return np.stack(noise), np.stack(cloud)


def _theta_after(epochs: int) -> Tensor:
    if epochs == 0:
        return NETWORK.start(seed=0)
    run = train(iris_pair(), lr=LR, batch_size=BATCH_SIZE, epochs=count("epochs", epochs))
    return torch.from_numpy(np.concatenate([w.reshape(-1) for w in run.weights.values()]))


def _sample_gradients(theta: Tensor) -> np.ndarray:
    """Each sample has a copy of the parameters, so one backward pass gives all gradients."""
    data = iris_pair(dtype=torch.float64)
    copies = theta.double().expand(len(data), -1).clone().requires_grad_()
    losses = LOSSES["cross_entropy"](NETWORK(copies, data.x_train[:, None]), data.y_train[:, None])
    (grad,) = torch.autograd.grad(losses.sum(), copies)
    return grad.numpy()


def _plane(samples: np.ndarray) -> np.ndarray:
    full = samples.mean(0)
    along = full / np.linalg.norm(full)
    rest = samples - full
    rest = rest - np.outer(rest @ along, along)
    across = np.linalg.svd(rest, full_matrices=False)[2][0]
    return np.stack([along, across])
