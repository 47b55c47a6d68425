"""Train with local SGD, two workers in one process, and print the loss of their mean and the bytes."""

import copy

import torch
from sklearn.datasets import load_iris
from sklearn.model_selection import train_test_split
from torch import nn

# Settings: change them here.
every = 50  # steps between two means
lr = 0.1
split = "one species each"  # or mixed
epochs = 40

# Two species of iris, standardised: 80 flowers to learn from, 20 to test.
x, y = load_iris(return_X_y=True)
x, y = x[y > 0], y[y > 0] - 1
x, x_test, y, y_test = train_test_split(x, y, test_size=0.2, random_state=3, stratify=y)
x, x_test = (torch.tensor((part - x.mean(axis=0)) / x.std(axis=0)) for part in (x, x_test))
y, y_test = torch.tensor(y), torch.tensor(y_test)

torch.manual_seed(0)
first = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 2)).double()
workers = [first, copy.deepcopy(first)]
optimizers = [torch.optim.SGD(worker.parameters(), lr=lr) for worker in workers]
mixed = torch.randperm(80, generator=torch.Generator().manual_seed(7))
own = [mixed[::2], mixed[1::2]]  # the flowers of each worker
if split == "one species each":
    own = [torch.nonzero(y == species)[:, 0] for species in (0, 1)]
shuffles = [torch.Generator().manual_seed(rank) for rank in (0, 1)]


def mean():
    a, b = (worker.state_dict() for worker in workers)
    return {name: (a[name] + b[name]) / 2 for name in a}


def loss():  # that of the mean model, whether the workers have it or not
    with torch.no_grad():
        return nn.functional.cross_entropy(torch.func.functional_call(first, mean(), x), y).item()


means = 0
print(f"epoch 0  training loss {loss():.6g}")
for epoch in range(epochs):
    orders = [mine[torch.randperm(40, generator=draw)] for mine, draw in zip(own, shuffles)]
    pairs = zip(*(order.split(8) for order in orders))  # a batch for each worker, 5 times an epoch
    for step, batches in enumerate(pairs, start=5 * epoch + 1):
        for worker, optimizer, batch in zip(workers, optimizers, batches):
            optimizer.zero_grad()
            nn.functional.cross_entropy(worker(x[batch]), y[batch]).backward()
            optimizer.step()
        if step % every == 0:
            both, means = mean(), means + 1
            for worker in workers:
                worker.load_state_dict(both)
    if epoch % 2 == 1:
        print(f"epoch {epoch + 1}  training loss {loss():.6g}")
numbers = sum(p.numel() for p in first.parameters())  # of 8 bytes each
print(f"kB sent by each worker {8 * numbers * means / 1000:.6g}  last training loss {loss():.6g}")
right = torch.func.functional_call(first, mean(), x_test).argmax(1) == y_test
print(f"test accuracy {right.double().mean():.4g}")
