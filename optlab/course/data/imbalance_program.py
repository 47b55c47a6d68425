"""Find eights among other digits; print how many of either are recognised."""

import torch
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch import nn
from torch.nn import functional as F

# Settings: change them here.
count = 16  # eights to learn from
remedy = "none"  # or: class weights, repeat eights, drop others
steps = 200

# Handwritten digits, 8 × 8 pixels: 1198 to learn from, 599 to test.
x, y = load_digits(return_X_y=True)
x = torch.tensor(x / 16 - 0.5, dtype=torch.float32)
x, x_test, y, y_test = train_test_split(x, torch.tensor(y), test_size=1 / 3, random_state=0, stratify=y)

y, y_test = (y == 8).float(), y_test == 8
others = torch.nonzero(y == 0)[:, 0]
recalls = []
for seed in range(4):
    draw = torch.Generator().manual_seed(seed)
    eights = torch.nonzero(y)[:, 0]
    eights = eights[torch.randperm(len(eights), generator=draw)[:count]]
    rows = torch.cat([others, eights])
    if remedy == "repeat eights":
        rows = torch.cat([others, eights[torch.randint(count, (len(others),), generator=draw)]])
    elif remedy == "drop others":
        rows = torch.cat([others[torch.randperm(len(others), generator=draw)[:count]], eights])
    weight = torch.ones(len(rows))
    if remedy == "class weights":
        weight = torch.where(y[rows] > 0, 0.5 / len(eights), 0.5 / len(others))
    model = nn.Linear(64, 1)
    nn.init.zeros_(model.weight)
    nn.init.zeros_(model.bias)
    optimizer = torch.optim.SGD(model.parameters(), lr=1.0)
    for step in range(steps):
        optimizer.zero_grad()
        losses = F.binary_cross_entropy_with_logits(model(x[rows])[:, 0], y[rows], reduction="none")
        ((weight * losses).sum() / weight.sum()).backward()
        optimizer.step()
    called = model(x_test)[:, 0] > 0
    recalls.append([called[y_test].float().mean(), (~called)[~y_test].float().mean()])
found, spared = torch.tensor(recalls).mean(0).tolist()
rare = 16 / (16 + len(others))  # of the digits where it is used: one eight in 69
print(f"eights found {found:.6g}  others left alone {spared:.6g}")
print(f"accuracy {rare * found + (1 - rare) * spared:.6g}")
