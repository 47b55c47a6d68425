"""Train at a constant rate, and with a fork whose rate falls to 0; print the mean gaps of four seeds."""

import copy

import torch
from sklearn.datasets import load_iris
from sklearn.model_selection import train_test_split
from torch import nn

# Settings: change them here.
lr = 0.1  # at high rates rounding may part two runs, after some epochs
fork = 30  # epochs, until the rate begins to fall
span = 10  # epochs, until it is 0
memory = 10  # epochs that the average of the weights remembers
epochs = 60

x, y = load_iris(return_X_y=True)  # two species: 80 flowers to learn from, the other 20 are for testing
x, y = x[y > 0], y[y > 0] - 1
x, _, y, _ = train_test_split(x, y, test_size=0.2, random_state=3, stratify=y)
x, y = torch.tensor((x - x.mean(axis=0)) / x.std(axis=0), dtype=torch.float32), torch.tensor(y)


def loss(model, batch):
    penalty = 0.01 * sum((layer.weight**2).sum() for layer in (model[0], model[2]))
    return nn.functional.cross_entropy(model(x[batch]), y[batch]) + penalty


def run(seed, falls):  # the gaps to the minimum 0.150405, of the network and of the average of its weights
    torch.manual_seed(seed)
    model = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 2))
    average, gaps = copy.deepcopy(model), []
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    shuffle = torch.Generator().manual_seed(seed)
    for epoch in range(epochs + 1):
        if epoch > 0:
            for step, flower in enumerate(torch.randperm(80, generator=shuffle).split(1)):
                left = (fork + span - (epoch - 1 + step / 80)) / span
                optimizer.param_groups[0]["lr"] = lr * min(1, max(0, left)) if falls else lr
                optimizer.zero_grad()
                loss(model, flower).backward()
                optimizer.step()
        with torch.no_grad():
            for mean, now in zip(average.parameters(), model.parameters()):
                mean += (now - mean) / min(max(epoch, 1), memory)
            gaps.append([loss(one, range(80)).item() - 0.150405 for one in (model, average)])
    return gaps


kept, forked = (torch.tensor([run(seed, falls) for seed in range(4)]).mean(0) for falls in (False, True))
for epoch in range(epochs + 1):
    after = f"this fork {forked[epoch, 0]:.6g}  " if epoch <= fork + span else ""
    print(
        f"epoch {epoch}  {after}rate kept {kept[epoch, 0]:.6g}  average of its weights {kept[epoch, 1]:.6g}"
    )
