"""The labs of section 6 as programs in plain PyTorch."""

from __future__ import annotations

from typing import Any

__all__ = ["cost_program", "deploy_program", "lemma_program"]

COST = """\
import torch
from sklearn.datasets import load_iris
from sklearn.model_selection import train_test_split
from torch import nn

# Two species of iris, 80 flowers to learn from, standardised.
x, y = load_iris(return_X_y=True)
x, y = x[y > 0], y[y > 0] - 1
x, _, y, _ = train_test_split(x, y, test_size=0.2, random_state=3, stratify=y)
x = torch.tensor((x - x.mean(axis=0)) / x.std(axis=0), dtype=torch.float32)
y = torch.tensor(y)

torch.manual_seed(0)  # of the initial weights
model = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 2))
optimizer = torch.optim.{optimizer}
shuffle = torch.Generator().manual_seed(0)  # of the mini-batches


def report():  # the share of the flowers told right
    with torch.no_grad():
        print(f"{{(model(x).argmax(1) == y).float().mean().item():.6g}}")


report()
for epoch in range(150):
    for batch in torch.randperm(80, generator=shuffle).split({batch_size}):
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(x[batch]), y[batch]).backward()
        optimizer.step()
    report()
"""

OPTIMIZERS = {
    "sgd": "SGD(model.parameters(), lr={lr})",
    "momentum": "SGD(model.parameters(), lr={lr}, momentum=0.9)",
    "adam": "Adam(model.parameters(), lr={lr})",
}

PROMISE = """\
import torch
{data}


def J(theta):
    return {loss}


L = {smoothness} * torch.linalg.eigvalsh(x.T @ x / len(x))[-1]  # the gradient changes no faster
theta = torch.tensor({start}, dtype=torch.float64)
gradient, least = torch.func.grad(J), {least}

print(f"{{J(theta) - least:.6g}}")
for step in range(30):
    theta = theta - {lr} / L * gradient(theta)
    print(f"{{J(theta) - least:.6g}}")
"""

PROBLEMS = {
    "least squares": {
        "data": """\
from sklearn.datasets import load_linnerud

# Twenty men: the waist from chin-ups and sit-ups, all standardised.
men = load_linnerud()
x, y = torch.tensor(men.data[:, :2]), torch.tensor(men.target[:, 1])
x, y = ((part - part.mean(0)) / part.std(0, correction=0) for part in (x, y))""",
        "loss": "((x @ theta - y) ** 2).mean() / 2",
        "smoothness": 1,
        "least": "J(torch.linalg.lstsq(x, y[:, None]).solution[:, 0])",
        "start": "[1.4, -0.4]",
    },
    "logistic regression": {
        "data": """\
from sklearn.datasets import load_iris
from sklearn.model_selection import train_test_split

# Two species of iris, 80 flowers, standardised, and a column of ones.
x, y = load_iris(return_X_y=True)
x, y = x[y > 0], 2 * y[y > 0] - 3
x, _, y, _ = train_test_split(x, y, test_size=0.2, random_state=3, stratify=y)
x = torch.tensor((x - x.mean(axis=0)) / x.std(axis=0), dtype=torch.float32).double()
x, y = torch.cat([x, torch.ones(80, 1)], dim=1), torch.tensor(y)""",
        "loss": "torch.nn.functional.softplus(-y * (x @ theta)).mean()",
        "smoothness": 0.25,
        "least": "0  # a plane separates these flowers",
        "start": "[0.0] * 5",
    },
}

