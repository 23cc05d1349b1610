"""What depends on one coordinate alone, computed along one line in double precision. Compiled."""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from evolution.genomes.cppn import GAUSSIAN, N_INPUTS, SIGMOID, SINE
from evolution.genomes.extents import PIXEL, ROW
from evolution.genomes.kernels.cppn import EDGES, NODES, Row
from evolution.genomes.kernels.primitives import inlined
from evolution.rendering.functions import (
    gaussian_64,
    linear_64,
    sigmoid_64,
    sine_64,
    wrapped,
)
from evolution.rendering.plans import Plan, weight_of
from evolution.rendering.vectors import add_scaled, clear

Line = NDArray[np.float64]


class Lines(NamedTuple):
    """One line a node, as many positions as a side of the picture has, padded at the end.

    along: (N, side) values of nodes that depend on one coordinate or none. Of a node that depends
        on both: the sum of what depends on the column or on nothing.
    down: (N, side) of such a node, the sum of what depends on the row.
    narrow: (N, side) of such a node, `along` in single precision.
    wide: whether `along` and `down` are added up in double precision.
    """

    along: NDArray[np.float64]
    down: NDArray[np.float64]
    narrow: NDArray[np.float32]
    wide: bool


@inlined
def _wrap(line: Line) -> None:
    for i in range(len(line)):
        line[i] = wrapped(line[i])


@inlined
def _narrow(line: Line, narrow: NDArray[np.float32]) -> None:
    for i in range(len(line)):
        narrow[i] = np.float32(line[i])


@inlined
def _activate(activation: int, line: Line) -> None:
    if activation == SINE:
        for i in range(len(line)):
            line[i] = sine_64(line[i])
    elif activation == SIGMOID:
        for i in range(len(line)):
            line[i] = sigmoid_64(line[i])
    elif activation == GAUSSIAN:
        for i in range(len(line)):
            line[i] = gaussian_64(line[i])
    else:
        for i in range(len(line)):
            line[i] = linear_64(line[i])


@njit(error_model="numpy")
def draw_lines(network: Row, plan: Plan, lines: Lines) -> None:
    """Compute the needed lines of a network; those of the inputs must be there."""
    along, down = lines.along, lines.down
    edge = 0
    for node in range(N_INPUTS, network.counts[NODES]):
        first = edge
        while edge < network.counts[EDGES] and network.targets[edge] == node:
            edge += 1
        is_line = plan.extent[node] != PIXEL
        if not plan.needed[node] or not (is_line or plan.has_lines[node]):
            continue
        clear(along[node])
        if not is_line:
            clear(down[node])
        for k in range(first, edge):
            source = network.sources[k]
            if plan.extent[source] != PIXEL:
                goes_down = plan.extent[source] == ROW and not is_line
                line = down[node] if goes_down else along[node]
                add_scaled(line, weight_of(network, k), along[source])
        if is_line:
            _activate(network.activations[node], along[node])
            continue
        if network.activations[node] == SINE:
            _wrap(along[node])
            _wrap(down[node])
        _narrow(along[node], lines.narrow[node])
