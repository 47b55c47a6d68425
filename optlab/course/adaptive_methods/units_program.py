"""Train section 4's network with five rules, one feature in another unit, and print their mean losses."""

import torch
from sklearn.datasets import load_iris
from sklearn.model_selection import train_test_split
from torch import nn

# Settings: change them here.
lr = 0.032  # at high rates rounding may part two runs, after some epochs
unit = 1.0  # the petal length is multiplied by this
seeds = 3
epochs = 30
every = 2  # epochs from one line to the next

# Two species of iris, 80 flowers for training (the other 20 are for testing), standardised.
x, y = load_iris(return_X_y=True)
x, y = x[y > 0], y[y > 0] - 1
x, _, y, _ = train_test_split(x, y, test_size=0.2, random_state=3, stratify=y)
x = torch.tensor((x - x.mean(axis=0)) / x.std(axis=0), dtype=torch.float32)
y = torch.tensor(y)
x[:, 2] *= unit

rules = {
    "SGD": torch.optim.SGD,
    "AdaGrad": torch.optim.Adagrad,
    "RMSProp": torch.optim.RMSprop,
    "Adam": torch.optim.Adam,
    "AdamW": torch.optim.AdamW,
}


def run(rule, seed):
    torch.manual_seed(seed)
    model = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 2))
    optimizer = rule(model.parameters(), lr=lr)
    shuffle = torch.Generator().manual_seed(seed)

    def loss(batch):
        return nn.functional.cross_entropy(model(x[batch]), y[batch])

    losses = [loss(range(80)).item()]
    for epoch in range(epochs):
        for batch in torch.randperm(80, generator=shuffle).split(16):
            optimizer.zero_grad()
            loss(batch).backward()
            optimizer.step()
        losses.append(loss(range(80)).item())
    return losses


curves = [torch.tensor([run(rule, seed) for seed in range(seeds)]).mean(0) for rule in rules.values()]
for epoch in range(0, epochs + 1, every):
    print(f"epoch {epoch}", *(f"{rule} {curve[epoch]:.6g}" for rule, curve in zip(rules, curves)), sep="  ")
