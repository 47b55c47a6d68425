"""Train a small network on two moons, and print its training and validation loss."""

import torch
from sklearn.datasets import make_moons
from torch import nn

# Settings: change them here.
strength = 0.0  # a strong L1 throws weights about 0, and rounding may part two runs
kind = "L2"
samples = 30
every = 15  # epochs from one line to the next

# how much of λ goes to Σw² and how much to Σ|w|
l2, l1 = {"L2": (strength, 0), "L1": (0, strength), "elastic net": (strength / 2, strength / 2)}[kind]

x, y = make_moons(1000, noise=0.3, random_state=2)
x, y = torch.tensor(x[:samples]), torch.tensor(y[:samples])
x_val, y_val = map(torch.tensor, make_moons(100, noise=0.3, random_state=3))
torch.manual_seed(0)
model = nn.Sequential(nn.Linear(2, 64), nn.ReLU(), nn.Linear(64, 2)).double()
optimizer = torch.optim.SGD(model.parameters(), lr=0.3, momentum=0.9)
scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=300)

for epoch in range(301):
    loss = nn.functional.cross_entropy(model(x), y)
    if epoch % every == 0:
        validation = nn.functional.cross_entropy(model(x_val), y_val)
        print(f"epoch {epoch}  training loss {loss:.6g}  validation loss {validation:.6g}")
    if epoch == 300:
        break
    optimizer.zero_grad()
    penalty = sum(l2 * (w**2).sum() + l1 * w.abs().sum() for w in (model[0].weight, model[2].weight))
    (loss + penalty).backward()
    optimizer.step()
    scheduler.step()

right = [(model(a).argmax(1) == b).double().mean() for a, b in ((x, y), (x_val, y_val))]
weights = torch.cat([model[0].weight.flatten(), model[2].weight.flatten()])
print(f"training accuracy {right[0]:.4g}  validation accuracy {right[1]:.4g}")
print(f"weight norm {weights.norm():.4g}  weights practically 0 {(weights.abs() < 1e-3).sum()}")
