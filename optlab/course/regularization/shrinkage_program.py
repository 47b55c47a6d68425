"""Run penalised least squares on the diabetes data by descent, and print the ten weights and the error."""

import numpy as np
import torch
from sklearn.datasets import load_diabetes

# Settings: change them here.
strength = 0.1
kind = "L1"
step = "gradient"

# how much of λ goes to Σw² and how much to Σ|w|
l2, l1 = {"L2": (strength, 0), "L1": (0, strength), "elastic net": (strength / 2, strength / 2)}[kind]

data = load_diabetes()
order = np.random.default_rng(0).permutation(len(data.target))
train, validation = order[:100], order[100:242]
X, y = data.data, data.target
X = torch.tensor((X - X[train].mean(0)) / X[train].std(0))
y = torch.tensor((y - y[train].mean()) / y[train].std())

w = torch.zeros(10, dtype=torch.float64, requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.1)
for _ in range(1000):
    optimizer.zero_grad()
    J = ((X[train] @ w - y[train]) ** 2).mean() + l2 * (w**2).sum()
    if step == "gradient":
        J = J + l1 * w.abs().sum()
    J.backward()
    optimizer.step()
    if step == "soft threshold":  # move every weight by 0.1 · l1 towards 0, and stop there
        with torch.no_grad():
            w.copy_(torch.nn.functional.softshrink(w, 0.1 * l1))
for name, weight in zip(data.feature_names, w.tolist()):
    print(f"{name:>3}  weight {weight:.6g}")
error = ((X[validation] @ w - y[validation]) ** 2).mean()
print(f"exactly 0 {(w == 0).sum()}  validation error {error:.6g}")
