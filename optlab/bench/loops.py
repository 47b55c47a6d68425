"""The training races' contestants in plain PyTorch: the same network, data and epochs for all.

Each returns the losses and accuracies after the last epoch, and works them out after every epoch, on all
training and all test samples. They differ in how, not in what.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.data import DataLoader, TensorDataset

from optlab import Dataset

__all__ = ["Problem", "article_loop", "evaluate", "penalty", "plain_loop", "weights_of"]

Watch = Callable[[int, list[float]], Any]
"""Is told after every epoch how many there were, and what `evaluate` found."""


@dataclass(frozen=True)
class Problem:
    """What is trained.

    Args:
        data: the samples.
        widths: of the network's layers, from the inputs to the outputs, ReLU between them.
        batch_size: samples in a mini-batch.
        epochs: passes over the data.
        lr: learning rate.
        l2: strength of the penalty on the weights.
    """

    data: Dataset
    widths: tuple[int, ...]
    batch_size: int
    epochs: int
    lr: float = 0.05
    l2: float = 0.01

    @property
    def operations(self) -> float:
        """Arithmetic of the matrix products of one training: forward, backward, and evaluation."""
        sizes = [a * b for a, b in zip(self.widths[:-1], self.widths[1:], strict=True)]
        samples, held_out = len(self.data), len(self.data.x_test)
        step = 2 * sum(sizes) + 2 * sum(sizes) + 2 * sum(sizes[1:])  # outputs, dW, dX
        return float(self.epochs * (samples * step + (samples + held_out) * 2 * sum(sizes)))

    def module(self) -> nn.Sequential:
        """The network, from seed 0."""
        torch.manual_seed(0)
        layers: list[nn.Module] = []
        for a, b in zip(self.widths[:-1], self.widths[1:], strict=True):
            layers += [nn.Linear(a, b), nn.ReLU()]
        return nn.Sequential(*layers[:-1])


def evaluate(model: nn.Module, data: Dataset) -> list[float]:
    """Training loss, test loss, training accuracy and test accuracy."""
    parts = ((data.x_train, data.y_train), (data.x_test, data.y_test))
    with torch.no_grad():
        outputs = [model(x) for x, _ in parts]
        losses = [functional.cross_entropy(z, y).item() for z, (_, y) in zip(outputs, parts, strict=True)]
        right = [(z.argmax(1) == y).float().mean().item() for z, (_, y) in zip(outputs, parts, strict=True)]
    return losses + right


def weights_of(model: nn.Module) -> list[nn.Parameter]:
    """The parameters that are penalised: weights, not biases."""
    return [p for name, p in model.named_parameters() if name.endswith("weight")]


def penalty(weights: Iterable[Tensor]) -> Tensor:
    """The sum of their squares."""
    return torch.stack([weight.square().sum() for weight in weights]).sum()


def article_loop(problem: Problem) -> list[float]:
    """The article, sections 4.2 to 4.5, as anyone would write them: DataLoader, SGD, L2 in the loss."""
    data, model = problem.data, problem.module()
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=problem.lr)
    samples = TensorDataset(data.x_train, data.y_train)
    batches = DataLoader(samples, batch_size=problem.batch_size, shuffle=True)
    last = []
    for _ in range(problem.epochs):
        for x, y in batches:
            optimizer.zero_grad()
            squares = sum((p**2).sum() for name, p in model.named_parameters() if name.endswith("weight"))
            loss = criterion(model(x), y) + problem.l2 * squares
            loss.backward()
            optimizer.step()
        last = evaluate(model, data)
    return last


def nobody(epoch: int, values: list[float]) -> None:
    """Watches nothing."""


def plain_loop(problem: Problem, watch: Watch = nobody) -> list[float]:
    """The article's loop, its batches cut from shuffled tensors instead of a DataLoader's."""
    data, model = problem.data, problem.module()
    weights = weights_of(model)
    optimizer = torch.optim.SGD(model.parameters(), lr=problem.lr)
    last = []
    for epoch in range(problem.epochs):
        order = torch.randperm(len(data))
        parts = (data.x_train[order], data.y_train[order])
        for x, y in zip(*(part.split(problem.batch_size) for part in parts), strict=True):
            optimizer.zero_grad()
            loss = functional.cross_entropy(model(x), y) + problem.l2 * penalty(weights)
            loss.backward()
            optimizer.step()
        last = evaluate(model, data)
        watch(epoch + 1, last)
    return last
