"""What 01.1 says that chance could break."""

from functools import cache, partial

import numpy as np
from robust import claim

from optlab import MLP, train
from optlab.course.algorithms_and_networks.merging import TOTAL, family, judged
from optlab.course.algorithms_and_networks.optimizer import BATCH, EPOCHS, MODEL, RATES
from optlab.course.algorithms_and_networks.pruning import PRUNERS, WIDTH, accuracy_of
from optlab.course.algorithms_and_networks.shape import EPOCHS as SHAPE_EPOCHS
from optlab.course.algorithms_and_networks.shape import narrow
from optlab.engine.data.digits import digits, network_of


@cache
def losses(rule, seed, length):
    """The training loss of an optimiser at each of `RATES`, epoch by epoch."""
    epochs = round(EPOCHS * length)
    run = train(digits(), model=MODEL, optimizer=rule, lr=RATES, batch_size=BATCH, epochs=epochs, seed=seed)
    return run.train_loss


def ends(rule, seed, length, lr=None):
    """The loss at the end: at a rate, or at the best."""
    last = losses(rule, seed, length)[:, -1]
    return np.nanmin(last) if lr is None else last[RATES.index(lr)]


@claim("01.1", "At α = 0.01 Adam ends over 8 times lower than SGD, at α = 1 SGD over 8 times lower than Adam")
def the_rate_decides(seed, length):
    small, large = (ends("sgd", seed, length, lr) / ends("adam", seed, length, lr) for lr in (0.01, 1.0))
    return small > 8 and large < 1 / 8


@claim("01.1", "Each at its best rate, Adam and momentum end lower than SGD")
def tuned_they_differ(seed, length):
    sgd, momentum, adam = (ends(rule, seed, length) for rule in ("sgd", "momentum", "adam"))
    return max(momentum, adam) < sgd


@claim("01.1", "The factor between them is 3 to 40, and 13 to 67 at twice the length", lengths=(1.0, 2.0))
def the_factor_grows(seed, length):
    sgd, momentum, adam = (ends(rule, seed, length) for rule in ("sgd", "momentum", "adam"))
    low, high = {1.0: (2.8, 45), 2.0: (10, 80)}[length]
    return low < sgd / max(momentum, adam) <= sgd / min(momentum, adam) < high


@claim("01.1", "Tuned momentum is where tuned SGD ends at least an epoch sooner")
def momentum_saves(seed, length):
    plain, faster = (
        table[np.nanargmin(table[:, -1])]
        for table in map(partial(losses, seed=seed, length=length), ("sgd", "momentum"))
    )
    return faster[:-1].min() <= plain[-1]


@claim(
    "01.1",
    "Adam at 0.01 ends within twice tuned SGD, and at 0.001 over five times as high",
)
def adam_untuned(seed, length):
    at = {lr: ends("adam", seed, length, lr) for lr in (0.001, 0.01)}
    return 0.5 < at[0.01] / ends("sgd", seed, length) < 2 and at[0.001] > 5 * at[0.01]


def fit_shape(widths, seed, length):
    model = MLP((64, *widths, 10), init="he")
    how = {"optimizer": "adam", "lr": 0.01, "batch_size": 64, "epochs": round(SHAPE_EPOCHS * length)}
    return train(digits(), model=model, seed=seed, **how).test_accuracy[0, -1]


@claim("01.1", "128-128-128 is within three points of one hidden layer of 32")
def large_buys_little(seed, length):
    return abs(fit_shape((128, 128, 128), seed, length) - fit_shape((32,), seed, length)) < 0.03


@claim("01.1", "Without a hidden layer over 90 % are right, with three of width 2 under 70 %")
def bottleneck(seed, length):
    return fit_shape((), seed, length) > 0.89 and narrow("relu", round(8 * length), (seed,)).accuracy[0] < 0.7


@claim("01.1", "Three ReLU layers of width 2 die: every digit gets the same answer", at_least=0.6)
def relu_dies(seed, length):
    return narrow("relu", round(8 * length), (seed,)).dead[0]


@claim("01.1", "With tanh they do not die, and a quarter to six tenths are right")
def tanh_lives(seed, length):
    found = narrow("tanh", round(8 * length), (seed,))
    return not found.dead[0] and 0.25 < found.accuracy[0] < 0.6


@cache
def network(seed, length):
    """The network that is pruned, after another training."""
    model = MLP((64, WIDTH, WIDTH, 10), init="he")
    how = {"optimizer": "adam", "lr": 0.003, "batch_size": 64, "epochs": round(8 * length)}
    return network_of(train(digits(), model=model, seed=seed, **how))


def pruned_accuracy(way, amount, seed, length):
    return accuracy_of(PRUNERS[way](network(seed, length), amount))


@claim("01.1", "Without the smaller half of its weights a network loses less than two points of accuracy")
def small_half(seed, length):
    return pruned_accuracy("smallest weights", 0.5, seed, length) > accuracy_of(network(seed, length)) - 0.02


@claim("01.1", "Without a random half it loses over ten points of accuracy")
def random_half(seed, length):
    return pruned_accuracy("random weights", 0.5, seed, length) < accuracy_of(network(seed, length)) - 0.1


def mean_and_each(together, seed, length):
    nets = family(together, 10 * seed, round(TOTAL * length))
    return judged(nets.mean(0)[None])[0][0], judged(nets)[0]


@claim("01.1", "The mean of six strangers has over twice the test loss of the worst of them")
def strangers(seed, length):
    mean, each = mean_and_each("never", seed, length)
    return mean > 2 * each.max()


@claim("01.1", "The mean of six that shared one epoch has a lower test loss than they have on average")
def relatives(seed, length):
    mean, each = mean_and_each("1 epoch", seed, length)
    return mean < each.mean()


@claim(
    "01.1",
    "The mean of six of the same initial weights has a lower test loss than they on average",
)
def same_start(seed, length):
    mean, each = mean_and_each("the start", seed, length)
    return mean < each.mean()
