"""The six mutation operators of CPPNs, readable. `kernels/cppn.py` does the same, compiled.

A child receives all of them, in this order (fooling: gen_dnn_ff.hpp). Every draw is one
`rng.random()`, so that both versions use the same stream; integers are int(draw * n).
"""

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from evolution.genomes.cppn import (
    MAX_EDGES,
    MAX_NODES,
    N_ACTIVATIONS,
    N_INPUTS,
    CppnGenome,
)
from evolution.genomes.rates import CppnRates
from evolution.genomes.variation import clipped, delta


@dataclass
class Draft:
    """A network while it is being changed; the arrays are those of CppnGenome."""

    n_outputs: int
    activations: NDArray[np.uint8]
    sources: NDArray[np.uint16]
    targets: NDArray[np.uint16]
    genes: NDArray[np.float32]

    @property
    def n_nodes(self) -> int:
        return len(self.activations)

    @property
    def n_edges(self) -> int:
        return len(self.genes)

    @property
    def first_output(self) -> int:
        return self.n_nodes - self.n_outputs

    def insert_edge(self, position: int, source: int, target: int, gene: float) -> None:
        self.sources = np.insert(self.sources, position, source)
        self.targets = np.insert(self.targets, position, target)
        self.genes = np.insert(self.genes, position, gene)

    def keep_edges(self, kept: NDArray[np.bool_]) -> None:
        self.sources, self.targets = self.sources[kept], self.targets[kept]
        self.genes = self.genes[kept]

    def shift_nodes(self, first: int, step: int) -> None:
        """Renumber the nodes from `first` on, to make or close a gap."""
        self.sources = _shifted(self.sources, first, step)
        self.targets = _shifted(self.targets, first, step)


def _shifted(nodes: NDArray[np.uint16], first: int, step: int) -> NDArray[np.uint16]:
    return np.where(nodes >= first, nodes.astype(np.int64) + step, nodes).astype(np.uint16)


GenomeT = TypeVar("GenomeT", bound=CppnGenome)


def rewired(genome: GenomeT, rng: np.random.Generator, rates: CppnRates) -> GenomeT:
    """Return a mutated copy of a genome."""
    draft = Draft(
        genome.n_outputs,
        genome.activations.copy(),
        genome.sources.copy(),
        genome.targets.copy(),
        genome.genes.copy(),
    )
    perturb_weights(draft, rng, rates)
    change_activations(draft, rng, rates.activation)
    if rng.random() < rates.add_connection:
        add_connection(draft, rng)
    if rng.random() < rates.delete_connection:
        delete_connection(draft, rng)
    if rng.random() < rates.add_neuron:
        add_neuron(draft, rng)
    if rng.random() < rates.delete_neuron:
        delete_neuron(draft, rng)
    return type(genome)(
        genome.expression, draft.activations, draft.sources, draft.targets, draft.genes
    )


def _pick(n: int, rng: np.random.Generator) -> int:
    return int(rng.random() * n)


def perturb_weights(draft: Draft, rng: np.random.Generator, rates: CppnRates) -> None:
    """Change each weight's gene with a probability, by polynomial mutation."""
    for edge in range(draft.n_edges):
        if rng.random() < rates.weight:
            change = delta(np.float64(rng.random()), rates.weight_eta)
            draft.genes[edge] = clipped(float(draft.genes[edge] + change))


def change_activations(draft: Draft, rng: np.random.Generator, rate: float) -> None:
    """Redraw each node's activation with a probability; it may come out the same."""
    for node in range(draft.n_nodes):
        if rng.random() < rate:
            draft.activations[node] = _pick(N_ACTIVATIONS, rng)


def add_connection(draft: Draft, rng: np.random.Generator) -> None:
    """Connect two nodes, perhaps once more, without closing a cycle."""
    if draft.n_edges == MAX_EDGES:
        return
    source = _pick(draft.first_output, rng)
    barred = ancestors(draft, source)
    barred[source] = True
    barred[:N_INPUTS] = True
    free = np.flatnonzero(~barred)
    target = int(free[_pick(len(free), rng)])
    gene = rng.random()
    if target < source:
        source, target = move_behind(draft, target, source)
    position = int(np.searchsorted(draft.targets, target, side="right"))
    draft.insert_edge(position, source, target, gene)


def ancestors(draft: Draft, node: int) -> NDArray[np.bool_]:
    """Mark the nodes from which `node` can be reached. Returns (n_nodes,), `node` included."""
    marked = np.zeros(draft.n_nodes, dtype=np.bool_)
    marked[node] = True
    for source, target in zip(draft.sources[::-1], draft.targets[::-1], strict=True):
        if marked[target]:
            marked[source] = True
    return marked


def move_behind(draft: Draft, node: int, last: int) -> tuple[int, int]:
    """Move `node`, and what depends on it up to `last`, behind `last`.

    Only the stretch between the two is renumbered (Pearce & Kelly 2006, A dynamic topological sort
    algorithm for directed acyclic graphs). Returns the new numbers of `last` and `node`.
    """
    moved = np.zeros(draft.n_nodes, dtype=np.bool_)
    moved[node] = True
    for source, target in zip(draft.sources, draft.targets, strict=True):
        if moved[source] and target <= last:
            moved[target] = True
    stretch = np.arange(node, last + 1)
    order = np.concatenate([stretch[~moved[stretch]], stretch[moved[stretch]]])
    number = np.arange(draft.n_nodes, dtype=np.uint16)
    number[order] = stretch
    draft.activations[stretch] = draft.activations[order]
    draft.sources, draft.targets = number[draft.sources], number[draft.targets]
    by_target = np.argsort(draft.targets, kind="stable")
    draft.sources, draft.targets = draft.sources[by_target], draft.targets[by_target]
    draft.genes = draft.genes[by_target]
    return int(number[last]), int(number[node])


def delete_connection(draft: Draft, rng: np.random.Generator) -> None:
    """Remove a random edge, if there is one."""
    if draft.n_edges:
        draft.keep_edges(np.arange(draft.n_edges) != _pick(draft.n_edges, rng))


def add_neuron(draft: Draft, rng: np.random.Generator) -> None:
    """Split a random edge; both halves get the weight of the whole, as published."""
    if not draft.n_edges or draft.n_nodes == MAX_NODES or draft.n_edges == MAX_EDGES:
        return
    edge = _pick(draft.n_edges, rng)
    activation = _pick(N_ACTIVATIONS, rng)
    source, gene = int(draft.sources[edge]), float(draft.genes[edge])
    neuron = min(int(draft.targets[edge]), draft.first_output)
    draft.activations = np.insert(draft.activations, neuron, activation)
    draft.shift_nodes(neuron, 1)
    draft.sources[edge] = neuron
    draft.insert_edge(int(np.searchsorted(draft.targets, neuron)), source, neuron, gene)


def delete_neuron(draft: Draft, rng: np.random.Generator) -> None:
    """Remove a random hidden node, if there is one, with all its edges."""
    n_hidden = draft.first_output - N_INPUTS
    if not n_hidden:
        return
    neuron = N_INPUTS + _pick(n_hidden, rng)
    draft.activations = np.delete(draft.activations, neuron)
    draft.keep_edges((draft.sources != neuron) & (draft.targets != neuron))
    draft.shift_nodes(neuron, -1)
