"""Train a network, remove a part of it, and print what is left: accuracy, parameters, time."""

import timeit
from itertools import pairwise

import torch
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch import nn
from torch.nn import functional as F
from torch.nn.utils import prune

# Settings: change them here.
way = "smallest weights"  # or: random weights, smallest neurons
amount = 0.8  # the fraction removed

# Handwritten digits, 8 × 8 pixels: 1198 to learn from, 599 to test.
x, y = load_digits(return_X_y=True)
x = torch.tensor(x / 16 - 0.5, dtype=torch.float32)
x, x_test, y, y_test = train_test_split(x, torch.tensor(y), test_size=1 / 3, random_state=0, stratify=y)

torch.set_num_threads(1)
model = nn.Sequential(nn.Linear(64, 256), nn.ReLU(), nn.Linear(256, 256), nn.ReLU(), nn.Linear(256, 10))
torch.manual_seed(0)  # of the initial weights
for layer in model[::2]:
    nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
    nn.init.zeros_(layer.bias)
optimizer = torch.optim.Adam(model.parameters(), lr=0.003)
shuffle = torch.Generator().manual_seed(0)  # of the mini-batches
for epoch in range(8):
    for batch in torch.randperm(len(x), generator=shuffle).split(64):
        optimizer.zero_grad()
        F.cross_entropy(model(x[batch]), y[batch]).backward()
        optimizer.step()

linear = model[::2]
if way == "smallest weights":
    prune.global_unstructured([(layer, "weight") for layer in linear], prune.L1Unstructured, amount=amount)
elif way == "random weights":
    draw = torch.Generator().manual_seed(0)
    for layer in linear:
        prune.custom_from_mask(layer, "weight", torch.rand(layer.weight.shape, generator=draw) >= amount)
else:
    for here, after in pairwise(linear):
        # what goes through a neuron: the weights into it times those out of it
        through = here.weight.norm(dim=1) * after.weight.norm(dim=0)
        keep = through.topk(256 - round(amount * 256)).indices.sort().values
        here.weight.data, here.bias.data = here.weight.data[keep], here.bias.data[keep]
        after.weight.data = after.weight.data[:, keep]
for layer in filter(prune.is_pruned, linear):
    prune.remove(layer, "weight")  # keeps the zeros, drops the mask
with torch.inference_mode():
    accuracy = (model(x_test).argmax(1) == y_test).float().mean().item()
    seconds = timeit.repeat(lambda: model(x_test), number=1, repeat=15)
print(f"test accuracy {accuracy:.6g}")
print(f"parameters that are not 0 {sum(torch.count_nonzero(p).item() for p in model.parameters())}")
print(f"time for 599 digits, ms {min(seconds) * 1e3:.3g}")
