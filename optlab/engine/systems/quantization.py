"""Quantisation by hand: weights as whole numbers of a few bits, one scale for each output.

A weight w becomes q = round(w / s), with a scale s for each row that maps the largest |w| to the largest
whole number that fits: 127 for 8 bits. Read back, it is q·s, at most half a scale away from w.
"""

from __future__ import annotations

import math
from functools import cache

import torch
from torch import Tensor, nn

from optlab.engine.systems.layers import copied, is_plain, weighted

__all__ = ["Int8Linear", "dequantize", "quantize", "quantized", "stored_bytes", "with_int8"]

FLOAT = 4
"""Bytes of a float32, which scales and biases stay."""


def quantize(weight: Tensor, bits: int = 8) -> tuple[Tensor, Tensor]:
    """Round every row of a weight matrix to whole numbers from −n to n, with n = 2^(bits − 1) − 1.

    q = clip(round(w / s), −n, n), with s = max |w| / n over the row.

    Args:
        weight: `(outputs, ...)`, finite real numbers.
        bits: how many bits a whole number has, 2 to 8.

    Returns:
        The whole numbers, int8, in the shape of `weight`; and the scales, `(outputs, 1, ...)`. A row of zeros
        has scale 1.

    Raises:
        TypeError: if `weight` is not a tensor of real numbers.
        ValueError: if it has fewer than two dimensions, no entry or one that is not finite, or `bits` is out
            of range.

    Example:
        >>> whole, scale = quantize(torch.tensor([[1.0, -0.5, 0.3], [20.0, 10.0, 0.0]]), bits=3)
        >>> whole.tolist(), scale.flatten()
        ([[3, -2, 1], [3, 2, 0]], tensor([0.3333, 6.6667]))

    Source:
        B. Jacob et al., "Quantization and training of neural networks for efficient integer-arithmetic-only
        inference", 2018; R. Krishnamoorthi, "Quantizing deep convolutional networks", 2018, on a scale for
        each output.
    """
    _check_weight(weight)
    n = _largest(bits)
    scale = weight.abs().amax(dim=tuple(range(1, weight.ndim)), keepdim=True) / n
    scale = torch.where(scale > 0, scale, torch.ones_like(scale))
    return torch.round(weight / scale).clamp(-n, n).to(torch.int8), scale


def dequantize(whole: Tensor, scale: Tensor) -> Tensor:
    """Read whole numbers back as weights, q·s.

    Args:
        whole: from `quantize`.
        scale: its scales.

    Returns:
        The weights, in the dtype of `scale`.

    Example:
        >>> dequantize(torch.tensor([[3, -1]], dtype=torch.int8), torch.tensor([[0.5]]))
        tensor([[ 1.5000, -0.5000]])
    """
    return whole * scale


def quantized(module: nn.Module, bits: int = 8) -> nn.Module:
    """A copy of a module that computes as ever, with the weights of its linear layers rounded to few bits.

    Args:
        module: any module; it stays as it is.
        bits: 2 to 8.

    Returns:
        The copy. It shows what rounding does to the outputs; it is no faster.

    Raises:
        ValueError: if `bits` is out of range.
        TypeError: if the weight of a linear layer is worked out from other tensors.

    Example:
        >>> layer = nn.Linear(3, 2)
        >>> rough = quantized(layer, bits=2)
        >>> len(rough.weight[0].abs().unique()) <= 2
        True
    """
    _largest(bits)
    weighted(module, (nn.Linear,))
    rough = copied(module)
    with torch.no_grad():
        for layer in weighted(rough, (nn.Linear,)):
            layer.weight.copy_(dequantize(*quantize(layer.weight, bits)))
    return rough


@cache
def saturates() -> bool:
    """Whether torch's product of int8 matrices is wrong here: without VNNI, pairs are summed in 16 bits.

    Returns:
        Whether 127 · 127, summed 32 times, is cut off on the way.

    Source:
        PyTorch issue 136746, "torch._int_mm accuracy issue on AMD CPU".
    """
    full = torch.full((32, 32), 127, dtype=torch.int8)
    return int(torch._int_mm(full, full)[0, 0]) != 32 * 127**2  # noqa: SLF001


