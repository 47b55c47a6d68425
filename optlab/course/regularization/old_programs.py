"""The labs of section 3.5 as programs in plain PyTorch."""

from __future__ import annotations

from typing import Any

from optlab.engine.models.penalties import split

__all__ = ["moons_program", "shrinkage_program", "stopping_program", "weight_decay_program"]

MOONS = """\
import torch
from sklearn.datasets import make_moons
from torch import nn

l2, l1, samples = {l2!r}, {l1!r}, {samples!r}  # the strengths of Σw² and of Σ|w|

x, y = make_moons(1000, noise=0.3, random_state=2)
x, y = torch.tensor(x[:samples]), torch.tensor(y[:samples])
torch.manual_seed(0)
model = nn.Sequential(nn.Linear(2, 64), nn.ReLU(), nn.Linear(64, 2)).double()
optimizer = torch.optim.SGD(model.parameters(), lr=0.3, momentum=0.9)
scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=300)

print(f"{{nn.functional.cross_entropy(model(x), y):.6g}}")
for epoch in range(300):
    optimizer.zero_grad()
    penalty = sum(l2 * (w**2).sum() + l1 * w.abs().sum() for w in (model[0].weight, model[2].weight))
    (nn.functional.cross_entropy(model(x), y) + penalty).backward()
    optimizer.step()
    scheduler.step()
    print(f"{{nn.functional.cross_entropy(model(x), y):.6g}}")
"""

SHRINKAGE = """\
import numpy as np
import torch
from sklearn.datasets import load_diabetes

l2, l1 = {l2!r}, {l1!r}  # the strengths of Σw² and of Σ|w|

X, y = load_diabetes(return_X_y=True)
train = np.random.default_rng(0).permutation(len(X))[:100]
X, y = torch.tensor(X[train]), torch.tensor(y[train])
X = (X - X.mean(0)) / X.std(0, correction=0)
y = (y - y.mean()) / y.std(correction=0)

w = torch.zeros(10, dtype=torch.float64, requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.1)
for step in range(1000):
    optimizer.zero_grad()
    {objective}.backward()
    optimizer.step(){threshold}
for weight in w.tolist():
    print(f"{{weight:.6g}}")
"""

THRESHOLD = """
    with torch.no_grad():  # the soft threshold: every weight by 0.1 · l1 towards 0, and no farther
        w.copy_(torch.nn.functional.softshrink(w, 0.1 * l1))"""

STOPPING = """\
import numpy as np
import torch
from sklearn.datasets import load_diabetes

l2, steps = {l2!r}, {steps!r}

X, y = load_diabetes(return_X_y=True)
X = X / X.std(0)
pairs = [(i, j) for i in range(10) for j in range(i, 10) if (i, j) != (1, 1)]  # sex² says nothing new
X = np.hstack([X, np.stack([X[:, i] * X[:, j] for i, j in pairs], axis=1)])
order = np.random.default_rng(0).permutation(len(X))
train, validation = order[:100], order[100:242]
X = torch.tensor((X - X[train].mean(0)) / X[train].std(0))
y = torch.tensor((y - y[train].mean()) / y[train].std())

w = torch.zeros(64, dtype=torch.float64, requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.03)
for step in range(steps):  # early stopping: no penalty, few steps
    optimizer.zero_grad()
    ((X[train] @ w - y[train]) ** 2).mean().backward()
    optimizer.step()
    print(f"{{((X[validation] @ w - y[validation]) ** 2).mean():.6g}}")
gram = X[train].T @ X[train] / 100 + l2 * torch.eye(64, dtype=torch.float64)
ridge = torch.linalg.solve(gram, X[train].T @ y[train] / 100)
print(f"{{((X[validation] @ ridge - y[validation]) ** 2).mean():.6g}}")
"""

