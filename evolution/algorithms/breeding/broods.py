"""Broods of chosen parents: kept ones first, then children in fair shares."""

from collections.abc import Callable, Sequence

import numpy as np

from evolution.algorithms.breeding.places import Bred, Child, Company
from evolution.algorithms.breeding.settings import BreedingSettings
from evolution.genomes.codec import AnyGenome
from evolution.genomes.direct import DirectGenome
from evolution.genomes.innovations import Innovations
from evolution.genomes.neat import NeatGenome
from evolution.genomes.neat_crossing import EVEN, alike, crossed
from evolution.genomes.neat_variation import mutated

GRAFT = 0.5  # chance that a child of two networks has what only the mate has, too


def next_brood(
    parents: Sequence[AnyGenome],
    rng: np.random.Generator,
    settings: BreedingSettings,
    branch: int,
    first_id: int = 0,
) -> list[Child]:
    """Breed `settings.tiles` pictures. The same arguments give the same brood, on any machine.

    parents: networks with historical markings, or directly encoded pictures; a mate is always of
        the parent's kind. If they are kept, they come first, but never take more than half the
        places. Every parent has as many children as the others, or one more.
    branch, first_id: of new marks, see `Innovations`.
    Raises ValueError without parents or with one that cannot be bred.
    """
    known = _breedable(parents)
    networks = [parent for parent in known if isinstance(parent, NeatGenome)]
    nursery = _Nursery(known, rng, settings, Innovations(branch, networks, first_id))
    company = Company(settings, known)
    n_kept = min(len(known), settings.tiles // 2) if settings.keep_parents else 0
    kept = [Child(parent, number, None, kept=True) for number, parent in enumerate(known[:n_kept])]
    order = nursery.fair_order(settings.tiles - n_kept)
    return kept + [company.choose(nursery.conceiving(number)) for number in order]


def lone_brood(genome: Bred) -> list[Child]:
    """Return the brood with which a session of an imported picture begins: that picture."""
    return [Child(genome, None, None, kept=True)]


class _Nursery:
    """Makes children of these parents."""

    def __init__(
        self,
        parents: Sequence[Bred],
        rng: np.random.Generator,
        settings: BreedingSettings,
        innovations: Innovations,
    ) -> None:
        self._parents, self._rng, self._settings = parents, rng, settings
        self._innovations = innovations
        self._mates = [
            [
                number
                for number, other in enumerate(parents)
                if other is not one and _match(one, other)
            ]
            for one in parents
        ]

    def fair_order(self, n_children: int) -> list[int]:
        """Return whose child comes when: round after round, so shares differ by one at most."""
        n = len(self._parents)
        return [number % n for number in range(n_children)]

    def conceiving(self, parent: int) -> Callable[[float], Child]:
        """Return what makes a child of this parent, the bolder the larger its argument."""

        def conceive(boldness: float) -> Child:
            mate = self._mate_of(parent)
            genome = self._parents[parent]
            if isinstance(genome, DirectGenome):
                return Child(self._direct(genome, mate), parent, mate, kept=False)
            return Child(self._network(genome, mate, boldness), parent, mate, kept=False)

        return conceive

    def _mate_of(self, parent: int) -> int | None:
        mates = self._mates[parent]
        if not mates or self._rng.random() >= self._settings.crossover:
            return None
        return mates[int(self._rng.random() * len(mates))]

    def _network(self, genome: NeatGenome, mate: int | None, boldness: float) -> NeatGenome:
        scope = self._settings.scope
        other = None if mate is None else self._parents[mate]
        if isinstance(other, NeatGenome):
            genome = crossed(genome, other, self._rng, scope, GRAFT)
        rates = self._settings.neat_rates(boldness)
        return mutated(genome, self._rng, rates, scope, self._innovations)

    def _direct(self, genome: DirectGenome, mate: int | None) -> DirectGenome:
        other = None if mate is None else self._parents[mate]
        if isinstance(other, DirectGenome):
            theirs = self._rng.random(genome.genes.shape) < EVEN
            genome = DirectGenome(np.where(theirs, other.genes, genome.genes), genome.colour)
        return genome.mutated(self._rng, self._settings.direct_rates)


def _breedable(parents: Sequence[AnyGenome]) -> list[Bred]:
    if not parents:
        raise ValueError("parents must be at least one genome")
    for parent in parents:
        if not isinstance(parent, Bred):
            raise ValueError(
                "parents must be networks with historical markings (NeatGenome.of) or directly "
                f"encoded pictures, not {type(parent).__name__}"
            )
    return [parent for parent in parents if isinstance(parent, Bred)]


def _match(one: Bred, other: Bred) -> bool:
    """Tell whether two parents can have a child together."""
    if isinstance(one, NeatGenome):
        return isinstance(other, NeatGenome) and alike(one, other)
    return isinstance(other, DirectGenome) and (one.genes.shape, one.colour) == (
        other.genes.shape,
        other.colour,
    )
