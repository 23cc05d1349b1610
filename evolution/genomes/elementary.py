"""Sine, exponential and logarithm, built from elementary operations only.

Addition, multiplication and division give the same bits on every machine that follows IEEE 754;
sin, exp and log of a maths library do not. Built from the former, a picture and a child are the
same whether NumPy makes them, a compiled kernel or a GPU, and a run does not depend on the machine.

The polynomials of sine and exponential are minimax fits (Lawson's iteration) to
(sin(x) / x - 1) / x² and (exp(x) - 1 - x) / x²; the logarithm is a series of the inverse hyperbolic
tangent.
"""

from collections.abc import Callable
from functools import reduce
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

Function: TypeAlias = Callable[[Any], Any]
Compiler: TypeAlias = Callable[[Any], Any]
Number: TypeAlias = Callable[[float], Any]


class Precision(NamedTuple):
    """The constants of one floating-point format.

    number: what a constant is turned into, so that a compiler gives it this format.
    rounding: adding it to a number rounds that to a whole one, n, left in the lowest bits of the
        sum. rounding_to_exponent: the same, but it leaves the exponent bits of 2**n.
    pi, log_2: in parts, all but the last short enough that n times it is exact (Cody & Waite 1980).
    largest_exponent: exp does not overflow up to here.
    sine, exponential: coefficients of the polynomials, the highest power first.
    """

    number: Number
    rounding: float
    rounding_to_exponent: float
    pi: tuple[float, float, float]
    log_2: tuple[float, float]
    largest_exponent: float
    sine: tuple[float, ...]
    exponential: tuple[float, ...]


# The sine holds its accuracy for arguments up to 3e6 in double, 1e4 in single precision.
DOUBLE = Precision(
    number=float,
    rounding=1.5 * 2.0**52,
    rounding_to_exponent=1.5 * 2.0**52 + 1023,
    pi=(3.1415926534682512, 1.215420101301239e-10, 0.0),
    log_2=(0.6931471803691238, 1.9082149292705877e-10),
    largest_exponent=700.0,
    sine=(
        -2.384645766286112e-08,
        2.752260514059099e-06,
        -0.00019840803761987953,
        0.00833333049341444,
        -0.16666666606407046,
    ),
    exponential=(
        0.00019790341574621998,
        0.0013944659724470533,
        0.008333497075229382,
        0.04166629494598664,
        0.16666665868931707,
        0.5000000067682457,
    ),
)
SINGLE = Precision(
    number=lambda value: float(np.float32(value)),
    rounding=1.5 * 2.0**23,
    rounding_to_exponent=1.5 * 2.0**23 + 127,
    pi=(3.140625, 0.0009675025939941406, 1.5099579897537296e-07),
    log_2=(0.693359375, -0.00021219444005471377),
    largest_exponent=80.0,
    sine=(
        2.599751567818454e-06,
        -0.0001980647886103516,
        0.00833301541626982,
        -0.16666657020513828,
    ),
    exponential=(
        0.008312520278088743,
        0.04189015733730065,
        0.16667114650465534,
        0.4999923149171756,
    ),
)
INVERSE_HYPERBOLIC_TANGENT = (1 / 13, 1 / 11, 1 / 9, 1 / 7, 1 / 5, 1 / 3)
MANTISSA_BITS = 52
ROOT_OF_HALF_BITS = 0x3FE6A09E667F3BCD  # of sqrt(1/2) as a double


class Primitives(NamedTuple):
    """What differs between array libraries.

    clip(x, low, high): as usual.
    as_exponent(x): the number whose bits are the lowest ones of x, moved to the exponent's place.
    with_sign_of(y, x): y, its sign flipped if the lowest bit of x is set.
    """

    clip: Callable[[Any, Any, Any], Any]
    as_exponent: Function
    with_sign_of: Callable[[Any, Any], Any]


def sine(primitives: Primitives, precision: Precision, compiled: Compiler) -> Function:
    """Return the sine, within 2e-11 in double and 2e-7 in single precision."""
    with_sign_of, number = primitives.with_sign_of, precision.number
    inverse_pi, rounding = number(1 / np.pi), number(precision.rounding)
    pi_1, pi_2, pi_3 = map(number, precision.pi)
    polynomial = _polynomial(precision.sine, number, compiled)

    def sine(p: Any) -> Any:
        rounded = p * inverse_pi + rounding
        n = rounded - rounding
        r = ((p - n * pi_1) - n * pi_2) - n * pi_3
        s = r * r
        return with_sign_of((polynomial(s) * s) * r + r, rounded)

    done: Function = compiled(sine)
    return done


