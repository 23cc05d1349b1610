"""Crossover and mutation of directly encoded populations, compiled; see `variation.py`."""

from math import log
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from evolution.genomes import variation
from evolution.genomes.variation import SAME_GENE, UNWRITTEN_GENE

_polynomial_delta = njit(variation.polynomial_delta)
_clipped = njit(variation.clipped)
_spread = njit(variation.spread)


class Rates(NamedTuple):
    """The numbers that the kernel reads; scale is log(1 - mutation rate), -inf for rate 1."""

    scale: float
    eta: float
    cross_rate: float
    cross_eta: float
    halves_equal_genes: bool


@njit
def _cross(
    a: NDArray[np.float32],
    b: NDArray[np.float32],
    children: NDArray[np.float32],
    rates: Rates,
    rng: np.random.Generator,
) -> None:
    for i in range(len(a)):
        gene_a, gene_b = np.float64(a[i]), np.float64(b[i])
        if abs(gene_a - gene_b) <= SAME_GENE:
            children[0, i] = UNWRITTEN_GENE if rates.halves_equal_genes else gene_a
            children[1, i] = UNWRITTEN_GENE if rates.halves_equal_genes else gene_b
            continue
        draw = rng.random()
        low, high = min(gene_a, gene_b), max(gene_a, gene_b)
        gap = high - low
        lower = 0.5 * ((low + high) - _spread(draw, low, gap, rates.cross_eta) * gap)
        upper = 0.5 * ((low + high) + _spread(draw, 1.0 - high, gap, rates.cross_eta) * gap)
        first = 0 if rng.random() < 0.5 else 1
        children[first, i] = _clipped(lower)
        children[1 - first, i] = _clipped(upper)


@njit
def _mutate(genes: NDArray[np.float32], rates: Rates, rng: np.random.Generator) -> None:
    if rates.scale == 0.0:
        return
    position = 0
    while position < len(genes):
        gap = log(1.0 - rng.random()) / rates.scale
        if gap >= len(genes) - position:
            return
        position += int(gap)
        delta = _polynomial_delta(rng.random(), rates.eta)
        genes[position] = _clipped(np.float64(genes[position]) + delta)
        position += 1


@njit(cache=True, nogil=True)
def breed(
    parents: NDArray[np.float32],
    pairs: NDArray[np.int64],
    rates: Rates,
    rng: np.random.Generator,
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Return (2P, n_genes) children of (P, 2) rows of parents, and which were recombined."""
    children = np.empty((2 * len(pairs), parents.shape[1]), dtype=np.float32)
    recombined = np.zeros(len(children), dtype=np.bool_)
    for k in range(len(pairs)):
        a, b = parents[pairs[k, 0]], parents[pairs[k, 1]]
        if rates.cross_rate >= 0.0 and rng.random() < rates.cross_rate:
            _cross(a, b, children[2 * k : 2 * k + 2], rates, rng)
            recombined[2 * k : 2 * k + 2] = True
        else:
            children[2 * k], children[2 * k + 1] = a, b
        _mutate(children[2 * k], rates, rng)
        _mutate(children[2 * k + 1], rates, rng)
    return children, recombined
