"""Run penalised least squares on the diabetes data by descent, and print the ten weights."""

import numpy as np
import torch
from sklearn.datasets import load_diabetes

# Settings: change them here.
strength = 0.1
kind = "L2"
step = "gradient"

# how much of λ goes to Σw² and how much to Σ|w|
l2, l1 = {"L2": (strength, 0), "L1": (0, strength), "elastic net": (strength / 2, strength / 2)}[kind]

X, y = load_diabetes(return_X_y=True)
train = np.random.default_rng(0).permutation(len(X))[:100]
X, y = torch.tensor(X[train]), torch.tensor(y[train])
X = (X - X.mean(0)) / X.std(0, correction=0)
y = (y - y.mean()) / y.std(correction=0)

w = torch.zeros(10, dtype=torch.float64, requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.1)
for _ in range(1000):
    optimizer.zero_grad()
    J = ((X @ w - y) ** 2).mean() + l2 * (w**2).sum()
    if step == "gradient":
        J = J + l1 * w.abs().sum()
    J.backward()
    optimizer.step()
    if step == "soft threshold":  # move every weight by 0.1 · l1 towards 0, and stop there
        with torch.no_grad():
            w.copy_(torch.nn.functional.softshrink(w, 0.1 * l1))
for weight in w.tolist():
    print(f"{weight:.6g}")
