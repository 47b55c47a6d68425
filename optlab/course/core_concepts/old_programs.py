"""The small labs of section 2 as programs in plain PyTorch."""

from __future__ import annotations

from typing import Any

__all__ = [
    "bend_program",
    "difference_program",
    "falling_rate_program",
    "layers_program",
    "parabola_program",
    "point_program",
    "two_ways_program",
]

PETALS = """\
import torch
from sklearn.datasets import load_iris

# Twenty petals: how much longer than 4 cm, and how wide.
length, y = torch.tensor(load_iris().data[50::5, 2:]).T
x = torch.round(length - 4, decimals=1)


def J(theta, x, y):
    return ((theta[0] + theta[1] * x - y) ** 2).mean()


"""

POINT = """\
theta = torch.tensor([{theta1}, {theta2}], dtype=torch.float64)
print(f"{{J(theta, x, y):.6g}}")
"""

DIFFERENCE = """\
import torch

# The error of a measured slope of J, for every step h from 1e-16 to 1.
steps = torch.tensor({steps}, dtype=torch.float64)


def J(theta):
    return torch.nn.functional.softplus(-theta)  # log(1 + e^-theta)


theta = torch.tensor({theta}, dtype=torch.float64, requires_grad=True)
(true,) = torch.autograd.grad(J(theta), theta)

here, h = theta.detach().to(torch.{dtype}), steps.to(torch.{dtype})
measured = {formula}
for error in (measured.double() - true).abs():
    print(f"{{error:.6g}}")
"""

FORMULAS = {
    "central": "(J(here + h) - J(here - h)) / (2 * h)",
    "forward": "(J(here + h) - J(here)) / h",
}

PARABOLA = """\
import torch


def J(theta):
    return {curvature} * theta**2 / 2


theta = torch.tensor(1.0, dtype=torch.float64, requires_grad=True)
optimizer = torch.optim.SGD([theta], lr={lr})
print(f"{{J(theta).item():.6g}}")
for step in range({steps}):
    optimizer.zero_grad()
    J(theta).backward()
    optimizer.step()
    print(f"{{J(theta).item():.6g}}")
"""

BEND = """\
def penalized(theta):
    return J(theta, x, y) + {l2} * (theta**2).sum()


theta = torch.tensor({start}, dtype=torch.float64, requires_grad=True)
optimizer = torch.optim.SGD([theta], lr={lr})
print(f"{{penalized(theta).item():.6g}}")
for step in range({steps}):
    optimizer.zero_grad()
    penalized(theta).backward()
    optimizer.step()
    print(f"{{penalized(theta).item():.6g}}")
"""

LOWEST = """\
design = torch.stack([torch.ones_like(x), x], dim=1)
lowest = J(torch.linalg.lstsq(design, y[:, None]).solution[:, 0], x, y)

"""

TWO_WAYS = """\
theta = torch.tensor({start}, dtype=torch.float64, requires_grad=True)
optimizer = torch.optim.SGD([theta], lr={lr})
shuffle = torch.Generator().manual_seed({seed})
print(f"{{(J(theta, x, y) - lowest).item():.6g}}")
for epoch in range({epochs}):
    for batch in torch.randperm(20, generator=shuffle).split({batch_size}):
        optimizer.zero_grad()
        J(theta, x[batch], y[batch]).backward()
        optimizer.step()
        print(f"{{(J(theta, x, y) - lowest).item():.6g}}")
"""

FALLING = """\
# Ten descents at once, each with a random order of its own.
shuffles = [torch.Generator().manual_seed(seed) for seed in range({orders})]
theta = torch.tensor({start}, dtype=torch.float64)[:, None].repeat(1, {orders})


def report():
    above = torch.stack([J(one, x, y) - lowest for one in theta.T])
    print(f"{{above.mean():.6g}}")


report()
for epoch in range({epochs}):
    lr = {lr} * (1 / (1 + {delta} * epoch) ** 0.5) ** {p}
    for one in torch.stack([torch.randperm(20, generator=s) for s in shuffles], dim=1):
        error = theta[0] + theta[1] * x[one] - y[one]
        theta = theta - lr * 2 * error * torch.stack([torch.ones_like(error), x[one]])
    report()
"""

