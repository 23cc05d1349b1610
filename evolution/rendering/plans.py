"""What of a network has to be computed, and where: along a line or at every pixel. Compiled."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from evolution.genomes.cppn import WEIGHT_LIMIT
from evolution.genomes.extents import COLUMN, NOTHING, PIXEL, ROW
from evolution.genomes.kernels.cppn import EDGES, NODES, Row
from evolution.genomes.kernels.primitives import inlined


class Plan(NamedTuple):
    """What is known of each node before anything is computed, and the edges between pixels.

    needed: does an output depend on it? extent: what does it depend on? has_lines: does an edge
    lead to it from a node that is computed along a line?
    first: (N + 1,) where each node's edges begin among those from nodes that are computed at every
    pixel: sources, weights.
    """

    needed: NDArray[np.bool_]
    extent: NDArray[np.uint8]
    has_lines: NDArray[np.bool_]
    first: NDArray[np.int32]
    sources: NDArray[np.int32]
    weights: NDArray[np.float32]


@inlined
def room_for_plan(n_nodes: int, n_edges: int) -> Plan:
    return Plan(
        np.empty(n_nodes, np.bool_),
        np.empty(n_nodes, np.uint8),
        np.empty(n_nodes, np.bool_),
        np.empty(n_nodes + 1, np.int32),
        np.empty(n_edges, np.int32),
        np.empty(n_edges, np.float32),
    )


@inlined
def weight_of(network: Row, edge: int) -> Any:
    return np.float64(network.genes[edge]) * (2.0 * WEIGHT_LIMIT) - WEIGHT_LIMIT


@inlined
def make_plan(network: Row, n_outputs: int, plan: Plan) -> None:
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
    _sort_edges(network, plan)


@inlined
def _sort_edges(network: Row, plan: Plan) -> None:
    edge, kept = 0, 0
    for node in range(network.counts[NODES]):
        plan.first[node] = kept
        plan.has_lines[node] = False
        while edge < network.counts[EDGES] and network.targets[edge] == node:
            source = network.sources[edge]
            if plan.extent[source] == PIXEL:
                plan.sources[kept] = source
                plan.weights[kept] = np.float32(weight_of(network, edge))
                kept += 1
            else:
                plan.has_lines[node] = True
            edge += 1
    plan.first[network.counts[NODES]] = kept