def exponential(primitives: Primitives, precision: Precision, compiled: Compiler) -> Function:
    """Return exp, within a relative 6e-11 in double and 2e-7 in single precision."""
    as_exponent, number = primitives.as_exponent, precision.number
    inverse_log_2, rounding = number(1 / np.log(2)), number(precision.rounding_to_exponent)
    log_1, log_2 = map(number, precision.log_2)
    one = number(1)
    polynomial = _polynomial(precision.exponential, number, compiled)

    def exponential(x: Any) -> Any:
        rounded = x * inverse_log_2 + rounding
        n = rounded - rounding
        r = (x - n * log_1) - n * log_2
        return ((polynomial(r) * r) * r + r + one) * as_exponent(rounded)

    done: Function = compiled(exponential)
    return done


def logarithm(binary_exponent: Function, fraction: Function, compiled: Compiler) -> Function:
    """Return the natural logarithm in double precision, within 1e-12; -709 for 0.

    x = fraction(x) * 2**binary_exponent(x), the fraction between the roots of 1/2 and 2.
    """
    log_2 = float(np.log(2))
    series = _polynomial(INVERSE_HYPERBOLIC_TANGENT, float, compiled)

    def logarithm(x: Any) -> Any:
        m = fraction(x)
        s = (m - 1.0) / (m + 1.0)
        z = s * s
        return binary_exponent(x) * log_2 + 2.0 * ((series(z) * z) * s + s)

    done: Function = compiled(logarithm)
    return done


def wrapping(compiled: Compiler = lambda function: function) -> Function:
    """Return the function that takes whole turns off an angle, in double precision.

    What is left lies in [-pi, pi] and has the same sine.
    """
    rounding, per_turn = DOUBLE.rounding, 0.5 / np.pi
    turn_1, turn_2 = 2 * DOUBLE.pi[0], 2 * DOUBLE.pi[1]

    def wrapped(p: Any) -> Any:
        n = (p * per_turn + rounding) - rounding
        return (p - n * turn_1) - n * turn_2

    done: Function = compiled(wrapped)
    return done


def _polynomial(coefficients: tuple[float, ...], number: Number, compiled: Compiler) -> Function:
    """Return Horner's scheme for these coefficients, the highest power first."""
    first, second, *rest = map(number, coefficients)

    def start(x: Any) -> Any:
        return x * first + second

    def step(inner: Function, coefficient: Any) -> Function:
        def value(x: Any) -> Any:
            return inner(x) * x + coefficient

        done: Function = compiled(value)
        return done

    whole: Function = reduce(step, rest, compiled(start))
    return whole


def interpreted(function: Any) -> Any:
    """Compile nothing: NumPy and torch run the functions as they are."""
    return function


def _as_exponent(x: NDArray[np.float64]) -> NDArray[np.float64]:
    return (x.view(np.int64) << 52).view(np.float64)


def _with_sign_of(y: NDArray[np.float64], x: NDArray[np.float64]) -> NDArray[np.float64]:
    return (y.view(np.int64) ^ (x.view(np.int64) << 63)).view(np.float64)


def _as_exponent_32(x: NDArray[np.float32]) -> NDArray[np.float32]:
    return (x.view(np.int32) << 23).view(np.float32)


def _with_sign_of_32(y: NDArray[np.float32], x: NDArray[np.float32]) -> NDArray[np.float32]:
    return (y.view(np.int32) ^ (x.view(np.int32) << 31)).view(np.float32)


def _binary_exponent(x: NDArray[np.float64]) -> NDArray[np.float64]:
    return _exponent_bits(x).astype(np.float64)


def _fraction(x: NDArray[np.float64]) -> NDArray[np.float64]:
    return (x.view(np.int64) - (_exponent_bits(x) << MANTISSA_BITS)).view(np.float64)


def _exponent_bits(x: NDArray[np.float64]) -> NDArray[np.int64]:
    bits: NDArray[np.int64] = (x.view(np.int64) - ROOT_OF_HALF_BITS) >> MANTISSA_BITS
    return bits


NUMPY_64 = Primitives(np.clip, _as_exponent, _with_sign_of)
NUMPY_32 = Primitives(np.clip, _as_exponent_32, _with_sign_of_32)
NUMPY_LOGARITHM = logarithm(_binary_exponent, _fraction, interpreted)
NUMPY_EXPONENTIAL = exponential(NUMPY_64, DOUBLE, interpreted)
