"""Draw whole populations of CPPNs of any topology on one processor core, compiled.

An interpreter walks each network once per block of rows, so that the block's values stay in the
cache, and what depends on one coordinate alone is computed for one line only. Inner loops are
plain arithmetic that the compiler turns into vector instructions. The same operations in the same
order as `phenotypes.py`: no fused or reordered arithmetic, so the bits agree.
"""

from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from evolution.genomes.base import Population
from evolution.genomes.cppn import GAUSSIAN, N_INPUTS, SIGMOID, SINE, WEIGHT_LIMIT
from evolution.genomes.cppn_population import CppnPopulation
from evolution.genomes.direct_population import DirectPopulation
from evolution.genomes.kernels.cppn import EDGES, NODES, Rows
from evolution.phenotypes import axis, check_size, normalised_axis
from evolution.rendering.functions import gaussian, inlined, linear, sigmoid, sine
from evolution.rendering.pixels import COLOURS, express_pixels, write

PIXELS_AT_ONCE = 800  # a whole MNIST picture; measured: smaller blocks are slower
LANES = 32  # lines and blocks are padded to whole runs of the compiler's unrolled vector loops

# What a node depends on; combined by |.
NOTHING, COLUMN, ROW, PIXEL = 0, 1, 2, 3


class Network(NamedTuple):
    """One network; see `kernels.cppn.Row`."""

    counts: NDArray[np.int32]
    activations: NDArray[np.uint8]
    sources: NDArray[np.uint16]
    targets: NDArray[np.uint16]
    genes: NDArray[np.float32]


class Plan(NamedTuple):
    """Per node: is it needed, what does it depend on, must its line be spread over the block."""

    needed: NDArray[np.bool_]
    extent: NDArray[np.uint8]
    spread: NDArray[np.bool_]


class Canvas(NamedTuple):
    """What a network is evaluated on.

    x, u: (size,) input and normalised positions. lines: (N, size) values of nodes that depend on
    one coordinate or none. values: (N, height * size) of all others. Both are padded at the end,
    `values` with one run of lanes more than `_spread` writes beyond the block.
    """

    x: NDArray[np.float64]
    u: NDArray[np.float64]
    lines: NDArray[np.float64]
    values: NDArray[np.float64]


@inlined
def _make_plan(network: Network, n_outputs: int, plan: Plan) -> None:
    n_nodes, n_edges = network.counts[NODES], network.counts[EDGES]
    plan.needed[:n_nodes] = False
    plan.needed[n_nodes - n_outputs : n_nodes] = True
    for edge in range(n_edges - 1, -1, -1):
        if plan.needed[network.targets[edge]]:
            plan.needed[network.sources[edge]] = True
    plan.extent[:n_nodes] = NOTHING
    plan.extent[0], plan.extent[1], plan.extent[2] = COLUMN, ROW, PIXEL
    for edge in range(n_edges):
        plan.extent[network.targets[edge]] |= plan.extent[network.sources[edge]]
    plan.spread[:n_nodes] = False
    plan.spread[n_nodes - n_outputs : n_nodes] = True
    for edge in range(n_edges):
        target = network.targets[edge]
        if plan.needed[target] and plan.extent[target] == PIXEL:
            plan.spread[network.sources[edge]] = True


@inlined
def _activate(activation: int, values: NDArray[np.float64], node: int, length: int) -> None:
    if activation == SINE:
        for i in range(length):
            values[node, i] = sine(values[node, i])
    elif activation == SIGMOID:
        for i in range(length):
            values[node, i] = sigmoid(values[node, i])
    elif activation == GAUSSIAN:
        for i in range(length):
            values[node, i] = gaussian(values[node, i])
    else:
        for i in range(length):
            values[node, i] = linear(values[node, i])


@inlined
def _weight(network: Network, edge: int) -> Any:
    return np.float64(network.genes[edge]) * (2.0 * WEIGHT_LIMIT) - WEIGHT_LIMIT


@inlined
def _add_up(
    network: Network, edges: tuple[int, int], values: NDArray[np.float64], node: int, length: int
) -> None:
    """Sum what a node's edges bring, one after the other, but two in one pass over the values."""
    edge, end = edges
    if (end - edge) % 2 == 0:
        for i in range(length):
            values[node, i] = 0.0
    else:
        weight, source = _weight(network, edge), network.sources[edge]
        for i in range(length):
            values[node, i] = weight * values[source, i]
        edge += 1
    while edge < end:
        weight, source = _weight(network, edge), network.sources[edge]
        weight_b, source_b = _weight(network, edge + 1), network.sources[edge + 1]
        for i in range(length):
            partial = values[node, i] + weight * values[source, i]
            values[node, i] = partial + weight_b * values[source_b, i]
        edge += 2


