"""Gradient descent on a parabola from theta = 1: where it is and the loss, step by step."""

import torch

# Settings: change them here.
lr = 0.9
curvature = 2.0
steps = 30
every = 2  # steps from one line to the next


def J(theta):
    return curvature * theta**2 / 2


theta = torch.tensor(1.0, dtype=torch.float64, requires_grad=True)
optimizer = torch.optim.SGD([theta], lr=lr)
reached = None
for step in range(steps + 1):
    if reached is None and J(theta) <= 1e-6:
        reached = step
    if step % every == 0:
        print(f"step {step}  θ {theta.item():.6g}  loss {J(theta).item():.6g}")
    optimizer.zero_grad()
    J(theta).backward()
    optimizer.step()
print("not at 0.000001 yet" if reached is None else f"loss at most 0.000001 from step {reached}")
