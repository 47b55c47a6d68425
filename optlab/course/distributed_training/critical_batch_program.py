"""Train in batches of one size down to a target loss; print the steps and the samples that it takes."""

import torch
from sklearn.datasets import load_digits
from torch import nn

# Settings: change them here.
target = 0.25  # training loss, the mean of four networks
batch_size = 32
lr = 1.0  # the best of 2 ** -6, 2 ** -5, … 2 ** 2 at this batch size
workers = 16

x, y = load_digits(return_X_y=True)
x, y = x[:1000], torch.tensor(y[:1000])
x = torch.tensor((x - x.mean(axis=0)) / x.std(), dtype=torch.float32)


def network(seed):  # no biases
    torch.manual_seed(seed)
    model = nn.Sequential(nn.Linear(64, 16, bias=False), nn.ReLU(), nn.Linear(16, 10, bias=False))
    torch.manual_seed(seed)
    for layer in (model[0], model[2]):
        layer.weight.data = torch.randn(layer.weight.shape) * (2 / layer.in_features) ** 0.5
    return model


loss_of = nn.functional.cross_entropy
models = [network(seed) for seed in range(4)]
optimizers = [torch.optim.SGD(model.parameters(), lr=lr) for model in models]
draws = [torch.Generator().manual_seed(seed) for seed in range(4)]
every = max(1, 32 // batch_size)  # steps from one look at the loss to the next
step, before, loss = 0, float("inf"), float("inf")
while loss > target and step < 1000 * every:
    if step % every == 0:
        with torch.no_grad():
            before, loss = loss, sum(loss_of(model(x), y).item() for model in models) / 4
    if loss > target:
        for model, optimizer, draw in zip(models, optimizers, draws):
            batch = torch.randint(1000, (batch_size,), generator=draw)
            optimizer.zero_grad()
            loss_of(model(x[batch]), y[batch]).backward()
            optimizer.step()
        step += 1

steps = step - every * (target - loss) / (before - loss)  # the loss fell to the target between two looks
time = steps * (1 + -(-batch_size // workers))
print(f"batch size {batch_size}  steps {steps:.6g}  samples {steps * batch_size:.6g}")
print(f"batch size {batch_size}  these workers {time:.6g}")
