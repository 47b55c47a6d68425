"""Lanes: a number type for numba that holds one float32 for each of several settings.

The kernel is written as if it trained a single setting. What it calls a number is a vector: `LANES` settings
side by side, or `TILE` samples of them, the settings of one sample next to each other. Each operation is one
LLVM instruction for all of them, so no setting can change what is computed for its neighbour.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import llvmlite.binding
from llvmlite import ir
from numba import types
from numba.core import cgutils, extending
from numba.core.datamodel import models
from numba.core.extending import overload, register_model

__all__ = [
    "LANES",
    "TILE",
    "as_power_of_two",
    "exponent",
    "fold",
    "load",
    "mantissa",
    "number",
    "one_sample",
    "repeat",
    "round_",
    "sqrt",
    "store",
    "tile_of_samples",
    "where_less",
]

LANES = 16 if llvmlite.binding.get_host_cpu_features().get("avx512f") else 8
"""How many settings a number holds: as many float32 as the processor's vector registers."""

TILE = 4
"""How many samples go through the network side by side: each weight is loaded once for all of them."""

intrinsic: Any = extending.intrinsic  # what it makes is called with one argument fewer than is written

CONTRACT = ("contract",)  # a * b + c may be rounded once, as everywhere in linear algebra


class LanesType(types.Type):
    """The type of a number; `width` is `LANES`, or `TILE * LANES` for a tile of samples."""

    def __init__(self, width: int) -> None:
        self.width = width
        super().__init__(name=f"Lanes({width})")


@register_model(LanesType)
class _LanesModel(models.PrimitiveModel):
    def __init__(self, manager: Any, number: LanesType) -> None:
        super().__init__(manager, number, _floats(number.width))


def _floats(width: int) -> ir.VectorType:
    return ir.VectorType(ir.FloatType(), width)


def _integers(width: int) -> ir.VectorType:
    return ir.VectorType(ir.IntType(32), width)


def _shuffled(builder: Any, vector: Any, places: list[int]) -> Any:
    unused = ir.Constant(vector.type, ir.Undefined)
    return builder.shuffle_vector(vector, unused, ir.Constant(_integers(len(places)), places))


def _zero(width: int) -> Callable[..., Any]:
    """An intrinsic without arguments: 0 in every lane."""

    @intrinsic
    def zero(typing: Any) -> Any:
        return LanesType(width)(), lambda *_: ir.Constant(_floats(width), [0.0] * width)

    return zero


one_sample = _zero(LANES)
"""The number 0 for each setting; passed on to say how wide numbers are."""

tile_of_samples = _zero(TILE * LANES)
"""The number 0 for each setting of `TILE` samples."""


def _pointer(context: Any, builder: Any, array_type: Any, array: Any, index: Any, width: int) -> Any:
    data = context.make_array(array_type)(context, builder, array).data
    place = builder.gep(data, [builder.mul(index, ir.Constant(index.type, width))])
    return builder.bitcast(place, _floats(width).as_pointer())


@intrinsic
def load(typing: Any, array: Any, index: Any, like: Any) -> Any:
    """The number at `index` of a flat float32 array, as wide as `like`."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        loaded = builder.load(_pointer(context, builder, array, args[0], args[1], like.width))
        loaded.align = 4
        return loaded

    return like(array, types.intp, like), code


@intrinsic
def store(typing: Any, array: Any, index: Any, number: Any) -> Any:
    """Put a number at `index` of a flat float32 array."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        place = _pointer(context, builder, array, args[0], args[1], number.width)
        builder.store(args[2], place, align=4)
        return context.get_dummy_value()

    return types.void(array, types.intp, number), code


@intrinsic
def number(typing: Any, value: Any, like: Any) -> Any:
    """The same value in every lane, as wide as `like`."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        rounded = context.cast(builder, args[0], value, types.float32)
        empty = ir.Constant(_floats(like.width), ir.Undefined)
        first = builder.insert_element(empty, rounded, ir.Constant(ir.IntType(32), 0))
        return _shuffled(builder, first, [0] * like.width)

    return like(types.unliteral(value), like), code


@intrinsic
def repeat(typing: Any, number: Any, like: Any) -> Any:
    """A number of one sample, the same for each sample of `like`."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return _shuffled(builder, args[0], [k % number.width for k in range(like.width)])

    return like(number, like), code


