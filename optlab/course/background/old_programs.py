"""The trainings of section 1 as programs in plain PyTorch."""

from __future__ import annotations

from typing import Any

__all__ = [
    "augmentation_program",
    "imbalance_program",
    "merging_program",
    "optimizer_program",
    "preprocessing_program",
]

IMPORTS = """\
import torch
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch import nn
from torch.nn import functional as F
"""
SPLIT = """
# Handwritten digits, 8 x 8 pixels: 1198 to learn from, 599 to test.
x, y = load_digits(return_X_y=True)
x = torch.tensor(x / 16 - 0.5, dtype=torch.float32)
x, x_test, y, y_test = train_test_split(
    x, torch.tensor(y), test_size=1 / 3, random_state=0, stratify=y
)
"""
DIGITS = IMPORTS + SPLIT

OPTIMIZER = """
torch.manual_seed(0)  # of the initial weights
model = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))
optimizer = torch.optim.{rule}
shuffle = torch.Generator().manual_seed(0)  # of the mini-batches


def report():
    with torch.no_grad():
        print(f"{{F.cross_entropy(model(x), y).item():.6g}}")


report()
for epoch in range(16):
    for batch in torch.randperm(len(x), generator=shuffle).split(64):  # 19 gradients an epoch
        optimizer.zero_grad()
        F.cross_entropy(model(x[batch]), y[batch]).backward()
        optimizer.step()
    report()
"""

RULES = {
    "sgd": "SGD(model.parameters(), lr={lr})",
    "momentum": "SGD(model.parameters(), lr={lr}, momentum=0.9)",
    "adagrad": "Adagrad(model.parameters(), lr={lr})",
    "rmsprop": "RMSprop(model.parameters(), lr={lr})",
    "adam": "Adam(model.parameters(), lr={lr})",
}


def optimizer_program(settings: dict[str, Any]) -> str:
    """The program that trains the network on digits with one optimiser and prints its training loss.

    Args:
        settings: `optimizer` and `lr`.

    Returns:
        A program without optlab; it prints one loss before training and one after each epoch.

    Example:
        >>> print(optimizer_program({"optimizer": "adam", "lr": 0.01}).splitlines()[15])
        optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    """
    return DIGITS + OPTIMIZER.format(rule=RULES[settings["optimizer"]].format(**settings))


MERGING = """

def train(model, epochs, seed):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
    shuffle = torch.Generator().manual_seed(seed)  # of the mini-batches
    for epoch in range(epochs):
        for batch in torch.randperm(len(x), generator=shuffle).split(32):
            optimizer.zero_grad()
            F.cross_entropy(model(x[batch]), y[batch]).backward()
            optimizer.step()
    return model


def new_network(seed):
    torch.manual_seed(seed)
    return nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))


{networks}
for k in range(1, 7):  # the mean of the first k networks
    average = torch.optim.swa_utils.AveragedModel(networks[0])
    for network in networks[:k]:
        average.update_parameters(network)
    with torch.no_grad():
        print(f"{{F.cross_entropy(average(x_test), y_test).item():.6g}}")
"""

STRANGERS = "networks = [train(new_network(seed), 15, seed) for seed in range(6)]"
FAMILY = """\
ancestor = train(new_network(0), {epochs}, seed=0)
networks = [train(copy.deepcopy(ancestor), {rest}, seed=100 + k) for k in range(6)]"""


def merging_program(settings: dict[str, Any]) -> str:
    """The program that trains six networks and prints the test loss of the mean of 1, 2, …, 6 of them.

    Args:
        settings: `together`.

    Returns:
        A program without optlab; it prints six losses.

    Example:
        >>> "ancestor" in merging_program({"together": "3 epochs"})
        True
    """
    if settings["together"] == "never":
        return DIGITS + MERGING.format(networks=STRANGERS)
    first = str(settings["together"]).split()[0]
    epochs = int(first) if first.isdigit() else 0
    family = FAMILY.format(epochs=epochs, rest=15 - epochs)
    return "import copy\n\n" + DIGITS + MERGING.format(networks=family)


AUGMENTATION = """

def moved(images, shift):  # to the right and down, in pixels
    place = torch.eye(2, 3).repeat(len(images), 1, 1)
    place[:, :, 2] = -shift / 4
    grid = F.affine_grid(place, (len(images), 1, 8, 8), align_corners=False)
    ink = F.grid_sample(images.view(-1, 1, 8, 8) + 0.5, grid, align_corners=False)
    return ink.reshape(-1, 64) - 0.5


way = torch.rand(len(x_test), 2, generator=torch.Generator().manual_seed(9)) * 2 - 1
seen_in_the_test = moved(x_test, way * {test_move})
right = []
for seed in range(3):
    torch.manual_seed(seed)
    model = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.005)
    draw = torch.Generator().manual_seed(seed)
    known = torch.randperm(len(x), generator=draw)[:{samples}]
    for step in range(300):
        batch = known[torch.randint({samples}, (32,), generator=draw)]
        shift = (torch.rand(32, 2, generator=draw) * 2 - 1) * {move}
        optimizer.zero_grad()
        F.cross_entropy(model(moved(x[batch], shift)), y[batch]).backward()
        optimizer.step()
    right.append((model(seen_in_the_test).argmax(1) == y_test).float().mean())
print(f"{{torch.stack(right).mean().item():.6g}}")
"""