DEPLOY = """\
import torch
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch import nn

torch.set_num_threads(1)
torch.manual_seed(0)
x, y = load_digits(return_X_y=True)
split = train_test_split(x / 16, y, test_size=0.25, random_state=0, stratify=y)
x, x_test, y, y_test = (torch.tensor(part) for part in split)
x, x_test = x.float(), x_test.float()
net = nn.Sequential(nn.Linear(64, 512), nn.ReLU(), nn.Linear(512, 512), nn.ReLU(), nn.Linear(512, 10))
optimizer = torch.optim.Adam(net.parameters(), lr=0.003)
for epoch in range(10):
    for batch in torch.randperm(len(x)).split(64):
        optimizer.zero_grad()
        nn.functional.cross_entropy(net(x[batch]), y[batch]).backward()
        optimizer.step()

weights, biases = [layer.weight.data for layer in net[::2]], [layer.bias.data for layer in net[::2]]
{prune}

def rounded(w, bits):  # to whole numbers, one scale a row, and back
    largest = 2 ** (bits - 1) - 1
    scale = w.abs().amax(1, keepdim=True).clamp_min(1e-12) / largest
    return (w / scale).round().clamp(-largest, largest) * scale


h = x_test
for k, (w, b) in enumerate(zip(weights, biases)):
    h = {layer} + b
    h = h.relu() if k < 2 else h
print(f"{{(h.argmax(1) == y_test).float().mean().item():.6g}}")
"""

PRUNE = {
    "single weights": """
size = torch.cat([w.abs().flatten() for w in weights])
smallest = size.topk(round({share} * len(size)), largest=False).indices  # of all weights, wherever they are
keep = torch.ones(len(size)).index_fill(0, smallest, 0).split([w.numel() for w in weights])
weights = [w * k.view(w.shape) for w, k in zip(weights, keep)]
""",
    "whole neurons": """
for k in (0, 1):  # what goes through a neuron: the weights into it times those out of it
    through = weights[k].norm(dim=1) * weights[k + 1].norm(dim=0)
    keep = through.topk(512 - round({share} * 512)).indices.sort().values
    weights[k], biases[k], weights[k + 1] = weights[k][keep], biases[k][keep], weights[k + 1][:, keep]
""",
}

LAYERS = {32: "h @ w.T", 8: "rounded(h, 8) @ rounded(w, 8).T"}


def cost_program(settings: dict[str, Any]) -> str:
    """The program that trains the document's network and prints the share of the flowers that it tells right.

    Args:
        settings: `optimizer` ("sgd", "momentum" or "adam"), `lr` and `batch_size`.

    Returns:
        A program without optlab; it prints one share before training and one after each of 150 epochs.

    Example:
        >>> print(cost_program({"optimizer": "adam", "lr": 0.1, "batch_size": 16}).splitlines()[14])
        optimizer = torch.optim.Adam(model.parameters(), lr=0.1)

    Source:
        Sections 4 and 6 of the document.
    """
    return COST.format(**settings | {"optimizer": OPTIMIZERS[settings["optimizer"]].format(**settings)})


def lemma_program(settings: dict[str, Any]) -> str:
    """The program that goes down one of two smooth losses, and prints how far above the least it is.

    Args:
        settings: `loss` ("least squares" or "logistic regression"), and `lr`, α in units of 1/L.

    Returns:
        A program without optlab; it prints one number at the start and one after each of 30 steps.

    Example:
        >>> print(lemma_program({"loss": "least squares", "lr": 1.5}).splitlines()[-2].strip())
        theta = theta - 1.5 / L * gradient(theta)

    Source:
        Section 6 of the document.
    """
    return PROMISE.format(**PROBLEMS[settings["loss"]], lr=settings["lr"])


def deploy_program(settings: dict[str, Any]) -> str:
    """The program that trains a network on digits, prunes and rounds it, and prints how often it is right.

    Args:
        settings: `kind` ("single weights" or "whole neurons"), `share` to remove and `bits` a weight.

    Returns:
        A program without optlab; it prints one share.

    Example:
        >>> here = {"kind": "single weights", "share": 0.5, "bits": 4}
        >>> print(deploy_program(here).splitlines()[-3].strip())
        h = h @ rounded(w, 4).T + b

    Source:
        Section 6 of the document.
    """
    bits = int(settings["bits"])
    prune = PRUNE[settings["kind"]].format(**settings) if settings["share"] else ""
    return DEPLOY.format(prune=prune, layer=LAYERS.get(bits, f"h @ rounded(w, {bits}).T"))
