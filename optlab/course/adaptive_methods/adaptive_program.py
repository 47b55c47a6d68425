"""Run five rules on a valley that may be turned against the axes, and print their losses, step by step."""

import math

import torch

# Settings: change them here.
rates = (0.3, 0.3, 0.3, 0.3)  # near the minimum they circle, and rounding may part two runs
beta2 = 0.99
kappa = 100.0  # times as steep across as along
turn = 0.0  # degrees
every = 15  # steps from one line to the next

cos, sin = math.cos(math.radians(turn)), math.sin(math.radians(turn))


def loss(x, y):
    return ((cos * x + sin * y) ** 2 + kappa * (cos * y - sin * x) ** 2) / 2


start = [-2.5 * cos - 1.5 * sin, -2.5 * sin + 1.5 * cos]  # 2.5 along the valley, 1.5 up its side
points = [torch.tensor(start, dtype=torch.float64, requires_grad=True) for _ in range(5)]
optimizers = [
    torch.optim.SGD([points[0]], lr=2 / (1 + kappa)),  # the best rate that there is for it
    torch.optim.Adagrad([points[1]], lr=rates[0]),
    torch.optim.RMSprop([points[2]], lr=rates[1], alpha=beta2),
    torch.optim.Adam([points[3]], lr=rates[2], betas=(0.9, beta2)),
    torch.optim.AdamW([points[4]], lr=rates[3], betas=(0.9, beta2)),
]
names = ("SGD", "AdaGrad", "RMSProp", "Adam", "AdamW")
for step in range(301):
    losses = [loss(*point) for point in points]
    if step % every == 0:
        print(f"step {step}", *(f"{name} {now.item():.6g}" for name, now in zip(names, losses)), sep="  ")
    for value, optimizer in zip(losses, optimizers):
        optimizer.zero_grad()
        value.backward()
        optimizer.step()
