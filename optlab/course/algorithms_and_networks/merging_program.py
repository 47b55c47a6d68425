"""Train six networks; print the test loss of the mean of the first 1, 2, ..., 6 of them."""

import copy

import torch
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch import nn
from torch.nn import functional as F

# Settings: change them here.
together = "1 epoch"  # or: never, the start, 10 epochs

# Handwritten digits, 8 × 8 pixels: 1198 to learn from, 599 to test.
x, y = load_digits(return_X_y=True)
x = torch.tensor(x / 16 - 0.5, dtype=torch.float32)
x, x_test, y, y_test = train_test_split(x, torch.tensor(y), test_size=1 / 3, random_state=0, stratify=y)


def train(model, epochs, seed):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
    shuffle = torch.Generator().manual_seed(seed)  # of the mini-batches
    for epoch in range(epochs):
        for batch in torch.randperm(len(x), generator=shuffle).split(32):
            optimizer.zero_grad()
            F.cross_entropy(model(x[batch]), y[batch]).backward()
            optimizer.step()
    return model


def new_network(seed):
    torch.manual_seed(seed)
    return nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))


if together == "never":
    networks = [train(new_network(seed), 15, seed) for seed in range(6)]
else:
    epochs = {"the start": 0, "1 epoch": 1, "10 epochs": 10}[together]
    ancestor = train(new_network(0), epochs, seed=0)
    networks = [train(copy.deepcopy(ancestor), 15 - epochs, seed=100 + k) for k in range(6)]

for k in range(1, 7):  # the mean of the first k networks
    average = torch.optim.swa_utils.AveragedModel(networks[0])
    for network in networks[:k]:
        average.update_parameters(network)
    with torch.no_grad():
        outputs = average(x_test)
    loss, right = F.cross_entropy(outputs, y_test).item(), outputs.argmax(1) == y_test
    print(f"networks averaged {k}  mean of k {loss:.6g}  accuracy {right.float().mean().item():.4g}")
