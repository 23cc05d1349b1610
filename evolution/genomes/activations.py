"""The activation functions of CPPNs.

There are two sets: in double precision for what is computed along a line of pixels, in single
precision for what is computed at every pixel (see `phenotypes.py`). A step of the picture is 4e-3;
the double ones are within 5e-11 of the true functions, the single ones within 2e-7. Both are built
from elementary operations (see `elementary.py`): deep networks with weights up to 10 would blow
tiny differences between machines up to visible ones.

Definitions: Nguyen, Yosinski & Clune 2015, §2.2; fooling, af_cppn.hpp.
"""

from math import pi
from typing import Any, NamedTuple

from evolution.genomes import elementary
from evolution.genomes.elementary import (
    DOUBLE,
    SINGLE,
    Compiler,
    Function,
    Number,
    Precision,
    Primitives,
    interpreted,
)

LINEAR_LIMIT = 3.0


class Functions(NamedTuple):
    """The activation functions, in the order of `cppn.ACTIVATIONS`."""

    sine: Function
    sigmoid: Function
    gaussian: Function
    linear: Function


def build(
    primitives: Primitives, precision: Precision, compiled: Compiler = interpreted
) -> Functions:
    """Return the functions for one array library; `compiled` may turn each into a kernel."""
    clip, number = primitives.clip, precision.number
    limit, third, one, two = map(number, (LINEAR_LIMIT, 1 / 3, 1, 2))
    # Beyond these, exp would overflow; sigmoid and gaussian are flat there.
    highest, lowest = number(precision.largest_exponent), number(-precision.largest_exponent)
    zero = number(0)
    exponential = elementary.exponential(primitives, precision, compiled)

    def sigmoid(p: Any) -> Any:
        return two / (one + exponential(clip(-p, lowest, highest))) - one

    def gaussian(p: Any) -> Any:
        return exponential(clip(-(p * p), lowest, zero))

    def linear(p: Any) -> Any:
        return clip(p, -limit, limit) * third

    sine = elementary.sine(primitives, precision, compiled)
    return Functions(sine, compiled(sigmoid), compiled(gaussian), compiled(linear))


def extended(functions: Functions, number: Number) -> tuple[Function, ...]:
    """Return the functions in the order of `neat.NEAT_ACTIVATIONS`: these, and what they give."""
    one, two, quarter_turn = map(number, (1, 2, pi / 2))

    def identity(p: Any) -> Any:
        return p

    def cosine(p: Any) -> Any:
        return functions.sine(p + quarter_turn)

    def bipolar_gaussian(p: Any) -> Any:
        return two * functions.gaussian(p) - one

    return (*functions, identity, cosine, bipolar_gaussian)


NUMPY_64 = build(elementary.NUMPY_64, DOUBLE)
NUMPY_32 = build(elementary.NUMPY_32, SINGLE)
NEAT_64 = extended(NUMPY_64, DOUBLE.number)
NEAT_32 = extended(NUMPY_32, SINGLE.number)
