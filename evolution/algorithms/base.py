"""What every search offers: ask for genomes, tell how confident the classifier was."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from evolution.archives import NOBODY, Archive, Takeovers
from evolution.genomes.base import Indices, Population
from evolution.genomes.rates import Rates

RandomGenomes: TypeAlias = Callable[[int, np.random.Generator], Population]


@dataclass(frozen=True)
class Offspring:
    """One generation, to be judged: the random first one or a batch of children.

    parents, mates: (len(genomes),) cells that the parents held when they were drawn. The parent is
        where the genome truly stems from; the mate gave genes by crossover. NOBODY: there is none.
    parent_holders, mate_holders: what `Archive.holders` said of those cells.
    """

    generation: int
    genomes: Population
    parents: Indices
    mates: Indices
    parent_holders: Indices
    mate_holders: Indices

    def __len__(self) -> int:
        return len(self.genomes)


class Search(Protocol):
    """A search owns no evaluation, no storage and no random numbers: they are its caller's."""

    archive: Archive

    def ask(self, rng: np.random.Generator, generation: int) -> Offspring:
        """Return the genomes of a generation. Generation 0 is random and needs an empty archive."""
        ...

    def tell(self, offspring: Offspring, confidences: NDArray[np.floating]) -> Takeovers:
        """Let the offspring that were asked for last compete. confidences: (B, n_labels)."""
        ...


class Turn:
    """Holds ask and tell in their order: one ask, then one tell of what it returned."""

    def __init__(self) -> None:
        self._pending: Offspring | None = None

    def check_ask(self, generation: int, archive: Archive) -> None:
        if self._pending is not None:
            raise RuntimeError(
                f"ask was called for generation {generation} before generation "
                f"{self._pending.generation} was told"
            )
        if archive.is_empty != (generation == 0):
            state = "empty" if archive.is_empty else "filled"
            raise ValueError(
                f"generation {generation} cannot be asked of an archive that is {state}"
            )

    def asked(self, offspring: Offspring) -> Offspring:
        self._pending = offspring
        return offspring

    def check_tell(self, offspring: Offspring, confidences: NDArray[np.floating]) -> None:
        if offspring is not self._pending:
            raise RuntimeError("tell expects the offspring that the last ask returned")
        if confidences.ndim != 2 or len(confidences) != len(offspring):
            raise ValueError(
                f"confidences must have one row for each of {len(offspring)} genomes, "
                f"but have shape {confidences.shape}"
            )

    def told(self) -> None:
        self._pending = None


def first_generation(genomes: Population) -> Offspring:
    """Wrap random genomes, which have no parents."""
    nobody = np.full(len(genomes), NOBODY, dtype=np.int64)
    return Offspring(0, genomes, nobody, nobody, nobody, nobody)


def next_generation(
    archive: Archive, pairs: Indices, rng: np.random.Generator, rates: Rates, generation: int
) -> Offspring:
    """Cross and mutate the elites of paired cells. pairs: (P, 2) cells; 2P children."""
    genomes, recombined = archive.elites.offspring(pairs[:, 0], pairs[:, 1], rng, rates)
    parents = pairs.ravel()
    mates = np.where(recombined, pairs[:, ::-1].ravel(), NOBODY)
    return Offspring(
        generation,
        genomes,
        parents,
        mates,
        archive.holders_of(parents),
        archive.holders_of(mates),
    )
