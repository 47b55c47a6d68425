"""Descent at a falling rate, one petal a step: the mean optimality gap of ten random orders."""

import torch
from sklearn.datasets import load_iris

# Settings: change them here.
lr = 0.05
delta = 0.1
p = 1.0
orders = 10
epochs = 100
every = 5  # epochs from one line to the next

# Twenty petals: how much longer than 4 cm, and how wide.
length, y = torch.tensor(load_iris().data[50::5, 2:]).T
x = torch.round(length - 4, decimals=1)


def J(theta, x, y):
    return ((theta[0] + theta[1] * x - y) ** 2).mean()


design = torch.stack([torch.ones_like(x), x], dim=1)
minimum = torch.linalg.lstsq(design, y[:, None]).solution[:, 0]

# All descents at once, each with a random order of its own.
shuffles = [torch.Generator().manual_seed(seed) for seed in range(orders)]
theta = torch.tensor([0.2, 1.8], dtype=torch.float64)[:, None].repeat(1, orders)


for epoch in range(epochs + 1):
    rate = lr * (1 / (1 + delta * epoch) ** 0.5) ** p
    if epoch % every == 0:
        gap = torch.stack([J(one, x, y) - J(minimum, x, y) for one in theta.T]).mean()
        print(f"epoch {epoch}  optimality gap {gap:.6g}  rate {rate:.6g}")
    for one in torch.stack([torch.randperm(20, generator=s) for s in shuffles], dim=1):
        error = theta[0] + theta[1] * x[one] - y[one]
        theta = theta - rate * 2 * error * torch.stack([torch.ones_like(error), x[one]])
