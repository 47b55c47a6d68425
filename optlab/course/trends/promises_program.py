"""Gradient descent on least squares with 30 curvatures from 1/kappa to L = 1; it prints the loss."""

import torch

# Settings: change them here.
lr = 1.0  # in units of 1/L
kappa = 10.0

h = kappa ** torch.linspace(-1, 0, 30, dtype=torch.float64)  # the curvatures
theta = torch.ones(30, dtype=torch.float64, requires_grad=True)
optimizer = torch.optim.SGD([theta], lr=lr)
for step in range(1001):
    loss = (h * theta**2).sum() / 2
    print(f"{loss.item():.6g}")
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
