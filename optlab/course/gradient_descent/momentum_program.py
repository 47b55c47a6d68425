"""Gradient descent with momentum in a ravine: prints the loss step by step."""

import math

import torch

# Settings: change them here.
lr = 0.063
momentum = 0.9
kappa = 30.0
steps = 100
every = 5  # steps from one line to the next

# A valley kappa times as curved across as along, turned by 0.4 radians.
cos, sin = math.cos(0.4), math.sin(0.4)
directions = torch.tensor([[cos, sin], [-sin, cos]], dtype=torch.float64)  # along, across
curvatures = torch.tensor([1, kappa], dtype=torch.float64)


def loss(theta):
    return (curvatures * (theta @ directions.T) ** 2 / 2).sum()


turned = math.radians(60) + 0.4
theta = torch.tensor([2 * math.cos(turned), 2 * math.sin(turned)], dtype=torch.float64, requires_grad=True)
optimizer = torch.optim.SGD([theta], lr=lr, momentum=momentum)
start, reached = loss(theta).item(), None
for step in range(steps + 1):
    now = loss(theta)
    if reached is None and now <= 1e-6:
        reached = step
    ended = step == steps or not now.item() <= 1e6 * start  # at the last step, or diverged
    if step % every == 0 or ended:
        print(f"step {step}  loss {now.item():.6g}")
    if ended:
        break
    optimizer.zero_grad()
    now.backward()
    optimizer.step()
print("not at 0.000001 yet" if reached is None else f"loss at most 0.000001 from step {reached}")