DECAY = """\
import torch

l2 = {l2!r}

theta = torch.zeros(2, dtype=torch.float64, requires_grad=True)
optimizer = torch.optim.{optimizer}
for step in range(301):
    print(f"{{theta[0]:.6g}}\\n{{theta[1]:.6g}}")
    optimizer.zero_grad()
    loss = (theta[0] - 3) ** 2 / 2 + 10 * (theta[1] - 2) ** 2 / 2
    ({loss}).backward(){decay}
    optimizer.step()
"""

OPTIMIZERS = {
    "SGD + L2": "SGD([theta], lr=0.1)",
    "SGD + decay": "SGD([theta], lr=0.1)",
    "Adam + L2": "Adam([theta], lr=0.1, betas=(0.9, {beta2}))",
    "AdamW": "AdamW([theta], lr=0.1, betas=(0.9, {beta2}), weight_decay=2 * l2)",
}

SHRINK = """
    with torch.no_grad():
        theta.mul_(1 - 0.1 * 2 * l2)  # decay: the weights shrink, the loss knows nothing of it"""


def moons_program(settings: dict[str, Any]) -> str:
    """The program that prints the training loss of the network on two moons, before and after every epoch.

    Args:
        settings: `strength`, `kind` and `samples`.

    Returns:
        A program without optlab; it prints 301 numbers.

    Example:
        >>> program = moons_program({"strength": 0.1, "kind": "elastic net", "samples": 30})
        >>> program.splitlines()[4].split("  #")[0]
        'l2, l1, samples = 0.05, 0.05, 30'
    """
    l2, l1 = _strengths(settings)
    return MOONS.format(l2=l2, l1=l1, samples=int(settings["samples"]))


def shrinkage_program(settings: dict[str, Any]) -> str:
    """The program that prints the ten weights of the penalised linear model after 1000 steps.

    Args:
        settings: `strength`, `kind` and `step`.

    Returns:
        A program without optlab; it prints ten numbers.

    Example:
        >>> program = shrinkage_program({"strength": 0.1, "kind": "L1", "step": "soft threshold"})
        >>> program.count("softshrink"), program.count("w.abs()")
        (1, 0)
    """
    l2, l1 = _strengths(settings)
    exact = settings["step"] == "soft threshold"
    smooth = "((X @ w - y) ** 2).mean() + l2 * (w**2).sum()"
    objective = f"({smooth})" if exact else f"({smooth} + l1 * w.abs().sum())"
    return SHRINKAGE.format(l2=l2, l1=l1, objective=objective, threshold=THRESHOLD if exact else "")


def stopping_program(settings: dict[str, Any]) -> str:
    """The program that prints the validation error of plain descent after every step, and then that of ridge.

    Args:
        settings: `l2` and `steps`.

    Returns:
        A program without optlab; it prints as many numbers as there are steps, and one more.

    Example:
        >>> stopping_program({"l2": 0.32, "steps": 52}).splitlines()[4]
        'l2, steps = 0.32, 52'
    """
    return STOPPING.format(l2=float(settings["l2"]), steps=int(settings["steps"]))


def weight_decay_program(settings: dict[str, Any]) -> str:
    """The program that prints the two weights in the bowl, one after the other, before and after every step.

    Args:
        settings: `rule`, `l2` and `beta2`.

    Returns:
        A program without optlab; it prints 602 numbers.

    Example:
        >>> print(weight_decay_program({"rule": "AdamW", "l2": 0.1, "beta2": 0.9}).splitlines()[5])
        optimizer = torch.optim.AdamW([theta], lr=0.1, betas=(0.9, 0.9), weight_decay=2 * l2)
    """
    rule = str(settings["rule"])
    return DECAY.format(
        l2=float(settings["l2"]),
        optimizer=OPTIMIZERS[rule].format(beta2=float(settings["beta2"])),
        decay=SHRINK if rule == "SGD + decay" else "",
        loss="loss + l2 * (theta**2).sum()" if rule.endswith("L2") else "loss",
    )


def _strengths(settings: dict[str, Any]) -> tuple[float, float]:
    l2, l1 = split(settings["kind"], settings["strength"])
    return float(l2[0]), float(l1[0])
