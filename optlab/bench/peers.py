"""The same trainings by other projects, each in its fastest form that a learner would write: see `loops`."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional
from torch.utils.data import DataLoader, TensorDataset

from optlab import MLP, train
from optlab.bench.loops import Problem, evaluate, penalty, weights_of

__all__ = ["lightning", "optlab_train", "rates", "skorch", "vmap_grad"]


def rates(problem: Problem, settings: int) -> np.ndarray:
    """The learning rates of so many settings, the problem's own the first."""
    return np.geomspace(problem.lr, problem.lr / 100, settings)


def skorch(problem: Problem) -> Callable[[], list[float]]:
    """A `NeuralNetClassifier` without validation split, the penalty in its loss; a callback evaluates."""
    from skorch import NeuralNetClassifier
    from skorch.callbacks import Callback

    class Penalised(NeuralNetClassifier):
        def get_loss(self, *args: Any, **kwargs: Any) -> Tensor:
            return super().get_loss(*args, **kwargs) + problem.l2 * penalty(weights_of(self.module_))

    class Evaluate(Callback):
        def on_epoch_end(self, net: Any, **kwargs: Any) -> None:
            self.last = evaluate(net.module_, problem.data)

    def run() -> list[float]:
        net = Penalised(
            problem.module(),
            criterion=torch.nn.CrossEntropyLoss,
            optimizer=torch.optim.SGD,
            lr=problem.lr,
            max_epochs=problem.epochs,
            batch_size=problem.batch_size,
            iterator_train__shuffle=True,
            train_split=None,
            callbacks="disable",
        )
        net.initialize()
        net.callbacks_ = [("evaluate", Evaluate())]
        net.partial_fit(problem.data.x_train, problem.data.y_train)
        return list(net.callbacks_[0][1].last)

    return run


def lightning(problem: Problem) -> Callable[[], list[float]]:
    """A `LightningModule` in a `Trainer(barebones=True)`, Lightning's mode for speed; evaluates in a hook."""
    from lightning.pytorch import LightningModule, Trainer

    logging.getLogger("lightning.pytorch").setLevel(logging.ERROR)
    data = problem.data

    class Net(LightningModule):
        def __init__(self) -> None:
            super().__init__()
            self.model = problem.module()
            self.penalised = weights_of(self.model)

        def training_step(self, batch: list[Tensor], batch_index: int) -> Tensor:
            x, y = batch
            return functional.cross_entropy(self.model(x), y) + problem.l2 * penalty(self.penalised)

        def on_train_epoch_end(self) -> None:
            self.last = evaluate(self.model, data)

        def configure_optimizers(self) -> torch.optim.Optimizer:
            return torch.optim.SGD(self.parameters(), lr=problem.lr)

    def run() -> list[float]:
        samples = TensorDataset(data.x_train, data.y_train)
        batches = DataLoader(samples, batch_size=problem.batch_size, shuffle=True)
        net = Net()
        trainer = Trainer(barebones=True, max_epochs=problem.epochs, accelerator="cpu", devices=1)
        trainer.fit(net, batches)
        return list(net.last)

    return run


def vmap_grad(problem: Problem, settings: int) -> Callable[[], list[float]]:
    """`torch.func.vmap(grad(loss))` over stacked parameters, as in PyTorch's tutorial on ensembles."""
    data, start = problem.data, [p.detach() for p in problem.module().parameters()]
    lr = torch.as_tensor(rates(problem, settings), dtype=torch.float32)

    def forward(parameters: list[Tensor], x: Tensor) -> Tensor:
        pairs = list(zip(parameters[::2], parameters[1::2], strict=True))
        for weight, bias in pairs[:-1]:
            x = functional.linear(x, weight, bias).relu()
        return functional.linear(x, *pairs[-1])

    def loss(parameters: list[Tensor], x: Tensor, y: Tensor) -> Tensor:
        return functional.cross_entropy(forward(parameters, x), y) + problem.l2 * penalty(parameters[::2])

    def scores(parameters: list[Tensor], x: Tensor, y: Tensor) -> Tensor:
        outputs = forward(parameters, x)
        return torch.stack([functional.cross_entropy(outputs, y), (outputs.argmax(1) == y).float().mean()])

    gradients = torch.func.vmap(torch.func.grad(loss), in_dims=(0, None, None))
    measure = torch.func.vmap(scores, in_dims=(0, None, None))

    def run() -> list[float]:
        parameters = [p.expand(settings, *p.shape).clone() for p in start]
        for _ in range(problem.epochs):
            order = torch.randperm(len(data))
            parts = (data.x_train[order], data.y_train[order])
            for x, y in zip(*(part.split(problem.batch_size) for part in parts), strict=True):
                for p, g in zip(parameters, gradients(parameters, x, y), strict=True):
                    p.addcmul_(g, lr.view(-1, *[1] * (g.ndim - 1)), value=-1)
            found = [measure(parameters, *part) for part in _parts(problem)]
        (train_loss, train_accuracy), (test_loss, test_accuracy) = (part[0].tolist() for part in found)
        return [train_loss, test_loss, train_accuracy, test_accuracy]

    return run


def _parts(problem: Problem) -> tuple[tuple[Tensor, Tensor], tuple[Tensor, Tensor]]:
    data = problem.data
    return (data.x_train, data.y_train), (data.x_test, data.y_test)


def optlab_train(
    problem: Problem, settings: int, engine: str, *, sequential: bool = False
) -> Callable[[], list[float]]:
    """`optlab.train` of all settings in one call, on one of its engines."""
    lr = rates(problem, settings)

    def run() -> list[float]:
        history = train(
            problem.data,
            model=problem.module() if sequential else MLP(problem.widths),
            lr=lr,
            l2=problem.l2,
            batch_size=problem.batch_size,
            epochs=problem.epochs,
            engine=engine,
        )
        curves = (history.train_loss, history.test_loss, history.train_accuracy, history.test_accuracy)
        return [float(curve[0, -1]) for curve in curves]

    return run
