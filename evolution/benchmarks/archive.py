"""The step of the archive: every child challenges every cell."""

from collections.abc import Iterator
from functools import partial

import numpy as np

from classifiers.base import FloatArray
from evolution.archives import Archive
from evolution.benchmarks.baselines import naive, objects
from evolution.benchmarks.figure import Figure, Goal, against
from evolution.benchmarks.interleaved import Scope, Work, medians, threads
from evolution.benchmarks.peers import pyribs, qdax
from evolution.benchmarks.populations import networks
from evolution.genomes.cppn_population import CppnPopulation

BY_DICTIONARY = "dictionary"
SHAPES = ((200, 10), (400, 1000))  # children, cells
GOALS = {1000: Goal(0.3, 0.16)}  # milliseconds


def archive(scope: Scope) -> Iterator[Figure]:
    """Offer a batch of which nothing is taken: the usual case late in a run."""
    with threads(1):
        for children, cells in SHAPES:
            children = min(children, scope.genomes)
            yield from _step(networks(children, np.random.default_rng(0)), cells, scope)


def _step(population: CppnPopulation, cells: int, scope: Scope) -> Iterator[Figure]:
    batch = np.random.default_rng(0).random((len(population), cells), dtype=np.float32)
    full = Archive(cells)
    full.add(population, batch)
    genomes = [objects.from_arrays(population[i]) for i in range(len(population))]
    held = {cell: (genomes[0], float(best)) for cell, best in enumerate(batch.max(axis=0))}
    works: dict[str, Work] = {
        "ours": partial(full.add, population, batch),
        BY_DICTIONARY: partial(naive.compete, held, genomes, batch),
    }
    works |= _of_peers(batch)
    seconds = medians(works, scope)
    milliseconds = {name: each * 1e3 for name, each in seconds.items()}
    step = Figure(
        f"archive step, {len(population)} x {cells}",
        milliseconds.pop("ours"),
        "ms",
        "one thread, children x cells, float32, no takeovers",
        lower_is_better=True,
    )
    yield from against(step, milliseconds, {BY_DICTIONARY: GOALS[cells]} if cells in GOALS else {})


def _of_peers(batch: FloatArray) -> dict[str, Work]:
    return pyribs.adding(batch) | qdax.adding(batch)
