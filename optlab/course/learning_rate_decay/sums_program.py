"""Add up the rates of 10 000 steps, and their squares; print the sums at some of 81 places on a log axis."""

import torch

# Settings: change them here.
lr = 0.5
delta = 1.0
p = 2.0
every = 5  # of the places, those that are printed

t = torch.arange(10_000, dtype=torch.float64)
rates = lr * (1 / (1 + delta * t) ** 0.5) ** p
first, second = rates.cumsum(0), (rates**2).cumsum(0)
places = torch.logspace(0, 4, 81, dtype=torch.float64).round().long().unique()
for steps in sorted({*places[::every].tolist(), 10_000}):
    print(f"steps {steps}  Σα {first[steps - 1]:.6g}  Σα² {second[steps - 1]:.6g}")
if first[-1] >= 10:
    print(f"Σα is 10 after {(first < 10).sum() + 1}")
