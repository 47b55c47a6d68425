"""Walk two weights down a bowl, with λ in the loss or as decay, and print both, step by step."""

import torch

# Settings: change them here.
rule = "Adam + L2"
l2 = 0.1
beta2 = 0.9
every = 15  # steps from one line to the next

theta = torch.zeros(2, dtype=torch.float64, requires_grad=True)
if rule == "AdamW":
    optimizer = torch.optim.AdamW([theta], lr=0.1, betas=(0.9, beta2), weight_decay=2 * l2)
elif rule == "Adam + L2":
    optimizer = torch.optim.Adam([theta], lr=0.1, betas=(0.9, beta2))
else:
    optimizer = torch.optim.SGD([theta], lr=0.1)
for step in range(301):
    if step % every == 0:
        print(f"step {step}  θ₁ {theta[0]:.6g}  θ₂ {theta[1]:.6g}")
    optimizer.zero_grad()
    loss = (theta[0] - 3) ** 2 / 2 + 10 * (theta[1] - 2) ** 2 / 2
    if rule.endswith("L2"):
        loss = loss + l2 * (theta**2).sum()
    loss.backward()
    if rule == "SGD + decay":  # the weights shrink, the loss knows nothing of it
        with torch.no_grad():
            theta.mul_(1 - 0.1 * 2 * l2)
    optimizer.step()
