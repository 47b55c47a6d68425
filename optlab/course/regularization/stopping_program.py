"""Print the validation error of plain descent on its way, and that of ridge, which has a penalty."""

import numpy as np
import torch
from sklearn.datasets import load_diabetes

# Settings: change them here.
l2 = 0.018
steps = 52
lines = 20  # of the steps, how many are printed

X, y = load_diabetes(return_X_y=True)
X = X / X.std(0)
pairs = [(i, j) for i in range(10) for j in range(i, 10) if (i, j) != (1, 1)]  # sex² says nothing new
X = np.hstack([X, np.stack([X[:, i] * X[:, j] for i, j in pairs], axis=1)])
order = np.random.default_rng(0).permutation(len(X))
train, validation = order[:100], order[100:242]
X = torch.tensor((X - X[train].mean(0)) / X[train].std(0))
y = torch.tensor((y - y[train].mean()) / y[train].std())

w = torch.zeros(64, dtype=torch.float64, requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.03)
for step in range(1, steps + 1):  # early stopping: no penalty, few steps
    optimizer.zero_grad()
    ((X[train] @ w - y[train]) ** 2).mean().backward()
    optimizer.step()
    if step * lines // steps > (step - 1) * lines // steps:
        error = ((X[validation] @ w - y[validation]) ** 2).mean()
        print(f"step {step}  freedom {2 * 0.03 * step:.6g}  validation error {error:.6g}")
gram = X[train].T @ X[train] / 100 + l2 * torch.eye(64, dtype=torch.float64)
ridge = torch.linalg.solve(gram, X[train].T @ y[train] / 100)
error = ((X[validation] @ ridge - y[validation]) ** 2).mean()
print(f"ridge:  freedom {1 / l2:.6g}  validation error {error:.6g}")
