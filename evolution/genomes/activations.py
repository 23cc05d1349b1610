"""The activation functions of CPPNs, built from elementary operations only.

Addition, multiplication and division give the same bits on every machine that follows IEEE 754;
sin and exp of a maths library do not. Built from the former, a picture is the same whether NumPy
draws it, a compiled kernel or a GPU, and a run does not depend on the machine. Deep networks with
weights up to 10 would otherwise blow tiny differences up to visible ones.

Definitions: Nguyen, Yosinski & Clune 2015, §2.2; fooling, af_cppn.hpp. Both polynomials are
minimax fits (Remez); with them sine is within 2e-11 and the exponential within a relative 5e-11,
where a step of the picture is 4e-3.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

INVERSE_PI = 0.3183098861837907
INVERSE_LOG_2 = 1.4426950408889634
# pi and log(2) in two parts. The first has 33 or 32 bits, so that n times it is exact (Cody &
# Waite 1980); the sine holds its accuracy for arguments up to 3e6.
PI_1, PI_2 = 3.1415926534682512, 1.2154201013012384e-10
LOG_2_1, LOG_2_2 = 0.6931471803691238, 1.9082149292705877e-10

# Adding this to a number rounds it to a whole one, n, which is left in the lowest bits of the sum.
ROUNDING = 1.5 * 2.0**52
# The same, but it leaves n + 1023: the exponent bits of 2**n.
ROUNDING_TO_EXPONENT = ROUNDING + 1023.0
EXPONENT_BIT, SIGN_BIT = 52, 63

LARGEST_EXPONENT = 700.0  # beyond it, exp would overflow; sigmoid and gaussian are flat there
LINEAR_LIMIT = 3.0
THIRD = 1.0 / 3.0


class Primitives(NamedTuple):
    """What differs between array libraries.

    clip(x, low, high): as usual.
    as_exponent(x): the number whose bits are those of x, shifted left by EXPONENT_BIT.
    with_sign_of(y, x): y, its sign flipped if the lowest bit of x is set.
    """

    clip: Callable[[Any, float, float], Any]
    as_exponent: Callable[[Any], Any]
    with_sign_of: Callable[[Any, Any], Any]


class Functions(NamedTuple):
    """The activation functions, in the order of `cppn.ACTIVATIONS`."""

    sine: Callable[[Any], Any]
    sigmoid: Callable[[Any], Any]
    gaussian: Callable[[Any], Any]
    linear: Callable[[Any], Any]


def build(primitives: Primitives, compiled: Callable[[Any], Any] = lambda f: f) -> Functions:
    """Return the functions for one array library; `compiled` may turn each into a kernel."""
    clip, as_exponent, with_sign_of = primitives

    def sine(p: Any) -> Any:
        rounded = p * INVERSE_PI + ROUNDING
        n = rounded - ROUNDING
        r = (p - n * PI_1) - n * PI_2
        s = r * r
        value = s * -2.3889104032675583e-08 + 2.752526349541792e-06
        value = value * s - 0.00019840861058037127
        value = value * s + 0.008333330973271878
        value = value * s - 0.16666666616790812
        value = value * s + 0.9999999999829089
        return with_sign_of(value * r, rounded)

    def exponential(x: Any) -> Any:
        rounded = x * INVERSE_LOG_2 + ROUNDING_TO_EXPONENT
        n = rounded - ROUNDING_TO_EXPONENT
        r = (x - n * LOG_2_1) - n * LOG_2_2
        value = r * 0.00019907582591325134 + 0.0013948590286863383
        value = value * r + 0.008333283518768105
        value = value * r + 0.041666218139710595
        value = value * r + 0.1666666678638044
        value = value * r + 0.5000000107793876
        value = value * r + 0.9999999999955055
        value = value * r + 0.9999999999595294
        return value * as_exponent(rounded)

    exponential = compiled(exponential)

    def sigmoid(p: Any) -> Any:
        return 2.0 / (1.0 + exponential(clip(-p, -LARGEST_EXPONENT, LARGEST_EXPONENT))) - 1.0

    def gaussian(p: Any) -> Any:
        return exponential(clip(-(p * p), -LARGEST_EXPONENT, 0.0))

    def linear(p: Any) -> Any:
        return clip(p, -LINEAR_LIMIT, LINEAR_LIMIT) * THIRD

    return Functions(compiled(sine), compiled(sigmoid), compiled(gaussian), compiled(linear))


def _as_exponent(x: NDArray[np.float64]) -> NDArray[np.float64]:
    return (x.view(np.int64) << EXPONENT_BIT).view(np.float64)


def _with_sign_of(y: NDArray[np.float64], x: NDArray[np.float64]) -> NDArray[np.float64]:
    return (y.view(np.int64) ^ (x.view(np.int64) << SIGN_BIT)).view(np.float64)


NUMPY = build(Primitives(np.clip, _as_exponent, _with_sign_of))
