"""What 05.3 says that chance could break: other starts and splits, half and twice the training."""

from functools import cache

import numpy as np
import torch
from robust import claim
from torch.nn.functional import cross_entropy

from optlab import iris_pair
from optlab.course.common.halves import BATCH, EPOCHS, MODEL, gradient_on
from optlab.course.distributed_training import critical_batch


@cache
def local(seed, length, lr, *, mixed, every):
    """The last loss of the mean of two models, both workers in one process."""
    data = iris_pair(dtype=torch.float64)
    order = torch.randperm(80, generator=torch.Generator().manual_seed(seed))
    epochs, thetas, gradients = round(EPOCHS * length), [MODEL.start(seed).double()[None]] * 2, []
    for rank in range(2):
        mine = order[rank::2] if mixed else torch.nonzero(data.y_train == rank)[:, 0]
        shuffle = torch.Generator().manual_seed(2 * seed + rank)
        orders = [mine[torch.randperm(len(mine), generator=shuffle)] for _ in range(epochs)]
        batches = [batch for one in orders for batch in one.split(BATCH // 2)]
        gradients.append(gradient_on(data.x_train, data.y_train, batches))
    for step in range(5 * epochs):
        thetas = [theta - lr * own(theta, step) for theta, own in zip(thetas, gradients, strict=True)]
        if (step + 1) % every == 0:
            thetas = [sum(thetas) / 2] * 2
    mean = sum(thetas) / 2
    return cross_entropy(MODEL(mean, data.x_train[None])[0], data.y_train).item()


def dearer(seed, length, lr, *, mixed, every=50):
    once = local(seed, length, lr, mixed=mixed, every=every)
    return once / local(seed, length, lr, mixed=mixed, every=1)


@claim("05.3", "α = 0.1, mixed flowers, H = 50: at most 10 % more loss")
def talking_less_is_free(seed, length):
    return dearer(seed, length, 0.1, mixed=True) < 1.1


@claim("05.3", "α = 0.1, one species each, H = 50: over 1.4 times the loss")
def other_data_are_dear(seed, length):
    return dearer(seed, length, 0.1, mixed=False) > 1.4


@claim("05.3", "α = 1, mixed flowers, H = 50: from nothing to twice the loss")
def large_steps_may_be_dear(seed, length):
    return 0.8 < dearer(seed, length, 1.0, mixed=True) < 2.5


# ---------------------------------------------------------------- the batch size that pays

TARGET_OF = {0.5: 0.5, 1.0: 0.25, 2.0: 0.12}
"""A training is as long as its target is low."""


@cache
def critical(seed):
    """The trainings of all batch sizes at all rates, on four seeds of their own."""
    return critical_batch.critical_runs(seeds=range(1000 + 4 * seed, 1004 + 4 * seed))


def down_to(seed, target):
    return critical(seed).select(target=target, batch_size=1, workers=1)


@claim("05.3", "256 samples a step in place of 1,024 need at most a third more steps")
def beyond_the_critical_batch_steps_hardly_fall(seed, length):
    steps = down_to(seed, TARGET_OF[length]).steps[0]
    return steps[8] < 4 / 3 * steps[10]


@claim("05.3", "The law is within 35 % of the steps at every batch size")
def the_law_fits(seed, length):
    run = down_to(seed, TARGET_OF[length])
    sizes = np.array(critical_batch.SIZES)
    return abs(critical_batch.steps_law(sizes, run.least)[0] / run.steps[0] - 1).max() < 0.35


@claim("05.3", "From a loss of 0.7 to 0.12 the critical batch size grows by half or more", lengths=(1.0,))
def the_critical_batch_grows(seed, length):
    return down_to(seed, 0.12).measured[0] > 1.5 * down_to(seed, 0.7).measured[0]


@claim("05.3", "The predicted critical batch size is 0.8 to 5 times the measured one")
def the_noise_predicts_the_order(seed, length):
    run = down_to(seed, TARGET_OF[length])
    return 0.8 < run.predicted[0] / run.measured[0] < 5
