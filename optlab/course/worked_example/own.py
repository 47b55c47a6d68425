"""The program of a learner's own data and network: the lab's training, with room for what only they have."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from torch import nn

from optlab import MLP, Dataset, Program
from optlab.engine.data.frames import is_frame
from optlab.engine.models.mlp import Model

__all__ = ["own_program"]

PATH = Path(__file__).with_name("training_own_program.py")
YOURS, SPLIT, LOSS, REST = (
    "X, y = ...",
    "# A fifth of the samples",
    "loss = nn.functional.cross_entropy\n",
    "optimizer = ",
)
"""How the file's parts begin: the data, how they are split and scaled, the loss, and what follows the net."""

READY = "x, x_test, y, y_test = ...  # yours: data.x_train, data.x_test, data.y_train, data.y_test\n"
"""Data that are split and scaled already, or made by other rules than the file's."""
MODULE = "net = ...  # yours, with the weights that it had when the lab was made\n"
COPIED = "model = copy.deepcopy(net)  # yours stays as it is\n"
SQUARED = "def loss(outputs, y):\n    return ((outputs[:, 0] - y) ** 2).mean()\n\n"
DRAWS = "The network draws random numbers, as dropout does: this run is like the lab's, not the same.\n"
ACTIVATIONS: dict[Any, str] = {
    torch.relu: "nn.ReLU()",
    torch.tanh: "nn.Tanh()",
    torch.sigmoid: "nn.Sigmoid()",
}


def own_program(
    dataset: Any, data: Dataset, model: Any, network: Model, epochs: int
) -> Callable[[dict[str, Any]], str] | None:
    """The program of a `training_lab` on other data or with another network than the course's.

    Args:
        dataset: what the learner gave.
        data: the same as it is trained on.
        model: the network that the learner gave; None for the article's.
        network: the same as it is trained.
        epochs: passes over the training data.

    Returns:
        A setting as a program; None for a model that no lines of `torch.nn` stand for.

    Example:
        >>> from optlab import from_arrays
        >>> table = [[0.0], [1.0]] * 10, [0, 1] * 10
        >>> program = own_program(table, from_arrays(*table), None, MLP((1, 16, 2)), epochs=5)
        >>> [line for line in program({"lr": 0.5}).splitlines() if "# yours" in line]
        ['X, y = ...  # yours: features (samples, features), and a label each']
    """
    layers = COPIED if isinstance(model, nn.Module) else _layers(network)
    if not layers:
        return None
    plain = Program(PATH, also=lambda _: {"epochs": epochs})
    pair = _is_pair(dataset) and bool(data.classes)
    return lambda setting: _written(plain(setting), data, network, layers, pair=pair)


def _written(text: str, data: Dataset, network: Model, layers: str, *, pair: bool) -> str:
    """The file with other lines for the data, the loss and the network."""
    head, yours, split, loss, rest = _parts(text)
    if not pair:
        yours, split = READY, ""
        for unused in ("import numpy as np\n", "from sklearn.model_selection import train_test_split\n"):
            head = head.replace(unused, "")
    if layers is COPIED:
        yours, head = yours + MODULE, head.replace("import", "import copy\n\nimport", 1)
    if network.draws:
        head = _told(head)
    if not data.classes:
        loss = f"\n{SQUARED}"
    middle = "\n".join(filter(None, [yours, split + loss, layers]))
    return f"{head}{middle}\n{rest}"


def _told(head: str) -> str:
    """The head with a word on random numbers at the end of its docstring."""
    words, _, rest = head[3:].partition('"""')
    return f'"""{words}\n{DRAWS}"""{rest}'


def _parts(text: str) -> tuple[str, str, str, str, str]:
    """The head, the reader's lines, how data are split and scaled, the loss, and what follows the net."""
    head, mark, below = text.partition(YOURS)
    yours, between, below = (mark + below).partition(SPLIT)
    split, found, below = (between + below).partition(LOSS)
    _, begun, rest = below.partition(REST)
    return head, f"{yours.rstrip()}\n", split, found, begun + rest


def _is_pair(dataset: Any) -> bool:
    """Whether it is `(X, y)` of numbers, which are split and scaled as the file does."""
    return isinstance(dataset, (tuple, list)) and len(dataset) == 2 and not is_frame(dataset[0])


def _layers(network: Model) -> str:
    """A multilayer perceptron as a line of `torch.nn`; empty where there is no such line."""
    if not isinstance(network, MLP) or network.init != "pytorch" or network.output_activation is not None:
        return ""
    between = ACTIVATIONS.get(network.activation)
    if between is None:
        return ""
    sizes = zip(network.widths, network.widths[1:], strict=False)
    lines = f", {between}, ".join(f"nn.Linear({inputs}, {outputs})" for inputs, outputs in sizes)
    return f"torch.manual_seed(0)  # of the initial weights\nmodel = nn.Sequential({lines})\n"
