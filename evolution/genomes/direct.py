"""The direct encoding: one gene for every pixel and channel."""

from dataclasses import dataclass
from typing import ClassVar, Self, get_args

import numpy as np
from numpy.typing import NDArray

from evolution.genomes.base import BadGenome, Colour, channels
from evolution.genomes.rates import DirectRates
from evolution.genomes.variation import cross_genes, mutate_genes

MAX_SIDE = 512  # pixels: what a decoder accepts; the paper's largest genome has 256


@dataclass(frozen=True, eq=False)
class DirectGenome:
    """genes: (N, N, C) float32 in [0, 1], read-only; a byte of the picture is trunc(gene * 255).

    Source: Nguyen, Yosinski & Clune 2015, §2.2; fooling, phen/phen_grayscale_image_direct.hpp.
    """

    encoding: ClassVar[str] = "direct"

    genes: NDArray[np.float32]
    colour: Colour = "grey"

    def __post_init__(self) -> None:
        if self.colour not in get_args(Colour):
            raise BadGenome(f"colour must be grey, hsv or hls, not {self.colour!r}")
        shape = self.genes.shape
        if len(shape) != 3 or shape[2] != channels(self.colour):
            raise BadGenome(f"genes must be (N, N, {channels(self.colour)}), not {shape}")
        if shape[0] != shape[1] or not 1 <= shape[0] <= MAX_SIDE:
            raise BadGenome(f"genes must be a square of 1..{MAX_SIDE} pixels, not {shape}")
        if self.genes.dtype != np.float32:
            raise BadGenome(f"genes must be float32, not {self.genes.dtype}")
        if not ((self.genes >= 0) & (self.genes <= 1)).all():
            raise BadGenome("genes must lie in 0..1")
        self.genes.flags.writeable = False

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, DirectGenome):
            return NotImplemented
        return self.colour == other.colour and np.array_equal(self.genes, other.genes)

    def __hash__(self) -> int:
        return hash((self.colour, self.genes.tobytes()))

    @classmethod
    def random(cls, rng: np.random.Generator, side: int, colour: Colour = "grey") -> Self:
        """Draw every gene uniformly in [0, 1]. side: of the square picture, in pixels."""
        genes = rng.random((side, side, channels(colour)))
        return cls(genes.astype(np.float32), colour)

    def mutated(self, rng: np.random.Generator, rates: DirectRates) -> Self:
        genes = self.genes.ravel().copy()
        mutate_genes(genes, rates.mutation, rates.eta, rng)
        return type(self)(genes.reshape(self.genes.shape), self.colour)

    def crossed(
        self, other: Self, rng: np.random.Generator, rates: DirectRates
    ) -> tuple[Self, Self] | None:
        """Recombine by SBX; None when this pair, or any pair at these rates, is not recombined.

        Unlike the published code no coin decides which child is called the first: the first stems
        from this genome, so recorded parents are the true ones.
        """
        if rates.crossover is None or rng.random() >= rates.crossover.rate:
            return None
        genes = cross_genes(self.genes.ravel(), other.genes.ravel(), rates.crossover, rng)
        first, second = (
            type(self)(child.reshape(self.genes.shape), self.colour) for child in genes
        )
        return first, second
