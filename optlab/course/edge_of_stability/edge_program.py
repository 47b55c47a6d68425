"""Train a small tanh network by gradient descent at the edge of stability, and print its loss and sharpness.

At the edge the smallest difference grows. For some hundred steps these numbers are those of the lab;
then rounding parts the two runs, and the rest is similar, not the same.
"""

import torch
from torch import nn

# Settings: change them here.
lr = 0.1
seed = 0
steps = 2000
every = 100  # steps from one line to the next

torch.manual_seed(seed)
model = nn.Sequential(nn.Linear(1, 20), nn.Tanh(), nn.Linear(20, 20), nn.Tanh(), nn.Linear(20, 1)).double()
x = torch.linspace(-1, 1, 20, dtype=torch.float64)[:, None]
y = torch.cos(4 * torch.acos(x))
optimizer = torch.optim.SGD(model.parameters(), lr=lr)


def sharpness(loss, direction):  # the largest curvature, by multiplying with the Hessian again and again
    parameters = list(model.parameters())
    slope = torch.cat([g.flatten() for g in torch.autograd.grad(loss, parameters, create_graph=True)])
    for _ in range(40):
        direction = direction / direction.norm()
        parts = torch.autograd.grad(slope @ direction, parameters, retain_graph=True)
        direction = torch.cat([part.flatten() for part in parts])
    return direction.norm(), direction


direction = torch.ones(481, dtype=torch.float64)
for step in range(steps + 1):
    loss = nn.functional.mse_loss(model(x), y)
    if step % every == 0:
        largest, direction = sharpness(loss, direction)
        print(f"step {step}  training loss {loss.item():.6g}  sharpness {largest:.6g}")
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
