"""Networks as objects in dictionaries, copied deeply and mutated one by one, as NEAT usually is."""

from copy import deepcopy
from dataclasses import dataclass, field

import numpy as np

from evolution.genomes.base import Expression
from evolution.genomes.cppn import ACTIVATIONS, N_INPUTS, WEIGHT_LIMIT, CppnGenome
from evolution.genomes.rates import CppnRates

Edge = tuple[int, int]


@dataclass
class NodeGene:
    activation: str


@dataclass
class EdgeGene:
    weight: float


@dataclass
class ObjectGenome:
    """nodes: hidden ones and outputs by number; edges by (source, target). Inputs are 0..3."""

    expression: Expression
    outputs: list[int]
    nodes: dict[int, NodeGene] = field(default_factory=dict)
    edges: dict[Edge, EdgeGene] = field(default_factory=dict)


def from_arrays(genome: CppnGenome) -> ObjectGenome:
    """Turn a genome into objects. Parallel edges become one, whose weight is their sum."""
    found = ObjectGenome(genome.expression, list(range(genome.first_output, genome.n_nodes)))
    for node in range(N_INPUTS, genome.n_nodes):
        found.nodes[node] = NodeGene(ACTIVATIONS[genome.activations[node]])
    for source, target, weight in zip(
        genome.sources.tolist(), genome.targets.tolist(), genome.weights.tolist(), strict=True
    ):
        found.edges.setdefault((source, target), EdgeGene(0.0)).weight += weight
    return found


def child(parent: ObjectGenome, rng: np.random.Generator, rates: CppnRates) -> ObjectGenome:
    """Return a copy with all six mutations of a CPPN."""
    born = deepcopy(parent)
    _perturb(born, rng, rates)
    if rng.random() < rates.add_connection:
        _connect(born, rng)
    if born.edges and rng.random() < rates.delete_connection:
        del born.edges[_any_edge(born, rng)]
    if born.edges and rng.random() < rates.add_neuron:
        _split(born, rng)
    if rng.random() < rates.delete_neuron:
        _remove_node(born, rng)
    return born


def _polynomial_delta(draw: float, eta: float) -> float:
    """Turn a uniform draw into a change in [-1, 1], small ones more likely the larger eta is."""
    power = 1 / (eta + 1)
    return float((2 * draw) ** power - 1 if draw < 0.5 else 1 - (2 - 2 * draw) ** power)


def _perturb(genome: ObjectGenome, rng: np.random.Generator, rates: CppnRates) -> None:
    for edge in genome.edges.values():
        if rng.random() < rates.weight:
            change = 2 * WEIGHT_LIMIT * _polynomial_delta(rng.random(), rates.weight_eta)
            edge.weight = min(max(edge.weight + change, -WEIGHT_LIMIT), WEIGHT_LIMIT)
    for node in genome.nodes.values():
        if rng.random() < rates.activation:
            node.activation = ACTIVATIONS[int(rng.integers(len(ACTIVATIONS)))]


def _connect(genome: ObjectGenome, rng: np.random.Generator) -> None:
    sources = [*range(N_INPUTS), *_hidden(genome)]
    source = sources[int(rng.integers(len(sources)))]
    before = _ancestors(genome, source)
    targets = [node for node in genome.nodes if node not in before]
    target = targets[int(rng.integers(len(targets)))]
    genome.edges[source, target] = EdgeGene(float(rng.uniform(-WEIGHT_LIMIT, WEIGHT_LIMIT)))


def _split(genome: ObjectGenome, rng: np.random.Generator) -> None:
    source, target = edge = _any_edge(genome, rng)
    weight = genome.edges.pop(edge).weight
    node = max(genome.nodes) + 1
    genome.nodes[node] = NodeGene(ACTIVATIONS[int(rng.integers(len(ACTIVATIONS)))])
    genome.edges[source, node] = EdgeGene(weight)
    genome.edges[node, target] = EdgeGene(weight)


def _remove_node(genome: ObjectGenome, rng: np.random.Generator) -> None:
    hidden = _hidden(genome)
    if not hidden:
        return
    node = hidden[int(rng.integers(len(hidden)))]
    del genome.nodes[node]
    for edge in [edge for edge in genome.edges if node in edge]:
        del genome.edges[edge]


def _any_edge(genome: ObjectGenome, rng: np.random.Generator) -> Edge:
    return list(genome.edges)[int(rng.integers(len(genome.edges)))]


def _hidden(genome: ObjectGenome) -> list[int]:
    return [node for node in genome.nodes if node not in genome.outputs]


def _ancestors(genome: ObjectGenome, node: int) -> set[int]:
    """Find the nodes from which a node can be reached, itself included."""
    sources: dict[int, list[int]] = {}
    for source, target in genome.edges:
        sources.setdefault(target, []).append(source)
    found, waiting = {node}, [node]
    while waiting:
        for source in sources.get(waiting.pop(), ()):
            if source not in found:
                found.add(source)
                waiting.append(source)
    return found
