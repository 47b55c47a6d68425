"""Train with mini-batches at a multiple of the rate of a batch of one, and print both training losses."""

import torch
from sklearn.datasets import load_iris
from sklearn.model_selection import train_test_split
from torch import nn

# Settings: change them here.
base = 0.03  # the rate of a batch of one
factor = 32.0  # at high rates rounding may part two runs, after some epochs
batch_size = 32

# Two species of iris, 80 flowers to learn from (the other 20 are for testing), standardised.
x, y = load_iris(return_X_y=True)
x, y = x[y > 0], y[y > 0] - 1
x, _, y, _ = train_test_split(x, y, test_size=0.2, random_state=3, stratify=y)
x = torch.tensor((x - x.mean(axis=0)) / x.std(axis=0), dtype=torch.float32)
y = torch.tensor(y)


def losses(batch_size, lr):  # at the start and after every epoch
    torch.manual_seed(0)  # of the initial weights
    model = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 2))
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    shuffle = torch.Generator().manual_seed(0)  # of the mini-batches
    loss = nn.functional.cross_entropy
    yield loss(model(x), y).item()
    for _ in range(20):
        for batch in torch.randperm(80, generator=shuffle).split(batch_size):
            optimizer.zero_grad()
            loss(model(x[batch]), y[batch]).backward()
            optimizer.step()
        yield loss(model(x), y).item()


for epoch, (ours, one) in enumerate(zip(losses(batch_size, base * factor), losses(1, base))):
    print(f"epoch {epoch}  this B, factor k {ours:.6g}  B = 1 {one:.6g}")
