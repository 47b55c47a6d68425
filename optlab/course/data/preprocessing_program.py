"""Fit iris by gradient descent; print the loss above its minimum, the optimality gap, on the way."""

import torch
from sklearn.datasets import load_iris

# Settings: change them here.
unit = "cm"  # of the petal length: m, dm, cm, mm, or µm
preparation = "as it is"  # or: centred, standardised, whitened
steps = 1000

x, y = load_iris(return_X_y=True)
x, y = torch.tensor(x[y > 0]), torch.tensor(2.0 * y[y > 0] - 3).double()
x[:, 2] *= {"m": 0.01, "dm": 0.1, "cm": 1.0, "mm": 10.0, "µm": 1e4}[unit]
if preparation != "as it is":
    x = x - x.mean(0)
if preparation == "standardised":
    x = x / x.std(0, correction=0)
if preparation == "whitened":
    x = torch.linalg.svd(x, full_matrices=False).U * 10
x = torch.cat([torch.ones(100, 1).double(), x], dim=1)

curvatures = torch.linalg.svdvals(x) ** 2 / 100
lr = 2 / (curvatures[0] + curvatures[-1])  # the best constant one
best = torch.linalg.lstsq(x, y[:, None], driver="gelsd").solution[:, 0]
minimum = ((x @ best - y) ** 2).mean() / 2
print(f"condition number {curvatures[0] / curvatures[-1]:.3g}")
theta = torch.zeros(5).double()
for step in range(1, steps + 1):  # counted from 1: a log axis has no 0
    error = x @ theta - y
    if step <= 10 or step % 10 ** (len(str(step)) - 1) == 0:  # 1, 2, 3, ... 10, 20, 30, ... 100, 200, ...
        print(f"steps {step}  optimality gap {(error**2).mean() / 2 - minimum:.6g}")
    theta = theta - lr * x.T @ error / 100
