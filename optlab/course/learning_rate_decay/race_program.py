"""Train with one of the race's schedules on four seeds; print its rate and the mean optimality gap."""

import torch
from sklearn.datasets import load_iris
from sklearn.model_selection import train_test_split
from torch import nn
from torch.optim import lr_scheduler as by

# Settings: change them here.
schedule = "decay p = 1"
lr = 0.32  # at high rates rounding may part two runs, after some epochs
shape = {"delta": 4.0, "p": 1.0}  # what the schedule was tuned to
epochs = 25

schedulers = {
    "constant": lambda opt: by.ConstantLR(opt, factor=1),
    "decay p = 1": lambda opt, delta, p: by.LambdaLR(opt, lambda t: (1 / (1 + delta * t) ** 0.5) ** p),
    "decay p = 2": lambda opt, delta, p: by.LambdaLR(opt, lambda t: (1 / (1 + delta * t) ** 0.5) ** p),
    "step": lambda opt, gamma, every: by.StepLR(opt, int(every), gamma),
    "exponential": by.ExponentialLR,
    "cosine": lambda opt: by.CosineAnnealingLR(opt, epochs),
    "linear to 0": lambda opt: by.LinearLR(opt, 1, 0, epochs),
    "WSD": lambda o, fall: by.LambdaLR(o, lambda t: min(1, (t + 1) / 0.05 / epochs, (1 - t / epochs) / fall)),
    "one-cycle": lambda opt, rise: by.OneCycleLR(opt, lr, epochs, pct_start=rise, cycle_momentum=False),
    "warm-up": lambda opt, over: by.LambdaLR(opt, lambda t: min(1, (t + 1) / over)),
    "plateau": by.ReduceLROnPlateau,
}

x, y = load_iris(return_X_y=True)  # two species: 80 flowers to learn from, the other 20 are for testing
x, y = x[y > 0], y[y > 0] - 1
x, _, y, _ = train_test_split(x, y, test_size=0.2, random_state=3, stratify=y)
x, y = torch.tensor((x - x.mean(axis=0)) / x.std(axis=0), dtype=torch.float32), torch.tensor(y)


def run(seed):  # the gap between the loss, penalty included, and its minimum 0.150405
    torch.manual_seed(seed)
    model = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 2))
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    scheduler = schedulers[schedule](optimizer, **shape)
    shuffle = torch.Generator().manual_seed(seed)

    def loss(batch, l2=0.01):
        penalty = l2 * sum((layer.weight**2).sum() for layer in (model[0], model[2]))
        return nn.functional.cross_entropy(model(x[batch]), y[batch]) + penalty

    gaps, rates = [loss(range(80)).item() - 0.150405], []
    for _ in range(epochs):
        rates.append(optimizer.param_groups[0]["lr"])
        for flower in torch.randperm(80, generator=shuffle).split(1):
            optimizer.zero_grad()
            loss(flower).backward()
            optimizer.step()
        scheduler.step(*([loss(range(80), l2=0).item()] if schedule == "plateau" else []))
        gaps.append(loss(range(80)).item() - 0.150405)
    return gaps, rates


gaps, (rates, *_) = zip(*(run(seed) for seed in range(4)))
means = torch.tensor(gaps).mean(0)
print(f"epoch 0  optimality gap {means[0]:.6g}")
for epoch, (rate, mean) in enumerate(zip(rates, means[1:]), start=1):
    print(f"epoch {epoch}  learning rate {rate:.6g}  optimality gap {mean:.6g}")
