"""Train a network on digits, prune it and round its weights; print accuracy, bytes and times."""

import timeit

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
split = train_test_split((x / 16).astype("float32"), y, test_size=0.25, random_state=0, stratify=y)
x, x_test, y, y_test = (torch.tensor(part) for part in split)
net = nn.Sequential(nn.Linear(64, 512), nn.ReLU(), nn.Linear(512, 512), nn.ReLU(), nn.Linear(512, 10))
optimizer = torch.optim.Adam(net.parameters(), lr=0.003)
for epoch in range(10):
    for batch in torch.randperm(len(x)).split(64):
        optimizer.zero_grad()
        nn.functional.cross_entropy(net(x[batch]), y[batch]).backward()
        optimizer.step()

weights, biases = [layer.weight.data for layer in net[::2]], [layer.bias.data for layer in net[::2]]
if kind == "single weights":  # the smallest of all weights, in whatever layer, become 0
    sizes = torch.cat([w.abs().flatten() for w in weights]).sort().values
    weights = [w * (w.abs() >= sizes[round(fraction * len(sizes))]) for w in weights]
else:
    for k in (0, 1):  # what goes through a neuron: the weights into it times those out of it
        through = weights[k].norm(dim=1) * weights[k + 1].norm(dim=0)
        keep = through.topk(512 - round(fraction * 512)).indices.sort().values
        weights[k], biases[k], weights[k + 1] = weights[k][keep], biases[k][keep], weights[k + 1][:, keep]


def rounded(w):  # to whole numbers, one scale a row, and back
    scale = w.abs().amax(1, keepdim=True).clamp_min(1e-12) / (2 ** (bits - 1) - 1)
    return (w / scale).round() * scale


def answer(h):
    for w, b in zip(weights, biases):
        h = h.relu()  # the pixels are positive already
        h = (rounded(h) if bits == 8 else h) @ w.T + b  # a product of 8 bits takes inputs of 8 bits
    return h


rows, numbers, kept = (sum(map(count, weights)) for count in (len, torch.numel, torch.count_nonzero))
scales = 4 * rows if bits < 32 else 0
every = numbers * bits / 8 + 4 * rows + scales  # all weights, the biases, a scale a row
nonzero = kept * (bits / 8 + 2) + 6 * rows + scales  # each with its place, and their number a row
weights = weights if bits == 32 else [rounded(w) for w in weights]
print(f"test accuracy {(answer(x_test).argmax(1) == y_test).float().mean():.6g}")
print(f"bytes {min(every, nonzero):.0f}")
for images in (450, 1):  # with the weights unpacked: only a kernel for 8 bits is faster
    times = timeit.repeat("answer(x_test[:images])", globals=globals(), number=1, repeat=10)
    print(f"images {images}  milliseconds {1e3 * min(times):.3g}")
