"""A descent of section 3.1 as a program in plain PyTorch."""

from __future__ import annotations

from typing import Any

from optlab.engine.analysis.surfaces import SURFACES, TURN

__all__ = ["ravine_program", "surface_program"]

RAVINE = """\
import math

import torch

# A valley {kappa:g} times as curved across as along, turned by {turn} radians.
cos, sin = math.cos({turn}), math.sin({turn})
directions = torch.tensor([[cos, sin], [-sin, cos]], dtype=torch.float64)  # along, across
curvatures = torch.tensor([1, {kappa:g}], dtype=torch.float64)


def loss(theta):
    return (curvatures * (theta @ directions.T) ** 2 / 2).sum()


angle = math.radians({angle:g}) + {turn}
start = [2 * math.cos(angle), 2 * math.sin(angle)]
"""

FORMULAS = {
    "Rosenbrock's valley": "(1 - x) ** 2 + 100 * (y - x**2) ** 2",
    "saddle": "x**2 / 2 + (y**2 - 1) ** 2 / 4",
    "Beale's function": ("(1.5 - x + x * y) ** 2 + (2.25 - x + x * y**2) ** 2 + (2.625 - x + x * y**3) ** 2"),
}

SURFACE = """\
import torch


def loss(theta):  # {name}
    x, y = theta
    return {formula}


start = {start}
"""

DESCENT = """\
theta = torch.tensor(start, dtype=torch.float64, requires_grad=True)
optimizer = torch.optim.SGD([theta], lr={lr}{momentum})
losses = [loss(theta).item()]
print(f"{{losses[0]:.6g}}")
for step in range({steps}):
    optimizer.zero_grad()
    loss(theta).backward()
    optimizer.step()
    losses.append(loss(theta).item())
    print(f"{{losses[-1]:.6g}}")
    if not losses[-1] <= 1e6 * losses[0]:  # it has diverged
        break
"""


def ravine_program(settings: dict[str, Any], *, steps: int = 100) -> str:
    """The program that descends a ravine and prints its loss.

    Args:
        settings: `lr` and `kappa`; `angle`, the start, 60 degrees if left out; `momentum`, 0 if left out.
        steps: the cap of steps.

    Returns:
        A program without optlab; it prints one loss at the start and one after each step.

    Example:
        >>> print(ravine_program({"lr": 0.05, "kappa": 10.0}).splitlines()[15])
        start = [2 * math.cos(angle), 2 * math.sin(angle)]

    Source:
        Section 3.1 of the document.
    """
    values = {"angle": 60.0, "momentum": 0.0} | settings
    return RAVINE.format(**values, turn=TURN) + _descent(values["lr"], values["momentum"], steps)


def surface_program(settings: dict[str, Any], *, steps: int = 300) -> str:
    """The program that descends one of the `SURFACES` and prints its loss.

    Args:
        settings: `surface`, `start`, `lr`, and `optimizer`, "sgd" or "momentum".
        steps: the cap of steps.

    Returns:
        A program without optlab; it prints one loss at the start and one after each step.

    Example:
        >>> here = {"surface": "saddle", "start": "C", "lr": 0.1, "optimizer": "sgd"}
        >>> print(surface_program(here).splitlines()[8])
        start = (1.8, -0.3)

    Source:
        Section 3.1 of the document.
    """
    name = settings["surface"]
    start = SURFACES[name].starts[settings["start"]]
    head = SURFACE.format(name=name, formula=FORMULAS[name], start=start)
    return head + _descent(settings["lr"], 0.9 if settings["optimizer"] == "momentum" else 0.0, steps)


def _descent(lr: float, momentum: float, steps: int) -> str:
    rolling = f", momentum={momentum}" if momentum else ""
    return DESCENT.format(lr=lr, momentum=rolling, steps=steps)
