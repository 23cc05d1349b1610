"""Many CPPNs of any topology in padded arrays."""

from collections.abc import Iterable
from dataclasses import astuple, dataclass
from typing import ClassVar, Self

import numpy as np

from evolution.genomes.base import Expression, Flags, Indices
from evolution.genomes.cppn import CppnGenome
from evolution.genomes.kernels import cppn as kernel
from evolution.genomes.kernels.cppn import EDGES, NODES, Rows
from evolution.genomes.rates import CppnRates

SMALLEST_WIDTH = 32  # of a row; it doubles when a network outgrows it


@dataclass(eq=False)
class CppnPopulation:
    """rows: the networks; each as `CppnGenome` orders it, padded to the width of the arrays."""

    encoding: ClassVar[str] = "cppn"

    expression: Expression
    rows: Rows

    @classmethod
    def random(cls, n: int, rng: np.random.Generator, expression: Expression) -> Self:
        """Draw n networks, one after the other, as `CppnGenome.random` does."""
        return cls.of(CppnGenome.random(rng, expression) for _ in range(n))

    @classmethod
    def of(cls, genomes: Iterable[CppnGenome]) -> Self:
        """Pack networks that are expressed in the same way."""
        genomes = list(genomes)
        if len({genome.expression for genome in genomes}) != 1:
            raise ValueError("genomes must be at least one, and share their expression")
        widest = max(genome.n_nodes for genome in genomes), max(g.n_edges for g in genomes)
        rows = _empty_rows(len(genomes), *widest)
        for i, genome in enumerate(genomes):
            rows.counts[i] = genome.n_nodes, genome.n_edges
            rows.activations[i, : genome.n_nodes] = genome.activations
            rows.sources[i, : genome.n_edges] = genome.sources
            rows.targets[i, : genome.n_edges] = genome.targets
            rows.genes[i, : genome.n_edges] = genome.genes
        return cls(genomes[0].expression, rows)

    def __len__(self) -> int:
        return len(self.rows.counts)

    def __getitem__(self, index: int) -> CppnGenome:
        n_nodes, n_edges = self.rows.counts[index]
        return CppnGenome(
            self.expression,
            self.rows.activations[index, :n_nodes].copy(),
            self.rows.sources[index, :n_edges].copy(),
            self.rows.targets[index, :n_edges].copy(),
            self.rows.genes[index, :n_edges].copy(),
        )

    def take(self, indices: Indices) -> Self:
        return self._copies(indices, nodes=0, edges=0)

    def replace(self, positions: Indices, source: Self, indices: Indices) -> None:
        self._widen(source.rows.counts[indices])
        kernel.copy(source.rows, indices, self.rows, positions)

    def offspring(
        self,
        parents_a: Indices,
        parents_b: Indices,
        rng: np.random.Generator,
        rates: CppnRates,
    ) -> tuple[Self, Flags]:
        parents = np.stack([parents_a, parents_b], axis=1).ravel()
        children = self._copies(parents, nodes=1, edges=2)
        kernel_rates = kernel.Rates(*map(float, astuple(rates)))
        kernel.breed(children.rows, self.expression.n_outputs, kernel_rates, rng)
        return children, np.zeros(len(children), dtype=np.bool_)

    def _copies(self, indices: Indices, nodes: int, edges: int) -> Self:
        """Copy rows, with room for so many more nodes and edges."""
        counts = self.rows.counts[indices]
        widest = counts.max(axis=0, initial=0)
        rows = _empty_rows(len(indices), int(widest[NODES]) + nodes, int(widest[EDGES]) + edges)
        kernel.copy(self.rows, indices, rows, np.arange(len(indices)))
        return type(self)(self.expression, rows)

    def _widen(self, counts: np.ndarray[tuple[int, int], np.dtype[np.int32]]) -> None:
        """Make the rows wide enough for networks of so many nodes and edges."""
        widest = counts.max(axis=0, initial=0)
        n_nodes, n_edges = self.rows.activations.shape[1], self.rows.genes.shape[1]
        if widest[NODES] > n_nodes or widest[EDGES] > n_edges:
            wider = _empty_rows(
                len(self), max(n_nodes, int(widest[NODES])), max(n_edges, int(widest[EDGES]))
            )
            everyone = np.arange(len(self))
            kernel.copy(self.rows, everyone, wider, everyone)
            self.rows = wider


def _empty_rows(n: int, n_nodes: int, n_edges: int) -> Rows:
    """Make room for n networks; widths are rounded up to powers of two."""
    nodes, edges = _width(n_nodes), _width(n_edges)
    return Rows(
        np.zeros((n, 2), np.int32),
        np.zeros((n, nodes), np.uint8),
        np.zeros((n, edges), np.uint16),
        np.zeros((n, edges), np.uint16),
        np.zeros((n, edges), np.float32),
    )


def _width(needed: int) -> int:
    return max(SMALLEST_WIDTH, 1 << (needed - 1).bit_length())