@inlined
def _spread(
    extent: int, lines: NDArray[np.float64], values: NDArray[np.float64], node: int, size: int
) -> None:
    """Repeat a node's line over all rows of its block, or each of its values along one row.

    Whole padded lines are written: a line's padding is overwritten by the next.
    """
    for row in range((values.shape[1] - LANES) // size):
        start = row * size
        if extent == ROW:
            for column in range(lines.shape[1]):
                values[node, start + column] = lines[node, row]
        else:
            for column in range(lines.shape[1]):
                values[node, start + column] = lines[node, column]


@inlined
def _set_inputs(canvas: Canvas, top: int, height: int) -> None:
    size = len(canvas.x)
    canvas.lines[0, :size] = canvas.x
    canvas.lines[1, :height] = canvas.x[top : top + height]
    canvas.lines[3, :] = 1.0
    for node in (0, 1, 3):
        extent = (COLUMN, ROW, PIXEL, NOTHING)[node]
        _spread(extent, canvas.lines, canvas.values, node, size)
    for row in range(height):
        v = canvas.u[top + row]
        for column in range(size):
            u = canvas.u[column]
            canvas.values[2, row * size + column] = np.sqrt(u * u + v * v)


@inlined
def _draw_block(network: Network, plan: Plan, canvas: Canvas) -> None:
    size = len(canvas.x)
    edge = 0
    for node in range(N_INPUTS, network.counts[NODES]):
        first = edge
        while edge < network.counts[EDGES] and network.targets[edge] == node:
            edge += 1
        if not plan.needed[node]:
            continue
        is_line = plan.extent[node] != PIXEL
        values = canvas.lines if is_line else canvas.values
        length = values.shape[1] if is_line else values.shape[1] - LANES
        _add_up(network, (first, edge), values, node, length)
        _activate(network.activations[node], values, node, length)
        if is_line and plan.spread[node]:
            _spread(plan.extent[node], canvas.lines, canvas.values, node, size)


@njit(cache=True, nogil=True, error_model="numpy")
def _draw(
    rows: Rows, colour: int, height: int, canvas: Canvas, images: NDArray[np.float32]
) -> None:
    capacity = rows.activations.shape[1]
    plan = Plan(
        np.empty(capacity, np.bool_), np.empty(capacity, np.uint8), np.empty(capacity, np.bool_)
    )
    size, n_outputs = len(canvas.x), images.shape[2]
    for top in range(0, size, height):
        n_pixels = min(height, size - top) * size
        _set_inputs(canvas, top, n_pixels // size)
        for i in range(len(rows.counts)):
            network = Network(
                rows.counts[i],
                rows.activations[i],
                rows.sources[i],
                rows.targets[i],
                rows.genes[i],
            )
            _make_plan(network, n_outputs, plan)
            _draw_block(network, plan, canvas)
            n_nodes = network.counts[NODES]
            outputs = canvas.values[n_nodes - n_outputs : n_nodes, :n_pixels]
            write(outputs, colour, images[i, top * size : top * size + n_pixels])


class CpuRenderer:
    """Draws on the processor core that calls it, without the interpreter lock."""

    def express(self, population: Population, size: int) -> NDArray[np.float32]:
        """Return (B, size, size, C) float32 pictures; see `Renderer`."""
        check_size(size)
        if isinstance(population, DirectPopulation):
            return express_pixels(population, size)
        if not isinstance(population, CppnPopulation):
            raise TypeError(f"population must be CPPNs or direct, not {type(population).__name__}")
        return _express_cppns(population, size)


def _express_cppns(population: CppnPopulation, size: int) -> NDArray[np.float32]:
    """Draw (B, size, size, C) float32 pictures, C = 1 or 3; every value is k / 255."""
    expression = population.expression
    n_nodes = int(population.rows.counts[:, NODES].max())
    height = min(size, max(1, PIXELS_AT_ONCE // size))
    canvas = Canvas(
        axis(expression, size),
        normalised_axis(size),
        np.zeros((n_nodes, _padded(size))),
        np.zeros((n_nodes, _padded(height * size) + LANES)),
    )
    images = np.empty((len(population), size * size, expression.n_outputs), np.float32)
    _draw(population.rows, COLOURS.index(expression.colour), height, canvas, images)
    return images.reshape(len(population), size, size, -1)


def _padded(length: int) -> int:
    return -(-length // LANES) * LANES
