"""One sample a step, reshuffled every epoch, 256 seeds: prints their mean optimality gap epoch by epoch."""

import torch
from sklearn.datasets import load_linnerud

# Settings: change them here.
lr = 0.05
epochs = 100

# Twenty men: the waist from chin-ups and sit-ups, all standardised.
men = load_linnerud()
x, y = torch.tensor(men.data[:, :2]), torch.tensor(men.target[:, 1:2])
x, y = ((part - part.mean(0)) / part.std(0, correction=0) for part in (x, y))
smallest = ((x @ torch.linalg.lstsq(x, y).solution - y) ** 2).mean() / 2


def report():
    loss = ((theta @ x.T - y.T) ** 2).mean(1) / 2
    print(f"{(loss - smallest).mean():.6g}")


generators = [torch.Generator().manual_seed(seed) for seed in range(256)]
theta = torch.tensor([1.4, -0.4], dtype=torch.float64).repeat(256, 1)  # one row a seed
report()
for _ in range(epochs):
    order = torch.stack([torch.randperm(20, generator=draw) for draw in generators], dim=1)
    for i in order:
        error = (x[i] * theta).sum(1, keepdim=True) - y[i]
        theta = theta - lr * error * x[i]
    report()
