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
x, x_test, y, y_test = map(torch.tensor, train_test_split(x, y, test_size=0.2, random_state=3, stratify=y))
x, x_test = ((part - x.mean(0)) / x.std(0, correction=0) for part in (x, x_test))

torch.manual_seed(0)
first = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 2)).double()
workers = [first, copy.deepcopy(first)]
optimizers = [torch.optim.SGD(worker.parameters(), lr=lr) for worker in workers]
mixed = torch.randperm(80, generator=torch.Generator().manual_seed(7))
halves, species = [mixed[::2], mixed[1::2]], [torch.nonzero(y == kind)[:, 0] for kind in (0, 1)]
own = halves if split == "mixed" else species  # the flowers of each worker
shuffles = [torch.Generator().manual_seed(rank) for rank in (0, 1)]


def mean():
    a, b = (worker.state_dict() for worker in workers)
    return {name: (a[name] + b[name]) / 2 for name in a}


def loss():  # that of the mean model, whether the workers have it or not
    with torch.no_grad():
        return nn.functional.cross_entropy(torch.func.functional_call(first, mean(), x), y).item()


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
            both = mean()
            for worker in workers:
                worker.load_state_dict(both)
    if epoch % 2 == 1:
        print(f"epoch {epoch + 1}  training loss {loss():.6g}")
sent = 8 * sum(p.numel() for p in first.parameters()) * (5 * epochs // every)  # bytes
print(f"kB sent by each worker {sent / 1000:.6g}  last training loss {loss():.6g}")
answers = torch.func.functional_call(first, mean(), x_test).argmax(1)
print(f"test accuracy {(answers == y_test).double().mean():.4g}")
