"""What depends on both coordinates, computed for a block of rows in single precision. Compiled.

Indices are unsigned where they are sums: one that might be negative would be wrapped around, and
that keeps a loop from being vectorised.
"""

from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from evolution.genomes.cppn import GAUSSIAN, N_INPUTS, SIGMOID, SINE
from evolution.genomes.extents import PIXEL, ROW
from evolution.genomes.kernels.cppn import NODES, Row
from evolution.genomes.kernels.primitives import inlined
from evolution.rendering.functions import gaussian, linear, sigmoid, sine
from evolution.rendering.lines import Lines
from evolution.rendering.plans import Plan
from evolution.rendering.vectors import write_sum

LANES = 64  # blocks are padded to whole runs of the compiler's unrolled vector loops

Values = NDArray[np.float32]


class Block(NamedTuple):
    """Rows top..end of a picture of this size. values: (N, room) of every node, row after row.

    Padded by a run of lanes, and by the padding of a line.
    """

    top: int
    end: int
    size: int
    values: Values


@inlined
def _start(lines: Lines, node: int, block: Block) -> None:
    """Add what comes along the columns to what comes down the rows.

    Whole padded lines are written: a line's padding is overwritten by the next.
    """
    along, narrow, down = lines.along[node], lines.narrow[node], lines.down[node]
    values = block.values[node]
    for row in range(block.top, block.end):
        start = np.uintp((row - block.top) * block.size)
        if lines.wide:
            write_sum(values, start, along, down[row])
        else:
            write_sum(values, start, narrow, np.float32(down[row]))


@inlined
def _clear(values: Values, first: int, end: int) -> None:
    for i in range(first, end):
        values[i] = np.float32(0)


@inlined
def _add_two(values: Values, node: int, plan: Plan, edge: int, length: int) -> None:
    a, b = plan.sources[edge], plan.sources[edge + 1]
    weight_a, weight_b = plan.weights[edge], plan.weights[edge + 1]
    for i in range(length):
        values[node, i] = (values[node, i] + weight_a * values[a, i]) + weight_b * values[b, i]


def _finishing(function: Any) -> Any:
    """Compile a node's last edges, two at most, and its activation into one pass."""

    @inlined
    def finish(values: Values, node: int, plan: Plan, edge: int, length: int) -> None:
        edges_left = plan.first[node + 1] - edge
        if edges_left == 0:
            for i in range(length):
                values[node, i] = function(values[node, i])
        elif edges_left == 1:
            a, weight_a = plan.sources[edge], plan.weights[edge]
            for i in range(length):
                values[node, i] = function(values[node, i] + weight_a * values[a, i])
        else:
            a, b = plan.sources[edge], plan.sources[edge + 1]
            weight_a, weight_b = plan.weights[edge], plan.weights[edge + 1]
            for i in range(length):
                total = (values[node, i] + weight_a * values[a, i]) + weight_b * values[b, i]
                values[node, i] = function(total)

    return finish


_finish_sine, _finish_sigmoid = _finishing(sine), _finishing(sigmoid)
_finish_gaussian, _finish_linear = _finishing(gaussian), _finishing(linear)


@njit(error_model="numpy")
def draw_block(network: Row, plan: Plan, lines: Lines, block: Block) -> None:
    """Compute the needed nodes of a network at every pixel of a block; the input d must be there."""
    values = block.values
    pixels = (block.end - block.top) * block.size
    length = -(-pixels // LANES) * LANES
    for node in range(N_INPUTS, network.counts[NODES]):
        if not plan.needed[node] or plan.extent[node] != PIXEL:
            continue
        if plan.has_lines[node]:
            _start(lines, node, block)
            # What is left in the padding would be activated over and over, down to subnormals.
            _clear(values[node], pixels, length)
        else:
            _clear(values[node], 0, length)
        edge = plan.first[node]
        while edge + 2 < plan.first[node + 1]:
            _add_two(values, node, plan, edge, length)
            edge += 2
        activation = network.activations[node]
        if activation == SINE:
            _finish_sine(values, node, plan, edge, length)
        elif activation == SIGMOID:
            _finish_sigmoid(values, node, plan, edge, length)
        elif activation == GAUSSIAN:
            _finish_gaussian(values, node, plan, edge, length)
        else:
            _finish_linear(values, node, plan, edge, length)


@njit(error_model="numpy")
def spread_line(lines: Lines, node: int, extent: int, block: Block) -> None:
    """Repeat a node's line over all rows of a block, or each of its values along one row."""
    along, values = lines.along[node], block.values[node]
    for row in range(block.top, block.end):
        start = np.uintp((row - block.top) * block.size)
        for column in range(len(along)):
            values[start + np.uintp(column)] = np.float32(along[row if extent == ROW else column])
