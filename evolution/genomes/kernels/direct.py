"""Crossover and mutation of directly encoded populations, compiled; see `variation.py`."""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from evolution.genomes.kernels.distributions import clipped, delta, gap, spread
from evolution.genomes.kernels.primitives import inlined
from evolution.genomes.variation import SAME_GENE, UNWRITTEN_GENE

Genes = NDArray[np.float32]
Doubles = NDArray[np.float64]


class Rates(NamedTuple):
    """The numbers that the kernel reads; scale is log(1 - mutation rate), -inf for rate 1."""

    scale: float
    n_draws: int
    eta: float
    cross_rate: float
    cross_eta: float
    halves_equal_genes: bool


class Scratch(NamedTuple):
    """Room for the genes of a pair that differ: where they are, both values, and two draws each."""

    places: NDArray[np.int64]
    low: Doubles
    high: Doubles
    spread_draws: Doubles
    swap_draws: Doubles


@inlined
def _room(n_genes: int) -> Scratch:
    return Scratch(
        np.empty(n_genes, np.int64),
        np.empty(n_genes),
        np.empty(n_genes),
        np.empty(n_genes),
        np.empty(n_genes),
    )


@inlined
def _draw(draws: Doubles, n: int, rng: np.random.Generator) -> None:
    for i in range(n):
        draws[i] = rng.random()


@inlined
def _gather(a: Genes, b: Genes, children: Genes, rates: Rates, scratch: Scratch) -> int:
    """Find the genes that differ and settle those that do not; return how many differ."""
    n = 0
    for i in range(len(a)):
        gene_a, gene_b = np.float64(a[i]), np.float64(b[i])
        if abs(gene_a - gene_b) <= SAME_GENE:
            children[0, i] = UNWRITTEN_GENE if rates.halves_equal_genes else a[i]
            children[1, i] = UNWRITTEN_GENE if rates.halves_equal_genes else b[i]
            continue
        scratch.places[n] = i
        scratch.low[n], scratch.high[n] = min(gene_a, gene_b), max(gene_a, gene_b)
        n += 1
    return n


@inlined
def _spread_apart(n: int, eta: float, scratch: Scratch) -> None:
    """Replace the lower and the higher gene of the parents by those of the children."""
    low, high, draws = scratch.low, scratch.high, scratch.spread_draws
    for i in range(n):
        distance, total = high[i] - low[i], low[i] + high[i]
        lower = 0.5 * (total - spread(draws[i], low[i], distance, eta) * distance)
        upper = 0.5 * (total + spread(draws[i], 1.0 - high[i], distance, eta) * distance)
        low[i], high[i] = lower, upper


@inlined
def _cross(a: Genes, b: Genes, children: Genes, rates: Rates, rng: np.random.Generator) -> None:
    scratch = _room(len(a))
    n = _gather(a, b, children, rates, scratch)
    _draw(scratch.spread_draws, n, rng)
    _draw(scratch.swap_draws, n, rng)
    _spread_apart(n, rates.cross_eta, scratch)
    for i in range(n):
        first = 1 if scratch.swap_draws[i] < 0.5 else 0
        children[first, scratch.places[i]] = clipped(scratch.low[i])
        children[1 - first, scratch.places[i]] = clipped(scratch.high[i])


@inlined
def _mutate(genes: Genes, rates: Rates, draws: Doubles, rng: np.random.Generator) -> None:
    """draws: (2, n_draws) room: for gaps, then changes."""
    if rates.scale == 0.0:
        return
    gaps, changes = draws[0], draws[1]
    position = -1
    while True:
        _draw(gaps, len(gaps), rng)
        _draw(changes, len(changes), rng)
        for i in range(len(gaps)):
            gaps[i] = gap(gaps[i], rates.scale)
        for i in range(len(changes)):
            changes[i] = delta(changes[i], rates.eta)
        for i in range(len(gaps)):
            if gaps[i] >= len(genes) - 1 - position:
                return
            position += int(gaps[i]) + 1
            genes[position] = clipped(np.float64(genes[position]) + changes[i])


@njit(cache=True, nogil=True, error_model="numpy")
def breed(
    parents: Genes, pairs: NDArray[np.int64], rates: Rates, rng: np.random.Generator
) -> tuple[Genes, NDArray[np.bool_]]:
    """Return (2P, n_genes) children of (P, 2) rows of parents, and which were recombined."""
    children = np.empty((2 * len(pairs), parents.shape[1]), dtype=np.float32)
    recombined = np.zeros(len(children), dtype=np.bool_)
    draws = np.empty((2, rates.n_draws))
    for k in range(len(pairs)):
        a, b = parents[pairs[k, 0]], parents[pairs[k, 1]]
        if rates.cross_rate >= 0.0 and rng.random() < rates.cross_rate:
            _cross(a, b, children[2 * k : 2 * k + 2], rates, rng)
            recombined[2 * k : 2 * k + 2] = True
        else:
            children[2 * k], children[2 * k + 1] = a, b
        _mutate(children[2 * k], rates, draws, rng)
        _mutate(children[2 * k + 1], rates, draws, rng)
    return children, recombined
