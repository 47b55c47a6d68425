"""Print how noisy the gradient of a random batch is, for batches of 1, 2, 3, ... samples."""

import torch
from sklearn.datasets import load_iris
from sklearn.model_selection import train_test_split
from torch import nn

# Settings: change them here.
epoch = 3  # how long to train before looking
draw = "without replacement"  # or "with replacement"
every = 4  # batch sizes from one line to the next

# Two species of iris, 80 flowers to learn from (the other 20 are for testing), standardised.
x, y = load_iris(return_X_y=True)
x, y = x[y > 0], y[y > 0] - 1
x, _, y, _ = train_test_split(x, y, test_size=0.2, random_state=3, stratify=y)
x = torch.tensor((x - x.mean(axis=0)) / x.std(axis=0), dtype=torch.float32)
y = torch.tensor(y)

torch.manual_seed(0)  # of the initial weights
model = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 2))
optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
shuffle = torch.Generator().manual_seed(0)  # of the mini-batches


def loss(batch):
    return nn.functional.cross_entropy(model(x[batch]), y[batch])


for _ in range(epoch):
    for batch in torch.randperm(80, generator=shuffle).split(16):
        optimizer.zero_grad()
        loss(batch).backward()
        optimizer.step()

# The gradient of every sample, then the variance over 2048 random batches of 1, 2, ... samples.
model, x = model.double(), x.double()
rows = [torch.autograd.grad(loss([i]), list(model.parameters())) for i in range(80)]
gradients = torch.stack([torch.cat([part.flatten() for part in row]) for row in rows])
random = torch.Generator().manual_seed(0)
if draw == "without replacement":
    orders = torch.rand(2048, 80, generator=random).argsort(1)
else:
    orders = torch.randint(80, (2048, 80), generator=random)
total = 0
for size in range(1, 81):
    total = total + gradients[orders[:, size - 1]]
    variance = ((total / size - gradients.mean(0)) ** 2).sum(1).mean().item()
    if size == 1 or size % every == 0:
        print(f"batch size {size}  variance of the gradient {variance:.6g}")
