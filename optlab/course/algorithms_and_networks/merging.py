"""Networks that are trained together for a while and then apart, and the mean of their weights."""

from dataclasses import dataclass, field
from functools import cache

import numpy as np
import torch
from torch import Tensor

from optlab import MLP, Record, grid, train
from optlab.engine.data.digits import digits, theta_of
from optlab.engine.models.losses import cross_entropy
from optlab.engine.systems.threads import threads

MEMBERS = 6
TOGETHER = ("never", "the start", "1 epoch", "10 epochs")
"""How long the networks were one; "the start": they share their initial weights and nothing else."""

EPOCHS = {"the start": 0, "1 epoch": 1, "10 epochs": 10}
TOTAL = 15
PLACES = np.linspace(0, 1, 21)
"""Points on the straight line between two networks: 0 is the one, 1 the other."""

MODEL = MLP((64, 32, 10))


@dataclass(frozen=True)
class Merged(Record):
    """Means of networks.

    Args:
        settings: `together` and `members`, each `(settings,)`.
        line: the test loss at `PLACES` between the first two networks, `(settings, PLACES)`.
        loss: the test loss of the mean of 1, 2, … networks, `(settings, MEMBERS)`.
        each: the test loss of each network, `(settings, MEMBERS)`.
        accuracy: the test accuracy of the mean of 1, 2, … networks, `(settings, MEMBERS)`.
    """

    line: np.ndarray
    loss: np.ndarray
    each: np.ndarray
    accuracy: np.ndarray


@cache
@threads(1)
def family(together: str, first: int = 0, total: int = TOTAL) -> Tensor:
    """Train six networks; computed once.

    Args:
        together: a name from `TOGETHER`.
        first: the first of six seeds.
        total: epochs that each is trained for, those together included.

    Returns:
        Their parameters, `(MEMBERS, parameters)`.
    """
    seeds = first + np.arange(MEMBERS)
    if together == "never":
        return _trained(MODEL, total, seeds)
    epochs = EPOCHS[together]
    ancestor = _trained(MODEL, epochs, first)[0] if epochs else MODEL.start(first)
    return _trained(Descendant(MODEL.widths, ancestor=ancestor), total - epochs, 100 + seeds)


@dataclass(frozen=True, eq=False)
class Descendant(MLP):
    """A network that starts from given parameters, whatever the seed.

    Args:
        ancestor: the parameters, `(parameters,)`.
    """

    ancestor: Tensor = field(kw_only=True)

    def start(self, seed: int) -> Tensor:
        """The given parameters."""
        return self.ancestor


def _trained(model: MLP, epochs: int, seed: int | np.ndarray) -> Tensor:
    return theta_of(train(digits(), model=model, epochs=epochs, lr=0.5, batch_size=32, seed=seed).weights)


def judged(theta: Tensor) -> tuple[np.ndarray, np.ndarray]:
    """The test loss and the test accuracy of networks `(networks, parameters)`."""
    outputs = MODEL(theta, digits().x_test[None])
    loss = cross_entropy(outputs, digits().y_test).mean(1)
    return loss.numpy(), (outputs.argmax(2) == digits().y_test).float().mean(1).numpy()


def _row(together: str) -> list[np.ndarray]:
    nets = family(together)
    t = torch.from_numpy(PLACES).float()[:, None]
    line, _ = judged((1 - t) * nets[0] + t * nets[1])
    loss, accuracy = judged(torch.stack([nets[:k].mean(0) for k in range(1, MEMBERS + 1)]))
    return [line, loss, judged(nets)[0], accuracy]


@cache
@threads(1)
def merged() -> Merged:
    """The means of one to six networks of every family; computed once.

    Returns:
        The record: for each family every number of members.
    """
    settings = grid(together=TOGETHER, members=range(1, MEMBERS + 1))
    arrays = [np.repeat(np.stack(a), MEMBERS, axis=0) for a in zip(*map(_row, TOGETHER), strict=True)]
    return Merged(settings, *arrays)
