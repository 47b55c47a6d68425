"""Compressing networks as people build them: layers used twice, blocks with a forward, hooks, sequences.

The oracle is the network itself, or the same network with every layer standing once.
"""

import copy
import re

import pytest
import torch
from torch import nn
from torch.nn.utils import parametrizations, prune

from optlab.engine.systems.compression import average_weights, fold_batchnorm, prune_weights
from optlab.engine.systems.neurons import prune_neurons
from optlab.engine.systems.quantization import Int8Linear, quantized, stored_bytes, with_int8


class Residual(nn.Sequential):
    """A Sequential that does not only run its layers in a row."""

    def forward(self, x):
        return x + super().forward(x)


class Scaled(nn.Linear):
    """A linear layer that is not only one."""

    def forward(self, x):
        return 3 * super().forward(x)


class Named(nn.Sequential):
    """A Sequential that builds its layers itself, and runs them in a row."""

    def __init__(self):
        super().__init__(nn.Linear(6, 6), nn.BatchNorm1d(6), nn.ReLU())


def seen(*layers, shape=(6,)):
    """A network whose BatchNorms have seen data, ready for inference, and some inputs for it."""
    torch.manual_seed(0)
    net = nn.Sequential(*layers)
    for module in net.modules():
        if isinstance(module, nn.BatchNorm1d):
            nn.init.uniform_(module.weight, -2, 2)
    for _ in range(20):
        net(2 * torch.randn(32, *shape) + 1)
    return net.eval(), torch.randn(50, *shape)


def alone(net):
    """The same network with every layer standing once."""
    return nn.Sequential(*(copy.deepcopy(layer) for layer in net))


def hooked(layer):
    layer.register_forward_hook(lambda _module, _inputs, outputs: outputs + 1)
    return layer


def hooked_before(layer):
    layer.register_forward_pre_hook(lambda _module, inputs: (2 * inputs[0],))
    return layer


def norm():
    return nn.BatchNorm1d(6)


def linear():
    return nn.Linear(6, 6)


def pruned():
    """What torch.nn.utils.prune leaves: a weight that is worked out before each run."""
    layer = linear()
    prune.l1_unstructured(layer, "weight", 0.5)
    return layer


# --- folding ----------------------------------------------------------------------------------------------


SHARED, SHARED_NORM, SHARED_BLOCK = linear(), norm(), nn.Sequential(linear(), norm())
FOLDED = {
    "a layer before two norms": ([SHARED, norm(), nn.ReLU(), SHARED, norm()], 3),
    "a layer with and without a norm": ([SHARED, norm(), nn.ReLU(), SHARED], 3),
    "one norm after two layers": ([linear(), SHARED_NORM, nn.ReLU(), linear(), SHARED_NORM], 3),
    "a block used twice": ([SHARED_BLOCK, nn.Tanh(), SHARED_BLOCK], 3),
    "a block with a forward": ([Residual(linear(), norm(), nn.ReLU()), linear(), norm()], 2),
    "a block in a block": ([nn.Sequential(Residual(linear(), norm()), nn.Sequential(linear(), norm()))], 1),
    "a class of its own": ([Named(), linear(), norm()], 2),
    "a layer with a forward": ([Scaled(6, 6), norm()], 2),
    "a layer with a hook": ([hooked(linear()), norm()], 2),
    "a layer with a hook before it": ([hooked_before(linear()), norm()], 2),
    "a norm with a hook": ([linear(), hooked_before(norm())], 2),
    "a block with a hook": ([hooked(nn.Sequential(linear(), norm()))], 1),
    "a parametrised layer": ([parametrizations.weight_norm(linear()), norm()], 2),
    "two norms": ([linear(), norm(), norm()], 1),
}


@pytest.mark.parametrize(("layers", "left"), FOLDED.values(), ids=FOLDED)
def test_folding_changes_no_output_however_layers_are_used(layers, left):
    net, x = seen(*layers)
    before = copy.deepcopy(net.state_dict())
    folded = fold_batchnorm(net)
    torch.testing.assert_close(folded(x), net(x), rtol=1e-4, atol=1e-5)
    assert len(folded) == left
    for name, tensor in net.state_dict().items():
        torch.testing.assert_close(tensor, before[name], rtol=0, atol=0)


