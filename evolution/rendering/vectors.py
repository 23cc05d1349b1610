"""Short lines, worked on in whole vectors.

A loop that the compiler makes vectors of first asks whether its arrays overlap and how long they
are; for the few dozen numbers of a line that takes longer than the loop. Lines do not overlap and
are padded to whole vectors, so here nothing is asked. Plain additions and multiplications: the
bits are those of a loop.
"""

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

LANES = 16  # numbers of a vector; lines are padded to a multiple

_FLOAT, _INDEX = ir.FloatType(), ir.IntType(32)


@intrinsic
def clear(typing_context: Any, line: Any) -> Any:  # noqa: ARG001
    """clear(line): zeros."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        (to,) = _arrays(context, builder, signature, arguments)
        zeros = ir.Constant(_vector(context, signature.args[0]), None)
        _each_vector(builder, to, lambda at: builder.store(zeros, _place(builder, to, at), align=4))
        return context.get_dummy_value()

    return types.void(line), code


@intrinsic
def add_scaled(typing_context: Any, line: Any, weight: Any, source: Any) -> Any:  # noqa: ARG001
    """add_scaled(line, weight, source): line += weight * source; all in the same precision."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        to, factor, added = _arrays(context, builder, signature, arguments)
        factors = _repeated(builder, factor, _vector(context, signature.args[0]))

        def step(at: Any) -> None:
            place = _place(builder, to, at)
            product = builder.fmul(factors, builder.load(_place(builder, added, at), align=4))
            builder.store(builder.fadd(builder.load(place, align=4), product), place, align=4)

        _each_vector(builder, to, step)
        return context.get_dummy_value()

    return types.void(line, line.dtype, line), code


@intrinsic
def write_sum(typing_context: Any, values: Any, start: Any, line: Any, number: Any) -> Any:  # noqa: ARG001
    """write_sum(values, start, line, number): values[start:] = line + number, as float32."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        to, first, added, constant = _arrays(context, builder, signature, arguments)
        constants = _repeated(builder, constant, _vector(context, signature.args[2]))
        singles = ir.VectorType(_FLOAT, LANES)

        def step(at: Any) -> None:
            sums = builder.fadd(builder.load(_place(builder, added, at), align=4), constants)
            if constants.type != singles:
                sums = builder.fptrunc(sums, singles)
            builder.store(sums, _place(builder, to, builder.add(first, at)), align=4)

        _each_vector(builder, added, step)
        return context.get_dummy_value()

    return types.void(values, types.uintp, line, line.dtype), code


class _Array:
    """data: a pointer to its numbers; vector: the type of LANES of them; length: how many."""

    def __init__(self, builder: Any, array: Any, vector: ir.VectorType) -> None:
        self.data = array.data
        self.vector = vector
        self.length = builder.extract_value(array.shape, 0)


def _vector(context: Any, array: Any) -> ir.VectorType:
    return ir.VectorType(context.get_data_type(array.dtype), LANES)


def _arrays(context: Any, builder: Any, signature: Any, arguments: Any) -> list[Any]:
    """The arguments of a call, arrays as `_Array`."""
    return [
        _Array(
            builder, context.make_array(kind)(context, builder, argument), _vector(context, kind)
        )
        if isinstance(kind, types.Array)
        else argument
        for kind, argument in zip(signature.args, arguments, strict=True)
    ]


def _place(builder: Any, array: _Array, at: Any) -> Any:
    return builder.bitcast(builder.gep(array.data, [at]), array.vector.as_pointer())


def _repeated(builder: Any, number: Any, vector: ir.VectorType) -> Any:
    undefined = ir.Constant(vector, ir.Undefined)
    one = builder.insert_element(undefined, number, ir.Constant(_INDEX, 0))
    nowhere_else = ir.Constant(ir.VectorType(_INDEX, LANES), [0] * LANES)
    return builder.shuffle_vector(one, undefined, nowhere_else)


def _each_vector(builder: Any, array: _Array, step: Callable[[Any], Any]) -> None:
    lanes = array.length.type(LANES)
    with cgutils.for_range(builder, builder.udiv(array.length, lanes)) as loop:
        step(builder.mul(loop.index, lanes))
