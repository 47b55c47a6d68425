"""What 04 says that chance could break: other starts, other splits, half and twice the training."""

from functools import cache

import numpy as np
import torch
from robust import claim
from sklearn.datasets import load_wine
from torch.nn.functional import cross_entropy

from optlab import MLP, from_arrays, iris_pair, params, train

FLOWERS = iris_pair()
SPLITS = range(20)


@cache
def ends(seed, length, **setting):
    """The history of one training, and where its losses end."""
    history = train(FLOWERS, seed=seed, epochs=round(100 * length), **setting)
    return history, history.train_loss[0, -1], history.test_loss[0, -1]


@claim(
    "04", "With a ReLU on the output some of 20 networks toss coins, with a plain output none", lengths=(1,)
)
def dead_outputs(seed, length):
    asked = {"lr": 0.01, "seed": 200 + 20 * seed + np.arange(20), "epochs": round(100 * length)}
    written, plain = (
        train(FLOWERS, model=MLP((4, 16, 2), output_activation=last), **asked).test_accuracy[:, -1]
        for last in (torch.relu, None)
    )
    return (written <= 0.5).any() and (plain > 0.5).all() and plain.mean() > written.mean()


@claim("04", "At α = 0.01 batches of 16 end under two thirds of the loss of full batches")
def updates_count(seed, length):
    many, few = (ends(seed, length, lr=0.01, batch_size=size)[1] for size in (16, 80))
    return many < few * 2 / 3


@claim("04", "One flower of each batch does as well as all sixteen, to a tenth")
def one_is_enough(seed, length):
    one = ends(seed, length, lr=0.01, batch_size=16, one_per_batch=True)[1]
    return one < 1.1 * ends(seed, length, lr=0.01, batch_size=16)[1]


@claim("04", "At α = 0.01 the scheduler never acts on full batches")
def never_acts(seed, length):
    return ends(seed, length, lr=0.01, batch_size=80, schedule="plateau")[0].lr[0, -1] == 0.01


@claim(
    "04",
    "α₀ = 1, all together: the rate is cut, the loss ends above 0.2 (7 of 8)",
    lengths=(1, 2),
    at_least=0.8,
)
def together(seed, length):
    history, loss, _ = ends(
        seed, length, lr=1.0, batch_size=16, one_per_batch=True, schedule="plateau", l2=0.01
    )
    return history.lr[0, -1] < 0.01 and loss > 0.2


@claim("04", "λ = 0: the test loss climbs to over three times its lowest", lengths=(1, 2))
def climbs(seed, length):
    loss = ends(seed, length, lr=1.0)[0].test_loss[0]
    return loss[-1] > 3 * loss.min()


@claim("04", "λ = 0.01 ends under half the test loss of λ = 0, on these flowers")
def helps(seed, length):
    return ends(seed, length, lr=1.0, l2=0.01)[2] < ends(seed, length, lr=1.0)[2] / 2


@claim("04", "λ = 0.1 ends at twice the test loss of λ = 0.01 or more")
def ten_times_as_much(seed, length):
    return ends(seed, length, lr=1.0, l2=0.1)[2] >= 2 * ends(seed, length, lr=1.0, l2=0.01)[2]


@claim("04", "λ = 0.32 keeps the training loss between 0.5 and chance")
def too_strong(seed, length):
    return 0.5 < ends(seed, length, lr=1.0, l2=0.32)[1] < 0.72


@claim("04", "λ = 1 at α₀ = 3.2 diverges within 10 epochs")
def explodes(seed, length):
    return 1 <= ends(seed, length, lr=3.2, l2=1.0)[0].diverged_at[0] <= 10


@claim("04", "δ = 10 ends at less than half the test loss of a constant rate")
def falling(seed, length):
    return ends(seed, length, lr=1.0, delta=10.0)[2] < ends(seed, length, lr=1.0)[2] / 2


@claim("04", "λ = 0: at α₀ = 0.032 the test loss ends under a third of that at 1", lengths=(1, 2))
def small_rate(seed, length):
    return ends(seed, length, lr=0.032)[2] < ends(seed, length, lr=1.0)[2] / 3


@cache
def box(seed, length):
    """Test losses at the end over rate, δ, batch size and λ."""
    axes = {"lr": params.LR.values, "delta": [0.0, 10.0], "batch_size": [1, 16, 80], "l2": params.L2.values}
    runs = train(FLOWERS, **params.grid(**axes), seed=seed, epochs=round(100 * length))
    return np.nan_to_num(runs.test_loss[:, -1], nan=np.inf).reshape([len(axis) for axis in axes.values()])


@claim(
    "04", "λ = 0: over the other sliders the test loss comes under a third of that at α₀ = 1", lengths=(1, 2)
)
def made_up_for(seed, length):
    found = box(seed, length)[..., 0]
    return found.min() < found[params.LR.values.index(1.0), 0, 1] / 3


@claim("04", "λ = 0.32 cannot be made up for: over the other sliders no test loss under 0.4")
def not_made_up_for(seed, length):
    return box(seed, length)[..., params.L2.values.index(0.32)].min() > 0.4


@claim("04", "The best rate for B = 80 is higher than for B = 1, each at its best λ")
def larger_batches_larger_rates(seed, length):
    top = box(seed, length)[:, 0].min(axis=2).argmin(axis=0)
    return top[2] > top[0]


def wrong_flower(history):
    """The share of flower 15 in the test loss, and the mean test loss of the others."""
    w1, b1, w2, b2 = (torch.from_numpy(w[0]) for w in history.weights.values())
    outputs = torch.relu(FLOWERS.x_test @ w1.T + b1) @ w2.T + b2
    each = cross_entropy(outputs, FLOWERS.y_test, reduction="none")
    return float(each[15] / each.sum()), float(each[torch.arange(20) != 15].mean())


@claim("04", "λ = 0: flower 15 has most of the test loss; without it λ = 0 beats λ = 0.01")
def one_flower_decides(seed, length):
    free, held = (wrong_flower(ends(seed, length, lr=1.0, l2=l2)[0]) for l2 in (0.0, 0.01))
    return free[0] > 0.5 and free[1] < held[1]


@claim("04", "Over 20 splits λ = 0.01 lowers the mean test loss, and on 8 to 17 of them the test loss")
def other_splits(seed, length):
    asked = {"lr": 1.0, "l2": [0.0, 0.01], "seed": seed, "epochs": round(100 * length)}
    last = np.array([train(iris_pair(seed=split), **asked).test_loss[:, -1] for split in SPLITS])
    return last[:, 1].mean() < last[:, 0].mean() and 8 <= (last[:, 1] < last[:, 0]).sum() <= 17


@claim("04", "On the wines every bit of λ raises the test loss", lengths=(0.5, 1))
def wines(seed, length):
    data = from_arrays(*load_wine(return_X_y=True), seed=seed)
    asked = {"model": MLP((13, 8, 3), activation=torch.tanh), "lr": 0.1, "batch_size": 16, "seed": seed}
    history = train(data, l2=[0.0, 0.01, 0.1], epochs=round(100 * length), **asked)
    free, little, much = history.test_loss[:, -1]
    return free < little < much
