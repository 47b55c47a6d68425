"""Gradient descent in a ravine: prints the loss and its two parts, step by step."""

import math

import torch

# Settings: change them here.
lr = 0.2
kappa = 10.0
angle = 60.0  # of the start, in degrees from the valley's floor
steps = 100
every = 5  # steps from one line to the next

# A valley kappa times as curved across as along, turned by 0.4 radians.
cos, sin = math.cos(0.4), math.sin(0.4)
directions = torch.tensor([[cos, sin], [-sin, cos]], dtype=torch.float64)  # along, across
curvatures = torch.tensor([1, kappa], dtype=torch.float64)


def parts(theta):  # of the loss: along the valley, and across it
    return curvatures * (theta @ directions.T) ** 2 / 2


def loss(theta):
    return parts(theta).sum()


turned = math.radians(angle) + 0.4
theta = torch.tensor([2 * math.cos(turned), 2 * math.sin(turned)], dtype=torch.float64, requires_grad=True)
optimizer = torch.optim.SGD([theta], lr=lr)
start, reached = loss(theta).item(), None
for step in range(steps + 1):
    now = loss(theta)
    if reached is None and now <= 1e-6:
        reached = step
    ended = step == steps or not now.item() <= 1e6 * start  # at the last step, or diverged
    if step % every == 0 or ended:
        along, across = parts(theta).tolist()
        both = f"along the valley {along:.6g}  across the valley {across:.6g}"
        print(f"step {step}  loss {now.item():.6g}  {both}")
    if ended:
        break
    optimizer.zero_grad()
    now.backward()
    optimizer.step()
print("not at 0.000001 yet" if reached is None else f"loss at most 0.000001 from step {reached}")
