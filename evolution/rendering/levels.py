"""The order in which a batch of networks is evaluated level by level."""

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from evolution.genomes.base import Indices
from evolution.genomes.cppn import N_INPUTS, weights_of
from evolution.genomes.kernels.cppn import EDGES, NODES, Rows

NOT_NEEDED = -1  # as a level


class Pass(NamedTuple):
    """The k-th edges of the nodes of one level: `values[start:start + n] += weights * sources`."""

    start: int
    sources: Indices
    weights: NDArray[np.float64]


class Level(NamedTuple):
    """Nodes start..end, their passes, and which of them have which activation."""

    start: int
    end: int
    passes: list[Pass]
    rows_by_activation: dict[int, Indices]


class Schedule(NamedTuple):
    """Levels, in order, and the (B, n_outputs) rows in which the outputs end up.

    Rows 0..3 are the inputs, which all networks share.
    """

    n_rows: int
    levels: list[Level]
    outputs: Indices


@njit(cache=True, nogil=True)
def _measure(
    rows: Rows,
    n_outputs: int,
    levels: NDArray[np.int64],
    in_degrees: NDArray[np.int64],
    ranks: NDArray[np.int64],
) -> None:
    """Find each node's level and number of edges, and each edge's rank among its target's."""
    for i in range(len(rows.counts)):
        n_nodes, n_edges = rows.counts[i, NODES], rows.counts[i, EDGES]
        levels[i, n_nodes - n_outputs : n_nodes] = 1
        for edge in range(n_edges - 1, -1, -1):
            if levels[i, rows.targets[i, edge]] != NOT_NEEDED:
                levels[i, rows.sources[i, edge]] = 1
        levels[i, :N_INPUTS] = 0
        for edge in range(n_edges):
            source, target = rows.sources[i, edge], rows.targets[i, edge]
            if levels[i, target] == NOT_NEEDED:
                continue
            levels[i, target] = max(levels[i, target], levels[i, source] + 1)
            ranks[i, edge] = in_degrees[i, target]
            in_degrees[i, target] += 1


def schedule(rows: Rows, n_outputs: int) -> Schedule:
    """Plan the evaluation of a batch of networks.

    Within a level, nodes with more edges come first, so that the k-th edges lead to a leading run
    of rows: they can be added without scattering, always in the same order.
    """
    levels = np.full(rows.activations.shape, NOT_NEEDED, dtype=np.int64)
    in_degrees = np.zeros(rows.activations.shape, dtype=np.int64)
    ranks = np.full(rows.genes.shape, NOT_NEEDED, dtype=np.int64)
    _measure(rows, n_outputs, levels, in_degrees, ranks)

    network, node = np.nonzero(levels > 0)
    order = np.lexsort((-in_degrees[network, node], levels[network, node]))
    network, node = network[order], node[order]
    row_of = np.full(levels.shape, NOT_NEEDED, dtype=np.int64)
    row_of[:, :N_INPUTS] = np.arange(N_INPUTS)
    row_of[network, node] = N_INPUTS + np.arange(len(order))

    edges = _sorted_edges(rows, levels, ranks, row_of)
    everyone = np.arange(len(rows.counts))[:, None]
    outputs = rows.counts[:, NODES, None] - n_outputs + np.arange(n_outputs)
    node_levels, activations = levels[network, node], rows.activations[network, node]
    return Schedule(
        n_rows=N_INPUTS + len(order),
        levels=[
            _level(level, node_levels, activations, edges)
            for level in range(1, int(node_levels.max()) + 1)
        ],
        outputs=row_of[everyone, outputs],
    )


class _Edges(NamedTuple):
    """Sorted by the level of their targets, their rank, and their targets' rows."""

    levels: Indices
    ranks: Indices
    sources: Indices
    weights: NDArray[np.float64]


def _sorted_edges(rows: Rows, levels: Indices, ranks: Indices, row_of: Indices) -> _Edges:
    network, edge = np.nonzero(ranks != NOT_NEEDED)
    targets = rows.targets[network, edge]
    edge_levels, edge_ranks = levels[network, targets], ranks[network, edge]
    order = np.lexsort((row_of[network, targets], edge_ranks, edge_levels))
    sources = row_of[network, rows.sources[network, edge]]
    weights = weights_of(rows.genes[network, edge])
    return _Edges(edge_levels[order], edge_ranks[order], sources[order], weights[order])


def _level(level: int, node_levels: Indices, kinds: NDArray[np.uint8], edges: _Edges) -> Level:
    first, last = np.searchsorted(node_levels, (level, level + 1))
    start = N_INPUTS + int(first)
    begin, end = np.searchsorted(edges.levels, (level, level + 1))
    bounds = begin + np.flatnonzero(np.diff(edges.ranks[begin:end], prepend=-1, append=-1))
    passes = [
        Pass(start, edges.sources[a:b], edges.weights[a:b]) for a, b in pairwise(bounds.tolist())
    ]
    of_level = kinds[first:last]
    rows = {int(kind): start + np.flatnonzero(of_level == kind) for kind in np.unique(of_level)}
    return Level(start, N_INPUTS + int(last), passes, rows)
