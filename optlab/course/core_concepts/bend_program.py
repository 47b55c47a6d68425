"""Descent on the petals' loss with an L2 penalty: where it is, and how far from the minimum."""

import torch
from sklearn.datasets import load_iris

# Settings: change them here.
l2 = 1.0
lr = 0.056
steps = 40
every = 2  # steps from one line to the next

# Twenty petals: how much longer than 4 cm, and how wide.
length, y = torch.tensor(load_iris().data[50::5, 2:]).T
x = torch.round(length - 4, decimals=1)


def J1(theta):
    return ((theta[0] + theta[1] * x - y) ** 2).mean()


design = torch.stack([torch.ones(20).double(), x], dim=1)
minimum = torch.linalg.solve(design.T @ design / 20 + l2 * torch.eye(2).double(), design.T @ y / 20)
print(f"at the minimum: size of θ {minimum.norm():.4g}  J₁ {J1(minimum):.4g}")
theta = torch.tensor([0.2, 1.8], dtype=torch.float64, requires_grad=True)
optimizer = torch.optim.SGD([theta], lr=lr)
for step in range(steps + 1):
    J = J1(theta) + l2 * (theta**2).sum()
    if step % every == 0:
        place = f"θ₁ {theta[0]:.6g}  θ₂ {theta[1]:.6g}"
        away = (theta - minimum).norm().item()
        print(f"step {step}  {place}  J {J:.6g}  from the minimum {away:.3g}")
    optimizer.zero_grad()
    J.backward()
    optimizer.step()
