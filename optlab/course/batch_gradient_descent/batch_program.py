"""Train the article's network with mini-batches and print its training loss and what it has cost by then."""

import torch
from sklearn.datasets import load_iris
from sklearn.model_selection import train_test_split
from torch import nn

# Settings: change them here.
lr = 1.0  # at high rates rounding may part two runs, after some epochs
batch_size = 80

# Two species of iris, 80 flowers to learn from (the other 20 are for testing), standardised.
x, y = load_iris(return_X_y=True)
x, y = x[y > 0], y[y > 0] - 1
x, _, y, _ = train_test_split(x, y, test_size=0.2, random_state=3, stratify=y)
x = torch.tensor((x - x.mean(axis=0)) / x.std(axis=0), dtype=torch.float32)
y = torch.tensor(y)

torch.manual_seed(0)  # of the initial weights
model = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 2))
optimizer = torch.optim.SGD(model.parameters(), lr=lr)
shuffle = torch.Generator().manual_seed(0)  # of the mini-batches


def loss(batch):
    return nn.functional.cross_entropy(model(x[batch]), y[batch])


def report(epoch):
    with torch.no_grad():
        now = loss(range(80)).item()
    print(f"epoch {epoch}  training loss {now:.6g}  updates {updates}  examples seen {80 * epoch}")


updates = 0
report(0)
for epoch in range(1, 21):
    for batch in torch.randperm(80, generator=shuffle).split(batch_size):
        optimizer.zero_grad()
        loss(batch).backward()
        optimizer.step()
        updates += 1
    report(epoch)