def test_a_norm_over_another_axis_than_the_layers_outputs_stays():
    net, x = seen(nn.Linear(6, 9), nn.BatchNorm1d(4), nn.Conv1d(4, 4, 3), nn.BatchNorm1d(4), shape=(4, 6))
    folded = fold_batchnorm(net)
    torch.testing.assert_close(folded(x), net(x), rtol=1e-4, atol=1e-5)
    assert [type(layer) for layer in folded] == [nn.Linear, nn.BatchNorm1d, nn.Conv1d]


def test_layers_that_are_still_lazy_have_to_run_first():
    net = nn.Sequential(nn.LazyLinear(6), nn.LazyBatchNorm1d())
    with pytest.raises(TypeError, match=re.escape("(run lazy layers once")):
        fold_batchnorm(net)
    net(torch.randn(9, 4))
    assert len(fold_batchnorm(net)) == 1


@pytest.mark.parametrize("net", [Residual(linear(), norm()), hooked(nn.Sequential(linear(), norm()))])
def test_a_network_with_a_forward_of_its_own_is_not_a_chain(net):
    words = re.escape(f"module is a {type(net).__name__} with a forward of its own or with hooks")
    for change in (fold_batchnorm, lambda module: prune_neurons(module, 0.5)):
        with pytest.raises(TypeError, match=words):
            change(net)


# --- pruning ----------------------------------------------------------------------------------------------


def test_a_weight_that_stands_twice_is_counted_once():
    one, net = linear(), nn.Sequential(linear(), linear())
    net[0].weight = net[1].weight = one.weight  # two layers, one weight
    twice = nn.Sequential(one, nn.ReLU(), one)  # one layer, two places
    expected = one.weight * torch.nn.utils.prune.L1Unstructured(0.5).compute_mask(
        one.weight, torch.ones(6, 6)
    )
    for shared in (net, twice):
        for layer_by_layer in (False, True):
            small = prune_weights(shared, 0.5, layer_by_layer=layer_by_layer)
            assert torch.equal(small[0].weight, expected)
            assert small[0].weight is small[-1].weight


def test_neurons_of_a_layer_used_twice_are_chosen_at_each_place():
    net, x = seen(SHARED, SHARED_NORM, nn.ReLU(), SHARED, SHARED_NORM, nn.ReLU(), SHARED)
    small = prune_neurons(net, 0.5)
    torch.testing.assert_close(small(x), prune_neurons(alone(net), 0.5)(x))
    assert [layer.in_features for layer in small if isinstance(layer, nn.Linear)] == [6, 3, 3]


def test_neurons_are_cut_behind_a_sequence_axis_too():
    net, x = seen(nn.Linear(6, 8), nn.ReLU(), nn.Linear(8, 2), shape=(5, 6))
    rows = prune_neurons(net, 0.5)(x.reshape(-1, 6)).reshape(50, 5, 2)
    torch.testing.assert_close(prune_neurons(net, 0.5)(x), rows)


NOT_CHAINS = {
    "Scaled": Scaled(6, 6),
    "Residual": Residual(linear()),
    "ReLU": hooked(nn.ReLU()),
    "ParametrizedLinear": parametrizations.weight_norm(linear()),
    "Linear": pruned(),
}


@pytest.mark.parametrize("kind", NOT_CHAINS)
def test_what_does_more_than_its_kind_is_no_link_of_a_chain(kind):
    with pytest.raises(TypeError, match=f"module holds a {kind}: expected linear layers"):
        prune_neurons(nn.Sequential(linear(), NOT_CHAINS[kind], linear()), 0.5)


def test_a_norm_over_another_axis_than_the_neurons_is_refused():
    net = nn.Sequential(nn.Linear(6, 9), nn.BatchNorm1d(4), nn.Linear(9, 2))
    with pytest.raises(ValueError, match=r"module holds BatchNorm1d\(4, .* after 9 neurons: expected"):
        prune_neurons(net, 0.5)


WORKED_OUT = [parametrizations.weight_norm(linear()), parametrizations.spectral_norm(linear()), pruned()]


