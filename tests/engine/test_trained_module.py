"""A row of a History's weights as a network: its losses are the History's."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.functional import cross_entropy

from optlab import MLP, Dataset, iris_pair, train
from optlab.engine.models.mlp import Model
from optlab.engine.models.module import as_model
from optlab.engine.models.trained import as_module

FLOWERS = iris_pair()


def frozen():
    """BatchNorm, a layer that stays as it is, and one that is used twice."""
    torch.manual_seed(3)
    shared = nn.Linear(6, 6)
    net = nn.Sequential(nn.Linear(4, 6), nn.BatchNorm1d(6), shared, nn.Tanh(), shared, nn.Linear(6, 2))
    net[0].weight.requires_grad_(False)
    return net


MODELS = {
    "the default": None,
    "tanh": MLP((4, 8, 8, 2), activation=torch.tanh),
    "a function, and ReLU at the end": MLP((4, 8, 2), lambda x: x.clamp(-1, 1), torch.relu),
    "a module": frozen(),
}


@pytest.mark.parametrize("name", MODELS)
def test_its_losses_are_those_of_the_history(name):
    history = train(FLOWERS, model=MODELS[name], lr=[0.03, 0.3], epochs=10)
    model = as_model(MODELS[name], FLOWERS.sample, FLOWERS.outputs)
    for row in range(2):
        net = as_module(model, history.weights, row)
        with torch.no_grad():
            seen, unseen = (
                cross_entropy(net(x), y).item()
                for x, y in ((FLOWERS.x_train, FLOWERS.y_train), (FLOWERS.x_test, FLOWERS.y_test))
            )
        assert (seen, unseen) == pytest.approx(
            (history.train_loss[row, -1], history.test_loss[row, -1]), rel=1e-4
        )


def test_it_is_a_network_of_its_own_and_draws_nothing():
    history = train(FLOWERS, epochs=2)
    model = as_model(None, FLOWERS.sample, FLOWERS.outputs)
    before = torch.get_rng_state()
    net = as_module(model, history.weights)
    assert torch.equal(torch.get_rng_state(), before)
    assert not net.training
    with torch.no_grad():
        net[0].weight.zero_()
    assert history.weights["0.weight"].any()


def test_a_module_is_left_as_it_was():
    net = frozen()
    model = as_model(net, FLOWERS.sample, 2)
    before = {key: value.clone() for key, value in net.state_dict().items()}
    as_module(model, train(FLOWERS, model=net, epochs=3).weights)
    for given in (net.state_dict(), model.module.state_dict()):
        assert all(torch.equal(given[key], before[key]) for key in before)


def test_numbers_of_double_precision_stay_so():
    x = np.random.default_rng(0).normal(size=(40, 3))
    x, y = torch.as_tensor(x), torch.as_tensor(x[:, 0] > 0).long()
    data = Dataset(x[:30], y[:30], x[30:], y[30:], classes=("no", "yes"))
    history = train(data, epochs=3)
    net = as_module(as_model(None, data.sample, 2), history.weights)
    assert cross_entropy(net(data.x_test), data.y_test).item() == pytest.approx(
        history.test_loss[0, -1], rel=1e-12
    )


def test_other_weights_are_refused():
    weights = train(FLOWERS, epochs=1).weights
    with pytest.raises(ValueError, match=r"weights of shapes .*expected this model's"):
        as_module(MLP((4, 8, 2)), weights)
    with pytest.raises(ValueError, match="expected this model's"):
        as_module(MLP((4, 16, 2)), {key: value for key, value in weights.items() if key != "2.bias"})
    with pytest.raises(TypeError, match="expected an MLP"):
        as_module(Model(), weights)
