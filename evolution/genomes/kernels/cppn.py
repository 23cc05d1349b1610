"""The six mutation operators for whole CPPN populations, compiled; see `rewiring.py`.

A network is a row of padded arrays, in the order that `cppn.CppnGenome` prescribes. Children are
copied from their parents' rows and changed in place.
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from evolution.genomes.cppn import MAX_EDGES, MAX_NODES, N_ACTIVATIONS, N_INPUTS
from evolution.genomes.kernels.distributions import clipped, delta

NODES, EDGES = 0, 1  # columns of counts


class Rows(NamedTuple):
    """counts: (B, 2) int32 nodes and edges; activations: (B, N); the others: (B, E)."""

    counts: NDArray[np.int32]
    activations: NDArray[np.uint8]
    sources: NDArray[np.uint16]
    targets: NDArray[np.uint16]
    genes: NDArray[np.float32]


class Row(NamedTuple):
    """One network, padded; `counts` says how much of the arrays is in use."""

    counts: NDArray[np.int32]
    activations: NDArray[np.uint8]
    sources: NDArray[np.uint16]
    targets: NDArray[np.uint16]
    genes: NDArray[np.float32]


class Scratch(NamedTuple):
    """Room to work in: flags and numbers per node, one copy of the edges."""

    marked: NDArray[np.bool_]
    numbers: NDArray[np.uint16]
    sources: NDArray[np.uint16]
    targets: NDArray[np.uint16]
    genes: NDArray[np.float32]


class Rates(NamedTuple):
    """The fields of `rates.CppnRates`, in its order."""

    weight: float
    weight_eta: float
    activation: float
    add_connection: float
    delete_connection: float
    add_neuron: float
    delete_neuron: float


@njit
def _perturb_weights(row: Row, rates: Rates, rng: np.random.Generator) -> None:
    for edge in range(row.counts[EDGES]):
        if rng.random() < rates.weight:
            change = delta(rng.random(), rates.weight_eta)
            row.genes[edge] = clipped(np.float64(row.genes[edge]) + change)


@njit
def _change_activations(row: Row, rate: float, rng: np.random.Generator) -> None:
    for node in range(row.counts[NODES]):
        if rng.random() < rate:
            row.activations[node] = int(rng.random() * N_ACTIVATIONS)


@njit
def _insert_edge(row: Row, position: int, source: int, target: int, gene: float) -> None:
    for edge in range(row.counts[EDGES], position, -1):
        row.sources[edge] = row.sources[edge - 1]
        row.targets[edge] = row.targets[edge - 1]
        row.genes[edge] = row.genes[edge - 1]
    row.sources[position], row.targets[position], row.genes[position] = source, target, gene
    row.counts[EDGES] += 1


@njit
def _mark_ancestors(row: Row, node: int, marked: NDArray[np.bool_]) -> None:
    marked[: row.counts[NODES]] = False
    marked[node] = True
    for edge in range(row.counts[EDGES] - 1, -1, -1):
        if marked[row.targets[edge]]:
            marked[row.sources[edge]] = True


@njit
def _pick_unmarked(row: Row, marked: NDArray[np.bool_], rng: np.random.Generator) -> int:
    """Draw one of the unmarked nodes that are no inputs; the outputs are always among them."""
    n_free = 0
    for node in range(N_INPUTS, row.counts[NODES]):
        n_free += not marked[node]
    rank = int(rng.random() * n_free)
    node = N_INPUTS - 1
    while rank >= 0:
        node += 1
        rank -= not marked[node]
    return node


@njit
def _mark_descendants(row: Row, node: int, last: int, marked: NDArray[np.bool_]) -> None:
    marked[: row.counts[NODES]] = False
    marked[node] = True
    for edge in range(row.counts[EDGES]):
        if marked[row.sources[edge]] and row.targets[edge] <= last:
            marked[row.targets[edge]] = True


@njit
def _renumber(row: Row, node: int, last: int, scratch: Scratch) -> None:
    """Number the stretch node..last anew, unmarked nodes first, and reorder its activations."""
    number = node
    for wanted in (False, True):
        for old in range(node, last + 1):
            if scratch.marked[old] == wanted:
                scratch.numbers[old] = number
                number += 1
    # The stretch of the edges' scratch is not in use yet: it holds the old activations.
    old_activations = scratch.sources
    for old in range(node, last + 1):
        old_activations[old - node] = row.activations[old]
    for old in range(node, last + 1):
        row.activations[scratch.numbers[old]] = old_activations[old - node]


@njit
def _reorder_edges(row: Row, node: int, last: int, scratch: Scratch) -> None:
    """Renumber all edges; those into the stretch node..last also change places."""
    first = 0
    while first < row.counts[EDGES] and row.targets[first] < node:
        first += 1
    end = first
    while end < row.counts[EDGES] and row.targets[end] <= last:
        end += 1
    place = first
    for wanted in (False, True):
        for edge in range(first, end):
            if scratch.marked[row.targets[edge]] == wanted:
                scratch.sources[place] = row.sources[edge]
                scratch.targets[place] = scratch.numbers[row.targets[edge]]
                scratch.genes[place] = row.genes[edge]
                place += 1
    for edge in range(first, end):
        row.sources[edge] = scratch.sources[edge]
        row.targets[edge] = scratch.targets[edge]
        row.genes[edge] = scratch.genes[edge]
    for edge in range(first, row.counts[EDGES]):
        if node <= row.sources[edge] <= last:
            row.sources[edge] = scratch.numbers[row.sources[edge]]


@njit
def _add_connection(row: Row, n_outputs: int, scratch: Scratch, rng: np.random.Generator) -> None:
    if row.counts[EDGES] == MAX_EDGES:
        return
    source = int(rng.random() * (row.counts[NODES] - n_outputs))
    _mark_ancestors(row, source, scratch.marked)
    target = _pick_unmarked(row, scratch.marked, rng)
    gene = rng.random()
    if target < source:
        _mark_descendants(row, target, source, scratch.marked)
        _renumber(row, target, source, scratch)
        _reorder_edges(row, target, source, scratch)
        source, target = scratch.numbers[source], scratch.numbers[target]
    position = row.counts[EDGES]
    while position > 0 and row.targets[position - 1] > target:
        position -= 1
    _insert_edge(row, position, source, target, gene)


@njit
def _delete_connection(row: Row, rng: np.random.Generator) -> None:
    if row.counts[EDGES] == 0:
        return
    row.counts[EDGES] -= 1
    for edge in range(int(rng.random() * (row.counts[EDGES] + 1)), row.counts[EDGES]):
        row.sources[edge] = row.sources[edge + 1]
        row.targets[edge] = row.targets[edge + 1]
        row.genes[edge] = row.genes[edge + 1]


@njit
def _add_neuron(row: Row, n_outputs: int, rng: np.random.Generator) -> None:
    if row.counts[EDGES] in (0, MAX_EDGES) or row.counts[NODES] == MAX_NODES:
        return
    split = int(rng.random() * row.counts[EDGES])
    activation = int(rng.random() * N_ACTIVATIONS)
    source, gene = row.sources[split], row.genes[split]
    neuron = min(int(row.targets[split]), row.counts[NODES] - n_outputs)
    for node in range(row.counts[NODES], neuron, -1):
        row.activations[node] = row.activations[node - 1]
    row.activations[neuron] = activation
    row.counts[NODES] += 1
    first_behind = 0
    for edge in range(row.counts[EDGES]):
        row.sources[edge] += row.sources[edge] >= neuron
        first_behind += row.targets[edge] < neuron
        row.targets[edge] += row.targets[edge] >= neuron
    row.sources[split] = neuron
    _insert_edge(row, first_behind, source, neuron, gene)


@njit
def _delete_neuron(row: Row, n_outputs: int, rng: np.random.Generator) -> None:
    n_hidden = row.counts[NODES] - n_outputs - N_INPUTS
    if n_hidden == 0:
        return
    neuron = N_INPUTS + int(rng.random() * n_hidden)
    row.counts[NODES] -= 1
    for node in range(neuron, row.counts[NODES]):
        row.activations[node] = row.activations[node + 1]
    kept = 0
    for edge in range(row.counts[EDGES]):
        source, target = row.sources[edge], row.targets[edge]
        if neuron not in (source, target):
            row.sources[kept] = source - (source > neuron)
            row.targets[kept] = target - (target > neuron)
            row.genes[kept] = row.genes[edge]
            kept += 1
    row.counts[EDGES] = kept


@njit
def _mutate(
    row: Row, n_outputs: int, rates: Rates, scratch: Scratch, rng: np.random.Generator
) -> None:
    _perturb_weights(row, rates, rng)
    _change_activations(row, rates.activation, rng)
    if rng.random() < rates.add_connection:
        _add_connection(row, n_outputs, scratch, rng)
    if rng.random() < rates.delete_connection:
        _delete_connection(row, rng)
    if rng.random() < rates.add_neuron:
        _add_neuron(row, n_outputs, rng)
    if rng.random() < rates.delete_neuron:
        _delete_neuron(row, n_outputs, rng)


@njit
def _copy(row: Row, parent: Row) -> None:
    row.counts[:] = parent.counts
    for node in range(parent.counts[NODES]):
        row.activations[node] = parent.activations[node]
    for edge in range(parent.counts[EDGES]):
        row.sources[edge] = parent.sources[edge]
        row.targets[edge] = parent.targets[edge]
        row.genes[edge] = parent.genes[edge]


@njit
def row_of(rows: Rows, i: int) -> Row:
    return Row(rows.counts[i], rows.activations[i], rows.sources[i], rows.targets[i], rows.genes[i])


@njit(cache=True, nogil=True)
def copy(
    parents: Rows, indices: NDArray[np.int64], copies: Rows, places: NDArray[np.int64]
) -> None:
    """Copy row indices[k] of `parents` to row places[k] of `copies`, which must be wide enough."""
    for k in range(len(indices)):
        _copy(row_of(copies, places[k]), row_of(parents, indices[k]))


@njit(cache=True, nogil=True)
def breed(children: Rows, n_outputs: int, rates: Rates, rng: np.random.Generator) -> None:
    """Mutate every row in place. Rows must be wide enough for one node and two edges more."""
    n_nodes, n_edges = children.activations.shape[1], children.genes.shape[1]
    scratch = Scratch(
        np.empty(n_nodes, np.bool_),
        np.empty(n_nodes, np.uint16),
        np.empty(max(n_edges, n_nodes), np.uint16),
        np.empty(n_edges, np.uint16),
        np.empty(n_edges, np.float32),
    )
    for i in range(len(children.counts)):
        _mutate(row_of(children, i), n_outputs, rates, scratch, rng)
