"""One network on its way to where it is used: trained, exported, pruned, quantised; sized, timed, tested."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import torch
from torch import nn

from optlab.course.faq.cost import best_time
from optlab.engine.data.dataset import Dataset, from_arrays
from optlab.engine.systems.compression import prune_neurons, prune_weights
from optlab.engine.systems.quantization import quantized, stored_bytes, with_int8
from optlab.engine.systems.threads import threads
from optlab.engine.validation import count, whole

__all__ = [
    "BITS",
    "KINDS",
    "SHARES",
    "Deployments",
    "Stage",
    "accuracy",
    "deployments",
    "digits",
    "exported",
    "file_bytes",
    "run_time",
    "sparse_bytes",
    "stages",
    "trained",
]

SHARES = (0.0, 0.1, 0.25, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
BITS = (32, 8, 4, 3, 2)
KINDS: dict[str, Callable[[Any, float], Any]] = {
    "single weights": prune_weights,
    "whole neurons": prune_neurons,
}
INDEX = 2
"""Bytes that say where a weight stands in its row, when only those that are not 0 are stored."""


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
def trained(width: int = 512, epochs: int = 10) -> nn.Sequential:
    """A network with two hidden layers that reads the digits, trained by Adam; treat it as read-only.

    Args:
        width: neurons in each hidden layer.
        epochs: passes over the 1347 training images.

    Returns:
        The network, in `eval` mode.

    Raises:
        ValueError: if `width` or `epochs` is below 1.
    """
    count("width", width), count("epochs", epochs)
    data = digits()
    with torch.random.fork_rng(devices=[]), threads(1):
        torch.manual_seed(0)
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
    """The share of the 450 test images that a network reads right."""
    data = digits()
    return float((net(data.x_test).argmax(1) == data.y_test).float().mean())


@torch.inference_mode()
def run_time(net: nn.Module, images: int = 450) -> float:
    """How long a network takes for so many test images at once, on one core: the best of ten.

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
        return best_time(lambda: net(x), tries=10)


def exported(net: nn.Module) -> torch.export.ExportedProgram:
    """The network as a graph of operations that needs none of its Python code, for any number of images."""
    samples = torch.export.Dim("samples")
    return torch.export.export(net, (digits().x_test,), dynamic_shapes=({0: samples},))


def file_bytes(program: torch.export.ExportedProgram) -> int:
    """How long the file is that an exported program makes."""
    file = io.BytesIO()
    torch.export.save(program, file)
    return len(file.getvalue())


def sparse_bytes(net: nn.Module, bits: int = 32) -> float:
    """Bytes of a network that stores only the weights that are not 0, each with its place in its row.

    Args:
        net: linear layers and what has no numbers.
        bits: of a stored weight, 32 or less; below 32 each row has a scale too.

    Returns:
        Bytes; a count of what each number needs, without the odds and ends of a file format.

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
class Deployments:
    """One table for all settings: every kind of pruning, number of bits and share removed.

    Args:
        settings: `kind`, `bits` and `share`, each `(settings,)`.
        accuracy: on the test images, `(kinds, bits, shares)`.
        bytes: the smaller of all weights stored, or those that are not 0 with their places; same shape.
        batch_seconds: measured time for 450 images at once, same shape.
        one_seconds: measured time for one image, same shape.
    """

    settings: dict[str, np.ndarray]
    accuracy: np.ndarray
    bytes: np.ndarray
    batch_seconds: np.ndarray
    one_seconds: np.ndarray

    def __len__(self) -> int:
        """How many settings there are."""
        return len(self.settings["kind"])

    def select(self, rows: Any) -> Deployments:
        """Some of the settings, in the order asked for."""
        return self.at_settings({name: c[np.atleast_1d(rows)] for name, c in self.settings.items()})

    def at_settings(self, settings: dict[str, np.ndarray]) -> Deployments:
        """The same table for other settings."""
        return Deployments(settings, self.accuracy, self.bytes, self.batch_seconds, self.one_seconds)

    def at(self, row: int = 0) -> tuple[int, int, int]:
        """Where a setting stands in the table."""
        kind, bits, share = (self.settings[name][row] for name in ("kind", "bits", "share"))
        return list(KINDS).index(str(kind)), BITS.index(int(bits)), SHARES.index(float(share))

    def relative(self, row: int = 0) -> dict[str, float]:
        """A setting's bytes and times as shares of the network as it was trained, by name."""
        parts = {
            "bytes": self.bytes,
            "time, 450 images": self.batch_seconds,
            "time, 1 image": self.one_seconds,
        }
        return {name: float(part[self.at(row)] / part[0, 0, 0]) for name, part in parts.items()}


def deployments(net: nn.Sequential | None = None) -> Deployments:
    """Prune and quantise one network in all ways, and measure each.

    A processor multiplies numbers of 32 bits and of 8. Fewer bits make a smaller file, but the weights are
    unpacked before they are used: their time is that of 32 bits.

    Args:
        net: linear layers and ReLUs; the trained one when left out.

    Returns:
        The table, with no settings.
    """
    net = trained() if net is None else net
    shape = len(KINDS), len(BITS), len(SHARES)
    table = np.empty((4, *shape))
    with threads(1):
        for i, k in np.ndindex(len(KINDS), len(SHARES)):
            pruned = KINDS[list(KINDS)[i]](net, SHARES[k])
            table[0, i, :, k] = [accuracy(_rounded(pruned, bits)) for bits in BITS]
            table[1, i, :, k] = [_least_bytes(pruned, bits) for bits in BITS]
            table[2:, i, :, k] = [_times(pruned, images) for images in (450, 1)]
    return Deployments({"kind": np.empty(0, str)}, *table)


def _least_bytes(net: nn.Module, bits: int) -> float:
    return min(stored_bytes(net, bits if bits < 32 else None), sparse_bytes(net, bits))


def _rounded(net: nn.Module, bits: int) -> nn.Module:
    """With so few bits as the network would really run: at 8 the inputs of each layer are rounded too."""
    if bits == 32:
        return net
    return with_int8(net) if bits == 8 else quantized(net, bits)


def _times(net: nn.Module, images: int) -> np.ndarray:
    """Measured for 32 and for 8 bits; the others run as 32."""
    full, eight = run_time(net, images), run_time(with_int8(net), images)
    return np.array([eight if bits == 8 else full for bits in BITS])


@dataclass(frozen=True)
class Stage:
    """A network on its way: what it is called, how large, how fast, how often right."""

    name: str
    bytes: int
    seconds: float
    accuracy: float


def stages(share: float = 0.25) -> list[Stage]:
    """The one network, stage by stage.

    Args:
        share: of the hidden neurons to remove.

    Returns:
        As trained, exported, pruned, in 8 bits, and all of it together.
    """
    net, pruned = trained(), prune_neurons(trained(), share)
    graph, small = exported(net), with_int8(pruned)
    return [
        _stage("as trained", net, stored_bytes(net)),
        _stage("exported", graph.module(), stored_bytes(net)),
        _stage(f"{share:.0%} of the neurons removed", pruned, stored_bytes(pruned)),
        _stage("8 bits", with_int8(net), stored_bytes(with_int8(net))),
        _stage("all three", exported(small).module(), stored_bytes(small)),
    ]


def _stage(name: str, net: nn.Module, size: int) -> Stage:
    return Stage(name, size, run_time(net), accuracy(net))
