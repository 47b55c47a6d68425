"""Descent on the petals' loss with an L2 penalty: the loss at the start and after every step."""

import torch
from sklearn.datasets import load_iris

# Settings: change them here.
l2 = 1.0
lr = 0.056
steps = 40

# Twenty petals: how much longer than 4 cm, and how wide.
length, y = torch.tensor(load_iris().data[50::5, 2:]).T
x = torch.round(length - 4, decimals=1)


def J(theta):
    return ((theta[0] + theta[1] * x - y) ** 2).mean() + l2 * (theta**2).sum()


theta = torch.tensor([0.2, 1.8], dtype=torch.float64, requires_grad=True)
optimizer = torch.optim.SGD([theta], lr=lr)
print(f"{J(theta).item():.6g}")
for _ in range(steps):
    optimizer.zero_grad()
    J(theta).backward()
    optimizer.step()
    print(f"{J(theta).item():.6g}")
