"""What 02 says that chance could break."""

from functools import cache

import numpy as np
import torch
from robust import claim

from optlab import MLP, iris_pair, train
from optlab.course.core_concepts.falling_rate import EPOCHS as LONG
from optlab.course.core_concepts.layers import send
from optlab.course.core_concepts.line import START, optimality_gap, petals
from optlab.course.core_concepts.two_ways import EPOCHS
from optlab.course.core_concepts.walk import picks, walk
from optlab.engine.models.initialization import normal
from optlab.engine.rules.schedules import power_decay


def gaps(seed, epochs, rates, size=1):
    """The optimality gap after every step of a descent over `size` petals a step; a rate for each epoch."""
    x, y = petals()
    each_step = np.repeat(np.broadcast_to(rates, epochs), len(x) // size)[None]
    path = walk(START, each_step, picks(len(x), size, epochs, seed)[None], x, y)
    return optimality_gap(x, y)(torch.from_numpy(path[0])).numpy()


def one_and_all(seed, length, lr):
    """Where one petal a step ends, mean over its last two epochs, and where all petals a step end."""
    epochs = round(EPOCHS * length)
    return gaps(seed, epochs, lr)[-40:].mean(), gaps(seed, epochs, lr, size=20)[-1]


@claim("02", "At α = 0.05 one flower a step ends nearer to the lowest loss than all at once")
def one_is_ahead(seed, length):
    one, every = one_and_all(seed, length, 0.05)
    return one < every


@claim("02", "At α = 0.2 it is the other way round")
def one_jumps(seed, length):
    one, every = one_and_all(seed, length, 0.2)
    return one > every


@claim("02", "At α = 0.38 one flower a step flies off, and all at once still arrive")
def one_flies_off(seed, length):
    one, every = one_and_all(seed, length, 0.38)
    return one > 1e3 * every and every < 0.2


def decayed(seed, length, delta, p):
    """The gap over the last tenth of a descent at a falling rate, and at the constant one."""
    epochs = round(LONG * length)
    rate = torch.tensor([0.05, delta, p], dtype=torch.float64)[:, None, None]
    falling = power_decay(torch.arange(epochs).double()[None], lr=rate[0], delta=rate[1], p=rate[2])[
        0
    ].numpy()
    last = -len(petals()[0]) * epochs // 10
    return gaps(seed, epochs, falling)[last:].mean(), gaps(seed, epochs, 0.05)[last:].mean()


@claim("02", "A falling rate, δ = 0.1 and p = 2, ends below a tenth of the constant rate's gap")
def falling_settles(seed, length):
    falling, constant = decayed(seed, length, 0.1, 2.0)
    return falling < 0.1 * constant


@claim("02", "One that falls too fast, δ = 10 and p = 4, ends over twice as high as the constant one")
def falling_freezes(seed, length):
    falling, constant = decayed(seed, length, 10.0, 4.0)
    return falling > 2 * constant


def sent(seed, std, activation="relu", width=200):
    run = send(std, seed=seed, activation=activation, width=width)
    return run.activation[0, -1], run.gradient[0, 0]


@claim("02", "30 ReLU layers of 200: at He's σ both keep their size within a factor of ten", lengths=(1.0,))
def he_keeps(seed, length):
    return all(0.1 < size < 10 for size in sent(seed, 0.1))


@claim("02", "At half of it both vanish, at twice it both explode, by over six powers of ten", lengths=(1.0,))
def others_do_not(seed, length):
    return max(sent(seed, 0.05)) < 1e-6 and min(sent(seed, 0.2)) > 1e6


@claim("02", "30 tanh layers at σ = 1: the activation stays below 1, the gradient explodes", lengths=(1.0,))
def tanh_explodes(seed, length):
    activation, gradient = sent(seed, 1.0, "tanh")
    return activation < 1 and gradient > 1e9


@claim("02", "tanh at Xavier's σ keeps the gradient within a factor of ten or so", lengths=(1.0,))
def xavier_keeps(seed, length):
    return all(0.05 < size < 2 for size in sent(seed, 0.0707, "tanh"))


@cache
def deep(name, seed, length):
    """The training loss of ten hidden layers of 50 on the iris."""
    inits = {"small": normal(0.01), "large": normal(1.0)}
    model = MLP((4, *[50] * 10, 2), init=inits.get(name, name))
    data = iris_pair(seed=seed)
    return train(data, model=model, lr=0.05, epochs=round(30 * length), seed=seed).train_loss[0, -1]


@claim("02", "Ten hidden layers: small, zero and PyTorch's weights learn next to nothing (loss over 0.68)")
def small_learns_nothing(seed, length):
    return min(deep(name, seed, length) for name in ("small", "zeros", "pytorch")) > 0.68


@claim("02", "Large weights are lost: the loss overflows")
def large_is_lost(seed, length):
    return not np.isfinite(deep("large", seed, length))


@claim("02", "He's weights learn: a loss under 0.2")
def he_learns(seed, length):
    return deep("he", seed, length) < 0.2


@claim(
    "02", "A penalty of 0.1 lowers the loss on unseen petals, mean over random fits to three", lengths=(1.0,)
)
def a_penalty_helps(seed, length):
    x, y = petals()
    means = []
    for l2 in (0.0, 0.1):
        draw, losses = np.random.default_rng(seed), []
        for _ in range(200):
            rows = draw.permutation(len(x))
            known, rest = rows[:3], rows[3:]
            if x[known].std() > 1e-6:
                design = torch.stack([torch.ones(3), x[known]], dim=1).double()
                system = design.T @ design / 3 + l2 * torch.eye(2)
                theta = torch.linalg.solve(system, design.T @ y[known].double() / 3)
                losses.append(float(((theta[0] + theta[1] * x[rest] - y[rest]) ** 2).mean()))
        means.append(np.mean(losses))
    return means[1] < means[0]
