"""A stored run as a search that goes on: its elites and nothing else."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np

from classifiers import catalogue
from evolution.algorithms import presets, searching
from evolution.algorithms.base import Search
from evolution.archives import NOBODY
from evolution.errors import RunMoved
from evolution.genomes import codec
from evolution.genomes.base import BadGenome, Population
from evolution.models import Elite, Individual, Run
from evolution.services.ledger import Ledger
from evolution.services.portraits import Portraitist

GENOMES_AT_ONCE = 20  # read from the database


def restore(run: Run, preset: presets.Preset, portraitist: Portraitist) -> tuple[Search, Ledger]:
    """The search as its last commit left it, and its ledger. Raises BadGenome, RunMoved."""
    n_labels = len(catalogue.entry(run.classifier).targets)
    elites = list(run.elites.holders().order_by("cell"))
    if not elites:
        search = searching.search(preset, n_labels)
    else:
        search = searching.restore(
            preset,
            n_labels,
            _population(run, preset, elites),
            [elite.confidence for elite in elites],
            [NOBODY] * len(elites),  # the ledger knows them by numbers of its own
        )
    return search, Ledger(run, search.archive, elites, preset, portraitist)


def _population(run: Run, preset: presets.Preset, elites: Sequence[Elite]) -> Population:
    """The genomes of all who hold a cell, in the order of the elites.

    They are read once each and go straight to their rows, a few at a time: a thousand large ones
    fit into memory once, but perhaps not twice.
    """
    rows: dict[int, list[int]] = defaultdict(list)
    for row, elite in enumerate(elites):
        rows[elite.individual_id].append(row)
    population: Population | None = None
    for numbers, genomes in _genomes(run, sorted(rows)):
        some = searching.population_type(preset).of(genomes)
        if population is None:
            population = some.take(np.zeros(len(elites), np.int64))
        sources = [n for n, number in enumerate(numbers) for _ in rows[number]]
        targets = [row for number in numbers for row in rows[number]]
        population.replace(np.array(targets), some, np.array(sources))
    assert population is not None
    return population


def _genomes(run: Run, holders: Sequence[int]) -> Iterator[tuple[list[int], list[codec.AnyGenome]]]:
    """Individuals and their genomes, as many at once as are read at once."""
    for start in range(0, len(holders), GENOMES_AT_ONCE):
        some = Individual.objects.filter(pk__in=holders[start : start + GENOMES_AT_ONCE])
        numbers, genomes = [], []
        for number, content in some.values_list("pk", "genome"):
            try:
                genomes.append(codec.decode(bytes(content or b"")))
            except BadGenome:
                if _is_where_it_was(run):
                    raise
                # Another worker went on meanwhile, and with the last cell goes a large genome.
                raise RunMoved(f"run {run.pk} left generation {run.generation}") from None
            numbers.append(number)
        yield numbers, genomes


def _is_where_it_was(run: Run) -> bool:
    return Run.objects.active().filter(pk=run.pk, generation=run.generation).exists()
