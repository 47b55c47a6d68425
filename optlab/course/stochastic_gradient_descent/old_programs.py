"""Stochastic gradient descent of section 3.3 as a program in plain PyTorch."""

from __future__ import annotations

from typing import Any

__all__ = ["cloud_program", "order_program", "shrink_program"]

PROGRAM = """\
import torch
from sklearn.datasets import load_linnerud

# Twenty men: the waist from chin-ups and sit-ups, all standardised.
men = load_linnerud()
x, y = torch.tensor(men.data[:, :2]), torch.tensor(men.target[:, 1:2])
x, y = ((part - part.mean(0)) / part.std(0, correction=0) for part in (x, y))
smallest = ((x @ torch.linalg.lstsq(x, y).solution - y) ** 2).mean() / 2


def picked(seed):  # the man of each step
    draw = torch.Generator().manual_seed(seed)
    {order}


order = torch.stack([picked(seed) for seed in range(256)], dim=1)  # one column a seed
theta = torch.tensor([1.4, -0.4], dtype=torch.float64).repeat(256, 1)  # one row a seed


def report():
    loss = ((theta @ x.T - y.T) ** 2).mean(1) / 2
    print(f"{{(loss - smallest).mean():.6g}}")


report()
for step, i in enumerate(order):
    lr = {rate}
    error = (x[i] * theta).sum(1, keepdim=True) - y[i]
    theta = theta - lr * error * x[i]
    if (step + 1) % {every} == 0:
        report()
"""

ORDERS = {
    "with replacement": "return torch.randint(20, ({steps},), generator=draw)",
    "reshuffled": "return torch.cat([torch.randperm(20, generator=draw) for _ in range({epochs})])",
}


def cloud_program(settings: dict[str, Any]) -> str:
    """The program that prints the mean loss above the smallest, of 256 seeds, after each of 200 steps.

    Args:
        settings: `lr`.

    Returns:
        A program without optlab; it prints one number at the start and one after each step.

    Example:
        >>> print(cloud_program({"lr": 0.1}).splitlines()[-5].strip())
        lr = 0.1

    Source:
        Section 3.3 of the document.
    """
    return _program("with replacement", str(settings["lr"]), steps=200, every=1)


def shrink_program(settings: dict[str, Any]) -> str:
    """The program that prints the mean loss above the smallest of the falling rate, epoch by epoch.

    Args:
        settings: `lr`, `delta`, `p` and `order`.

    Returns:
        A program without optlab; it prints one number at the start and one after each of 100 epochs.

    Source:
        Sections 3.3 and 3.4 of the document.
    """
    rate = "{lr} / (1 + {delta} * step) ** ({p} / 2)".format(**settings)
    return _program(settings["order"], rate, steps=2000, every=20)


def order_program(settings: dict[str, Any]) -> str:
    """The program that prints the mean loss above the smallest with a new shuffle in every epoch.

    Args:
        settings: `lr`.

    Returns:
        A program without optlab; it prints one number at the start and one after each of 100 epochs.

    Source:
        Section 3.3 of the document.
    """
    return _program("reshuffled", str(settings["lr"]), steps=2000, every=20)


def _program(order: str, rate: str, *, steps: int, every: int) -> str:
    draw = ORDERS[order].format(steps=steps, epochs=steps // 20)
    return PROGRAM.format(order=draw, rate=rate, every=every)
