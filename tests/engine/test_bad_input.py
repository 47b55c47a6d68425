"""Wrong arguments of `train`: an error at once, with the argument, its value and what is allowed."""

import math

import numpy as np
import pytest
import torch
from torch import nn

from optlab import EarlyStopping, iris_pair, train
from optlab.engine.models.mlp import MLP
from optlab.engine.training.callbacks import Callback


def without_rate(t):
    return 0.1


def one_number(outputs, y):
    return outputs.sum()


BAD: list = [
    ({"lr": 0}, ValueError, ["lr=0", "above 0"]),
    ({"lr": -0.1}, ValueError, ["lr=-0.1", "above 0"]),
    ({"lr": math.nan}, ValueError, ["lr=nan", "finite"]),
    ({"lr": math.inf}, ValueError, ["lr=inf", "finite"]),
    ({"lr": [0.1, -2.0]}, ValueError, ["lr=-2", "above 0"]),
    ({"lr": "0.1"}, TypeError, ["lr='0.1'", "number"]),
    ({"lr": True}, TypeError, ["lr=True", "number"]),
    ({"lr": None}, TypeError, ["lr=None", "number"]),
    ({"lr": 1 + 2j}, TypeError, ["lr=(1+2j)", "number"]),
    ({"lr": [0.1, None]}, TypeError, ["lr=[0.1, None]", "number"]),
    ({"lr": []}, ValueError, ["lr", "(0,)", "non-empty"]),
    ({"lr": [[0.1]]}, ValueError, ["lr", "(1, 1)", "1-D"]),
    ({"lr": [[0.1], [0.1, 0.2]]}, ValueError, ["lr", "ragged"]),
    ({"delta": -1}, ValueError, ["delta=-1", "0 or above"]),
    ({"p": -0.5}, ValueError, ["p=-0.5", "0 or above"]),
    ({"l2": -1e-3}, ValueError, ["l2=-0.001", "0 or above"]),
    ({"l1": -1e-3}, ValueError, ["l1=-0.001", "0 or above"]),
    ({"batch_size": 0}, ValueError, ["batch_size=0", "1 to 80"]),
    ({"batch_size": -4}, ValueError, ["batch_size=-4", "1 to 80"]),
    ({"batch_size": 2.5}, ValueError, ["batch_size=2.5", "whole number"]),
    ({"batch_size": 81}, ValueError, ["batch_size=81", "80 training samples"]),
    ({"batch_size": "16"}, TypeError, ["batch_size='16'", "number"]),
    ({"epochs": 0}, ValueError, ["epochs=0", "at least 1"]),
    ({"epochs": 2.5}, ValueError, ["epochs=2.5", "whole number"]),
    ({"epochs": [1, 2]}, ValueError, ["epochs=[1, 2]", "one whole number"]),
    ({"epochs": None}, TypeError, ["epochs=None", "number"]),
    ({"seed": -1}, ValueError, ["seed=-1", "0 to"]),
    ({"seed": 0.5}, ValueError, ["seed=0.5", "whole number"]),
    ({"lr": [0.1, 0.2], "l2": [0, 1, 2]}, ValueError, ["lr has 2", "l2 has 3", "grid"]),
    ({"optimizer": ["sgd", "adam"], "lr": [1, 2, 3]}, ValueError, ["optimizer has 2", "lr has 3"]),
    ({"optimizer": "sdg"}, ValueError, ["optimizer='sdg'", "sgd", "adamw"]),
    ({"optimizer": 3}, TypeError, ["optimizer=3", "name or a function"]),
    ({"optimizer": []}, ValueError, ["optimizer", "at least one"]),
    ({"optimizer": torch.optim.SGD}, TypeError, ["optimizer=SGD is torch's", "(theta, grad, state"]),
    (
        {"optimizer": torch.optim.Adam([torch.zeros(1, requires_grad=True)])},
        TypeError,
        ["optimizer=Adam is torch's", "a name or a function"],
    ),
    ({"schedule": torch.optim.lr_scheduler.StepLR}, TypeError, ["schedule=StepLR is torch's", "(t, *, lr"]),
    ({"schedule": "cosin"}, ValueError, ["schedule='cosin'", "cosine"]),
    ({"schedule": None}, TypeError, ["schedule=None", "name or a function"]),
    ({"schedule": without_rate}, TypeError, ["schedule", "(t, *, lr"]),
    ({"schedule_per": "batch"}, ValueError, ["schedule_per='batch'", "'epoch' or 'step'"]),
    ({"schedule": "plateau", "schedule_per": "step"}, ValueError, ["plateau", "epoch"]),
    ({"loss": "hinge"}, ValueError, ["loss='hinge'", "cross_entropy"]),
    (
        {"loss": nn.functional.cross_entropy},
        ValueError,
        ["loss=cross_entropy", "fit", "(settings, samples, 2)"],
    ),
    ({"loss": nn.BCEWithLogitsLoss()}, ValueError, ["loss=BCEWithLogitsLoss()", "fit", "labels (samples,)"]),
    ({"loss": one_number}, ValueError, ["loss", "one loss a sample"]),
    ({"momentum": 0.9}, TypeError, ["momentum=0.9", "sgd"]),
    ({"momentun": 0.9, "optimizer": "momentum"}, TypeError, ["momentun=0.9", "expected one of", "momentum"]),
    ({"delta": 0.1, "schedule": "constant"}, TypeError, ["delta=0.1", "constant"]),
    ({"optimizer": "momentum", "momentum": -0.1}, ValueError, ["momentum=-0.1", "0 or above"]),
    ({"optimizer": "adam", "beta2": 1.0}, ValueError, ["beta2=1", "below 1"]),
    ({"schedule": "step_decay", "every": 0}, ValueError, ["every=0", "above 0"]),
    ({"schedule": "one_cycle", "rise": 1.5}, ValueError, ["rise=1.5", "below 1"]),
    ({"schedule": "wsd", "fall": 0}, ValueError, ["fall=0", "above 0"]),
    ({"model": nn.Linear(3, 2)}, ValueError, ["model", "(samples, 4)"]),
    ({"model": nn.Linear(4, 3)}, ValueError, ["model", "(2, 3)", "(2, 2)"]),
    ({"model": MLP((4, 8, 1))}, ValueError, ["model", "(2, 1)", "(2, 2)"]),
    ({"model": MLP((5, 2))}, ValueError, ["model", "(samples, 4)"]),
    ({"model": nn.ReLU()}, ValueError, ["model=ReLU", "no parameters"]),
    ({"model": nn.LSTM(4, 2)}, ValueError, ["model", "tuple", "one tensor"]),
    ({"model": "mlp"}, TypeError, ["model='mlp'", "Module"]),
    ({"callbacks": EarlyStopping()}, TypeError, ["callbacks=", "list"]),
    ({"callbacks": [EarlyStopping]}, TypeError, ["EarlyStopping", "instances"]),
]


