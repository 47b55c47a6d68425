"""Train a small tanh network by gradient descent at the edge of stability, and print its loss.

At the edge the smallest difference grows. For some hundred steps these losses are those of the lab;
then rounding parts the two runs, and the rest is similar, not the same.
"""

import torch
from torch import nn

# Settings: change them here.
lr = 0.1
seed = 0
steps = 2000

torch.manual_seed(seed)
model = nn.Sequential(nn.Linear(1, 20), nn.Tanh(), nn.Linear(20, 20), nn.Tanh(), nn.Linear(20, 1)).double()
x = torch.linspace(-1, 1, 20, dtype=torch.float64)[:, None]
y = torch.cos(4 * torch.acos(x))
optimizer = torch.optim.SGD(model.parameters(), lr=lr)
for step in range(steps + 1):
    loss = nn.functional.mse_loss(model(x), y)
    print(f"{loss.item():.6g}")
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
