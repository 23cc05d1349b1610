"""One genome at a time in NumPy, with the library's own sine and exponential.

In float32 the fast code of a good user: what depends on one coordinate stays a line. In float64
the measure of how right a renderer is.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from evolution.genomes.colours import HLS, HSV
from evolution.genomes.cppn import N_INPUTS, CppnGenome
from evolution.genomes.extents import needed_nodes
from evolution.genomes.fields import axis, distance, normalised_axis

Values = NDArray[Any]


def sine(total: Values) -> Values:
    values: Values = np.sin(total)
    return values


def sigmoid(total: Values) -> Values:
    values: Values = 2 / (1 + np.exp(-total)) - 1
    return values


def gaussian(total: Values) -> Values:
    values: Values = np.exp(-(total * total))
    return values


def linear(total: Values) -> Values:
    values: Values = np.clip(total, -3, 3) * total.dtype.type(1 / 3)
    return values


FUNCTIONS: tuple[Callable[[Values], Values], ...] = (sine, sigmoid, gaussian, linear)


def outputs(genome: CppnGenome, size: int, dtype: DTypeLike = np.float32) -> list[Values]:
    """Return what each output computes, (size, size) in [-1, 1]."""
    x, u = axis(genome.expression, size), normalised_axis(size)
    inputs = (x[None, :], x[:, None], distance(u, u), np.ones((1, 1)))
    values: list[Values] = [array.astype(dtype) for array in inputs]
    values += [np.zeros((1, 1), dtype)] * (genome.n_nodes - N_INPUTS)
    weights = genome.weights.astype(dtype)
    starts = np.searchsorted(genome.targets, np.arange(genome.n_nodes + 1)).tolist()
    sources = genome.sources.tolist()
    for node in (np.flatnonzero(needed_nodes(genome)[N_INPUTS:]) + N_INPUTS).tolist():
        total = values[node]
        for edge in range(starts[node], starts[node + 1]):
            total = total + weights[edge] * values[sources[edge]]
        with np.errstate(over="ignore"):  # where exp overflows, the sigmoid is -1
            values[node] = FUNCTIONS[genome.activations[node]](total)
    shape = (size, size)
    return [
        np.broadcast_to(values[node], shape) for node in range(genome.first_output, len(values))
    ]


def picture(genome: CppnGenome, size: int, dtype: DTypeLike = np.float32) -> NDArray[np.uint8]:
    """Draw a genome: (size, size, C) bytes, C = 1 grey, or 3 red, green, blue."""
    channels = [np.abs(np.trunc(values * 255)) for values in outputs(genome, size, dtype)]
    if genome.expression.colour != "grey":
        channels = list((HSV if genome.expression.colour == "hsv" else HLS)(*channels))
    return np.stack(channels, axis=-1).astype(np.uint8)
