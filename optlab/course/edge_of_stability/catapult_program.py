"""Train a small network on two kinds of iris at a rate beyond 2/λ₀; print its loss and sharpness."""

import torch
from sklearn.datasets import load_iris
from sklearn.model_selection import train_test_split

# Settings: change them here.
lr = 3.0  # in units of 1/λ₀
network = "linear"
seed = 0
steps = 40
every = 2  # steps from one line to the next

x, y = load_iris(return_X_y=True)  # two species: 80 flowers to learn from
x, y = x[y > 0], 2 * y[y > 0] - 3  # −1 or +1
x, _, y, _ = train_test_split(x, y, test_size=0.2, random_state=3, stratify=y)
x, y = torch.tensor((x - x.mean(axis=0)) / x.std(axis=0)), torch.tensor(y)


def loss(theta):  # of 4 inputs, 32 hidden neurons and one output
    u, v = theta[:128].view(32, 4), theta[128:]
    z = x @ u.T / 4**0.5
    hidden = torch.relu(z) if network == "ReLU" else z
    return ((hidden @ v / 32**0.5 - y) ** 2).mean()


def sharpness(theta):
    return torch.linalg.eigvalsh(torch.autograd.functional.hessian(loss, theta))[-1]


theta = torch.randn(160, generator=torch.Generator().manual_seed(seed)).double().requires_grad_()
start = sharpness(theta.detach())
optimizer = torch.optim.SGD([theta], lr=lr / start.item())
for step in range(steps + 1):
    now = loss(theta)
    if not now < 1e6:
        print(f"diverges at step {step}")
        break
    if step % every == 0:
        print(
            f"step {step}  training loss {now.item():.6g}  sharpness {sharpness(theta.detach()) / start:.6g}"
        )
    optimizer.zero_grad()
    now.backward()
    optimizer.step()
