"""What has to be known of a batch of networks before its evaluation is planned, compiled."""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from evolution.genomes.base import Indices
from evolution.genomes.cppn import N_INPUTS
from evolution.genomes.extents import COLUMN, PIXEL, ROW
from evolution.genomes.kernels.cppn import EDGES, NODES, Rows

NOT_NEEDED = -1  # as a level, a kind or a rank
# Kinds of sums: along a line; what lines bring to a pixel, along its row and down its column; and
# what other nodes at the same pixel bring.
LINE, ALONG, DOWN, AT_PIXELS = range(4)


class Survey(NamedTuple):
    """Of nodes, (B, N): what they depend on, and their levels among lines or among pixels.

    degrees: (4, B, N) edges of each kind into a node. Of edges, (B, E): their kind, and their rank
    among the edges of this kind into the same node.
    """

    extents: NDArray[np.uint8]
    levels: Indices
    degrees: Indices
    kinds: Indices
    ranks: Indices


def surveyed(rows: Rows, n_outputs: int) -> Survey:
    nodes, edges = rows.activations.shape, rows.genes.shape
    survey = Survey(
        extents=np.zeros(nodes, np.uint8),
        levels=np.full(nodes, NOT_NEEDED, np.int64),
        degrees=np.zeros((4, *nodes), np.int64),
        kinds=np.full(edges, NOT_NEEDED, np.int64),
        ranks=np.full(edges, NOT_NEEDED, np.int64),
    )
    _measure(rows, n_outputs, survey)
    return survey


@njit(cache=True, nogil=True)
def _measure(rows: Rows, n_outputs: int, survey: Survey) -> None:
    extents, levels, degrees, kinds, ranks = survey
    for i in range(len(rows.counts)):
        n_nodes, n_edges = rows.counts[i, NODES], rows.counts[i, EDGES]
        levels[i, n_nodes - n_outputs : n_nodes] = 1
        for edge in range(n_edges - 1, -1, -1):
            if levels[i, rows.targets[i, edge]] != NOT_NEEDED:
                levels[i, rows.sources[i, edge]] = 1
        levels[i, :N_INPUTS] = 0
        extents[i, 0], extents[i, 1], extents[i, 2] = COLUMN, ROW, PIXEL
        for edge in range(n_edges):
            extents[i, rows.targets[i, edge]] |= extents[i, rows.sources[i, edge]]
        for edge in range(n_edges):
            source, target = rows.sources[i, edge], rows.targets[i, edge]
            if levels[i, target] == NOT_NEEDED:
                continue
            kind = LINE
            if extents[i, target] == PIXEL:
                kind = AT_PIXELS
                if extents[i, source] != PIXEL:
                    kind = DOWN if extents[i, source] == ROW else ALONG
            if kind in (LINE, AT_PIXELS):
                levels[i, target] = max(levels[i, target], levels[i, source] + 1)
            kinds[i, edge], ranks[i, edge] = kind, degrees[kind, i, target]
            degrees[kind, i, target] += 1
