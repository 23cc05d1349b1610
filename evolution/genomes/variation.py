"""Variation of genes in [0, 1]: polynomial mutation and simulated binary crossover.

These are the readable versions. The compiled kernels take the same draws from the same stream, so
every draw is one `rng.random()`: a double in [0, 1). Powers are built from elementary operations,
so the bits agree as well; see `elementary.py`.
"""

from collections.abc import Callable
from math import ceil, inf, log1p, sqrt
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from evolution.genomes import elementary
from evolution.genomes.elementary import Function
from evolution.genomes.rates import Sbx

Genes = NDArray[np.float32]
Doubles = NDArray[np.float64]

SAME_GENE = 2.0**-23  # genes that differ by no more count as equal: float32's epsilon, as published
UNWRITTEN_GENE = 0.5  # what the published code leaves in a child where the parents agree
LOWEST_EXPONENT = -700.0  # exp of less is nothing


class Library(NamedTuple):
    """What differs between NumPy and a compiler. where(condition, a, b): as usual."""

    where: Callable[[Any, Any, Any], Any]
    logarithm: Function
    exponential: Function
    compiled: Callable[[Any], Any]


class Distributions(NamedTuple):
    """How uniform draws in [0, 1) are turned into changes of genes; for numbers or arrays of them.

    gap(draw, scale): how many genes are left out before the next one that mutates.
        scale: log(1 - mutation rate).
    delta(draw, eta): the change of a gene, in [-1, 1], small ones more likely the larger eta is.
    spread(draw, room, distance, eta): SBX's spread factor. room: from the nearer parent to its
        bound; distance: of the parents.
    """

    gap: Callable[[Any, float], Any]
    delta: Callable[[Any, float], Any]
    spread: Callable[[Any, Any, Any, float], Any]


def build(library: Library) -> Distributions:
    where, logarithm, exponential, compiled = library

    def gap(draw: Any, scale: float) -> Any:
        # Gaps between successes of independent trials are geometric (Devroye 1986, Non-Uniform
        # Random Variate Generation, ch. X.2).
        return np.floor(logarithm(1.0 - draw) / scale)

    def delta(draw: Any, eta: float) -> Any:
        # Polynomial mutation (Deb & Deb 2014) without regard for bounds; the caller clips.
        # Source: fooling, gen/evo_float_image.hpp. E|delta| = 1 / (eta + 2).
        is_negative = draw < 0.5
        nearer = where(is_negative, draw, 1.0 - draw)
        change = exponential(logarithm(2.0 * nearer) / (eta + 1.0)) - 1.0
        return where(is_negative, change, -change)

    def spread(draw: Any, room: Any, distance: Any, eta: float) -> Any:
        # The bounded variant of Deb & Agrawal 1995, as in sferes2, gen/evo_float.hpp.
        exponent = -(eta + 1.0) * logarithm(1.0 + 2.0 * room / distance)
        share = draw * (
            2.0 - exponential(where(exponent > LOWEST_EXPONENT, exponent, LOWEST_EXPONENT))
        )
        base = where(share <= 1.0, share, 1.0 / (2.0 - share))
        return exponential(logarithm(base) / (eta + 1.0))

    return Distributions(compiled(gap), compiled(delta), compiled(spread))


gap, delta, spread = build(
    Library(
        np.where,
        elementary.NUMPY_LOGARITHM,
        elementary.NUMPY_EXPONENTIAL,
        elementary.interpreted,
    )
)


def clipped(gene: float) -> float:
    """Bring a gene back to [0, 1]."""
    return min(max(gene, 0.0), 1.0)


def log_of_keeping(rate: float) -> float:
    """Return log(1 - rate), the scale of the gaps between mutated genes."""
    return log1p(-rate) if rate < 1.0 else -inf


def draws_at_once(n_genes: int, rate: float) -> int:
    """Return how many gaps are drawn at once: nearly always enough for all genes."""
    expected = n_genes * rate
    return ceil(expected + 4 * sqrt(expected)) + 4


def mutate_genes(genes: Genes, rate: float, eta: float, rng: np.random.Generator) -> None:
    """Mutate each gene of a flat array, in place, with probability `rate`.

    Instead of a draw per gene, the gaps between mutated genes are drawn, then their changes; what
    is left when the end is reached is not used. Each gene still mutates independently with exactly
    this probability.
    """
    if rate == 0.0:
        return
    scale, n_draws = log_of_keeping(rate), draws_at_once(len(genes), rate)
    reached = -1
    while True:
        gap_draws, delta_draws = rng.random((2, n_draws))
        gaps = np.minimum(gap(gap_draws, scale), len(genes)).astype(np.int64)
        positions = reached + np.cumsum(gaps + 1)
        inside = positions < len(genes)
        mutated = genes[positions[inside]] + delta(delta_draws, eta)[inside]
        genes[positions[inside]] = np.clip(mutated, 0.0, 1.0)
        if not inside.all():
            return
        reached = positions[-1]


def sbx_pairs(a: Any, b: Any, draws: Any, eta: float) -> tuple[Doubles, Doubles]:
    """Return the lower and the upper child genes of parent genes that differ. All: doubles."""
    low, high = np.minimum(a, b), np.maximum(a, b)
    distance, total = high - low, low + high
    lower = 0.5 * (total - spread(draws, low, distance, eta) * distance)
    upper = 0.5 * (total + spread(draws, 1.0 - high, distance, eta) * distance)
    return np.clip(lower, 0.0, 1.0), np.clip(upper, 0.0, 1.0)


def cross_genes(a: Genes, b: Genes, sbx: Sbx, rng: np.random.Generator) -> tuple[Genes, Genes]:
    """Recombine every gene of two flat arrays: a draw spreads it, another one swaps the pair."""
    first, second = a.copy(), b.copy()
    genes_a, genes_b = a.astype(np.float64), b.astype(np.float64)
    differs = np.abs(genes_a - genes_b) > SAME_GENE
    if sbx.equal_genes == "half":
        first[~differs] = second[~differs] = UNWRITTEN_GENE
    spread_draws, swap_draws = rng.random((2, np.count_nonzero(differs)))
    lower, upper = sbx_pairs(genes_a[differs], genes_b[differs], spread_draws, sbx.eta)
    swapped = swap_draws < 0.5
    first[differs] = np.where(swapped, upper, lower)
    second[differs] = np.where(swapped, lower, upper)
    return first, second
