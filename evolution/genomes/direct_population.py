"""Many directly encoded genomes in one array."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from evolution.genomes.base import Colour, Flags, Indices, channels
from evolution.genomes.direct import DirectGenome
from evolution.genomes.kernels import direct as kernel
from evolution.genomes.rates import DirectRates
from evolution.genomes.variation import draws_at_once, log_of_keeping

NO_CROSSOVER = -1.0  # as a rate: not even a draw is made


@dataclass(eq=False)
class DirectPopulation:
    """genes: (B, H, W, C) float32 in [0, 1]."""

    encoding: ClassVar[str] = "direct"

    genes: NDArray[np.float32]
    colour: Colour = "grey"

    @classmethod
    def random(cls, n: int, rng: np.random.Generator, side: int, colour: Colour = "grey") -> Self:
        """Draw n square genomes, one after the other, as `DirectGenome.random` does."""
        genes = rng.random((n, side, side, channels(colour)))
        return cls(genes.astype(np.float32), colour)

    @classmethod
    def of(cls, genomes: Iterable[DirectGenome]) -> Self:
        """Stack genomes of one shape and colour."""
        genomes = list(genomes)
        if len({(genome.genes.shape, genome.colour) for genome in genomes}) != 1:
            raise ValueError("genomes must be at least one, and share their shape and colour")
        return cls(np.stack([genome.genes for genome in genomes]), genomes[0].colour)

    def __len__(self) -> int:
        return len(self.genes)

    def __getitem__(self, index: int) -> DirectGenome:
        return DirectGenome(self.genes[index].copy(), self.colour)

    def take(self, indices: Indices) -> Self:
        return type(self)(self.genes[indices], self.colour)

    def replace(self, positions: Indices, source: Self, indices: Indices) -> None:
        for position, index in zip(positions, indices, strict=True):  # no copy of all of them
            self.genes[position] = source.genes[index]

    def offspring(
        self,
        parents_a: Indices,
        parents_b: Indices,
        rng: np.random.Generator,
        rates: DirectRates,
    ) -> tuple[Self, Flags]:
        pairs = np.stack([parents_a, parents_b], axis=1)
        flat = self.genes.reshape(len(self), -1)
        children, recombined = kernel.breed(flat, pairs, _kernel_rates(rates, flat.shape[1]), rng)
        return type(self)(children.reshape(-1, *self.genes.shape[1:]), self.colour), recombined


def _kernel_rates(rates: DirectRates, n_genes: int) -> kernel.Rates:
    sbx = rates.crossover
    return kernel.Rates(
        scale=log_of_keeping(rates.mutation),
        n_draws=draws_at_once(n_genes, rates.mutation),
        eta=float(rates.eta),
        cross_rate=NO_CROSSOVER if sbx is None else float(sbx.rate),
        cross_eta=0.0 if sbx is None else float(sbx.eta),
        halves_equal_genes=sbx is not None and sbx.equal_genes == "half",
    )
