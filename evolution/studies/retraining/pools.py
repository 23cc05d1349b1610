"""The pictures of finished runs that teach a network what fooling is."""

from collections.abc import Iterator, Sequence

import numpy as np
from django.db.models import Q

from evolution.errors import InvalidInput
from evolution.genomes import codec
from evolution.genomes.base import BadGenome
from evolution.genomes.cppn import CppnGenome
from evolution.models import Individual, Run
from evolution.phenotypes import Picture
from evolution.studies.base import Beat

FIRST = 1  # generation: the authors' first dump comes after the first batch of children
AT_ONCE = 50  # pictures that are drawn between two beats
ARCHIVES = 2  # of a run that give pictures: the first and the final one


def holders(run_id: int, generation: int | None = None) -> list[int]:
    """Individuals that held the cells of a run after a generation, by cell; of None, at the end.

    Whoever held several cells comes several times.
    """
    elites = Run.objects.get(pk=run_id).elites.all()
    if generation is None:
        elites = elites.holders()
    else:
        still = Q(until_generation__isnull=True) | Q(until_generation__gt=generation)
        elites = elites.filter(still, since_generation__lte=generation)
    return list(elites.order_by("cell").values_list("individual", flat=True))


def of_runs(runs: Sequence[int], beat: Beat) -> tuple[list[int], list[int]]:
    """Individuals of the first archives, and of the final ones."""
    first: list[int] = []
    final: list[int] = []
    for run_id in runs:
        first += holders(run_id, FIRST)
        final += holders(run_id)
        beat()
    return first, final


def sampled(
    first: Sequence[int], final: Sequence[int], counts: tuple[int, int], seed: int
) -> tuple[list[int], list[int]]:
    """Draw individuals of both pools, half and half, each place once: to learn from, and to validate.

    Of an odd number the larger half is of final archives. Raises InvalidInput.
    """
    rng = np.random.default_rng([seed, FIRST])
    train, validation = counts
    halves = [
        (first, train // 2, validation // 2),
        (final, train - train // 2, validation - validation // 2),
    ]
    learnt: list[int] = []
    kept: list[int] = []
    for pool, some, others in halves:
        if some + others > len(pool):
            raise InvalidInput("runs", f"expected {some + others:,} pictures, got {len(pool):,}")
        order = [pool[place] for place in rng.permutation(len(pool))]
        learnt += order[:some]
        kept += order[some : some + others]
    return learnt, kept


def drawn(individuals: Sequence[int], size: int, beat: Beat) -> Iterator[Picture]:
    """Draw CPPNs, some at once: (N, size, size, C) bytes. Raises InvalidInput, BadGenome."""
    from evolution.genomes.cppn_population import CppnPopulation  # the kernels, as the renderer
    from evolution.rendering import renderer

    draws = renderer("cpu")
    for start in range(0, len(individuals), AT_ONCE):
        some = individuals[start : start + AT_ONCE]
        population = CppnPopulation.of([_decoded(genome) for genome in _genomes(some)])
        beat()
        yield draws.express(population, size)


def pictures(individuals: Sequence[int], size: int, beat: Beat) -> Picture:
    """Draw each individual once: (len(individuals), size, size, C) bytes, in their order."""
    different, places = np.unique(np.array(individuals, np.int64), return_inverse=True)
    images = np.concatenate(list(drawn(different.tolist(), size, beat)))
    found: Picture = images[places]
    return found


def _genomes(individuals: Sequence[int]) -> list[bytes]:
    stored = Individual.objects.drawable().filter(pk__in=individuals)
    genomes = dict(stored.values_list("pk", "genome"))
    for number in individuals:
        if number not in genomes:
            raise InvalidInput("runs", f"expected a kept genome of No. {number}, got none")
    return [bytes(genomes[number] or b"") for number in individuals]


def _decoded(content: bytes) -> CppnGenome:
    genome = codec.decode(content)
    if not isinstance(genome, CppnGenome):
        raise BadGenome(f"expected a CPPN, got a genome of the encoding {genome.encoding}")
    return genome
