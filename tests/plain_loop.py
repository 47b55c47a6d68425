"""Oracles: the plain PyTorch loop of the article, and the optimizer of torch that each rule stands for."""

import math

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from optlab.engine.systems.threads import threads

LOSSES_AND_ACCURACIES = ("train_loss", "test_loss", "train_accuracy", "test_accuracy")

TORCH = {
    "sgd": lambda params, lr, **_: torch.optim.SGD(params, lr),
    "momentum": lambda params, lr, momentum=0.9: torch.optim.SGD(params, lr, momentum=momentum),
    "nesterov": lambda params, lr, momentum=0.9: torch.optim.SGD(
        params, lr, momentum=momentum, nesterov=True
    ),
    "adagrad": torch.optim.Adagrad,
    "rmsprop": lambda params, lr, beta2=0.99, **kw: torch.optim.RMSprop(params, lr, alpha=beta2, **kw),
    "adam": lambda params, lr, beta1=0.9, beta2=0.999, **kw: torch.optim.Adam(
        params, lr, betas=(beta1, beta2), **kw
    ),
    "adamw": lambda params, lr, beta1=0.9, beta2=0.999, **kw: torch.optim.AdamW(
        params, lr, betas=(beta1, beta2), **kw
    ),
}


def article_mlp(seed, dtype=torch.float32):
    """The article's network as anyone would write it."""
    torch.manual_seed(seed)
    return nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 2)).to(dtype)


def measured(module, x, y, loss):
    """Mean loss and accuracy without gradients."""
    module.eval()
    with torch.no_grad():
        outputs = module(x)
        accuracy = (outputs.argmax(1) == y).double().mean().item() if y.dtype == torch.int64 else np.nan
        value = loss(outputs, y).item()
    module.train()
    return value, accuracy


def squared(outputs, y):
    return functional.mse_loss(outputs[:, 0], y)


@threads(1)
def plain_loop(
    data,
    module,
    *,
    optimizer,
    rate,
    batch_size=16,
    epochs=100,
    seed=0,
    l2=0.0,
    l1=0.0,
    penalize_bias=False,
    one_per_batch=False,
    loss=functional.cross_entropy,
):
    """Train as the article does; `rate(epoch, step)` is the learning rate, `step` counted from the start.

    Returns:
        Curves `(4, epochs + 1)` in the order train loss, test loss, train accuracy, test accuracy.
    """
    opt = optimizer(module.parameters(), lr=rate(0, 0))
    generator = torch.Generator().manual_seed(seed)
    penalized = [p for p in module.parameters() if penalize_bias or p.ndim > 1]
    parts = ((data.x_train, data.y_train), (data.x_test, data.y_test))
    rows, step = [[measured(module, *part, loss) for part in parts]], 0
    module.train()
    for epoch in range(epochs):
        for batch in torch.randperm(len(data.x_train), generator=generator).split(batch_size):
            chosen = batch[:1] if one_per_batch else batch
            opt.param_groups[0]["lr"] = rate(epoch, step)
            opt.zero_grad()
            total = loss(module(data.x_train[chosen]), data.y_train[chosen])
            total = total + sum(l2 * (p**2).sum() + l1 * p.abs().sum() for p in penalized)
            total.backward()
            opt.step()
            step += 1
        rows.append([measured(module, *part, loss) for part in parts])
    table = np.array(rows)
    return np.concatenate([table[:, :, 0].T, table[:, :, 1].T])


def decay(lr, delta=0.0, p=1.0):
    """The article's rate as a function of epoch and step."""
    return lambda epoch, _step: lr * (1 / math.sqrt(1 + delta * epoch)) ** p


def curves(history, row=0):
    """What `plain_loop` returns, read off a History."""
    return np.stack([getattr(history, name)[row] for name in LOSSES_AND_ACCURACIES])


def assert_same(ours, theirs, tolerance=1e-4):
    """Losses, rates or all four curves agree; rounding may move few samples across the boundary."""
    ours, theirs = np.asarray(ours), np.asarray(theirs)
    np.testing.assert_allclose(ours[:2], theirs[:2], rtol=0, atol=tolerance)
    same = np.isclose(ours[2:], theirs[2:], rtol=0, atol=1e-6, equal_nan=True)
    assert same.size == 0 or same.mean() > 0.95