class Int8Linear(nn.Module):
    """A linear layer that multiplies 8-bit whole numbers: W as int8 for good, each sample x as it arrives.

    y = (qₓ · q_Wᵀ) sₓ s_W + b, the product summed in 32-bit whole numbers; where torch gets that wrong, or
    has no such product, in float32, which is exact below 2²⁴.

    Args:
        layer: the layer to stand for; it stays as it is.

    Example:
        >>> layer = nn.Linear(64, 10)
        >>> x = torch.rand(20, 64)
        >>> bool((Int8Linear(layer)(x) - layer(x)).abs().max() < 0.05)
        True
    """

    whole: Tensor
    scale: Tensor
    bias: Tensor

    def __init__(self, layer: nn.Linear) -> None:
        super().__init__()
        weight = layer.weight.detach()
        whole, scale = quantize(weight)
        bias = weight.new_zeros(len(whole)) if layer.bias is None else layer.bias.detach().clone()
        self.register_buffer("whole", whole)
        self.register_buffer("scale", scale.flatten())
        self.register_buffer("bias", bias)
        self._saturates = saturates()

    @property
    def weight(self) -> Tensor:
        """The weights read back, `(outputs, inputs)`, for whoever takes them and does not call the layer."""
        return dequantize(self.whole, self.scale[:, None])

    def forward(self, x: Tensor) -> Tensor:
        """Outputs `(..., outputs)` of inputs `(..., inputs)`; each vector of inputs has its own scale."""
        rows = x.reshape(-1, x.shape[-1])
        scale = rows.abs().amax(1, keepdim=True).clamp_min(1e-12) / 127
        whole = torch.round(rows / scale).to(torch.int8)
        if self._saturates or x.device.type != "cpu":  # on CUDA it takes some shapes only
            product = whole.float() @ self.whole.float().t()
        else:
            product = torch._int_mm(whole, self.whole.t())  # noqa: SLF001
        outputs = product * scale * self.scale + self.bias
        return outputs.reshape(*x.shape[:-1], len(self.whole))


def with_int8(module: nn.Module) -> nn.Module:
    """A copy of a module whose linear layers are `Int8Linear`.

    Args:
        module: any module; it stays as it is. A layer that stands in it twice becomes one `Int8Linear` that
            does. Subclasses of `nn.Linear`, layers with hooks and parametrised ones stay in float32, and so
            does `nn.MultiheadAttention`. Without gradients an `nn.TransformerEncoderLayer` takes a fused
            path, which asks its layers for their weights: these are then rounded, the arithmetic is not.

    Returns:
        The copy.

    Example:
        >>> with_int8(nn.Sequential(nn.Linear(3, 2), nn.ReLU()))
        Sequential(
          (0): Int8Linear()
          (1): ReLU()
        )
    """
    small, made = copied(module), {}
    for layer in small.modules():
        if type(layer) is nn.Linear and is_plain(layer, (nn.Linear,)):
            made[id(layer)] = Int8Linear(layer)
    for parent in list(small.modules()):
        for name, child in parent._modules.items():  # noqa: SLF001  (named_children leaves repeats out)
            parent._modules[name] = made.get(id(child), child)  # noqa: SLF001
    return made.get(id(small), small)


def stored_bytes(module: nn.Module, bits: int | None = None) -> int:
    """How many bytes the numbers of a module take.

    Args:
        module: the module; its parameters and buffers count.
        bits: if given, count the weights of linear layers as packed whole numbers of so many bits, each row
            with a float32 scale.

    Returns:
        Bytes.

    Raises:
        ValueError: if `bits` is out of range.
        TypeError: if `bits` is given and the weight of a linear layer is worked out from other tensors.

    Example:
        >>> layer = nn.Linear(64, 10)                           # 640 weights, 10 biases
        >>> stored_bytes(layer), stored_bytes(layer, bits=8), stored_bytes(Int8Linear(layer))
        (2600, 720, 720)
    """
    if bits is not None:
        _largest(bits)
    packed = [] if bits is None else [layer.weight for layer in weighted(module, (nn.Linear,))]
    total = sum(
        tensor.numel() * tensor.element_size() for tensor in [*module.parameters(), *module.buffers()]
    )
    now = sum(w.numel() * w.element_size() for w in packed)
    return total - now + sum(math.ceil(w.numel() * (bits or 0) / 8) + FLOAT * len(w) for w in packed)


def _largest(bits: int) -> int:
    """The largest whole number that so many bits hold, symmetric about 0."""
    if isinstance(bits, bool) or not isinstance(bits, int) or not 2 <= bits <= 8:
        raise ValueError(f"bits={bits!r}: expected a whole number from 2 to 8")
    return 2 ** (bits - 1) - 1


def _check_weight(weight: Tensor) -> None:
    if not isinstance(weight, Tensor) or not weight.is_floating_point():
        raise TypeError(f"weight={weight!r}: expected a tensor of real numbers")
    if weight.ndim < 2 or weight.numel() == 0:
        raise ValueError(f"weight has shape {tuple(weight.shape)}: expected (outputs, inputs), none 0")
    if not weight.isfinite().all():
        raise ValueError("weight holds a number that is not finite: expected finite numbers")
