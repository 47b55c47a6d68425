"""Gradient descent on a parabola from theta = 1: the loss at the start and after every step."""

import torch

# Settings: change them here.
lr = 0.9
curvature = 2.0
steps = 30


def J(theta):
    return curvature * theta**2 / 2


theta = torch.tensor(1.0, dtype=torch.float64, requires_grad=True)
optimizer = torch.optim.SGD([theta], lr=lr)
print(f"{J(theta).item():.6g}")
for _ in range(steps):
    optimizer.zero_grad()
    J(theta).backward()
    optimizer.step()
    print(f"{J(theta).item():.6g}")
