"""The program of a learner's own data and network: the lab's training, on files that the lab writes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from pathlib import Path
from typing import Any

import torch
from torch import nn

from optlab import MLP, Dataset, Program
from optlab.course.worked_example.own_files import arrays_of, files_with, saved_network
from optlab.engine.models.mlp import Model
from optlab.engine.models.module import TorchModel
from optlab.live.beside import Write, keep

__all__ = ["OwnProgram", "no_program", "own_program"]

PATH = Path(__file__).with_name("training_own_program.py")
DATA, SPLIT, LOSS, REST, END = (
    "with np.load",
    "# A fifth of the samples",
    "loss = nn.functional.cross_entropy\n",
    "optimizer = ",
    'print(f"test accuracy',
)
"""How the file's parts begin: data, how they are split and scaled, loss, what follows the net, the end."""

READY = """with np.load("own_data.npz") as saved:  # your data, split and scaled as in the lab
    x, x_test = torch.from_numpy(saved["x_train"]), torch.from_numpy(saved["x_test"])
    y, y_test = torch.from_numpy(saved["y_train"]), torch.from_numpy(saved["y_test"])
"""
"""Data that are split and scaled by other rules than the file's."""
MODULE = 'model = torch.load("own_network.pt", weights_only=False)  # yours, with its initial weights\n'
NOT_SAVED = "model = ...  # yours, with its initial weights: something in it cannot be saved\n"
SQUARED = "\ndef loss(outputs, y):\n    return ((outputs[:, 0] - y) ** 2).mean()\n\n"
ERROR = 'print(f"test RMSE {std * loss(outputs, y_test) ** 0.5:.6g}")\n'
DRAWS = "The network draws random numbers, as dropout does: this run is similar to the lab's, not the same.\n"
ACTIVATIONS: dict[Any, str] = {
    torch.relu: "nn.ReLU()",
    torch.tanh: "nn.Tanh()",
    torch.sigmoid: "nn.Sigmoid()",
}


class OwnProgram:
    """The program of a `training_lab` on other data or with another network than the course's.

    It reads files that `save` writes; a lab does so when the program is copied, and where it is run.

    Args:
        dataset: what the learner gave.
        data: the same as it is trained on.
        network: what is trained.
        layers: the network as lines of a program; empty: it is in a file too.
        epochs: passes over the training data.
    """

    def __init__(self, dataset: Any, data: Dataset, network: Model, layers: str, epochs: int) -> None:
        self._dataset, self._data, self._network, self._layers = dataset, data, network, layers
        self._plain = Program(PATH, also=lambda _: {"epochs": epochs})
        if network.draws:
            self.parts = "the network draws other random numbers"

    def __call__(self, setting: dict[str, Any]) -> str:
        """A setting as a program.

        Args:
            setting: the value of each slider by name.

        Returns:
            The text of the program.
        """
        head, yours, split, loss, rest, end = _parts(self._plain(setting))
        if "X" not in self._arrays:
            yours, split = READY, ""
            head = head.replace("from sklearn.model_selection import train_test_split\n", "")
        if not self._data.classes:
            loss, end = SQUARED, ERROR
            scale = self._data.y_scale
            yours += f"std = {float(scale.std) if scale else 1.0!r}  # of y, in its own units\n"
        if self._network.draws:
            head = _told(head)
        middle = "\n".join([yours, split + loss, self._layers or self._loaded])
        text = f"{head}{middle}\n{rest}{end}"
        for name in self.files:  # own_data_1a2b3c4d.npz for own_data.npz
            text = text.replace(f"{name.rsplit('_', 1)[0]}.", f"{name.rsplit('.', 1)[0]}.")
        return text

    def save(self, folder: str | Path = ".") -> None:
        """Write what the program reads.

        Args:
            folder: where; the program is to be run there.

        Raises:
            OSError: if a file cannot be written.
        """
        keep(self.files, Path(folder))

    @cached_property
    def files(self) -> dict[str, Write]:
        """What writes each file that the program reads, by name."""
        return files_with(self._arrays, self._network_file)

    @property
    def _loaded(self) -> str:
        """The line that brings the learner's module."""
        return MODULE if self._network_file else NOT_SAVED

    @cached_property
    def _network_file(self) -> bytes:
        """The learner's module; nothing where the program has lines for it, or where it cannot be saved."""
        if self._layers or not isinstance(self._network, TorchModel):
            return b""
        try:
            return saved_network(self._network.module)
        except Exception:  # noqa: BLE001  (whatever a learner's module holds)
            return b""

    @cached_property
    def _arrays(self) -> dict[str, Any]:
        return arrays_of(self._dataset, self._data)


def own_program(dataset: Any, data: Dataset, model: Any, network: Model, epochs: int) -> OwnProgram | None:
    """The program of a `training_lab` on other data or with another network than the course's.

    Args:
        dataset: what the learner gave.
        data: the same as it is trained on.
        model: the network that the learner gave; None for the article's.
        network: the same as it is trained.
        epochs: passes over the training data.

    Returns:
        The program; None for a model that is no module and that no lines of `torch.nn` stand for.

    Example:
        >>> from optlab import from_arrays
        >>> table = [[0.0], [1.0]] * 10, [0, 1] * 10
        >>> program = own_program(table, from_arrays(*table), None, MLP((1, 16, 2)), epochs=5)
        >>> (name,) = program.files
        >>> f'with np.load("{name}") as saved:  # your data' in program({"lr": 0.5}).splitlines()
        True
    """
    layers = "" if isinstance(model, (nn.Module, TorchModel)) else _layers(network, data.dtype)
    if not (layers or isinstance(network, TorchModel)):
        return None
    return OwnProgram(dataset, data, network, layers, epochs)


def no_program(fixed: Iterable[str]) -> Callable[[dict[str, Any]], str]:
    """What is shown in a program's place: why there is none.

    Args:
        fixed: the arguments of `train` that the lab was given; none: it is the network.
    """
    why = (
        f"the program that a lab writes is plain SGD, without {', '.join(f'{name}=' for name in fixed)}."
        if fixed
        else "the lab's network is not a torch.nn.Module, and layers of torch.nn cannot express it."
    )
    return lambda _: f"# There is no program here: {why}\n"


def _told(head: str) -> str:
    """The head with a word on random numbers at the end of its docstring."""
    words, _, rest = head[3:].partition('"""')
    return f'"""{words}\n{DRAWS}"""{rest}'


def _parts(text: str) -> tuple[str, str, str, str, str, str]:
    """The head, the data, how they are split and scaled, the loss, what follows the net, and the end."""
    head, mark, below = text.partition(DATA)
    yours, between, below = (mark + below).partition(SPLIT)
    split, found, below = (between + below).partition(LOSS)
    _, begun, rest = below.partition(REST)
    rest, last, end = (begun + rest).partition(END)
    return head, f"{yours.rstrip()}\n", split, found, rest, last + end


def _layers(network: Model, dtype: torch.dtype) -> str:
    """A multilayer perceptron as a line of `torch.nn`; empty where there is no such line."""
    if not isinstance(network, MLP) or network.init != "pytorch" or network.output_activation is not None:
        return ""
    between = ACTIVATIONS.get(network.activation)
    if between is None:
        return ""
    sizes = zip(network.widths, network.widths[1:], strict=False)
    lines = f", {between}, ".join(f"nn.Linear({inputs}, {outputs})" for inputs, outputs in sizes)
    kind = "" if dtype == torch.float32 else ".to(x.dtype)"
    return f"torch.manual_seed(0)  # of the initial weights\nmodel = nn.Sequential({lines}){kind}\n"
