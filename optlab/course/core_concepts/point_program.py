"""The loss of one straight line through twenty petals, and its gradient."""

import torch
from sklearn.datasets import load_iris

# Settings: change them here.
theta1 = 0.2
theta2 = 1.8

# Twenty petals: how much longer than 4 cm, and how wide.
length, y = torch.tensor(load_iris().data[50::5, 2:]).T
x = torch.round(length - 4, decimals=1)

theta = torch.tensor([theta1, theta2], dtype=torch.float64, requires_grad=True)
loss = ((theta[0] + theta[1] * x - y) ** 2).mean()
loss.backward()
print(f"θ₁ {theta1}  θ₂ {theta2}  loss {loss:.6g}")
print(f"slope along θ₁ {theta.grad[0]:.6g}  slope along θ₂ {theta.grad[1]:.6g}")
