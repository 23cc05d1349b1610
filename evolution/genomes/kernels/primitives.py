"""What `elementary.py` needs of a compiler: bits of numbers, and clipping, as one instruction each."""

from typing import Any, NamedTuple

from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

from evolution.genomes import elementary
from evolution.genomes.elementary import DOUBLE, MANTISSA_BITS, ROOT_OF_HALF_BITS, Primitives


class _Format(NamedTuple):
    """A floating-point format as the compiler knows it."""

    kind: Any
    number: ir.Type
    bits: ir.IntType
    exponent_bit: int
    sign_bit: int


_DOUBLE = _Format(types.float64, ir.DoubleType(), ir.IntType(64), MANTISSA_BITS, 63)
_SINGLE = _Format(types.float32, ir.FloatType(), ir.IntType(32), 23, 31)

# "numpy": a division needs no check for zero, which would keep loops from being vectorised.
inlined = njit(error_model="numpy")


def _as_exponent(of: _Format) -> Any:
    @intrinsic
    def as_exponent(typing_context: Any, x: Any) -> Any:  # noqa: ARG001
        def code(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
            bits = builder.bitcast(arguments[0], of.bits)
            return builder.bitcast(builder.shl(bits, of.bits(of.exponent_bit)), of.number)

        return of.kind(of.kind), code

    return as_exponent


def _with_sign_of(of: _Format) -> Any:
    @intrinsic
    def with_sign_of(typing_context: Any, y: Any, x: Any) -> Any:  # noqa: ARG001
        def code(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
            bits, parity = (builder.bitcast(argument, of.bits) for argument in arguments)
            signed = builder.xor(bits, builder.shl(parity, of.bits(of.sign_bit)))
            return builder.bitcast(signed, of.number)

        return of.kind(of.kind, of.kind), code

    return with_sign_of


def _exponent_bits(builder: Any, bits: Any) -> Any:
    above = builder.sub(bits, _DOUBLE.bits(ROOT_OF_HALF_BITS))
    return builder.ashr(above, _DOUBLE.bits(MANTISSA_BITS))


@intrinsic
def _binary_exponent(typing_context: Any, x: Any) -> Any:  # noqa: ARG001
    def code(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        bits = builder.bitcast(arguments[0], _DOUBLE.bits)
        return builder.sitofp(_exponent_bits(builder, bits), _DOUBLE.number)

    return types.float64(types.float64), code


@intrinsic
def _fraction(typing_context: Any, x: Any) -> Any:  # noqa: ARG001
    def code(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        bits = builder.bitcast(arguments[0], _DOUBLE.bits)
        exponent = builder.shl(_exponent_bits(builder, bits), _DOUBLE.bits(MANTISSA_BITS))
        return builder.bitcast(builder.sub(bits, exponent), _DOUBLE.number)

    return types.float64(types.float64), code


@inlined
def clip(x: Any, low: Any, high: Any) -> Any:
    # Conditional expressions become one instruction each; min and max do not.
    raised = x if x > low else low
    return raised if raised < high else high


COMPILED_64 = Primitives(clip, _as_exponent(_DOUBLE), _with_sign_of(_DOUBLE))
COMPILED_32 = Primitives(clip, _as_exponent(_SINGLE), _with_sign_of(_SINGLE))
logarithm = elementary.logarithm(_binary_exponent, _fraction, inlined)
exponential = elementary.exponential(COMPILED_64, DOUBLE, inlined)
