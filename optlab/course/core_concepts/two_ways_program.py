"""Descent over some petals a step: the optimality gap by the number of petals looked at."""

import torch
from sklearn.datasets import load_iris

# Settings: change them here.
lr = 0.05
batch_size = 1
seed = 0
epochs = 20
every = 20  # petals looked at from one line to the next, at least

# Twenty petals: how much longer than 4 cm, and how wide.
length, y = torch.tensor(load_iris().data[50::5, 2:]).T
x = torch.round(length - 4, decimals=1)


def J(theta, x, y):
    return ((theta[0] + theta[1] * x - y) ** 2).mean()


design = torch.stack([torch.ones_like(x), x], dim=1)
minimum = torch.linalg.lstsq(design, y[:, None]).solution[:, 0]
theta = torch.tensor([0.2, 1.8], dtype=torch.float64, requires_grad=True)
optimizer = torch.optim.SGD([theta], lr=lr)
shuffle = torch.Generator().manual_seed(seed)


def report(seen):
    if seen % every == 0:
        gap = (J(theta, x, y) - J(minimum, x, y)).item()
        print(f"flowers looked at {seen}  optimality gap {gap:.6g}")


report(0)
for epoch in range(epochs):
    seen = 20 * epoch
    for batch in torch.randperm(20, generator=shuffle).split(batch_size):
        optimizer.zero_grad()
        J(theta, x[batch], y[batch]).backward()
        optimizer.step()
        seen += len(batch)
        report(seen)
