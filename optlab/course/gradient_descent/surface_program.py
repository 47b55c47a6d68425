"""Descent on a surface that is no quadratic: prints where it is and the loss, step by step."""

import torch

# Settings: change them here.
surface = "Rosenbrock's valley"  # "saddle", "Beale's function"
optimizer = "momentum"  # "sgd"
lr = 0.001  # at high rates rounding may part two runs, after some steps
start = "A"  # to "F"
steps = 300
every = 15  # steps from one line to the next

starts = {  # A to F
    "Rosenbrock's valley": [(-1.2, 1.0), (0.0, 2.0), (-0.5, -0.5), (-1.7, 2.0), (1.6, 1.5), (0.8, -0.6)],
    "saddle": [(-1.8, 0.01), (-1.8, 0.0), (1.8, -0.3), (-1.0, 1.3), (0.9, 0.3), (1.6, 1.2)],
    "Beale's function": [(1.0, 1.5), (0.0, -1.0), (3.5, -0.6), (-0.5, 0.8), (2.0, -1.5), (3.8, 1.4)],
}


def loss(theta):
    x, y = theta
    if surface == "Rosenbrock's valley":
        return (1 - x) ** 2 + 100 * (y - x**2) ** 2
    if surface == "saddle":
        return x**2 / 2 + (y**2 - 1) ** 2 / 4
    return (1.5 - x + x * y) ** 2 + (2.25 - x + x * y**2) ** 2 + (2.625 - x + x * y**3) ** 2


theta = torch.tensor(starts[surface]["ABCDEF".index(start)], dtype=torch.float64, requires_grad=True)
rule = torch.optim.SGD([theta], lr=lr, momentum=0.9 if optimizer == "momentum" else 0.0)
first = loss(theta).item()
for step in range(steps + 1):
    now = loss(theta)
    ended = step == steps or not now.item() <= 1e6 * first  # at the last step, or diverged
    if step % every == 0 or ended:
        x, y = theta.tolist()
        print(f"step {step}  loss {now.item():.6g}  θ₁ {x:.6g}  θ₂ {y:.6g}")
    if ended:
        break
    rule.zero_grad()
    now.backward()
    rule.step()
