"""Gradient descent in a ravine: prints the loss at the start and after every step."""

import math

import torch

# Settings: change them here.
lr = 0.05
kappa = 10.0
angle = 60.0  # of the start, in degrees from the valley's floor
steps = 100

# A valley kappa times as curved across as along, turned by 0.4 radians.
cos, sin = math.cos(0.4), math.sin(0.4)
directions = torch.tensor([[cos, sin], [-sin, cos]], dtype=torch.float64)  # along, across
curvatures = torch.tensor([1, kappa], dtype=torch.float64)


def loss(theta):
    return (curvatures * (theta @ directions.T) ** 2 / 2).sum()


turned = math.radians(angle) + 0.4
start = [2 * math.cos(turned), 2 * math.sin(turned)]
theta = torch.tensor(start, dtype=torch.float64, requires_grad=True)
optimizer = torch.optim.SGD([theta], lr=lr)
losses = [loss(theta).item()]
print(f"{losses[0]:.6g}")
for _ in range(steps):
    optimizer.zero_grad()
    loss(theta).backward()
    optimizer.step()
    losses.append(loss(theta).item())
    print(f"{losses[-1]:.6g}")
    if not losses[-1] <= 1e6 * losses[0]:  # it has diverged
        break
