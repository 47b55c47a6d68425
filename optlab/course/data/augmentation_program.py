"""Train three networks on digits that are moved a little; print the test accuracy of each and their mean."""

import torch
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch import nn
from torch.nn import functional as F

# Settings: change them here.
samples = 200
move = 0.5  # of the training digits, in pixels, at most
test_move = 1.0  # of the test digits

# Handwritten digits, 8 × 8 pixels: 1198 to learn from, 599 to test.
x, y = load_digits(return_X_y=True)
x = torch.tensor(x / 16 - 0.5, dtype=torch.float32)
x, x_test, y, y_test = train_test_split(x, torch.tensor(y), test_size=1 / 3, random_state=0, stratify=y)


def moved(images, shift):  # to the right and down, in pixels
    place = torch.eye(2, 3).repeat(len(images), 1, 1)
    place[:, :, 2] = -shift / 4
    grid = F.affine_grid(place, (len(images), 1, 8, 8), align_corners=False)
    ink = F.grid_sample(images.view(-1, 1, 8, 8) + 0.5, grid, align_corners=False)
    return ink.reshape(-1, 64) - 0.5


direction = torch.rand(len(x_test), 2, generator=torch.Generator().manual_seed(9)) * 2 - 1
x_test = moved(x_test, direction * test_move)
accuracies = []
for seed in range(3):
    torch.manual_seed(seed)
    model = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.005)
    draw = torch.Generator().manual_seed(seed)
    known = torch.randperm(len(x), generator=draw)[:samples]
    for step in range(300):
        batch = known[torch.randint(samples, (32,), generator=draw)]
        shift = (torch.rand(32, 2, generator=draw) * 2 - 1) * move
        optimizer.zero_grad()
        F.cross_entropy(model(moved(x[batch], shift)), y[batch]).backward()
        optimizer.step()
    accuracies.append((model(x_test).argmax(1) == y_test).float().mean())
    print(f"seed {seed}  accuracy {accuracies[-1].item():.6g}")
print(f"test accuracy {torch.stack(accuracies).mean().item():.6g}")
