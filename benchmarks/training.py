"""What training costs: the article's own loop for one setting beside `optlab.train` for many.

Run `python benchmarks/training.py`. All contestants take turns in one process, so that a slow minute of the
machine hits each of them; the table gives the minimum and the median of several rounds, and ratios of both to
the article's loop.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from optlab import Dataset, iris_pair, train

Contestants = dict[str, Callable[[], object]]


def article_loop(data: Dataset, *, epochs: int, lr: float = 0.01, l2: float = 0.01) -> list[list[float]]:
    """The article, sections 4.2 to 4.5, as anyone would write them: DataLoader, SGD, L2 in the loss.

    Args:
        data: what to train on.
        epochs: passes over it.
        lr: learning rate.
        l2: strength of the penalty on the weights.

    Returns:
        Training loss, test loss, training accuracy and test accuracy after each epoch.
    """
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 2))
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    batches = DataLoader(TensorDataset(data.x_train, data.y_train), batch_size=16, shuffle=True)
    rows = []
    for _ in range(epochs):
        for x, y in batches:
            optimizer.zero_grad()
            penalty = sum((p**2).sum() for name, p in model.named_parameters() if name.endswith("weight"))
            loss = criterion(model(x), y) + l2 * penalty
            loss.backward()
            optimizer.step()
        rows.append(_evaluate(model, criterion, data))
    return rows


def _evaluate(model: nn.Module, criterion: nn.Module, data: Dataset) -> list[float]:
    parts = ((data.x_train, data.y_train), (data.x_test, data.y_test))
    with torch.no_grad():
        outputs = [model(x) for x, _ in parts]
    losses = [criterion(output, y).item() for output, (_, y) in zip(outputs, parts, strict=True)]
    right = [
        (output.argmax(1) == y).float().mean().item() for output, (_, y) in zip(outputs, parts, strict=True)
    ]
    return losses + right


def contestants(settings: tuple[int, ...], *, epochs: int) -> Contestants:
    """The article's loop, then `train` for each number of settings, by name."""
    data = iris_pair()

    def sweep(count: int) -> Callable[[], object]:
        lr = np.logspace(-3, 0, count)
        return lambda: train(data, lr=lr, l2=0.01, epochs=epochs)

    return {"document's loop": lambda: article_loop(data, epochs=epochs)} | {
        f"optlab, {count}": sweep(count) for count in settings
    }


def take_turns(run: Contestants, rounds: int) -> dict[str, list[float]]:
    """Seconds of each contestant in each round, after one round to warm up."""
    seconds: dict[str, list[float]] = {name: [] for name in run}
    for turn in range(rounds + 1):
        for name, function in run.items():
            began = time.perf_counter()
            function()
            if turn:
                seconds[name].append(time.perf_counter() - began)
    return seconds


def table(seconds: dict[str, list[float]]) -> str:
    """Least and median milliseconds of each contestant, and their ratios to the first."""
    first = next(iter(seconds.values()))
    lines = [f"{'settings':<16}{'min ms':>9}{'median ms':>11}{'min ratio':>11}{'median ratio':>14}"]
    for name, times in seconds.items():
        least, middle = min(times), statistics.median(times)
        ratios = f"{least / min(first):>11.2f}{middle / statistics.median(first):>14.2f}"
        lines.append(f"{name:<16}{least * 1e3:>9.0f}{middle * 1e3:>11.0f}{ratios}")
    return "\n".join(lines)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7, help="how often each takes its turn")
    parser.add_argument("--epochs", type=int, default=100)
    parser.add_argument("--settings", type=int, nargs="+", default=[1, 64, 256, 1024])
    asked = parser.parse_args()
    seconds = take_turns(contestants(tuple(asked.settings), epochs=asked.epochs), asked.rounds)
    print(f"{asked.epochs} epochs, {asked.rounds} rounds, PyTorch {torch.__version__}, ", end="")
    print(f"{torch.get_num_threads()} threads\n{table(seconds)}")


if __name__ == "__main__":
    main()
