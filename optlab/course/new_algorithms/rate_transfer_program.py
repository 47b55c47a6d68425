"""Train a network of some width with Adam, in the standard parametrisation or in μP; three seeds."""

from itertools import pairwise

import torch
from sklearn.datasets import load_digits
from torch import nn

# Settings: change them here.
parametrisation = "standard"  # or "μP"
width = 256  # units in each of three hidden layers
power = -4  # the learning rate is 2 ** power
steps = 40

x, y = load_digits(return_X_y=True)
x, y = x[:1000], torch.tensor(y[:1000])
x = torch.tensor((x - x.mean(axis=0)) / x.std(), dtype=torch.float32)
narrower = 16 / width if parametrisation == "μP" else 1  # at width 16 both are the same


def outputs(weights, x):
    for weight in weights[:-1]:
        x = torch.relu(x @ weight.T)
    return x @ weights[-1].T


def run(seed):  # the loss of the batch before each step, and that of all digits at the end
    torch.manual_seed(seed)
    sizes = [64, width, width, width, 10]
    weights = [torch.randn(n, m) * (2 / m) ** 0.5 for m, n in pairwise(sizes)]
    weights[-1] *= narrower**0.5
    first, *others = [weight.requires_grad_() for weight in weights]
    lr = 2.0**power
    groups = [{"params": [first], "lr": lr}, {"params": others, "lr": lr * narrower}]
    optimizer = torch.optim.Adam(groups)
    falling = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: 1 - step / steps)
    losses, order = [], torch.Generator().manual_seed(seed)
    for step in range(steps):
        if step % 10 == 0:
            batches = torch.randperm(1000, generator=order).split(100)
        batch = batches[step % 10]
        loss = nn.functional.cross_entropy(outputs(weights, x[batch]), y[batch])
        losses.append(loss.item())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        falling.step()
    return [*losses, nn.functional.cross_entropy(outputs(weights, x), y).item()]


*losses, end = torch.tensor([run(seed) for seed in range(3)]).mean(0).tolist()
for step, loss in enumerate(losses):
    print(f"step {step}  this rate {loss:.6g}")
print(f"training loss at the end {end:.6g}")
