"""Train one pixel of the picture, a tiny network with a rate for each layer, and print its losses.

Near the boundary the smallest difference grows. For some steps these losses are those of the lab; then
rounding may part the two runs.
"""

import torch

# Settings: change them here.
network = "2 weights, tanh"
lr1 = 0.5
lr2 = 0.5
seed = 5
steps = 500
every = 3  # steps from one line to the next, as long as they are shown

features, inputs, units, samples = {
    "2 weights, tanh": (1, 1, 1, 1),
    "9 weights, tanh": (2, 2, 3, 1),
    "6 weights, no tanh": (2, 2, 2, 2),
    "a parabola": (2, 1, 1, 2),
}[network]
torch.manual_seed(seed)
shapes = [(samples, features), (samples,), (units, inputs), (units,)]
x, y, w, v = (torch.randn(shape, dtype=torch.float64).round(decimals=2) for shape in shapes)
w.requires_grad_()
v.requires_grad_()


def answer():
    if network == "a parabola":
        return x[:, 0] * w[0, 0] + x[:, 1] * v[0]
    hidden = x @ w.T
    return (hidden if "no tanh" in network else torch.tanh(hidden)) @ v


optimizer = torch.optim.SGD([{"params": [w], "lr": lr1}, {"params": [v], "lr": lr2}])
for step in range(steps):
    loss = ((answer() - y) ** 2).mean()
    if (step < 60 and step % every == 0) or step == steps - 1:
        print(f"step {step}  works {loss.item():.6g}")
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
