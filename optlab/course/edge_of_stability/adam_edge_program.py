"""Train a small tanh network by Adam on all its data; print its loss, and α times its two sharpnesses.

At the edge the smallest difference grows. For some hundred steps these numbers are those of the lab;
then rounding parts the two runs, and the rest is similar, not the same.
"""

import torch
from torch import nn

# Settings: change them here.
lr = 0.002
beta1 = 0.9
seed = 0
steps = 2000
every = 100  # steps from one line to the next

torch.manual_seed(seed)
model = nn.Sequential(nn.Linear(1, 20), nn.Tanh(), nn.Linear(20, 20), nn.Tanh(), nn.Linear(20, 1)).double()
x = torch.linspace(-1, 1, 20, dtype=torch.float64)[:, None]
y = torch.cos(4 * torch.acos(x))
parameters = list(model.parameters())
optimizer = torch.optim.Adam(parameters, lr=lr, betas=(beta1, 0.99))


def flat(parts):
    return torch.cat([part.flatten() for part in parts])


def sharpness(slope, scale):  # the largest eigenvalue of the Hessian between two factors of scale
    rows = [flat(torch.autograd.grad(one, parameters, retain_graph=True)) for one in slope]
    return torch.linalg.eigvalsh(scale[:, None] * torch.stack(rows) * scale)[-1].item()


squares = torch.zeros(481, dtype=torch.float64)
for step in range(steps + 1):
    loss = nn.functional.mse_loss(model(x), y)
    slope = flat(torch.autograd.grad(loss, parameters, create_graph=True))
    squares = 0.99 * squares + 0.01 * slope.detach() ** 2
    if step % every == 0:
        p = (1 - beta1 ** (step + 1)) * ((squares / (1 - 0.99 ** (step + 1))).sqrt() + 1e-8)
        inner, plain = sharpness(slope, p.rsqrt()), sharpness(slope, torch.ones(481, dtype=torch.float64))
        print(
            f"step {step}  training loss {loss.item():.6g}  "
            f"preconditioned sharpness {lr * inner:.6g}  sharpness {lr * plain:.6g}"
        )
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
