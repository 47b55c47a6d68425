"""One network on its way into use: trained, exported, pruned, quantised; sized, timed, tested."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import torch
from torch import nn

from optlab import Dataset, Record, from_arrays, grid, shared
from optlab.engine.systems.bench import PROCESSOR, timed
from optlab.engine.systems.compression import prune_weights
from optlab.engine.systems.neurons import prune_neurons
from optlab.engine.systems.quantization import quantized, stored_bytes, with_int8
from optlab.engine.systems.threads import threads
from optlab.engine.validation import count, whole

FRACTIONS = (0.0, 0.1, 0.25, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
BITS = (32, 8, 4, 3, 2)
KINDS: dict[str, Callable[[Any, float], Any]] = {
    "single weights": prune_weights,
    "whole neurons": prune_neurons,
}
INDEX = 2
"""Bytes for the place of a weight in its row, when only the weights that are not 0 are stored."""


@cache
def digits() -> Dataset:
    """1797 handwritten digits of 8 × 8 pixels, each from 0 to 1; a quarter of them for testing.

    Source:
        E. Alpaydin and C. Kaynak, 1998; `sklearn.datasets.load_digits`.
    """
    from sklearn.datasets import load_digits  # noqa: PLC0415  (importing optlab stays quick)

    x, y = load_digits(return_X_y=True)
    return from_arrays(x / 16, y, test_fraction=0.25, standardize=False, name="handwritten digits")


@cache
def trained(width: int = 512, epochs: int = 10, seed: int = 0) -> nn.Sequential:
    """A network with two hidden layers that reads the digits, trained by Adam; treat it as read-only.

    Args:
        width: neurons in each hidden layer.
        epochs: passes over the 1347 training images.
        seed: of the initial weights and of the batches.

    Returns:
        The network, in `eval` mode.

    Raises:
        ValueError: if `width` or `epochs` is below 1.
    """
    count("width", width), count("epochs", epochs)
    data = digits()
    with torch.random.fork_rng(devices=[]), threads(1):
        torch.manual_seed(seed)
        layers = [nn.Linear(64, width), nn.ReLU(), nn.Linear(width, width), nn.ReLU(), nn.Linear(width, 10)]
        net = nn.Sequential(*layers)
        optimizer = torch.optim.Adam(net.parameters(), lr=0.003)
        for _ in range(epochs):
            for batch in torch.randperm(len(data)).split(64):
                optimizer.zero_grad()
                nn.functional.cross_entropy(net(data.x_train[batch]), data.y_train[batch]).backward()
                optimizer.step()
    return net.eval().requires_grad_(requires_grad=False)


@torch.inference_mode()
def accuracy(net: nn.Module) -> float:
    """The fraction of the 450 test images that a network reads right."""
    data = digits()
    return float((net(data.x_test).argmax(1) == data.y_test).float().mean())


@torch.inference_mode()
def run_time(net: nn.Module, images: int = 450) -> float:
    """How long a network takes for some test images at once, on one core: the best of ten.

    Args:
        net: takes `(samples, 64)`.
        images: 1 to 450.

    Returns:
        Seconds.

    Raises:
        ValueError: if `images` is not 1 to 450.
    """
    x = digits().x_test
    x = x[: int(whole("images", images, most=len(x))[0])].clone()
    with threads(1):
        return timed(lambda: net(x), tries=10, clock=PROCESSOR).best


def exported(net: nn.Module) -> torch.export.ExportedProgram:
    """The network as a graph of operations that needs none of its Python code, for any number of images."""
    samples = torch.export.Dim("samples")
    return torch.export.export(net, (digits().x_test,), dynamic_shapes=({0: samples},))


def file_bytes(program: torch.export.ExportedProgram) -> int:
    """The size of the file that an exported program is saved as."""
    file = io.BytesIO()
    torch.export.save(program, file)
    return len(file.getvalue())


def sparse_bytes(net: nn.Module, bits: int = 32) -> float:
    """Bytes of a network that stores only the weights that are not 0, each with its place in its row.

    Args:
        net: linear layers and what has no numbers.
        bits: of a stored weight, 32 or less; below 32 each row has a scale too.

    Returns:
        Bytes; a count of what each number needs, excluding file-format overhead.

    Raises:
        ValueError: if `bits` is not 1 to 32.

    Example:
        >>> sparse_bytes(nn.Linear(100, 10)), stored_bytes(nn.Linear(100, 10))  # no zeros: nothing gained
        (6060.0, 4040)
    """
    whole("bits", bits, most=32)
    linears = [layer for layer in net.modules() if isinstance(layer, nn.Linear)]
    kept = sum(int(layer.weight.count_nonzero()) for layer in linears)
    rows = sum(layer.out_features for layer in linears)
    each_row = 4 + INDEX + (4 if bits < 32 else 0)  # a bias, how many are kept, a scale
    return kept * (bits / 8 + INDEX) + rows * each_row


@dataclass(frozen=True)
class Deployments(Record):
    """What each way to make a network smaller leaves of it.

    Args:
        settings: `kind` (of `KINDS`), `fraction` (of the weights or neurons, removed) and `bits`, each
            `(settings,)`.
        accuracy: on the test images, `(settings,)`.
        bytes: the smaller of all weights stored, or those that are not 0 with their places, `(settings,)`.
        batch_seconds: measured time for 450 images at once, `(settings,)`.
        one_seconds: measured time for one image, `(settings,)`.
        trained: the same four numbers of the network as it was trained, by name.
    """

    accuracy: np.ndarray
    bytes: np.ndarray
    batch_seconds: np.ndarray
    one_seconds: np.ndarray
    trained: dict[str, float] = shared()

    def relative(self, name: str) -> np.ndarray:
        """One of the four numbers as a multiple of what the network as trained has, `(settings,)`."""
        return getattr(self, name) / self.trained[name]


@cache
def deployments(net: nn.Sequential | None = None) -> Deployments:
    """Prune and quantise one network in all ways, and measure each once.

    A processor multiplies numbers of 32 bits and of 8. Fewer bits make a smaller file, but the weights are
    unpacked before they are used: their time is that of 32 bits.

    Args:
        net: linear layers and ReLUs; the trained one when left out.

    Returns:
        All 100 settings.
    """
    net = trained() if net is None else net
    with threads(1):
        tables = [_table(prune(net, fraction)) for prune in KINDS.values() for fraction in FRACTIONS]
    columns = dict(zip(MEASURED, np.concatenate(tables, axis=1), strict=True))
    settings = grid(kind=list(KINDS), fraction=FRACTIONS, bits=BITS)
    return Deployments(settings, **columns, trained={name: float(c[0]) for name, c in columns.items()})


MEASURED = ("accuracy", "bytes", "batch_seconds", "one_seconds")


def _table(net: nn.Module) -> np.ndarray:
    """What is measured of a network for every number of bits, `(4, bits)`."""
    right = [accuracy(_rounded(net, bits)) for bits in BITS]
    return np.array([right, [_least_bytes(net, bits) for bits in BITS], _times(net, 450), _times(net, 1)])


def _least_bytes(net: nn.Module, bits: int) -> float:
    return min(stored_bytes(net, bits if bits < 32 else None), sparse_bytes(net, bits))


def _rounded(net: nn.Module, bits: int) -> nn.Module:
    """With fewer bits, as the network would really run: at 8 the inputs of each layer are rounded too."""
    if bits == 32:
        return net
    return with_int8(net) if bits == 8 else quantized(net, bits)


def _times(net: nn.Module, images: int) -> list[float]:
    """Measured for 32 and for 8 bits; the others run as 32."""
    full, eight = run_time(net, images), run_time(with_int8(net), images)
    return [eight if bits == 8 else full for bits in BITS]


@dataclass(frozen=True)
class Stage:
    """A network on its way into use.

    Args:
        name: what has been done to it.
        bytes: its size.
        seconds: how long it takes for 450 images.
        accuracy: on the test images.
    """

    name: str
    bytes: int
    seconds: float
    accuracy: float


def stages(fraction: float = 0.25) -> list[Stage]:
    """The one network, stage by stage.

    Args:
        fraction: of the hidden neurons to remove.

    Returns:
        As trained, exported, pruned, in 8 bits, and all of it together.
    """
    net, pruned = trained(), prune_neurons(trained(), fraction)
    graph, small = exported(net), with_int8(pruned)
    return [
        _stage("as trained", net, stored_bytes(net)),
        _stage("exported", graph.module(), stored_bytes(net)),
        _stage(f"{fraction:.0%} of the neurons removed", pruned, stored_bytes(pruned)),
        _stage("8 bits", with_int8(net), stored_bytes(with_int8(net))),
        _stage("all three", exported(small).module(), stored_bytes(small)),
    ]


def _stage(name: str, net: nn.Module, size: int) -> Stage:
    return Stage(name, size, run_time(net), accuracy(net))
