"""Train a network on digits with one optimiser; print its training and test loss, epoch by epoch."""

import torch
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch import nn
from torch.nn import functional as F

# Settings: change them here.
optimizer = "adam"
lr = 0.01  # at high rates rounding may part two runs, after some epochs

# Handwritten digits, 8 × 8 pixels: 1198 to learn from, 599 to test.
x, y = load_digits(return_X_y=True)
x = torch.tensor(x / 16 - 0.5, dtype=torch.float32)
x, x_test, y, y_test = train_test_split(x, torch.tensor(y), test_size=1 / 3, random_state=0, stratify=y)

torch.manual_seed(0)  # of the initial weights
model = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))
parameters = list(model.parameters())
optimizers = {
    "sgd": torch.optim.SGD(parameters, lr),
    "momentum": torch.optim.SGD(parameters, lr, momentum=0.9),
    "adagrad": torch.optim.Adagrad(parameters, lr),
    "rmsprop": torch.optim.RMSprop(parameters, lr),
    "adam": torch.optim.Adam(parameters, lr),
}
chosen = optimizers[optimizer]
shuffle = torch.Generator().manual_seed(0)  # of the mini-batches


def report(epoch):
    with torch.no_grad():
        train, test = F.cross_entropy(model(x), y).item(), F.cross_entropy(model(x_test), y_test).item()
    print(f"epoch {epoch}  training loss {train:.6g}  test loss {test:.6g}")


report(0)
for epoch in range(1, 17):
    for batch in torch.randperm(len(x), generator=shuffle).split(64):  # 19 gradients per epoch
        chosen.zero_grad()
        F.cross_entropy(model(x[batch]), y[batch]).backward()
        chosen.step()
    report(epoch)