@pytest.mark.parametrize("layer", [*WORKED_OUT, nn.LazyLinear(6)], ids=lambda layer: type(layer).__name__)
@pytest.mark.parametrize(
    "change", [lambda net: prune_weights(net, 0.5), quantized, lambda net: stored_bytes(net, bits=8)]
)
def test_a_weight_that_is_worked_out_from_others_cannot_be_changed(layer, change):
    with pytest.raises(TypeError, match=re.escape("module['1'], a ") + ".* has no weight of its own"):
        change(nn.Sequential(nn.Linear(6, 6), layer))


@pytest.mark.parametrize("change", [fold_batchnorm, with_int8, lambda net: average_weights([net])])
def test_what_pytorch_cannot_copy_says_how_to_make_it_so(change):
    net = nn.Sequential(pruned(), norm())
    with pytest.raises(TypeError, match=r"module=Sequential cannot be copied: .*utils\.prune\.remove"):
        change(net)
    prune.remove(net[0], "weight")
    change(net)


# --- 8 bits -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", [(8,), (0, 8), (3, 8), (2, 3, 8), (2, 3, 4, 8), (2, 0, 8)])
def test_int8_takes_inputs_of_any_shape_row_by_row(shape):
    layer, x = nn.Linear(8, 4), torch.randn(shape)
    ours, rows = Int8Linear(layer)(x), Int8Linear(layer)(x.reshape(-1, 8))
    assert torch.equal(ours, rows.reshape(*shape[:-1], 4))
    torch.testing.assert_close(ours, layer(x), rtol=0, atol=0.1)


def transformer():
    torch.manual_seed(0)
    layer = nn.TransformerEncoderLayer(8, 2, 16, dropout=0.0, batch_first=True)
    return nn.Sequential(nn.TransformerEncoder(layer, 2, enable_nested_tensor=False), nn.Linear(8, 3))


@pytest.mark.parametrize("gradients", [False, True])
@pytest.mark.parametrize("training", [False, True])
def test_a_transformer_computes_the_same_to_8_bits(gradients, training):
    net, x = transformer().train(training), torch.randn(5, 7, 8)
    small = with_int8(net)
    with torch.set_grad_enabled(gradients):
        torch.testing.assert_close(small(x), net(x), rtol=0, atol=0.1)
    assert sum(isinstance(layer, Int8Linear) for layer in small.modules()) == 5
    assert isinstance(small[0].layers[0].self_attn.out_proj, nn.Linear)  # PyTorch never calls it


def test_a_layer_used_twice_is_one_int8_layer_used_twice_at_any_depth():
    shared = nn.Linear(6, 6)
    net = nn.Sequential(
        shared, nn.ReLU(), Residual(shared, nn.Sequential(shared)), nn.ModuleDict({"a": shared}), shared
    )
    small = with_int8(net)
    assert isinstance(small[0], Int8Linear)
    assert small[0] is small[2][0] is small[2][1][0] is small[3]["a"] is small[4]
    x = torch.randn(20, 6)
    torch.testing.assert_close(small[:3](x), net[:3](x), rtol=0, atol=0.2)
    assert stored_bytes(small) == stored_bytes(with_int8(shared))
    assert stored_bytes(net, bits=8) == stored_bytes(shared, bits=8)


@pytest.mark.parametrize("layer", [Scaled(6, 6), hooked(linear()), parametrizations.weight_norm(linear())])
def test_a_layer_that_does_more_than_multiply_stays_as_it_is(layer):
    x = torch.randn(9, 6)
    assert torch.equal(with_int8(layer)(x), layer(x))
    net = nn.Sequential(layer, nn.Linear(6, 6))
    assert [isinstance(one, Int8Linear) for one in with_int8(net)] == [False, True]


def test_two_layers_with_one_weight_are_rounded_once():
    net = nn.Sequential(nn.Linear(6, 6), nn.Linear(6, 6))
    net[1].weight = net[0].weight
    rough = quantized(net, 3)
    assert torch.equal(rough[0].weight, quantized(net[0], 3).weight)
    assert rough[0].weight is rough[1].weight


def test_double_precision_stays_double():
    layer, x = nn.Linear(6, 4, bias=False).double(), torch.randn(3, 6, dtype=torch.float64)
    assert Int8Linear(layer)(x).dtype == torch.float64
