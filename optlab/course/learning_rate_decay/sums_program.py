"""Add up the rates of 10 000 steps; print the sum after 1 step, and so on, about 20 sums a factor of ten."""

import torch

# Settings: change them here.
lr = 0.5
delta = 1.0
p = 1.0

t = torch.arange(10_000, dtype=torch.float64)
rates = lr * (1 / (1 + delta * t) ** 0.5) ** p
added_up = rates.cumsum(0)
for steps in torch.logspace(0, 4, 81, dtype=torch.float64).round().long().unique():
    print(f"{added_up[steps - 1]:.6g}")
