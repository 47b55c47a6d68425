"""The loss of one straight line through twenty petals."""

import torch
from sklearn.datasets import load_iris

# Settings: change them here.
theta1 = 0.2
theta2 = 1.8

# Twenty petals: how much longer than 4 cm, and how wide.
length, y = torch.tensor(load_iris().data[50::5, 2:]).T
x = torch.round(length - 4, decimals=1)

theta = torch.tensor([theta1, theta2], dtype=torch.float64)
loss = ((theta[0] + theta[1] * x - y) ** 2).mean()
print(f"{loss:.6g}")
