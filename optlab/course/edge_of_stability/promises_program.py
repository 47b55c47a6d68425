"""Gradient descent on least squares, 30 curvatures from 1/kappa to L = 1, beside what the lemma promises."""

import torch

# Settings: change them here.
lr = 1.0  # in units of 1/L
kappa = 1000.0

h = kappa ** torch.linspace(-1, 0, 30, dtype=torch.float64)  # the curvatures
theta = torch.ones(30, dtype=torch.float64, requires_grad=True)
optimizer = torch.optim.SGD([theta], lr=lr)
loss = (h * theta**2).sum() / 2
print(f"step 0  optimality gap {loss.item():.6g}")
for step in range(1, 1001):
    before = loss.item()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    loss = (h * theta**2).sum() / 2
    promised = lr * (1 - lr / 2) * (theta.grad**2).sum().item()
    if step % 10 ** (len(str(step)) - 1) == 0:  # 1, 2, 3, ... 10, 20, 30, ... 100, 200, ...
        now = f"optimality gap {loss.item():.6g}  decrease in a step {before - loss.item():.6g}"
        print(f"step {step}  {now}  promised by the lemma {promised:.6g}")
