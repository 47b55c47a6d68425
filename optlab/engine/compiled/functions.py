"""Exponentials, activations and their derivatives for numbers that are `Lanes`.

The polynomials are those of the Cephes library (S. Moshier, 1992): each is right to one or two units in the
last place of a float32.
"""

from __future__ import annotations

from typing import Any

from numba import njit

from optlab.engine.compiled.lanes import (
    as_power_of_two,
    exponent,
    mantissa,
    number,
    round_,
    where_less,
)
from optlab.engine.compiled.network import (
    ELU,
    GELU,
    LEAKY_RELU,
    RELU,
    SIGMOID,
    SILU,
    SOFTPLUS,
    TANH,
)

__all__ = ["absolute", "activate", "clamp_above", "clamp_below", "exp", "inline", "log", "sign", "slope"]

inline = njit(
    nogil=True, error_model="numpy", _nrt=False, no_cpython_wrapper=True, no_cfunc_wrapper=True
)  # called by the kernel only


@inline
def expm1(x: Any) -> Any:
    """eˣ − 1, right also where x is tiny: with x = n ln 2 + r it is 2ⁿ(eʳ − 1) + (2ⁿ − 1)."""
    one = number(1.0, x)
    x = where_less(x, number(-87.0, x), number(-87.0, x), x)
    x = where_less(number(88.0, x), x, number(88.0, x), x)
    n = round_(x * number(1.44269504, x))
    r = x - n * number(0.693359375, x) - n * number(-2.12194440e-4, x)
    y = number(1.9875691500e-4, x)
    y = y * r + number(1.3981999507e-3, x)
    y = y * r + number(8.3334519073e-3, x)
    y = y * r + number(4.1665795894e-2, x)
    y = y * r + number(1.6666665459e-1, x)
    y = y * r + number(5.0000001201e-1, x)
    power = as_power_of_two(where_less(n, number(200.0, x), n, number(0.0, x)))  # a NaN has no power
    return power * (y * r * r + r) + (power - one)


@inline
def exp(x: Any) -> Any:
    """eˣ; below −87 it is about 1e-38, and above 88 about 1e38."""
    return expm1(x) + number(1.0, x)


@inline
def log(x: Any) -> Any:
    """Ln x of a positive number; NaN for a NaN or for infinity."""
    m, e = mantissa(x), exponent(x)
    small = number(0.707106781186547524, x)
    e = e - where_less(m, small, number(1.0, x), number(0.0, x))
    m = m + where_less(m, small, m, number(0.0, x)) - number(1.0, x)
    z = m * m
    y = number(7.0376836292e-2, x)
    y = y * m - number(1.1514610310e-1, x)
    y = y * m + number(1.1676998740e-1, x)
    y = y * m - number(1.2420140846e-1, x)
    y = y * m + number(1.4249322787e-1, x)
    y = y * m - number(1.6668057665e-1, x)
    y = y * m + number(2.0000714765e-1, x)
    y = y * m - number(2.4999993993e-1, x)
    y = y * m + number(3.3333331174e-1, x)
    y = y * m * z + e * number(-2.12194440e-4, x) - number(0.5, x) * z
    return m + y + e * number(0.693359375, x) + (x - x)


@inline
def absolute(x: Any) -> Any:
    """|x|."""
    zero = number(0.0, x)
    return where_less(x, zero, zero - x, x)


@inline
def sign(x: Any) -> Any:
    """1 above 0, −1 below, else x itself: 0 or NaN."""
    zero, one = number(0.0, x), number(1.0, x)
    return where_less(zero, x, one, where_less(x, zero, zero - one, x))


@inline
def clamp_below(x: Any, least: Any) -> Any:
    """x, or `least` where x is less."""
    return where_less(x, least, least, x)


@inline
def clamp_above(x: Any, most: Any) -> Any:
    """x, or `most` where x is more."""
    return where_less(most, x, most, x)


@inline
def tanh(x: Any) -> Any:
    """Tanh x, by a polynomial near 0 and by an exponential elsewhere."""
    z = x * x
    y = number(-5.70498872745e-3, x)
    y = y * z + number(2.06390887954e-2, x)
    y = y * z - number(5.37397155531e-2, x)
    y = y * z + number(1.33314422036e-1, x)
    y = y * z - number(3.33332819422e-1, x)
    near = y * z * x + x
    far = number(1.0, x) - number(2.0, x) / (exp(x + x) + number(1.0, x))
    return where_less(absolute(x), number(0.625, x), near, far)


@inline
def sigmoid(x: Any) -> Any:
    """1 / (1 + e⁻ˣ)."""
    return number(1.0, x) / (number(1.0, x) + exp(number(0.0, x) - x))


@inline
def softplus(x: Any) -> Any:
    """ln(1 + eˣ)."""
    zero = number(0.0, x)
    return where_less(x, zero, zero, x) + log(number(1.0, x) + exp(zero - absolute(x)))


@inline
def normal_below(x: Any) -> Any:
    """Φ(x), the share of a standard normal variable below x, to about 1e-7.

    Source:
        M. Abramowitz and I. Stegun, "Handbook of mathematical functions", 1964, formula 7.1.26.
    """
    z = absolute(x) * number(0.707106781, x)
    t = number(1.0, x) / (number(1.0, x) + number(0.3275911, x) * z)
    y = number(1.061405429, x)
    y = y * t - number(1.453152027, x)
    y = y * t + number(1.421413741, x)
    y = y * t - number(0.284496736, x)
    y = y * t + number(0.254829592, x)
    tail = number(0.5, x) * y * t * exp(number(0.0, x) - z * z)
    return where_less(x, number(0.0, x), tail, number(1.0, x) - tail)


@inline
def activate(kind: int, shape: float, z: Any) -> Any:  # noqa: PLR0911  (one line an activation)
    """φ(z) of the activation with this number; `shape` is its slope or scale below 0."""
    zero = number(0.0, z)
    if kind == RELU:
        return where_less(z, zero, zero, z)
    if kind == LEAKY_RELU:
        return where_less(z, zero, number(shape, z) * z, z)
    if kind == ELU:
        return where_less(z, zero, number(shape, z) * expm1(z), z)
    if kind == TANH:
        return tanh(z)
    if kind == SIGMOID:
        return sigmoid(z)
    if kind == SILU:
        return z * sigmoid(z)
    if kind == SOFTPLUS:
        return softplus(z)
    if kind == GELU:
        return z * normal_below(z)
    return z


@inline
def slope(kind: int, shape: float, z: Any, h: Any, d: Any) -> Any:  # noqa: PLR0911
    """d·φ′(z), where h = φ(z)."""
    zero, one = number(0.0, z), number(1.0, z)
    if kind == RELU:
        return where_less(zero, z, d, zero)
    if kind == LEAKY_RELU:
        return where_less(zero, z, d, number(shape, z) * d)
    if kind == ELU:
        return where_less(zero, z, d, (h + number(shape, z)) * d)
    if kind == TANH:
        return d * (one - h * h)
    if kind == SIGMOID:
        return d * h * (one - h)
    if kind == SILU:
        s = sigmoid(z)
        return d * s * (one + z * (one - s))
    if kind == SOFTPLUS:
        return d * sigmoid(z)
    if kind == GELU:
        bell = exp(number(-0.5, z) * z * z) * number(0.3989422804, z)
        return d * (normal_below(z) + z * bell)
    return d
