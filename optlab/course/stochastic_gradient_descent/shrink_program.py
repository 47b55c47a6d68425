"""One sample a step at a falling rate, 256 seeds: prints their mean optimality gap epoch by epoch."""

import torch
from sklearn.datasets import load_linnerud

# Settings: change them here.
lr = 0.15
delta = 0.01
p = 2.0
order = "with replacement"  # "reshuffled"

# Twenty men: the waist from chin-ups and sit-ups, all standardised.
men = load_linnerud()
x, y = torch.tensor(men.data[:, :2]), torch.tensor(men.target[:, 1:2])
x, y = ((part - part.mean(0)) / part.std(0, correction=0) for part in (x, y))
smallest = ((x @ torch.linalg.lstsq(x, y).solution - y) ** 2).mean() / 2


def picked(seed):  # the man of each step
    draw = torch.Generator().manual_seed(seed)
    if order == "with replacement":
        return torch.randint(20, (2000,), generator=draw)
    return torch.cat([torch.randperm(20, generator=draw) for _ in range(100)])


def report():
    loss = ((theta @ x.T - y.T) ** 2).mean(1) / 2
    print(f"{(loss - smallest).mean():.6g}")


men_of_step = torch.stack([picked(seed) for seed in range(256)], dim=1)  # one column a seed
theta = torch.tensor([1.4, -0.4], dtype=torch.float64).repeat(256, 1)  # one row a seed
report()
for step, i in enumerate(men_of_step):
    error = (x[i] * theta).sum(1, keepdim=True) - y[i]
    theta = theta - lr / (1 + delta * step) ** (p / 2) * error * x[i]
    if (step + 1) % 20 == 0:
        report()
