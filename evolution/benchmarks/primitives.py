"""What this core could reach: the rate of each operation of a CPPN on data in the first cache.

Best loops that the compiler makes of float32 arithmetic. Fused, reordered and approximate
arithmetic is allowed here: these are bounds of the machine, not rules of the renderer.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic
from numpy.typing import NDArray

from evolution.genomes.cppn import ACTIVATIONS, N_INPUTS, CppnGenome
from evolution.genomes.extents import needed_nodes

LENGTH, ROWS = 512, 8  # float32 values of a row: all rows together are half of a first cache
TRIALS = 200
F = np.float32
Lanes = NDArray[np.float32]
# Without "reassoc": it would fold away the rounding by a large number in sine and exponential.
compiled = njit(fastmath={"contract", "nnan", "ninf", "nsz", "arcp"}, error_model="numpy")
reordered = njit(fastmath=True, error_model="numpy")


@intrinsic
def _bits(typing_context: Any, x: Any) -> Any:  # noqa: ARG001
    def code(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.bitcast(arguments[0], ir.IntType(32))

    return types.int32(types.float32), code


@intrinsic
def _of_bits(typing_context: Any, x: Any) -> Any:  # noqa: ARG001
    def code(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.bitcast(arguments[0], ir.FloatType())

    return types.float32(types.int32), code


ROUNDING = F(1.5 * 2.0**23)


@compiled
def _sine(p: Any) -> Any:
    rounded = p * F(0.31830988618) + ROUNDING
    n = rounded - ROUNDING
    r = (p - n * F(3.140625)) - n * F(0.00096765358979)
    s = r * r
    value = ((s * F(2.6e-06) - F(0.00019809)) * s + F(0.0083330)) * s - F(0.16666657)
    value = r + r * (value * s)
    return _of_bits(_bits(value) ^ (_bits(rounded) << np.int32(31)))


@compiled
def _exponential(x: Any) -> Any:
    scaled = x * F(1.44269504)
    rounded = scaled + ROUNDING
    f = scaled - (rounded - ROUNDING)
    value = (((F(0.001333) * f + F(0.009618)) * f + F(0.0555)) * f + F(0.240226)) * f
    value = (value + F(0.693147)) * f + F(1.0)
    return _of_bits(_bits(value) + (_bits(rounded) << np.int32(23)))


@compiled
def _clip(x: Any, low: Any, high: Any) -> Any:
    raised = x if x > low else low
    return raised if raised < high else high


@compiled
def _sigmoid(p: Any) -> Any:
    return F(2.0) / (F(1.0) + _exponential(_clip(-p, F(-80.0), F(80.0)))) - F(1.0)


@compiled
def _sigmoid_by_newton(p: Any) -> Any:
    """Divide by Newton's method: three steps from a guess by the bits of the divisor."""
    divisor = F(1.0) + _exponential(_clip(-p, F(-80.0), F(80.0)))
    guess = _of_bits(np.int32(0x7EF311C7) - _bits(divisor))
    guess = guess * (F(2.0) - divisor * guess)
    guess = guess * (F(2.0) - divisor * guess)
    guess = guess * (F(2.0) - divisor * guess)
    return F(2.0) * guess - F(1.0)


@compiled
def _gaussian(p: Any) -> Any:
    return _exponential(_clip(-(p * p), F(-80.0), F(0.0)))


@compiled
def _linear(p: Any) -> Any:
    return _clip(p, F(-3.0), F(3.0)) * F(1.0 / 3.0)


def _mapping(function: Any) -> Callable[[Lanes, Lanes, int], None]:
    """Return a loop that applies a function to one row after the other, so many times."""

    def apply(rows: Lanes, values: Lanes, times: int) -> None:
        for repeat in range(times):
            row = rows[repeat % ROWS]
            for i in range(LENGTH):
                values[i] = function(row[i])

    loop: Callable[[Lanes, Lanes, int], None] = compiled(apply)
    return loop


@compiled
def _add_two(rows: Lanes, values: Lanes, times: int) -> None:
    for repeat in range(times):
        a, b = rows[repeat % ROWS], rows[(repeat + 1) % ROWS]
        for i in range(LENGTH):
            values[i] = F(0.5) * a[i] + F(0.25) * b[i]


@compiled
def _add_four(rows: Lanes, values: Lanes, times: int) -> None:
    for repeat in range(times):
        a, b = rows[repeat % ROWS], rows[(repeat + 1) % ROWS]
        c, d = rows[(repeat + 2) % ROWS], rows[(repeat + 3) % ROWS]
        for i in range(LENGTH):
            values[i] = F(0.5) * a[i] + F(0.25) * b[i] + F(0.75) * c[i] + F(0.125) * d[i]


@compiled
def _multiply_and_add(rows: Lanes, values: Lanes, times: int) -> None:
    """32 dependent multiplications and additions for each value that is read."""
    for repeat in range(times):
        row = rows[repeat % ROWS]
        for i in range(LENGTH):
            x = row[i]
            y = x
            for _ in range(32):
                y = y * x + F(0.125)
            values[i] = y


@reordered
def _read(values: Lanes) -> Any:
    total = F(0.0)
    for i in range(len(values)):
        total += values[i]
    return total


KERNELS: Mapping[str, tuple[tuple[Any, int], ...]] = {
    "sine": ((_mapping(_sine), 1),),
    "sigmoid": ((_mapping(_sigmoid), 1), (_mapping(_sigmoid_by_newton), 1)),
    "gaussian": ((_mapping(_gaussian), 1),),
    "linear": ((_mapping(_linear), 1),),
    "edge": ((_add_two, 2), (_add_four, 4)),
    "multiply-add": ((_multiply_and_add, 32),),
}
"""Loops for each operation, and how many of it they do for each value."""


def rates() -> dict[str, float]:
    """Return the nanoseconds that one operation on one float32 takes at best."""
    rows = np.random.default_rng(0).uniform(-0.9, 0.9, (ROWS, LENGTH)).astype(np.float32)
    return {
        name: min(_fastest(kernel, rows) / operations for kernel, operations in kernels)
        for name, kernels in KERNELS.items()
    }


def multiply_adds_a_second(found: Mapping[str, float]) -> float:
    """Return the peak of this core."""
    return 1e9 / found["multiply-add"]


def memory_bandwidth() -> float:
    """Return the bytes a second that this core reads from main memory at best."""
    values = np.ones(2**25, np.float32)  # 128 MB, several times the last cache
    _read(values)
    times = islice(_times(lambda: _read(values)), 10)
    return float(values.nbytes / min(times))


def bound(genomes: list[CppnGenome], found: Mapping[str, float]) -> float:
    """Return the nanoseconds a pixel that the needed nodes and their edges take at these rates.

    Summed over genomes. Every needed node counts at every pixel, also one that depends on a
    coordinate alone; what quantises and converts colours does not count.
    """
    total = 0.0
    for genome in genomes:
        needed = needed_nodes(genome)
        total += found["edge"] * int(needed[genome.targets].sum())
        for activation in genome.activations[N_INPUTS:][needed[N_INPUTS:]]:
            total += found[ACTIVATIONS[activation]]
    return total


def _fastest(kernel: Callable[[Lanes, Lanes, int], None], rows: Lanes) -> float:
    values, repeats = np.empty(LENGTH, np.float32), 1000
    kernel(rows, values, 1)
    return min(_times(lambda: kernel(rows, values, repeats))) / (LENGTH * repeats) * 1e9


def _times(work: Callable[[], object]) -> Iterator[float]:
    for _ in range(TRIALS):
        began = time.process_time()
        work()
        yield time.process_time() - began
