"""The techniques of the course, each off and on: what it does to loss, accuracy and cost."""

import html
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from time import perf_counter
from typing import Any

import numpy as np
import torch

from optlab import MLP, Dataset, History, from_arrays, iris_pair, train
from optlab.course.faq.cost import epochs_to_target
from optlab.course.faq.deploy import accuracy, digits, run_time, trained
from optlab.engine.systems.measured import as_measured
from optlab.engine.systems.neurons import prune_neurons
from optlab.engine.systems.quantization import with_int8

SEEDS = range(8)
COLUMNS = ("family", "technique", "training loss", "test loss", "test accuracy", "cost")
LEFT = "style='text-align: left'"


@dataclass(frozen=True)
class Measured:
    """The numbers of a run, or the mean of several.

    Args:
        train_loss: the loss on the training data at the end.
        test_loss: the loss on the test data.
        test_accuracy: the fraction of the test data classified right.
        cost: in the unit of the technique.
    """

    train_loss: float
    test_loss: float
    test_accuracy: float
    cost: float


@dataclass(frozen=True)
class Technique:
    """One technique, off and on.

    Args:
        family: which of the article's five it belongs to.
        change: what is changed, in words.
        unit: of the cost.
        off: without it.
        on: with it.
    """

    family: str
    change: str
    unit: str
    off: Measured
    on: Measured

    def cells(self) -> tuple[str, ...]:
        """The technique in words, a cell for each of `COLUMNS`."""
        train = f"{self.off.train_loss:.3f} → {self.on.train_loss:.3f}"
        test = f"{self.off.test_loss:.3f} → {self.on.test_loss:.3f}"
        right = f"{self.off.test_accuracy:.0%} → {self.on.test_accuracy:.0%}"
        cost = f"{_short(self.off.cost)} → {_short(self.on.cost)} {self.unit}"
        return self.family, self.change, train, test, right, cost


class Techniques(tuple[Technique, ...]):
    """All of them; shown as a table."""

    __slots__ = ()

    def __repr__(self) -> str:
        """The table in plain text."""
        rows = [COLUMNS, *(row.cells() for row in self)]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        return "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)

    def _repr_html_(self) -> str:
        """The table as HTML, which wraps on a narrow page."""
        head = "".join(f"<th {LEFT}>{html.escape(name)}</th>" for name in COLUMNS)
        body = "".join(
            f"<tr>{''.join(f'<td {LEFT}>{html.escape(cell)}</td>' for cell in row.cells())}</tr>"
            for row in self
        )
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _short(value: float) -> str:
    return "never" if not np.isfinite(value) else f"{value:.0f}" if value >= 10 else f"{value:.2g}"


BASE: dict[str, Any] = {"lr": 0.1, "batch_size": 16}
TRAININGS: tuple[tuple[str, str, dict[str, Any], dict[str, Any]], ...] = (
    ("algorithm", "learning rate 0.01 → 0.1", {"lr": 0.01}, {}),
    ("algorithm", "all 80 flowers a step → 16", {"batch_size": 80}, {}),
    ("algorithm", "momentum 0 → 0.9", {}, {"optimizer": "momentum", "momentum": 0.9}),
    ("algorithm", "SGD → Adam (α = 0.03)", {}, {"optimizer": "adam", "lr": 0.03}),
    ("algorithm", "decay δ 0 → 1 (α₀ = 1)", {"lr": 1.0}, {"lr": 1.0, "delta": 1.0}),
    ("algorithm", "L2 penalty λ 0 → 0.01 (α₀ = 1)", {"lr": 1.0}, {"lr": 1.0, "l2": 0.01}),
    ("structure", "hidden neurons 2 → 16", {"model": MLP((4, 2, 2))}, {}),
    ("data", "as measured → standardised", {"raw": True}, {}),
)
"""Trainings of the article's network: family, words, and what differs from `BASE` without and with it."""


def technique_table() -> Techniques:
    """Measure every technique off and on: trainings on two species of iris, and a network that reads digits.

    Returns:
        The techniques, in the order of the article's five families; the accuracy is on test data.

    Source:
        The article, section 6, question 2.
    """
    rows = [
        Technique(family, change, "gradients to 95 %", *(_trained(**part) for part in (off, on)))
        for family, change, off, on in TRAININGS
    ]
    net = trained()
    many = "ms for 450 images"
    pruned = prune_neurons(net, 0.25)
    smaller = Technique("structure", "a quarter of the neurons removed", many, _ran(net), _ran(pruned))
    eight = Technique("hardware", "arithmetic of 32 bits → 8", many, _ran(net), _ran(with_int8(net)))
    at_once = Technique("software", "8 trainings: in turn → at once", "ms each", *_both_ways())
    return Techniques([*rows[:-1], smaller, rows[-1], eight, at_once])


@cache
def _trained(*, raw: bool = False, **change: Any) -> Measured:
    """The mean of eight seeds; the cost is the median number of gradients until 95 % are right."""
    data = _raw_iris() if raw else iris_pair()
    history = train(data, seed=list(SEEDS), **BASE | change)
    return _mean([history], float(np.median(epochs_to_target(history.train_accuracy)) * len(data)))


def _raw_iris() -> Dataset:
    """The pair in centimetres, as it was measured: the same flowers in the same split."""
    from sklearn.datasets import load_iris  # noqa: PLC0415  (importing optlab stays quick)

    x, y = load_iris(return_X_y=True)
    return from_arrays(x[y > 0], y[y > 0] - 1, seed=3, standardize=False)


def _ran(net: Any) -> Measured:
    data = digits()
    with torch.inference_mode():
        train_loss, test_loss = (
            float(torch.nn.functional.cross_entropy(net(x), y))
            for x, y in ((data.x_train, data.y_train), (data.x_test, data.y_test))
        )
    return Measured(train_loss, test_loss, accuracy(net), 1000 * run_time(net))


def _both_ways() -> tuple[Measured, Measured]:
    """Eight trainings one after the other, and side by side in one run."""
    data = iris_pair()
    turns, slow = _timed(lambda: [train(data, seed=seed, epochs=20, **BASE) for seed in SEEDS])
    together, quick = _timed(lambda: [train(data, seed=list(SEEDS), epochs=20, **BASE)])
    return _mean(turns, slow), _mean(together, quick)


def _mean(histories: Sequence[History], cost: float) -> Measured:
    names = ("train_loss", "test_loss", "test_accuracy")
    ends = [np.concatenate([getattr(history, name)[:, -1] for history in histories]) for name in names]
    train_loss, test_loss, right = (float(end.mean()) for end in ends)
    return Measured(train_loss, test_loss, right, cost)


def _timed(function: Callable[[], Any]) -> tuple[Any, float]:
    """The result of a function, and its time in milliseconds for each of the eight."""
    began = perf_counter()
    got = function()
    (took,) = as_measured("techniques", lambda: [perf_counter() - began])
    return got, 1000 * took / len(SEEDS)
