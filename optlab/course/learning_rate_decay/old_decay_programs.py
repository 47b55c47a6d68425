"""The falling rate of section 3.4 as a program in plain PyTorch."""

from __future__ import annotations

from typing import Any

__all__ = ["decay_program", "sums_program"]

WALKS = """\
import torch

# 512 walks down a parabola; in each step the gradient h * theta is off by a random number.
h = {curvature}
noise = torch.randn(400, 512, generator=torch.Generator().manual_seed(0)).double()
theta = torch.full((512,), 10.0, dtype=torch.float64, requires_grad=True)
optimizer = torch.optim.SGD([theta], lr={lr})
scheduler = torch.optim.lr_scheduler.LambdaLR(
    optimizer, lambda t: (1 / (1 + {delta} * t) ** 0.5) ** {p}
)


def report():
    print(f"{{(h * theta**2 / 2).mean():.6g}}")


report()
for step, xi in enumerate(noise, start=1):
    optimizer.zero_grad()
    (h * theta**2 / 2 + xi * theta).sum().backward()
    optimizer.step()
{clock}    report()
"""

CLOCKS = {
    "steps": "    scheduler.step()\n",
    "epochs": "    if step % 20 == 0:  # an epoch is done\n        scheduler.step()\n",
}

SUMS = """\
import torch

t = torch.arange(10_000, dtype=torch.float64)
rates = {lr} * (1 / (1 + {delta} * t) ** 0.5) ** {p}
added_up = rates.cumsum(0)
for steps in torch.logspace(0, 4, 81, dtype=torch.float64).round().long().unique():
    print(f"{{added_up[steps - 1]:.6g}}")
"""


def decay_program(settings: dict[str, Any]) -> str:
    """The program that walks down the noisy parabola with a falling rate and prints the mean loss.

    Args:
        settings: `lr`, `delta`, `p` and `curvature`; `count` says what t counts, "steps" or "epochs".

    Returns:
        A program without optlab; it prints one loss at the start and one after each of 400 steps.

    Example:
        >>> here = {"lr": 0.5, "delta": 1.0, "p": 2.0, "curvature": 0.1, "count": "steps"}
        >>> print(decay_program(here).splitlines()[6])
        optimizer = torch.optim.SGD([theta], lr=0.5)

    Source:
        Section 3.4 of the document.
    """
    return WALKS.format(**settings, clock=CLOCKS[settings["count"]])


def sums_program(settings: dict[str, Any]) -> str:
    """The program that adds the rates up and prints Σα.

    Args:
        settings: `lr`, `delta` and `p`.

    Returns:
        A program without optlab; it prints the sum after 1 step and so on to 10 000, about 20 to a factor of
        ten.

    Example:
        >>> print(sums_program({"lr": 0.5, "delta": 1.0, "p": 2.0}).splitlines()[3])
        rates = 0.5 * (1 / (1 + 1.0 * t) ** 0.5) ** 2.0

    Source:
        Section 3.4 of the document.
    """
    return SUMS.format(**settings)
