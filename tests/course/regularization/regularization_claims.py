"""What 03.5 says that chance could break: other draws of the points, half and double the training."""

from functools import cache

import numpy as np
from robust import claim

from optlab import train
from optlab.course.regularization.draws import measured
from optlab.course.regularization.linear_model import ridge
from optlab.course.regularization.moons import EPOCHS, MODEL, NEAR_ZERO, TRAINING, moons
from optlab.engine.data.diabetes import diabetes
from optlab.engine.models.penalties import split


@cache
def trained(seed, length, kind, strengths):
    l2, l1 = split([kind] * len(strengths), list(strengths))
    epochs = round(EPOCHS * length)
    data = moons(30, seed=seed + 1)[0]
    return train(data, model=MODEL, l2=l2, l1=l1, batch_size=30, epochs=epochs, **TRAINING)


@claim("03.5", "λ = 0.0032 raises the training loss")
def the_training_loss_rises(seed, length):
    loss = trained(seed, length, "L2", (0.0, 0.0032)).train_loss[:, -1]
    return loss[1] > loss[0]


@claim("03.5", "On 30 points some λ lowers the validation loss", lengths=(1, 2))
def a_little_pays(seed, length):
    return measured(30, seed + 1, epochs=round(EPOCHS * length))[1] > 0.02


@claim("03.5", "Four times the points: the best λ is no larger, on 11 of 12", lengths=(1,), at_least=0.8)
def more_data_less_penalty(seed, length):
    few, many = (measured(samples, seed + 1, epochs=round(EPOCHS * length))[0] for samples in (30, 120))
    return many <= few


@claim("03.5", "λ = 0.32 kills the network: the loss of chance")
def too_much_costs_everything(seed, length):
    return trained(seed, length, "L2", (0.32,)).test_loss[0, -1] > 0.65


@claim("03.5", "λ = 0.0056: L1 leaves 26 weights or fewer, L2 twice as many or more", lengths=(1, 2))
def l1_empties(seed, length):
    left = []
    for kind in ("L1", "L2"):
        parts = [w for k, w in trained(seed, length, kind, (0.0056,)).weights.items() if k.endswith("weight")]
        left.append(sum(int((abs(w) >= NEAR_ZERO).sum()) for w in parts))
    return left[0] <= 26 and left[1] >= 2 * left[0]


@claim("03.5", "Under Adam the best strengths of L2 and of decay are over 10 times apart", lengths=(0.5, 1))
def two_strengths(seed, length):
    tried = np.geomspace(0.001, 10, 17)
    asked = {"model": MODEL, "lr": 0.03, "batch_size": 30, "epochs": round(150 * length)}
    data = moons(30, seed=seed + 1)[0]
    l2 = train(data, optimizer="adam", l2=tried, **asked).test_loss[:, -1]
    decay = train(data, optimizer="adamw", weight_decay=2 * tried, **asked).test_loss[:, -1]
    return tried[decay.argmin()] / tried[l2.argmin()] > 10


@claim("03.5", "Who chose λ promises too much: the mean over 50 draws, by over 5 %", lengths=(1,))
def who_chooses_promises(seed, length):
    found = []
    for data in (diabetes(products=True, seed=50 * seed + k) for k in range(50)):
        w = ridge(data, np.geomspace(0.01, 10, 13))
        few = ((w @ data.x_validation[:20].T - data.y_validation[:20]) ** 2).mean(axis=1)
        found.append([few.min(), data.error(w, "test")[few.argmin()]])
    promised, kept = np.mean(found, axis=0)
    return promised < 0.95 * kept
