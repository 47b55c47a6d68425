"""The adaptive rules of section 5, all at once, as programs in plain PyTorch."""

from __future__ import annotations

from typing import Any

from optlab.course.common.old_training_program import DATA
from optlab.course.trends.adaptive import EPOCHS, SEEDS

__all__ = ["adaptive_program", "units_program"]

VALLEY = """\
import math

import torch

# A valley {kappa:g} times as steep across as along, turned by {turn:g} degrees.
cos, sin = math.cos(math.radians({turn:g})), math.sin(math.radians({turn:g}))


def loss(x, y):
    return ((cos * x + sin * y) ** 2 + {kappa:g} * (cos * y - sin * x) ** 2) / 2


start = [-2.5 * cos - 1.5 * sin, -2.5 * sin + 1.5 * cos]  # 2.5 along the valley, 1.5 up its side
points = [torch.tensor(start, dtype=torch.float64, requires_grad=True) for _ in range(5)]
optimizers = [
    torch.optim.SGD([points[0]], lr=2 / (1 + {kappa:g})),  # the best rate that it can have
    torch.optim.Adagrad([points[1]], lr={lr}),
    torch.optim.RMSprop([points[2]], lr={lr}, alpha={beta2}),
    torch.optim.Adam([points[3]], lr={lr}, betas=(0.9, {beta2})),
    torch.optim.AdamW([points[4]], lr={lr}, betas=(0.9, {beta2})),
]
print("SGD AdaGrad RMSProp Adam AdamW")
for step in range(301):
    losses = [loss(*point) for point in points]
    print(*(f"{{value.item():.6g}}" for value in losses))
    for value, optimizer in zip(losses, optimizers):
        optimizer.zero_grad()
        value.backward()
        optimizer.step()
"""

UNITS = """\
x[:, 2] *= {unit:g}  # the petal's length in a smaller unit

rules = {{
    "SGD": torch.optim.SGD,
    "AdaGrad": torch.optim.Adagrad,
    "RMSProp": torch.optim.RMSprop,
    "Adam": torch.optim.Adam,
    "AdamW": torch.optim.AdamW,
}}


def run(rule, seed):
    torch.manual_seed(seed)
    model = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 2))
    optimizer = rule(model.parameters(), lr={lr})
    shuffle = torch.Generator().manual_seed(seed)

    def loss(batch):
        return nn.functional.cross_entropy(model(x[batch]), y[batch])

    losses = [loss(range(80)).item()]
    for epoch in range({epochs}):
        for batch in torch.randperm(80, generator=shuffle).split(16):
            optimizer.zero_grad()
            loss(batch).backward()
            optimizer.step()
        losses.append(loss(range(80)).item())
    return losses


curves = [torch.tensor([run(rule, seed) for seed in range({seeds})]).mean(0) for rule in rules.values()]
print(*rules)
for losses in zip(*curves):
    print(*(f"{{value:.6g}}" for value in losses))
"""


def adaptive_program(settings: dict[str, Any]) -> str:
    """The program that sends all five rules down the turned ravine, and prints their losses side by side.

    Args:
        settings: `lr`, `beta2`, `kappa` and `turn`.

    Returns:
        A program without optlab; it prints the names of the rules, then their losses at the start and after
        each of 300 steps, one line for all.

    Example:
        >>> program = adaptive_program({"lr": 0.3, "beta2": 0.99, "kappa": 100.0, "turn": 0.0})
        >>> print(program.splitlines()[17].strip())
        torch.optim.RMSprop([points[2]], lr=0.3, alpha=0.99),

    Source:
        J. Duchi et al., 2011; T. Tieleman and G. Hinton, 2012; D. Kingma and J. Ba, 2015; I. Loshchilov and
        F. Hutter, 2019.
    """
    return VALLEY.format(**settings)


def units_program(settings: dict[str, Any]) -> str:
    """The program that trains section 4's network with all five rules, one feature in another unit.

    Args:
        settings: `lr` and `unit`.

    Returns:
        A program without optlab; it prints the names of the rules, then their mean losses over the seeds
        before training and after each epoch, one line for all.

    Example:
        >>> "lr=0.032" in units_program({"lr": 0.032, "unit": 10.0})
        True

    Source:
        A. Wilson et al., "The marginal value of adaptive gradient methods in machine learning", 2017.
    """
    return DATA + UNITS.format(**settings, epochs=EPOCHS, seeds=len(SEEDS))
