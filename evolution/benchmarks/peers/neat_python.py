"""neat-python: a genome of gene objects, and a network that is asked for one pixel at a time."""

import math
from collections.abc import Sequence
from copy import deepcopy
from itertools import count
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evolution.algorithms.presets import values
from evolution.benchmarks.interleaved import Work
from evolution.benchmarks.peers import is_there
from evolution.genomes.colours import displayed
from evolution.genomes.cppn import ACTIVATIONS, MAX_NODES, N_INPUTS, WEIGHT_LIMIT, CppnGenome
from evolution.genomes.extents import needed_nodes
from evolution.genomes.fields import axis, distance, normalised_axis

# Its names for the activations that come nearest; a child costs the same whatever they are called.
NAMES = {"sine": "sin", "sigmoid": "tanh", "gaussian": "gauss", "linear": "clamped"}
FUNCTIONS = {
    "sine": math.sin,
    "sigmoid": lambda total: math.tanh(total / 2),
    "gaussian": lambda total: math.exp(-total * total),
    "linear": lambda total: min(max(total, -3.0), 3.0) / 3,
}
_OFF = {
    "replace_rate": 0.0,
    "mutate_rate": 0.0,
    "mutate_power": 0.0,
    "init_mean": 0.0,
    "init_stdev": 0.0,
    "init_type": "gaussian",
    "max_value": 0.0,
    "min_value": 0.0,
}


def drawing(genomes: Sequence[CppnGenome], size: int) -> dict[str, Work]:
    """Draw genomes one by one; nothing where neat-python is not installed."""
    if not is_there("neat-python"):
        return {}
    return {"neat-python": lambda: [picture(genome, size) for genome in genomes]}


def picture(genome: CppnGenome, size: int) -> NDArray[np.uint8]:
    """Draw a genome pixel by pixel: (size, size, C) bytes."""
    network = _network(genome)
    x, u = axis(genome.expression, size).tolist(), normalised_axis(size)
    d = distance(u, u).tolist()
    rows = [
        [network.activate((x[j], x[i], d[i][j], 1.0)) for j in range(size)] for i in range(size)
    ]
    values = np.abs(np.trunc(np.array(rows) * 255)).astype(np.uint8)
    return displayed(values, genome.expression.colour)


def _network(genome: CppnGenome) -> Any:
    from neat.nn import FeedForwardNetwork

    incoming: list[list[tuple[int, float]]] = [[] for _ in range(genome.n_nodes)]
    for source, target, weight in zip(
        genome.sources.tolist(), genome.targets.tolist(), genome.weights.tolist(), strict=True
    ):
        incoming[target].append((source, weight))
    evaluations = [
        (node, FUNCTIONS[ACTIVATIONS[genome.activations[node]]], sum, 0.0, 1.0, incoming[node])
        for node in (np.flatnonzero(needed_nodes(genome)[N_INPUTS:]) + N_INPUTS).tolist()
    ]
    outputs = list(range(genome.first_output, genome.n_nodes))
    return FeedForwardNetwork(list(range(N_INPUTS)), outputs, evaluations)


def breeding(parents: Sequence[CppnGenome]) -> dict[str, Work]:
    """Breed a child of each parent by deepcopy and mutate, at the rates of the presets."""
    if not is_there("neat-python"):
        return {}
    config = configuration(parents[0].n_outputs)
    genomes = [gene_objects(parent, config) for parent in parents]

    def breed() -> None:
        for genome in genomes:
            deepcopy(genome).mutate(config)

    return {"neat-python": breed}


def gene_objects(genome: CppnGenome, config: Any) -> Any:
    """Return a genome of neat-python; parallel edges become one."""
    from neat import DefaultGenome

    found = DefaultGenome(0)
    for node in range(N_INPUTS, genome.n_nodes):
        gene = found.create_node(config, _key(node, genome))
        gene.activation = NAMES[ACTIVATIONS[genome.activations[node]]]
        found.nodes[gene.key] = gene
    for source, target, weight in zip(
        genome.sources.tolist(), genome.targets.tolist(), genome.weights.tolist(), strict=True
    ):
        key = _key(source, genome), _key(target, genome)
        innovation = config.innovation_tracker.get_innovation_number(*key)
        edge = found.connections.setdefault(key, found.create_connection(config, *key, innovation))
        edge.weight += weight
    return found


def _key(node: int, genome: CppnGenome) -> int:
    """Inputs count down from -1, outputs up from 0, hidden nodes follow."""
    if node < N_INPUTS:
        return -node - 1
    if node >= genome.first_output:
        return node - genome.first_output
    return node - N_INPUTS + genome.n_outputs


def configuration(n_outputs: int) -> Any:
    """Return its settings, with the rates of our presets and no biases."""
    from neat import DefaultGenome
    from neat.innovation import InnovationTracker

    rates = values.CPPN_RATES
    settings: dict[str, Any] = {
        "num_inputs": N_INPUTS,
        "num_outputs": n_outputs,
        "num_hidden": 0,
        "feed_forward": "true",
        "compatibility_disjoint_coefficient": 1.0,
        "compatibility_weight_coefficient": 1.0,
        "conn_add_prob": rates.add_connection,
        "conn_delete_prob": rates.delete_connection,
        "node_add_prob": rates.add_neuron,
        "node_delete_prob": rates.delete_neuron,
        "activation_default": "random",
        "activation_mutate_rate": rates.activation,
        "activation_options": " ".join(NAMES.values()),
        "aggregation_default": "sum",
        "aggregation_mutate_rate": 0.0,
        "aggregation_options": "sum",
        "enabled_default": "true",
        "enabled_mutate_rate": 0.0,
        "enabled_rate_to_true_add": 0.0,
        "enabled_rate_to_false_add": 0.0,
    }
    for gene in ("bias", "response", "time_constant"):
        settings |= {f"{gene}_{name}": value for name, value in _OFF.items()}
    settings |= dict.fromkeys(
        ("response_init_mean", "response_min_value", "response_max_value"), 1.0
    )
    settings |= {f"weight_{name}": value for name, value in _OFF.items()} | {
        "weight_mutate_rate": rates.weight,
        "weight_mutate_power": 2 * WEIGHT_LIMIT / (rates.weight_eta + 2),
        "weight_max_value": WEIGHT_LIMIT,
        "weight_min_value": -WEIGHT_LIMIT,
    }
    config = DefaultGenome.parse_config(settings)
    config.innovation_tracker = InnovationTracker()
    config.node_indexer = count(MAX_NODES)  # new nodes get numbers that no parent has
    return config
