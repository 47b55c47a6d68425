"""The size of activations and gradients, layer by layer, in a deep network before any training."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from torch import Tensor

from optlab import Record
from optlab.engine.validation import choice, count, positive

DEPTH = 30

ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {"relu": torch.relu, "tanh": torch.tanh}
"""The nonlinearities by name."""

NODES = (np.arange(8000) + 0.5) / 500 - 8
WEIGHTS = np.exp(-(NODES**2) / 2) / np.exp(-(NODES**2) / 2).sum()
"""A mean over the standard normal distribution as a sum, fine enough for a saturated tanh."""


def he_std(inputs: Any) -> Any:
    """The standard deviation that keeps ReLU layers at one size: √(2 / inputs).

    Source:
        K. He et al., "Delving deep into rectifiers", ICCV 2015.
    """
    return np.sqrt(2 / np.asarray(inputs))


def xavier_std(inputs: Any, outputs: Any) -> Any:
    """The standard deviation that keeps tanh layers near one size: √(2 / (inputs + outputs)).

    Source:
        X. Glorot and Y. Bengio, "Understanding the difficulty of training deep feedforward neural
        networks", AISTATS 2010.
    """
    return np.sqrt(2 / (np.asarray(inputs) + np.asarray(outputs)))


@dataclass(frozen=True)
class Signals(Record):
    """Sizes, as root mean squares over units and samples.

    Args:
        activation: of what leaves each layer, `(settings, depth + 1)`; the first is the input, of size 1.
        gradient: of the loss's gradient by it, `(settings, depth + 1)`; the last one has size 1.
        expected_activation: what theory expects, `(settings, depth + 1)`.
        expected_gradient: what theory expects, `(settings, depth + 1)`.
    """

    activation: np.ndarray
    gradient: np.ndarray
    expected_activation: np.ndarray
    expected_gradient: np.ndarray


def layers(settings: dict[str, Any]) -> Signals:
    """Send signals through `DEPTH` layers, for each setting.

    Args:
        settings: `std`, `activation` and `width`, each `(settings,)`, as in `send`.

    Returns:
        The sizes.

    Source:
        The article, section 2: weight initialisation.
    """
    kinds = list(zip(settings["activation"].tolist(), settings["width"].tolist(), strict=True))
    parts = []
    for kind in dict.fromkeys(kinds):
        own = {name: column[[other == kind for other in kinds]] for name, column in settings.items()}
        parts.append(replace(send(own["std"], activation=kind[0], width=kind[1]), settings=own))
    return Signals.concat(parts).find(settings)


def send(
    std: Any,
    *,
    width: int = 200,
    depth: int = DEPTH,
    activation: str = "relu",
    samples: int = 32,
    seed: int = 0,
) -> Signals:
    """Send random inputs forward and a random gradient back through a deep network of equal layers.

    h₀ ~ N(0, 1), hₗ = φ(Wₗ hₗ₋₁), every weight from N(0, std²), no biases. All settings share one draw of the
    weights, so that only the size differs.

    Args:
        std: standard deviation of the weights, a number or `(settings,)`, above 0.
        width: units in every layer.
        depth: how many layers.
        activation: φ, a name from `ACTIVATIONS`.
        samples: how many inputs.
        seed: of weights, inputs and gradient.

    Returns:
        The sizes, and those that theory expects.

    Raises:
        ValueError: if an argument is out of range or not known.

    Example:
        >>> sizes = send([0.05, 0.1, 0.2], width=200, depth=20)
        >>> [f"{size:.0e}" for size in sizes.expected_activation[:, -1]]
        ['1e-06', '1e+00', '1e+06']
    """
    stds = positive("std", std)
    phi, depth = choice("activation", activation, ACTIVATIONS), count("depth", depth)
    generator = torch.Generator().manual_seed(seed)
    scale = torch.from_numpy(stds)[:, None, None]

    def normal(*shape: int) -> Tensor:
        return torch.randn(*shape, generator=generator, dtype=torch.float64)

    with torch.enable_grad():
        hidden = [normal(width, samples).expand(len(stds), -1, -1).clone().requires_grad_()]
        for _ in range(depth):
            hidden.append(phi(scale * (normal(width, width) @ hidden[-1])))
        grads = torch.autograd.grad(hidden[-1], hidden, normal(width, samples).expand_as(hidden[-1]))
    expected = [expected_sizes(s, width, depth, activation) for s in stds.tolist()]
    return Signals({"std": stds}, _sizes(hidden), _sizes(grads), *map(np.stack, zip(*expected, strict=True)))


def _sizes(tensors: Any) -> np.ndarray:
    return torch.stack([t.detach().square().mean((1, 2)).sqrt() for t in tensors], dim=1).numpy()


def expected_sizes(std: float, width: int, depth: int, activation: str) -> tuple[np.ndarray, np.ndarray]:
    """What theory expects of very wide layers, where Wh is normal, of variance q = n σ² × (mean square of h).

    Forward, the mean square of the next layer is E[φ(√q z)²]; backward, a layer multiplies the mean square of
    the gradient by n σ² E[φ′(√q z)²]. For ReLU both are n σ²/2 a layer, which is 1 for He's σ.

    Args:
        std: σ.
        width: n.
        depth: how many layers.
        activation: φ, a name from `ACTIVATIONS`.

    Returns:
        The root mean squares of activation and gradient, each `(depth + 1,)`; the first activation and the
        last gradient are 1.

    Raises:
        ValueError: if `activation` is not known.

    Example:
        >>> forward, backward = expected_sizes(0.2, width=100, depth=2, activation="relu")
        >>> forward.round(6).tolist(), backward.round(6).tolist()
        ([1.0, 1.414214, 2.0], [2.0, 1.414214, 1.0])

    Source:
        B. Poole et al., "Exponential expressivity in deep neural networks through transient chaos", 2016;
        S. Schoenholz et al., "Deep information propagation", ICLR 2017.
    """
    choice("activation", activation, ACTIVATIONS)
    squares, factors = [1.0], []
    for _ in range(depth):
        before = np.sqrt(width * std**2 * squares[-1]) * NODES
        value, slope = _value_and_slope(before, activation)
        squares.append(float(WEIGHTS @ value**2))
        factors.append(width * std**2 * float(WEIGHTS @ slope**2))
    backward = np.cumprod([1.0, *factors[::-1]])[::-1]
    return np.sqrt(squares), np.sqrt(backward)


def _value_and_slope(before: np.ndarray, activation: str) -> tuple[np.ndarray, np.ndarray]:
    if activation == "relu":
        return np.maximum(before, 0), (before > 0).astype(float)
    value = np.tanh(before)
    return value, 1 - value**2