def augmentation_program(settings: dict[str, Any]) -> str:
    """The program that trains three networks on moved digits and prints the mean of their test accuracies.

    Args:
        settings: `samples`, `move` and `test_move`.

    Returns:
        A program without optlab; it prints one number.

    Example:
        >>> here = {"samples": 50, "move": 1.0, "test_move": 0.5}
        >>> "* 1.0" in augmentation_program(here)
        True
    """
    return DIGITS + AUGMENTATION.format(**settings)


PREPROCESSING = """\
import torch
from sklearn.datasets import load_iris

x, y = load_iris(return_X_y=True)
x, y = torch.tensor(x[y > 0]), torch.tensor(2.0 * y[y > 0] - 3).double()
x = x * torch.tensor([1, 1, {factor}, 1])  # petal length in {unit}
{lines}x = torch.cat([torch.ones(100, 1).double(), x], dim=1)

size = torch.linalg.svdvals(x) ** 2 / 100
rate = 2 / (size[0] + size[-1])  # the best constant one
least = ((x @ torch.linalg.lstsq(x, y[:, None], driver="gelsd").solution[:, 0] - y) ** 2).mean() / 2
theta = torch.zeros(5).double()
for step in range(101):
    error = x @ theta - y
    print(f"{{(error**2).mean() / 2 - least:.6g}}")  # above the least loss there is
    theta = theta - rate * x.T @ error / 100
"""

PREPARED = {
    "as it is": "",
    "centred": "x = x - x.mean(0)\n",
    "standardised": "x = (x - x.mean(0)) / x.std(0, correction=0)\n",
    "whitened": "x = torch.linalg.svd(x - x.mean(0), full_matrices=False).U * 10\n",
}


def preprocessing_program(settings: dict[str, Any]) -> str:
    """The program that fits iris by gradient descent and prints the loss above the least.

    Args:
        settings: `unit` and `preparation`.

    Returns:
        A program without optlab; it prints a number before each of 101 steps.

    Example:
        >>> here = {"unit": "mm", "preparation": "centred"}
        >>> print(preprocessing_program(here).splitlines()[6])
        x = x - x.mean(0)
    """
    factors = {"m": 0.01, "dm": 0.1, "cm": 1.0, "mm": 10.0, "µm": 1e4}
    unit = str(settings["unit"])
    return PREPROCESSING.format(unit=unit, factor=factors[unit], lines=PREPARED[str(settings["preparation"])])


IMBALANCE = """
y, y_test = (y == 8).float(), y_test == 8
others = torch.nonzero(y == 0)[:, 0]
scores = []
for seed in range(4):
    draw = torch.Generator().manual_seed(seed)
    eights = torch.nonzero(y)[:, 0]
    eights = eights[torch.randperm(len(eights), generator=draw)[:{count}]]
{remedy}
    model = nn.Linear(64, 1)
    nn.init.zeros_(model.weight)
    nn.init.zeros_(model.bias)
    optimizer = torch.optim.SGD(model.parameters(), lr=1.0)
    for step in range(200):
        optimizer.zero_grad()
        losses = F.binary_cross_entropy_with_logits(model(x[rows])[:, 0], y[rows], reduction="none")
        ((weight * losses).sum() / weight.sum()).backward()
        optimizer.step()
    called = model(x_test)[:, 0] > 0
    scores.append([called[y_test].float().mean(), (~called)[~y_test].float().mean()])
for score in torch.tensor(scores).mean(0):  # eights found, others left alone
    print(f"{{score.item():.6g}}")
"""

REMEDIES = {
    "none": """\
    rows = torch.cat([others, eights])
    weight = torch.ones(len(rows))""",
    "class weights": """\
    rows = torch.cat([others, eights])
    weight = torch.where(y[rows] > 0, len(rows) / (2 * len(eights)), len(rows) / (2 * len(others)))""",
    "repeat eights": """\
    again = eights[torch.randint({count}, (len(others),), generator=draw)]
    rows = torch.cat([others, again])
    weight = torch.ones(len(rows))""",
    "drop others": """\
    kept = others[torch.randperm(len(others), generator=draw)[:{count}]]
    rows = torch.cat([kept, eights])
    weight = torch.ones(len(rows))""",
}


def imbalance_program(settings: dict[str, Any]) -> str:
    """The program that looks for eights among other digits and prints the recall of both.

    Args:
        settings: `count` and `remedy`.

    Returns:
        A program without optlab; it prints two shares.

    Example:
        >>> "kept = others" in imbalance_program({"count": 8, "remedy": "drop others"})
        True
    """
    remedy = REMEDIES[str(settings["remedy"])].format(**settings)
    return DIGITS + IMBALANCE.format(count=settings["count"], remedy=remedy)
