"""What the nodes of a network compute at every pixel, in plain NumPy.

float64 along lines of pixels, float32 at pixels: see `activations.py`.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from evolution.genomes import activations, elementary
from evolution.genomes.base import Expression
from evolution.genomes.cppn import N_INPUTS, SINE, CppnGenome
from evolution.genomes.extents import COLUMN, NOTHING, PIXEL, ROW, extents
from evolution.genomes.neat import COSINE, NeatGenome

Field: TypeAlias = NDArray[np.floating]
Network: TypeAlias = CppnGenome | NeatGenome

WRAPPED = elementary.wrapping()
VALUES_AT_ONCE = 2**20  # float64 numbers of one block of rows: 8 MB, whatever the picture's size
SCALE_OF_D = {"site": float(np.sqrt(2)), "fer": 1.4}


class Way(NamedTuple):
    """A link into a node. extent: of its source."""

    extent: int
    source: int
    weight: float


class Step(NamedTuple):
    """How a node is computed: from what, once everything before it is."""

    node: int
    activation: int
    extent: int
    bias: float
    ways: list[Way]


def normalised_axis(size: int) -> Field:
    """Return the (size,) positions of pixels from -1 to 1; a single pixel sits in the middle."""
    if size == 1:
        return np.zeros(1)
    doubled = np.arange(0.0, 2.0 * size, 2.0)
    return doubled / (size - 1) - 1.0


def axis(expression: Expression, size: int) -> Field:
    """Return the (size,) values of the inputs x and y.

    Raw coordinates are the pixel indices of a picture of base_size; other sizes sample between.
    Those of the site are the middles of pixels of an area from -1 to 1.
    """
    if expression.coordinates == "site":
        return np.arange(1.0 - size, size, 2.0) / size
    if expression.coordinates != "raw":
        return normalised_axis(size)
    if size == 1:
        return np.full(1, (expression.base_size - 1) / 2)
    return np.arange(0.0, size) * ((expression.base_size - 1) / (size - 1))


def distance(columns: Field, rows: Field) -> Field:
    """Return (len(rows), len(columns)) distances from the middle, for normalised positions."""
    d: Field = np.sqrt(columns[None, :] * columns[None, :] + rows[:, None] * rows[:, None])
    return d


def evaluated(
    network: Network, size: int, wanted: NDArray[np.bool_]
) -> Iterator[tuple[slice, list[Field]]]:
    """Yield blocks of rows with the values of the wanted nodes, each broadcastable to the block.

    wanted: (n_nodes,), with every node that a wanted one depends on. Values may be infinite or none
    where an activation has no limits.
    """
    expression, steps = network.expression, list(_steps(network, wanted))
    x = axis(expression, size)
    u = x if expression.coordinates == "site" else normalised_axis(size)
    scale = SCALE_OF_D.get(expression.coordinates, 1.0)
    height = max(1, VALUES_AT_ONCE // (size * int(wanted.sum())))
    for top in range(0, size, height):
        rows = slice(top, min(top + height, size))
        d = (distance(u, u[rows]) * scale).astype(np.float32)
        inputs: list[Field] = [x[None, :], x[rows, None], d, np.ones((1, 1))]
        values = inputs + [np.zeros((1, 1))] * (network.n_nodes - N_INPUTS)
        with np.errstate(over="ignore", invalid="ignore"):
            _evaluate(steps, values, is_raw=expression.coordinates == "raw")
        yield rows, values


def _steps(network: Network, wanted: NDArray[np.bool_]) -> Iterator[Step]:
    """Yield the wanted nodes in topological order."""
    extent, n_nodes = extents(network).tolist(), network.n_nodes
    sources, weights = network.sources.tolist(), network.weights.tolist()
    ways = [Way(extent[source], source, w) for source, w in zip(sources, weights, strict=True)]
    starts = np.searchsorted(network.targets, np.arange(n_nodes + 1)).tolist()
    biases = network.biases.tolist() if isinstance(network, NeatGenome) else [0.0] * n_nodes
    kinds = network.activations.tolist()
    for node in (np.flatnonzero(wanted[N_INPUTS:]) + N_INPUTS).tolist():
        into = ways[starts[node] : starts[node + 1]]
        yield Step(node, kinds[node], extent[node], biases[node], into)


def _evaluate(steps: Iterable[Step], values: list[Field], *, is_raw: bool) -> None:
    """Write the values of nodes.

    What depends on x alone stays one row, what depends on nothing one number: NumPy's
    broadcasting spares the rest.
    """
    for step in steps:
        if step.extent == PIXEL:
            total = _sum_at_pixels(step, values, is_raw=is_raw)
            values[step.node] = activations.NEAT_32[step.activation](total)
        else:
            total = _sum(step.ways, values, step.bias)
            values[step.node] = activations.NEAT_64[step.activation](total)


def _sum(ways: Iterable[Way], values: Sequence[Field], bias: float = 0.0) -> Field:
    total: Field = np.full((1, 1), bias)
    for _, source, weight in ways:
        total = total + weight * values[source]
    return total


def _sum_at_pixels(step: Step, values: Sequence[Field], *, is_raw: bool) -> Field:
    """Sum what comes along columns, what comes down rows, then the two, then what is left.

    Raw coordinates make sums of thousands, which single precision would blur. A sine loses nothing
    if whole turns are left out.
    """
    along = _sum((way for way in step.ways if way.extent in (NOTHING, COLUMN)), values, step.bias)
    down = _sum((way for way in step.ways if way.extent == ROW), values)
    if step.activation in (SINE, COSINE):
        along, down = WRAPPED(along), WRAPPED(down)
    if is_raw:
        total: Field = (along + down).astype(np.float32)
    else:
        total = along.astype(np.float32) + down.astype(np.float32)
    for extent, source, weight in step.ways:
        if extent == PIXEL:
            brought = np.float32(weight) * values[source]
            total = np.add(total, brought, out=brought)
    return total
