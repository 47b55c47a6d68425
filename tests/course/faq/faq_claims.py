"""What 06 says that chance could break: other starts, and half or twice the training."""

from functools import cache

import numpy as np
from robust import claim

from optlab import MLP, iris_pair, train
from optlab.course.faq.cost import RATES, RULES, epochs_to_target
from optlab.course.faq.deploy import accuracy, trained
from optlab.engine.systems.compression import prune_weights
from optlab.engine.systems.neurons import prune_neurons
from optlab.engine.systems.quantization import quantized, with_int8

BASE = {"lr": 0.1, "batch_size": 16}
ADAM = {"optimizer": "adam", "lr": 0.03}
MOMENTUM = {"optimizer": "momentum", "momentum": 0.9}


@cache
def epochs_of(seed, rule, batch_size=16):
    """The epochs until 95 % at every rate of the slider."""
    here = {"optimizer": rule, "lr": RATES, "batch_size": batch_size, "seed": seed, "epochs": 150}
    return epochs_to_target(train(iris_pair(), **here, **RULES[rule]).train_accuracy)


@claim("06", "At α = 0.01 95 % takes over 100 epochs: from five of eight starts", lengths=(1,), at_least=0.5)
def not_enough(seed, length):
    return epochs_of(seed, "sgd")[RATES.index(0.01)] > 100


@claim("06", "At α = 1 95 % takes 5 epochs or fewer", lengths=(1,))
def a_handful(seed, length):
    return epochs_of(seed, "sgd")[RATES.index(1.0)] <= 5


@claim("06", "Within ten epochs Adam gets there at more of the eight rates than SGD", lengths=(1,))
def forgives(seed, length):
    return (epochs_of(seed, "adam") <= 10).sum() > (epochs_of(seed, "sgd") <= 10).sum()


@claim("06", "Each rule at its best rate needs three epochs at most", lengths=(1,))
def at_their_best(seed, length):
    return max(epochs_of(seed, rule).min() for rule in RULES) <= 3


@claim("06", "B = 80 at α = 0.1 takes half to twice five times the epochs of B = 16", lengths=(1,))
def five_workers(seed, length):
    one, five = (epochs_of(seed, "sgd", size)[RATES.index(0.1)] for size in (16, 80))
    return 0.5 < five / (5 * one) < 2


def both_ends(seed, length, change):
    """Mean training and test loss, and accuracy, of eight starts at the end of training."""
    starts = 8 * seed + np.arange(8)
    run = train(iris_pair(), **BASE | change, seed=starts, epochs=round(100 * length))
    return np.array([run.train_loss[:, -1], run.test_loss[:, -1], run.test_accuracy[:, -1]]).mean(axis=1)


@claim("06", "Momentum and Adam: the mean training loss under half, the test loss above 1.5 times")
def better_and_worse(seed, length):
    plain = both_ends(seed, length, {})
    others = (both_ends(seed, length, change) / plain for change in (MOMENTUM, ADAM))
    return all(train_loss < 0.5 and test_loss > 1.5 for train_loss, test_loss, _ in others)


@claim("06", "λ = 0.01 at α₀ = 1: the mean training loss over twice as high, the test loss under 0.7 times")
def worse_and_better(seed, length):
    penalised, plain = (both_ends(seed, length, {"lr": 1.0} | more) for more in ({"l2": 0.01}, {}))
    return penalised[0] > 2 * plain[0] and penalised[1] < 0.7 * plain[1]


@claim("06", "Seven trainings, off and on: the mean test accuracy stays within 3 points", lengths=(1, 2))
def accuracy_stays(seed, length):
    large = {"lr": 1.0}
    pairs = [
        ({"lr": 0.01}, {}),
        ({"batch_size": 80}, {}),
        ({}, MOMENTUM),
        ({}, ADAM),
        (large, large | {"delta": 1.0}),
        (large, large | {"l2": 0.01}),
        ({"model": MLP((4, 2, 2))}, {}),
    ]
    moved = [abs(both_ends(seed, length, on)[2] - both_ends(seed, length, off)[2]) for off, on in pairs]
    return max(moved) < 0.03


@cache
def reader(seed, length):
    return trained(epochs=round(10 * length), seed=seed)


@claim("06", "70 % of the single weights removed: the accuracy falls by 2 points at most", lengths=(1, 2))
def zeros_cost_little(seed, length):
    net = reader(seed, length)
    return accuracy(prune_weights(net, 0.7)) > accuracy(net) - 0.02


@claim("06", "Half of the neurons cost more accuracy than 70 % of the weights: 4 of 5", at_least=0.8)
def neurons_cost_more(seed, length):
    net = reader(seed, length)
    return accuracy(prune_neurons(net, 0.5)) < accuracy(prune_weights(net, 0.7))


@claim("06", "A quarter of the neurons removed, in 8 bits: the accuracy falls by 2 points at most")
def all_three(seed, length):
    net = reader(seed, length)
    return accuracy(with_int8(prune_neurons(net, 0.25))) > accuracy(net) - 0.02


@claim("06", "8 bits cost 1 point of accuracy at most")
def eight_bits(seed, length):
    net = reader(seed, length)
    return accuracy(with_int8(net)) > accuracy(net) - 0.01


@claim("06", "2 bits cost 2 points of accuracy or more", lengths=(1, 2))
def two_bits(seed, length):
    net = reader(seed, length)
    return accuracy(quantized(net, 2)) < accuracy(net) - 0.015
