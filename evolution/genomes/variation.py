"""Variation of genes in [0, 1]: polynomial mutation and simulated binary crossover.

These are the readable versions. The compiled kernels take the same draws from the same stream, so
every draw is one `rng.random()`: a double in [0, 1).
"""

from math import inf, log, log1p

import numpy as np
from numpy.typing import NDArray

from evolution.genomes.rates import Sbx

Genes = NDArray[np.float32]

SAME_GENE = 2.0**-23  # genes that differ by no more count as equal: float32's epsilon, as published
UNWRITTEN_GENE = 0.5  # what the published code leaves in a child where the parents agree


def polynomial_delta(draw: float, eta: float) -> float:
    """Turn a uniform draw into a change in [-1, 1], small ones more likely the larger eta is.

    Polynomial mutation (Deb & Deb 2014) without regard for bounds; the caller clips.
    Source: fooling, gen/evo_float_image.hpp. E|delta| = 1 / (eta + 2).
    """
    if draw < 0.5:
        return float((2.0 * draw) ** (1.0 / (eta + 1.0)) - 1.0)
    return float(1.0 - (2.0 * (1.0 - draw)) ** (1.0 / (eta + 1.0)))


def clipped(gene: float) -> float:
    """Bring a gene back to [0, 1]."""
    return min(max(gene, 0.0), 1.0)


def log_of_keeping(rate: float) -> float:
    """Return log(1 - rate), the scale of the gaps between mutated genes."""
    return log1p(-rate) if rate < 1.0 else -inf


def mutate_genes(genes: Genes, rate: float, eta: float, rng: np.random.Generator) -> None:
    """Mutate each gene of a flat array, in place, with probability `rate`.

    Instead of a draw per gene, the gap to the next mutated gene is drawn. Gaps between successes
    of independent trials are geometric, floor(log(U) / log(1 - rate)), so each gene still mutates
    independently with exactly this probability (Devroye 1986, Non-Uniform Random Variate
    Generation, ch. X.2).
    """
    if rate == 0.0:
        return
    scale = log_of_keeping(rate)
    position = 0
    while True:
        gap = log(1.0 - rng.random()) / scale
        if gap >= len(genes) - position:
            return
        position += int(gap)
        delta = polynomial_delta(rng.random(), eta)
        genes[position] = clipped(float(genes[position]) + delta)
        position += 1
        if position == len(genes):
            return


def spread(draw: float, room: float, gap: float, eta: float) -> float:
    """Return SBX's spread factor. room: from the nearer parent to its bound; gap: of the parents.

    The bounded variant of Deb & Agrawal 1995, as in sferes2, gen/evo_float.hpp.
    """
    beta = 1.0 + 2.0 * room / gap
    alpha = 2.0 - beta ** -(eta + 1.0)
    if draw <= 1.0 / alpha:
        return float((draw * alpha) ** (1.0 / (eta + 1.0)))
    return float((1.0 / (2.0 - draw * alpha)) ** (1.0 / (eta + 1.0)))


def sbx_pair(gene_a: float, gene_b: float, draw: float, eta: float) -> tuple[float, float]:
    """Return the lower and the upper child gene of two different parent genes."""
    low, high = min(gene_a, gene_b), max(gene_a, gene_b)
    gap = high - low
    lower = 0.5 * ((low + high) - spread(draw, low, gap, eta) * gap)
    upper = 0.5 * ((low + high) + spread(draw, 1.0 - high, gap, eta) * gap)
    return clipped(lower), clipped(upper)


def cross_genes(a: Genes, b: Genes, sbx: Sbx, rng: np.random.Generator) -> tuple[Genes, Genes]:
    """Recombine every gene of two flat arrays: one draw spreads it, a second one swaps the pair."""
    first, second = a.copy(), b.copy()
    for i in range(len(a)):
        if abs(float(a[i]) - float(b[i])) <= SAME_GENE:
            if sbx.equal_genes == "half":
                first[i] = second[i] = UNWRITTEN_GENE
            continue
        lower, upper = sbx_pair(float(a[i]), float(b[i]), rng.random(), sbx.eta)
        first[i], second[i] = (lower, upper) if rng.random() < 0.5 else (upper, lower)
    return first, second
