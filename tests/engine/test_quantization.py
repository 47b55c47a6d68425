"""Quantisation by hand against torch's own, against plain arithmetic, and on bad input."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from optlab.engine.systems.quantization import (
    Int8Linear,
    dequantize,
    quantize,
    quantized,
    stored_bytes,
    with_int8,
)


def random(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def small_net():
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))


@given(st.integers(2, 8), st.integers(1, 9), st.integers(1, 9), st.integers(0, 1000))
@settings(max_examples=60, deadline=None)
def test_it_is_torchs_own_rounding_channel_by_channel(bits, rows, columns, seed):
    """The oracle rounds and reads back in one go."""
    weight, n = random(rows, columns, seed=seed) * 10 ** random(rows, 1, seed=seed + 1), 2 ** (bits - 1) - 1
    whole, scale = quantize(weight, bits)
    theirs = torch.fake_quantize_per_channel_affine(
        weight, scale.flatten(), torch.zeros(rows, dtype=torch.int32), 0, -n, n
    )
    assert torch.equal(dequantize(whole, scale), theirs)
    assert whole.abs().amax(1).eq(n).all()  # the scale is the largest weight's
    assert ((theirs - weight).abs() <= scale / 2 * (1 + 1e-5)).all()


def test_a_scale_for_each_row_keeps_small_rows():
    """With one scale for the whole matrix the second row would be all zeros."""
    weight = torch.tensor([[100.0, -50.0], [0.1, 0.05]])
    read = dequantize(*quantize(weight))
    assert (read / weight - 1).abs().max() < 0.01


def test_a_row_of_zeros_stays_zeros():
    whole, scale = quantize(torch.zeros(2, 3))
    assert not whole.any()
    assert scale.flatten().tolist() == [1.0, 1.0]


def test_the_int8_layer_is_whole_number_arithmetic():
    """Against NumPy in 64 bits: the product of whole numbers is exact, whatever the order of the sum."""
    layer, x = nn.Linear(300, 7), random(33, 300)
    x[0] = 0
    small = Int8Linear(layer)
    assert small.whole.dtype == torch.int8
    step = np.maximum(np.abs(x.numpy()).max(1, keepdims=True), np.float32(1e-12)) / np.float32(127)
    whole = np.round(x.numpy() / step).astype(np.int64)
    wanted = (whole @ small.whole.numpy().astype(np.int64).T) * step * small.scale.numpy()
    assert np.allclose(small(x).numpy(), wanted + layer.bias.detach().numpy(), rtol=1e-5, atol=1e-6)


def test_copies_leave_the_module_as_it_is():
    net, x = small_net(), random(20, 64)
    before = {name: tensor.clone() for name, tensor in net.state_dict().items()}
    rough, small = quantized(net, 2), with_int8(net)
    assert all(torch.equal(before[name], tensor) for name, tensor in net.state_dict().items())
    assert (rough(x) - net(x)).abs().max() > 0.1
    error = {bits: (quantized(net, bits)(x) - net(x)).abs().max() for bits in (8, 6, 4)}
    assert error[8] < error[6] / 2 < error[4] / 4
    assert (small(x) - net(x)).abs().max() < 4 * error[8]


def test_nested_modules_and_layers_without_bias():
    net = nn.Sequential(nn.Sequential(nn.Linear(20, 20, bias=False), nn.ReLU()), nn.Linear(20, 3))
    small = with_int8(net)
    assert sum(isinstance(m, Int8Linear) for m in small.modules()) == 2
    assert isinstance(with_int8(net[1]), Int8Linear)
    x = random(40, 20)
    assert (small(x) - net(x)).abs().max() < 0.05


def test_bytes_are_counted():
    net = small_net()
    weights, rows = 64 * 32 + 32 * 10, 42
    assert stored_bytes(net) == 4 * (weights + rows)
    assert stored_bytes(net, bits=8) == weights + 4 * rows + 4 * rows == stored_bytes(with_int8(net))
    assert stored_bytes(net, bits=3) == weights * 3 / 8 + 8 * rows


@pytest.mark.slow
def test_it_can_be_exported():
    net, x = with_int8(small_net()), random(20, 64)
    assert torch.equal(torch.export.export(net, (x,)).module()(x), net(x))


@pytest.mark.parametrize("bits", [1, 9, 8.0, True, "8"])
def test_bits_out_of_range(bits):
    for function in (
        lambda: quantize(torch.ones(2, 2), bits),
        lambda: quantized(small_net(), bits),
        lambda: stored_bytes(small_net(), bits),
    ):
        with pytest.raises(ValueError, match=r"bits=.*: expected a whole number from 2 to 8"):
            function()


def test_bad_weights():
    with pytest.raises(TypeError, match="expected a tensor of real numbers"):
        quantize([[1.0]])
    with pytest.raises(TypeError, match="expected a tensor of real numbers"):
        quantize(torch.ones(2, 2, dtype=torch.int64))
    with pytest.raises(ValueError, match=r"shape \(3,\)"):
        quantize(torch.ones(3))
    with pytest.raises(ValueError, match="not finite"):
        quantize(torch.tensor([[1.0, float("nan")]]))
