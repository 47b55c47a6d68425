"""Train section 4's network on two species of iris; print its training and its test loss."""

import torch
from sklearn.datasets import load_iris
from sklearn.model_selection import train_test_split
from torch import nn

# Settings: change them here.
lr = 0.1  # at high rates rounding may part two runs, after some epochs
delta = 0.1  # the decay of the learning rate, per epoch
p = 1.0
batch_size = 16
l2 = 0.01
epochs = 100
every = 5  # epochs from one line to the next

# Two species of iris, standardised: 80 flowers to learn from, 20 to test.
x, y = load_iris(return_X_y=True)
x, y = x[y > 0], y[y > 0] - 1
x, x_test, y, y_test = train_test_split(x, y, test_size=0.2, random_state=3, stratify=y)
mean, std = x.mean(axis=0), x.std(axis=0)
x, x_test = (torch.tensor((part - mean) / std, dtype=torch.float32) for part in (x, x_test))
y, y_test = torch.tensor(y), torch.tensor(y_test)

torch.manual_seed(0)  # of the initial weights
model = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 2))
optimizer = torch.optim.SGD(model.parameters(), lr=lr)
shuffle = torch.Generator().manual_seed(0)  # of the mini-batches
loss = nn.functional.cross_entropy


def penalty():
    return l2 * sum((layer.weight**2).sum() for layer in (model[0], model[2]))


def report(epoch, rate):
    with torch.no_grad():
        train, test = loss(model(x), y), loss(model(x_test), y_test)
    print(f"epoch {epoch}  learning rate {rate:.6g}  training loss {train:.6g}  test loss {test:.6g}")


report(0, lr)
for epoch in range(1, epochs + 1):
    rate = lr * (1 / (1 + delta * (epoch - 1)) ** 0.5) ** p
    optimizer.param_groups[0]["lr"] = rate
    for batch in torch.randperm(80, generator=shuffle).split(batch_size):
        optimizer.zero_grad()
        (loss(model(x[batch]), y[batch]) + penalty()).backward()
        optimizer.step()
    if epoch % every == 0 or epoch == epochs:
        report(epoch, rate)
right = model(x_test).argmax(1) == y_test
print(f"test accuracy {right.float().mean():.4g}")
