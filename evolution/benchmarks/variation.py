"""What it takes to breed a child, on one thread."""

from collections.abc import Iterator

import numpy as np

from evolution.algorithms.presets import values
from evolution.benchmarks.baselines import objects
from evolution.benchmarks.figure import Baseline, Figure, Goal, against
from evolution.benchmarks.interleaved import Scope, Work, medians, threads
from evolution.benchmarks.peers import neat_python
from evolution.benchmarks.populations import networks
from evolution.genomes.direct_population import DirectPopulation

BY_OBJECTS = "objects, deepcopy"
CHILD = Goal(3, 1.6)  # microseconds
DIRECT_CHILD = Goal(0.4, 0.2)  # milliseconds
SIDE, DIRECT_CHILDREN = 256, 16


def variation(scope: Scope) -> Iterator[Figure]:
    """Breed children of both encodings at the rates of the presets."""
    with threads(1):
        yield from _networks(scope)
        yield from _pixels(scope)


def _networks(scope: Scope) -> Iterator[Figure]:
    rng = np.random.default_rng(0)
    parents = networks(scope.genomes, rng)
    pairs = rng.integers(0, scope.genomes, (scope.genomes // 2, 2))
    parent_objects = [objects.from_arrays(parents[i]) for i in range(0, scope.genomes, 8)]
    works: dict[str, Work] = {
        "ours": lambda: parents.offspring(pairs[:, 0], pairs[:, 1], rng, values.CPPN_RATES),
        BY_OBJECTS: lambda: [
            objects.child(parent, rng, values.CPPN_RATES) for parent in parent_objects
        ],
    }
    children = {"ours": 2 * len(pairs), BY_OBJECTS: len(parent_objects)}
    of_neat = neat_python.breeding([parents[i] for i in range(0, scope.genomes, 8)])
    works |= of_neat
    children |= dict.fromkeys(of_neat, len(parent_objects))
    seconds = medians(works, scope)
    each = {name: found / children[name] * 1e6 for name, found in seconds.items()}
    ours = each.pop("ours")
    at_once = f"one thread, {children['ours']} children at once"
    child = Figure("copy, mutate and pack a CPPN child", ours, "µs", at_once, lower_is_better=True)
    yield from against(child, each, {BY_OBJECTS: CHILD})


def _pixels(scope: Scope) -> Iterator[Figure]:
    rng = np.random.default_rng(0)
    count = min(scope.genomes, DIRECT_CHILDREN)
    parents = DirectPopulation.random(count, rng, SIDE, "hsv")
    pairs = np.arange(count // 2 * 2).reshape(-1, 2)
    rates = values.PAPER_DIRECT_RATES
    works: dict[str, Work] = {
        "ours": lambda: parents.offspring(pairs[:, 0], pairs[:, 1], rng, rates),
        "NumPy, a draw a gene": lambda: _densely(parents.genes[0], rng, rates.mutation, rates.eta),
    }
    seconds = medians(works, scope)
    yield Figure(
        "copy and mutate a directly encoded child",
        seconds["ours"] / pairs.size * 1e3,
        "ms",
        f"one thread, {SIDE} x {SIDE} x 3 genes, a tenth of which mutate",
        baseline=Baseline("NumPy, a draw a gene", seconds["NumPy, a draw a gene"] * 1e3),
        goal=DIRECT_CHILD,
        lower_is_better=True,
    )


def _densely(
    genes: np.ndarray[tuple[int, ...], np.dtype[np.float32]],
    rng: np.random.Generator,
    rate: float,
    eta: float,
) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    """Mutate as polynomial mutation is usually written for whole arrays."""
    mutates = rng.random(genes.shape, np.float32) < rate
    draws = rng.random(genes.shape, np.float32)
    power = 1 / (eta + 1)
    deltas = np.where(draws < 0.5, (2 * draws) ** power - 1, 1 - (2 - 2 * draws) ** power)
    return np.clip(genes + np.where(mutates, deltas, 0), 0, 1)
