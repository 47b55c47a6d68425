"""Train a network on your own data, as the lab does, and print its training and its test loss.

Its data are in a file beside it, which the lab has written.
"""

import numpy as np
import torch
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

with np.load("own_data.npz") as saved:  # your data
    X, y = saved["X"], saved["y"]

# A fifth of the samples is for testing; the others say how every feature is scaled.
X, (names, y) = X.astype(float), np.unique(y, return_inverse=True)
x, x_test, y, y_test = train_test_split(X, y, test_size=0.2, random_state=0, stratify=y)
mean, std = x.mean(axis=0), x.std(axis=0)
std[std == 0] = 1  # a feature that is always the same
x, x_test = (torch.tensor((part - mean) / std, dtype=torch.float32) for part in (x, x_test))
y, y_test = torch.tensor(y), torch.tensor(y_test)
loss = nn.functional.cross_entropy

torch.manual_seed(0)  # of the initial weights
model = nn.Sequential(nn.Linear(x.shape[1], 16), nn.ReLU(), nn.Linear(16, len(names)))

optimizer = torch.optim.SGD(model.parameters(), lr=lr)
shuffle = torch.Generator().manual_seed(0)  # of the mini-batches


def penalty():  # on the weights, not on the biases
    return l2 * sum((w**2).sum() for w in model.parameters() if w.dim() > 1)


def report(epoch, rate):
    model.eval()
    with torch.no_grad():
        train, test = loss(model(x), y), loss(model(x_test), y_test)
    model.train()
    print(f"epoch {epoch}  learning rate {rate:.6g}  training loss {train:.6g}  test loss {test:.6g}")


report(0, lr)
for epoch in range(1, epochs + 1):
    rate = lr * (1 / (1 + delta * (epoch - 1)) ** 0.5) ** p
    optimizer.param_groups[0]["lr"] = rate
    for batch in torch.randperm(len(x), generator=shuffle).split(batch_size):
        optimizer.zero_grad()
        (loss(model(x[batch]), y[batch]) + penalty()).backward()
        optimizer.step()
    if epoch % every == 0 or epoch == epochs:
        report(epoch, rate)

outputs = model.eval()(x_test).detach()
print(f"test accuracy {(outputs.argmax(1) == y_test).float().mean():.6g}")
