"""Train a network on digits, prune it and round its weights; print accuracy, bytes and times."""

import timeit
from functools import partial

import torch
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch import nn

# Settings: change them here.
kind = "single weights"
fraction = 0.0
bits = 8

torch.set_num_threads(1)
torch.manual_seed(0)
x, y = load_digits(return_X_y=True)
split = train_test_split(x / 16, y, test_size=0.25, random_state=0, stratify=y)
x, x_test, y, y_test = (torch.tensor(part) for part in split)
x, x_test = x.float(), x_test.float()
net = nn.Sequential(nn.Linear(64, 512), nn.ReLU(), nn.Linear(512, 512), nn.ReLU(), nn.Linear(512, 10))
optimizer = torch.optim.Adam(net.parameters(), lr=0.003)
for epoch in range(10):
    for batch in torch.randperm(len(x)).split(64):
        optimizer.zero_grad()
        nn.functional.cross_entropy(net(x[batch]), y[batch]).backward()
        optimizer.step()

weights, biases = [layer.weight.data for layer in net[::2]], [layer.bias.data for layer in net[::2]]
if kind == "single weights":  # the smallest of all weights, in whatever layer, become 0
    size = torch.cat([w.abs().flatten() for w in weights])
    smallest = size.topk(round(fraction * len(size)), largest=False).indices
    keep = torch.ones(len(size)).index_fill(0, smallest, 0).split([w.numel() for w in weights])
    weights = [w * k.view(w.shape) for w, k in zip(weights, keep)]
else:
    for k in (0, 1):  # what goes through a neuron: the weights into it times those out of it
        through = weights[k].norm(dim=1) * weights[k + 1].norm(dim=0)
        keep = through.topk(512 - round(fraction * 512)).indices.sort().values
        weights[k], biases[k], weights[k + 1] = weights[k][keep], biases[k][keep], weights[k + 1][:, keep]


def rounded(w):  # to whole numbers, one scale a row, and back
    largest = 2 ** (bits - 1) - 1
    scale = w.abs().amax(1, keepdim=True).clamp_min(1e-12) / largest
    return (w / scale).round().clamp(-largest, largest) * scale


def answer(h):
    for k, (w, b) in enumerate(zip(weights, biases)):
        h = rounded(h) if bits == 8 else h  # a product of 8 bits takes inputs of 8 bits
        h = h @ w.T + b
        h = h.relu() if k < 2 else h
    return h


rows, numbers = sum(len(w) for w in weights), sum(w.numel() for w in weights)
kept = sum(w.count_nonzero().item() for w in weights)
scales = 4 * rows if bits < 32 else 0
every = numbers * bits / 8 + 4 * rows + scales  # all weights, the biases, a scale a row
nonzero = kept * (bits / 8 + 2) + 6 * rows + scales  # each with its place, and their number a row
weights = weights if bits == 32 else [rounded(w) for w in weights]
print(f"test accuracy {(answer(x_test).argmax(1) == y_test).float().mean().item():.6g}")
print(f"bytes {min(every, nonzero):.0f}")
for images in (450, 1):  # with the weights unpacked: only a kernel for 8 bits is faster
    seconds = min(timeit.repeat(partial(answer, x_test[:images]), number=1, repeat=10))
    print(f"images {images}  milliseconds {1e3 * seconds:.3g}")