LAYERS = """\
import torch

draw = torch.Generator().manual_seed(0)


def normal(*shape):
    return torch.randn(*shape, generator=draw, dtype=torch.float64)


hidden = [normal({width}, 32).requires_grad_()]  # 32 inputs, one a column
for layer in range({depth}):
    weight = {std} * normal({width}, {width})
    hidden.append(torch.{activation}(weight @ hidden[-1]))
gradients = torch.autograd.grad(hidden[-1], hidden, normal({width}, 32))

for signal in (*hidden, *gradients):  # first the activations, then the gradients
    print(f"{{signal.square().mean().sqrt().item():.6g}}")
"""


def point_program(settings: dict[str, Any]) -> str:
    """The program that prints the loss of one line through the petals.

    Args:
        settings: `theta1` and `theta2`.

    Returns:
        A program without optlab; it prints one number.

    Example:
        >>> print(point_program({"theta1": 0.2, "theta2": 1.8}).splitlines()[-2])
        theta = torch.tensor([0.2, 1.8], dtype=torch.float64)
    """
    return PETALS + POINT.format(**settings)


def difference_program(settings: dict[str, Any], *, steps: tuple[float, ...]) -> str:
    """The program that prints how wrong a finite difference is at every step.

    Args:
        settings: `theta`, `method` and `dtype`; `h` is one of the steps.
        steps: the steps.

    Returns:
        A program without optlab; it prints one number for each step.
    """
    return DIFFERENCE.format(steps=f"[\n{_wrapped(steps)}]", formula=FORMULAS[settings["method"]], **settings)


def _wrapped(numbers: tuple[float, ...], row: int = 8) -> str:
    """Numbers as indented lines of a list."""
    rows = [numbers[k : k + row] for k in range(0, len(numbers), row)]
    return "".join(f"    {', '.join(map(str, part))},\n" for part in rows)


def parabola_program(settings: dict[str, Any], *, steps: int = 30) -> str:
    """The program that descends a parabola and prints its loss.

    Args:
        settings: `lr` and `curvature`.
        steps: the cap of steps.

    Returns:
        A program without optlab; it prints one loss at the start and one after each step.
    """
    return PARABOLA.format(steps=steps, **settings)


def bend_program(settings: dict[str, Any], *, start: tuple[float, float], steps: int = 40) -> str:
    """The program that descends the penalised loss of the petals and prints it.

    Args:
        settings: `l2` and `lr`.
        start: θ at first.
        steps: the cap of steps.

    Returns:
        A program without optlab; it prints one loss at the start and one after each step.
    """
    return PETALS + BEND.format(start=start, steps=steps, **settings)


def two_ways_program(settings: dict[str, Any], *, start: tuple[float, float], epochs: int = 20) -> str:
    """The program that looks at some petals a step and prints how far the loss is above the lowest.

    Args:
        settings: `lr`, `batch_size` and `seed`.
        start: θ at first.
        epochs: how often each petal is looked at.

    Returns:
        A program without optlab; it prints one number at the start and one after each step.
    """
    return PETALS + LOWEST + TWO_WAYS.format(start=start, epochs=epochs, **settings)


def falling_rate_program(
    settings: dict[str, Any], *, start: tuple[float, float], orders: int = 10, epochs: int = 100
) -> str:
    """The program that descends at a falling rate, one petal a step, in ten random orders.

    Args:
        settings: `lr`, `delta` and `p`.
        start: θ at first.
        orders: how many random orders.
        epochs: how often each petal is looked at.

    Returns:
        A program without optlab; it prints the mean loss above the lowest at the start and after each epoch.
    """
    return PETALS + LOWEST + FALLING.format(start=start, orders=orders, epochs=epochs, **settings)


def layers_program(settings: dict[str, Any], *, depth: int = 30) -> str:
    """The program that prints the size of activations and gradients, layer by layer.

    Args:
        settings: `std`, `activation` and `width`.
        depth: how many layers.

    Returns:
        A program without optlab; it prints depth + 1 sizes of activations, then as many of gradients.
    """
    return LAYERS.format(depth=depth, **settings)
