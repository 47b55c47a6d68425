"""A training of section 4.5 as a program in plain PyTorch."""

from __future__ import annotations

from typing import Any

__all__ = ["training_program"]

DATA = """\
import torch
from sklearn.datasets import load_iris
from sklearn.model_selection import train_test_split
from torch import nn

# Two species of iris, 80 flowers to learn from (the other 20 are for testing), standardised.
x, y = load_iris(return_X_y=True)
x, y = x[y > 0], y[y > 0] - 1
x, _, y, _ = train_test_split(x, y, test_size=0.2, random_state=3, stratify=y)
x = torch.tensor((x - x.mean(axis=0)) / x.std(axis=0), dtype=torch.float32)
y = torch.tensor(y)
"""

MODEL = """
torch.manual_seed({seed})  # of the initial weights
model = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 2))
optimizer = torch.optim.SGD(model.parameters(), lr={lr})
shuffle = torch.Generator().manual_seed({seed})  # of the mini-batches


def loss(batch):
    return nn.functional.cross_entropy(model(x[batch]), y[batch])
"""

PENALTY = """

def penalty():
    return {l2} * sum((layer.weight**2).sum() for layer in (model[0], model[2]))
"""

TRAINING = """

def report():
    with torch.no_grad():
        print(f"{{loss(range(80)).item():.6g}}")


report()
for epoch in range({epochs}):
{rate}    for batch in torch.randperm(80, generator=shuffle).split({batch_size}):
        optimizer.zero_grad()
        {objective}.backward()
        optimizer.step()
    report()
"""

RATE = """\
    optimizer.param_groups[0]["lr"] = {lr} * (1 / (1 + {delta} * epoch) ** 0.5) ** {p}
"""


def training_program(settings: dict[str, Any], *, epochs: int = 100, seed: int = 0) -> str:
    """The program that trains the document's network on two species of iris and prints its training loss.

    Args:
        settings: `lr`, and any of `batch_size`, `l2`, `delta` and `p`; what is left out is as in `train`.
        epochs: passes over the training data.
        seed: of the initial weights and of the batch order.

    Returns:
        A program without optlab; it prints one loss before training and one after each epoch.

    Example:
        >>> print(training_program({"lr": 0.5, "l2": 0.0}).splitlines()[14])
        optimizer = torch.optim.SGD(model.parameters(), lr=0.5)

    Source:
        Section 4.5 of the document.
    """
    values = {"batch_size": 16, "l2": 0.0, "delta": 0.0, "p": 1.0} | settings
    parts = [DATA, MODEL, PENALTY if values["l2"] else "", TRAINING]
    return "".join(parts).format(
        **values,
        epochs=epochs,
        seed=seed,
        rate=RATE.format(**values) if values["delta"] else "",
        objective="(loss(batch) + penalty())" if values["l2"] else "loss(batch)",
    )
