"""Walk down a noisy parabola with a falling rate; print the rate and the mean loss of 512 walks."""

import torch

# Settings: change them here.
lr = 0.5
delta = 1.0
p = 1.0
count = "steps"  # what t counts: "steps", or "epochs" of 20 steps
curvature = 1.0
every = 20  # steps from one line to the next

# In each step the gradient, curvature * theta, is off by a random number.
noise = torch.randn(400, 512, generator=torch.Generator().manual_seed(0)).double()
theta = torch.full((512,), 10.0, dtype=torch.float64, requires_grad=True)
optimizer = torch.optim.SGD([theta], lr=lr)
scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda t: (1 / (1 + delta * t) ** 0.5) ** p)


def losses():
    return curvature * theta**2 / 2


print(f"step 0  mean of 512 {losses().mean().item():.6g}")
for step, xi in enumerate(noise, start=1):
    optimizer.zero_grad()
    (losses() + xi * theta).sum().backward()
    optimizer.step()
    rate = scheduler.get_last_lr()[0]
    if count == "steps" or step % 20 == 0:
        scheduler.step()
    if step % every == 0:
        print(f"step {step}  αₜ {rate:.6g}  mean of 512 {losses().mean().item():.6g}")
