"""Train a small network on two moons, and print its training loss before and after every epoch."""

import torch
from sklearn.datasets import make_moons
from torch import nn

# Settings: change them here.
strength = 0.0
kind = "L2"
samples = 30

# how much of λ goes to Σw² and how much to Σ|w|
l2, l1 = {"L2": (strength, 0), "L1": (0, strength), "elastic net": (strength / 2, strength / 2)}[kind]

x, y = make_moons(1000, noise=0.3, random_state=2)
x, y = torch.tensor(x[:samples]), torch.tensor(y[:samples])
torch.manual_seed(0)
model = nn.Sequential(nn.Linear(2, 64), nn.ReLU(), nn.Linear(64, 2)).double()
optimizer = torch.optim.SGD(model.parameters(), lr=0.3, momentum=0.9)
scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=300)

print(f"{nn.functional.cross_entropy(model(x), y):.6g}")
for _ in range(300):
    optimizer.zero_grad()
    penalty = sum(l2 * (w**2).sum() + l1 * w.abs().sum() for w in (model[0].weight, model[2].weight))
    (nn.functional.cross_entropy(model(x), y) + penalty).backward()
    optimizer.step()
    scheduler.step()
    print(f"{nn.functional.cross_entropy(model(x), y):.6g}")