@intrinsic
def fold(typing: Any, number: Any) -> Any:
    """The sum over the samples of a tile."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        starts = range(0, number.width, LANES)
        samples = [_shuffled(builder, args[0], [*range(k, k + LANES)]) for k in starts]
        total = samples[0]
        for sample in samples[1:]:
            total = builder.fadd(total, sample, flags=CONTRACT)
        return total

    return LanesType(LANES)(number), code


def _operator(python: Callable[..., Any], instruction: str) -> None:
    """Let `a + b` and its like work on numbers."""

    @intrinsic
    def apply(typing: Any, a: Any, b: Any) -> Any:
        return a(a, b), lambda _, builder, __, args: getattr(builder, instruction)(*args, flags=CONTRACT)

    @overload(python)
    def of_lanes(a: Any, b: Any) -> Any:
        def both(a: Any, b: Any) -> Any:
            return apply(a, b)

        return both if isinstance(a, LanesType) and a == b else None


for _python, _instruction in (
    (operator.add, "fadd"),
    (operator.iadd, "fadd"),
    (operator.sub, "fsub"),
    (operator.mul, "fmul"),
    (operator.truediv, "fdiv"),
):
    _operator(_python, _instruction)


@intrinsic
def where_less(typing: Any, a: Any, b: Any, yes: Any, no: Any) -> Any:
    """In each lane `yes` where a < b, else `no`; a NaN is not less than anything."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.select(builder.fcmp_ordered("<", args[0], args[1]), args[2], args[3])

    return yes(a, a, yes, yes), code


def _llvm(name: str) -> Callable[..., Any]:
    """An LLVM function of one number."""

    @intrinsic
    def apply(typing: Any, number: Any) -> Any:
        def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            vector = _floats(number.width)
            kind = ir.FunctionType(vector, [vector])
            function = cgutils.get_or_insert_function(builder.module, kind, f"llvm.{name}.v{number.width}f32")
            return builder.call(function, args)

        return number(number), code

    return apply


round_ = _llvm("rint")
"""To the nearest whole number."""

sqrt = _llvm("sqrt")
"""The square root."""


@intrinsic
def as_power_of_two(typing: Any, number: Any) -> Any:
    """2 to the power of a whole number between −126 and 127."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        width = number.width
        whole = builder.fptosi(args[0], _integers(width))
        biased = builder.add(whole, ir.Constant(_integers(width), [127] * width))
        bits = builder.shl(biased, ir.Constant(_integers(width), [23] * width))
        return builder.bitcast(bits, _floats(width))

    return number(number), code


def _of_bits(work: Callable[..., Any]) -> Callable[..., Any]:
    """A function of a number's bits, which `work(builder, bits, all_lanes)` sees as 32-bit integers."""

    @intrinsic
    def apply(typing: Any, number: Any) -> Any:
        width = number.width

        def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            bits = builder.bitcast(args[0], _integers(width))
            return work(builder, bits, lambda value: ir.Constant(_integers(width), [value] * width))

        return number(number), code

    return apply


def _exponent(builder: Any, bits: Any, all_lanes: Callable[[int], Any]) -> Any:
    biased = builder.lshr(bits, all_lanes(23))
    return builder.sitofp(builder.sub(biased, all_lanes(126)), _floats(bits.type.count))


def _mantissa(builder: Any, bits: Any, all_lanes: Callable[[int], Any]) -> Any:
    half = builder.or_(builder.and_(bits, all_lanes(0x007FFFFF)), all_lanes(0x3F000000))
    return builder.bitcast(half, _floats(bits.type.count))


exponent = _of_bits(_exponent)
"""The e of a positive number m·2ᵉ with m from ½ to 1."""

mantissa = _of_bits(_mantissa)
"""The m of a positive number m·2ᵉ with m from ½ to 1."""
