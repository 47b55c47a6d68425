"""One sample a step in three orders, 256 seeds each: prints their mean optimality gap, epoch by epoch."""

import torch
from sklearn.datasets import load_linnerud

# Settings: change them here.
lr = 0.05
epochs = 100
every = 5  # epochs from one line to the next

# Twenty men: the waist from chin-ups and sit-ups, all standardised.
men = load_linnerud()
x, y = torch.tensor(men.data[:, :2]), torch.tensor(men.target[:, 1:2])
x, y = ((part - part.mean(0)) / part.std(0, correction=0) for part in (x, y))
smallest = ((x @ torch.linalg.lstsq(x, y).solution - y) ** 2).mean() / 2


def picked(order, seed):  # the man of each step
    draw = torch.Generator().manual_seed(seed)
    if order == "with replacement":
        return torch.randint(20, (20 * epochs,), generator=draw)
    if order == "one shuffle":
        return torch.randperm(20, generator=draw).repeat(epochs)
    return torch.cat([torch.randperm(20, generator=draw) for _ in range(epochs)])


orders = ("with replacement", "reshuffled", "one shuffle")
men_of_step = torch.tensor([[picked(order, s).tolist() for s in range(256)] for order in orders]).permute(
    2, 0, 1
)
theta = torch.tensor([1.4, -0.4], dtype=torch.float64).repeat(3, 256, 1)  # by order and seed
for epoch in range(epochs + 1):
    if epoch % every == 0:
        gaps = ((theta @ x.T - y[:, 0]) ** 2).mean(2) / 2 - smallest
        means = (f"{order} {gap:.6g}" for order, gap in zip(orders, gaps.mean(1)))
        print(f"epoch {epoch}", *means, sep="  ")
    for i in men_of_step[20 * epoch : 20 * epoch + 20]:
        error = (x[i] * theta).sum(2, keepdim=True) - y[i]
        theta = theta - lr * error * x[i]