def in_words(arguments):
    """A test's name: the arguments, a function by its own name (its address changes from run to run)."""
    shown = (f"{name}={getattr(value, '__name__', value)}" for name, value in arguments.items())
    return ", ".join(shown)[:50]


@pytest.mark.parametrize(("arguments", "kind", "words"), BAD, ids=[in_words(b[0]) for b in BAD])
def test_bad_input_names_argument_value_and_what_is_allowed(arguments, kind, words):
    with pytest.raises(kind) as caught:
        train(iris_pair(), **arguments)
    for word in words:
        assert word in str(caught.value)


def test_object_arrays_are_no_rates():
    with pytest.raises(TypeError, match=r"lr=array\(\[0\.1\], dtype=object\): expected a number"):
        train(iris_pair(), lr=np.array([0.1], dtype=object))


class Trap(Callback):
    def on_train_begin(self, settings, epochs):
        pytest.fail("training began before the arguments were checked")


@pytest.mark.parametrize("arguments", [b[0] for b in BAD if "callbacks" not in b[0]], ids=in_words)
def test_bad_input_raises_before_anything_is_trained(arguments):
    with pytest.raises((TypeError, ValueError)):
        train(iris_pair(), callbacks=[Trap()], **arguments)


def test_a_tensor_with_a_gradient_is_a_number_like_any_other():
    rate = torch.tensor([0.1, 0.2], requires_grad=True)
    history = train(iris_pair(), lr=rate, epochs=1)
    np.testing.assert_allclose(history.settings["lr"], [0.1, 0.2], rtol=1e-6)


def test_large_seeds_keep_every_digit():
    seeds = [2**53 - 1, 2**53 - 2]
    assert train(iris_pair(), seed=seeds, epochs=1).settings["seed"].tolist() == seeds
