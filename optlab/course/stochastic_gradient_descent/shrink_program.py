"""One sample a step, 256 seeds: a constant rate, a falling one, and the average of all points so far.

It prints their mean optimality gap, epoch by epoch.
"""

import torch
from sklearn.datasets import load_linnerud

# Settings: change them here.
lr = 0.15
delta = 0.01
p = 2.0
order = "with replacement"  # "reshuffled"
every = 5  # epochs from one line to the next

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


def mean_gap(theta):
    return (((theta @ x.T - y.T) ** 2).mean(1) / 2 - smallest).mean()


def report(epoch):
    gaps = f"constant α {mean_gap(constant):.6g}  falling α {mean_gap(falling):.6g}"
    print(f"epoch {epoch}  {gaps}  average {mean_gap(average):.6g}")


def moved(theta, rate, i):
    return theta - rate * ((x[i] * theta).sum(1, keepdim=True) - y[i]) * x[i]


men_of_step = torch.stack([picked(seed) for seed in range(256)], dim=1)  # one column a seed
constant = falling = average = torch.tensor([1.4, -0.4], dtype=torch.float64).repeat(256, 1)
report(0)
for step, i in enumerate(men_of_step, start=1):
    constant = moved(constant, lr, i)
    falling = moved(falling, lr / (1 + delta * (step - 1)) ** (p / 2), i)
    average = constant if step == 1 else average + (constant - average) / step
    if step % (20 * every) == 0:
        report(step // 20)
