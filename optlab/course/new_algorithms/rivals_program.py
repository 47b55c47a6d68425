"""Train on the digits with one of six update rules, and print the last loss of every seed, and the median."""

from functools import partial

import torch
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch import nn

# Settings: change them here.
rule = "Lion"  # or momentum SGD, AdamW, Muon, SAM, schedule-free SGD
judge = "training loss"  # or test loss
lr = 0.03  # at high rates rounding may part two runs, after some epochs
epochs = 16  # half as many for SAM, which takes two gradients a step
seeds = 20

x, y = load_digits(return_X_y=True)
parts = train_test_split(x[:800], y[:800], test_size=0.625, random_state=0, stratify=y[:800])
spread = parts[0].std(axis=0)
spread[spread == 0] = 1
x, x_test = (torch.tensor((part - parts[0].mean(axis=0)) / spread).float() for part in parts[:2])
y, y_test = map(torch.tensor, parts[2:])


# Each rule changes the parameters p in place; m is a memory of its own for each, and zero at first.
def momentum(theta, memory, gradients):
    for p, m, g in zip(theta, memory["m"], gradients()):
        m.mul_(0.9).add_(g)
        p -= lr * m


def adamw(theta, memory, gradients):
    memory["t"] = t = memory["t"] + 1
    for p, m, s, g in zip(theta, memory["m"], memory["s"], gradients()):
        m.mul_(0.9).add_(0.1 * g)
        s.mul_(0.999).add_(0.001 * g**2)
        p *= 1 - 0.01 * lr
        p -= lr * (m / (1 - 0.9**t)) / ((s / (1 - 0.999**t)).sqrt() + 1e-8)


def lion(theta, memory, gradients):
    for p, m, g in zip(theta, memory["m"], gradients()):
        p -= lr * torch.sign(0.9 * m + 0.1 * g)
        m.mul_(0.99).add_(0.01 * g)


def muon(theta, memory, gradients):
    for p, m, g in zip(theta, memory["m"], gradients()):
        m.mul_(0.95).add_(g)
        w = (g + 0.95 * m).view(len(g), -1)  # a bias is a matrix of one column
        scale, w = max(1, len(w) / w.shape[1]) ** 0.5, w / w.norm().clamp(min=1e-7)
        for _ in range(5):
            s = w.T @ w
            w = 3.4445 * w + w @ (-4.7750 * s + 2.0315 * s @ s)
        p -= lr * scale * w.view_as(p)


def sam(theta, memory, gradients):
    grads = gradients()
    climb = 0.05 / (torch.cat([g.flatten() for g in grads]).norm() + 1e-12)
    for p, g in zip(theta, grads):
        p += climb * g
    for p, m, g, higher in zip(theta, memory["m"], grads, gradients()):
        m.mul_(0.9).add_(higher)
        p -= climb * g + lr * m


def schedule_free(theta, memory, gradients):
    memory["t"] = t = memory["t"] + 1
    for p, z, mean, g in zip(theta, memory["z"], memory["mean"], gradients()):
        z -= lr * g
        mean += (z - mean) / t
        p.copy_(0.1 * z + 0.9 * mean)


rules = {"momentum SGD": momentum, "AdamW": adamw, "Lion": lion, "Muon": muon, "SAM": sam}
step = rules.get(rule, schedule_free)


def run(seed):
    torch.manual_seed(seed)
    model = nn.Sequential(nn.Linear(64, 16), nn.ReLU(), nn.Linear(16, 10))
    theta, shuffle = list(model.parameters()), torch.Generator().manual_seed(seed)
    memory = {"t": 0} | {name: [torch.zeros_like(p) for p in theta] for name in "ms"}
    memory |= {name: [p.detach().clone() for p in theta] for name in ("z", "mean")}

    def gradients(batch):
        with torch.enable_grad():
            loss = nn.functional.cross_entropy(model(x[batch]), y[batch])
            return torch.autograd.grad(loss, theta)

    with torch.no_grad():
        for epoch in range(epochs):
            for batch in torch.randperm(len(x), generator=shuffle).split(50):
                step(theta, memory, partial(gradients, batch))
        if step is schedule_free:  # its answer is the mean
            for p, mean in zip(theta, memory["mean"]):
                p.copy_(mean)
        inputs, labels = (x, y) if judge == "training loss" else (x_test, y_test)
        return nn.functional.cross_entropy(model(inputs), labels).item()


ends = [run(seed) for seed in range(100, 100 + seeds)]
for seed, end in enumerate(ends, start=100):
    print(f"seed {seed}  {judge} {end:.6g}")
median = (sorted(ends)[(seeds - 1) // 2] + sorted(ends)[seeds // 2]) / 2
gradients = 2 * epochs if rule == "SAM" else epochs
print(f"epoch of gradients {gradients}  {rule} {median:.6g}")
