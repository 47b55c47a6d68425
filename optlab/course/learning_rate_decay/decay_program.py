"""Walk down a noisy parabola with a falling rate; print the mean loss of 512 walks after every step."""

import torch

# Settings: change them here.
lr = 0.5
delta = 1.0
p = 1.0
count = "steps"  # what t counts: "steps", or "epochs" of 20 steps
curvature = 1.0

# In each step the gradient, curvature * theta, is off by a random number.
noise = torch.randn(400, 512, generator=torch.Generator().manual_seed(0)).double()
theta = torch.full((512,), 10.0, dtype=torch.float64, requires_grad=True)
optimizer = torch.optim.SGD([theta], lr=lr)
scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda t: (1 / (1 + delta * t) ** 0.5) ** p)


def losses():
    return curvature * theta**2 / 2


print(f"{losses().mean().item():.6g}")
for step, xi in enumerate(noise, start=1):
    optimizer.zero_grad()
    (losses() + xi * theta).sum().backward()
    optimizer.step()
    if count == "steps" or step % 20 == 0:
        scheduler.step()
    print(f"{losses().mean().item():.6g}")
