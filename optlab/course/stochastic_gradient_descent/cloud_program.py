"""One random sample a step, 256 seeds: prints the optimality gap of one and the mean of all."""

import torch
from sklearn.datasets import load_linnerud

# Settings: change them here.
lr = 0.1
steps = 200
every = 10  # steps from one line to the next

# Twenty men: the waist from chin-ups and sit-ups, all standardised.
men = load_linnerud()
x, y = torch.tensor(men.data[:, :2]), torch.tensor(men.target[:, 1:2])
x, y = ((part - part.mean(0)) / part.std(0, correction=0) for part in (x, y))
smallest = ((x @ torch.linalg.lstsq(x, y).solution - y) ** 2).mean() / 2


def picked(seed):  # the man of each step
    return torch.randint(20, (steps,), generator=torch.Generator().manual_seed(seed))


def report(step):
    gap = ((theta @ x.T - y.T) ** 2).mean(1) / 2 - smallest
    print(f"step {step}  one seed {gap[0]:.6g}  mean of 256 seeds {gap.mean():.6g}")


order = torch.stack([picked(seed) for seed in range(256)], dim=1)  # one column a seed
theta = torch.tensor([1.4, -0.4], dtype=torch.float64).repeat(256, 1)  # one row a seed
report(0)
for step, i in enumerate(order, start=1):
    error = (x[i] * theta).sum(1, keepdim=True) - y[i]
    theta = theta - lr * error * x[i]
    if step % every == 0:
        report(step)
spread = theta.std(0, correction=0)
print(f"spread along θ₁ {spread[0]:.4g}  along θ₂ {spread[1]:.4g}")
