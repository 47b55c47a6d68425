"""Train the article's network on two species of iris; print the training accuracy after every epoch."""

import torch
from sklearn.datasets import load_iris
from sklearn.model_selection import train_test_split
from torch import nn

# Settings: change them here.
optimizer = "sgd"
lr = 0.01
batch_size = 16

# Two species of iris, 80 flowers to learn from, standardised.
x, y = load_iris(return_X_y=True)
x, y = x[y > 0], y[y > 0] - 1
x, _, y, _ = train_test_split(x, y, test_size=0.2, random_state=3, stratify=y)
x = torch.tensor((x - x.mean(axis=0)) / x.std(axis=0), dtype=torch.float32)
y = torch.tensor(y)

torch.manual_seed(0)  # of the initial weights
model = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 2))
shuffle = torch.Generator().manual_seed(0)  # of the mini-batches
rule = {
    "sgd": torch.optim.SGD(model.parameters(), lr=lr),
    "momentum": torch.optim.SGD(model.parameters(), lr=lr, momentum=0.9),
    "adam": torch.optim.Adam(model.parameters(), lr=lr),
}[optimizer]


def report():  # the fraction of the flowers classified right
    with torch.no_grad():
        print(f"{(model(x).argmax(1) == y).float().mean().item():.6g}")


report()
for epoch in range(150):
    for batch in torch.randperm(80, generator=shuffle).split(batch_size):
        rule.zero_grad()
        nn.functional.cross_entropy(model(x[batch]), y[batch]).backward()
        rule.step()
    report()
