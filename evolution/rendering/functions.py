"""Activation functions and colours as compiled scalar functions, to be inlined into kernels."""

from typing import Any

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

from evolution.genomes import activations, colours
from evolution.genomes.activations import EXPONENT_BIT, SIGN_BIT

INT64 = ir.IntType(64)


@intrinsic
def _as_exponent(typing_context: Any, x: Any) -> Any:  # noqa: ARG001
    """Compile `activations.Primitives.as_exponent`."""

    def code(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        bits = builder.bitcast(arguments[0], INT64)
        return builder.bitcast(builder.shl(bits, INT64(EXPONENT_BIT)), ir.DoubleType())

    return types.float64(types.float64), code


@intrinsic
def _with_sign_of(typing_context: Any, y: Any, x: Any) -> Any:  # noqa: ARG001
    """Compile `activations.Primitives.with_sign_of`."""

    def code(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        bits, parity = (builder.bitcast(argument, INT64) for argument in arguments)
        signed = builder.xor(bits, builder.shl(parity, INT64(SIGN_BIT)))
        return builder.bitcast(signed, ir.DoubleType())

    return types.float64(types.float64, types.float64), code


# "numpy": a division needs no check for zero, which would keep loops from being vectorised.
inlined = njit(error_model="numpy")


@inlined
def _floor(x: float) -> Any:
    return np.floor(x)


@inlined
def _clip(x: float, low: float, high: float) -> float:
    # Conditional expressions become one instruction each; min and max do not.
    raised = x if x > low else low
    return raised if raised < high else high


sine, sigmoid, gaussian, linear = activations.build(
    activations.Primitives(_clip, _as_exponent, _with_sign_of), inlined
)
hsv, hls = colours.build(_floor, _clip, inlined)
