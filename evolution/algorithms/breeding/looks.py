"""How pictures look at a glance: what keeps a brood from being dull.

A picture is looked at small and a little blurred. The thresholds come from looking at broods, see
docs/breeding.md.
"""

import numpy as np
from numpy.typing import NDArray

from evolution.genomes.codec import AnyGenome
from evolution.phenotypes import Picture, express

SIDE = 24  # pixels at which candidates are drawn
BLOCK = 2  # pixels a side that are averaged
PLAIN = 0.04  # spread below which there is nothing to see
DULL = 0.1  # spread below which there is too little for a first brood
# Distances, for the weakest and the strongest variation. Unrelated pictures are 0.42 apart.
ALIKE = (0.04, 0.1)  # below, two pictures are hard to tell apart
FAR = (0.15, 0.6)  # above, a child is no variation of its parent

Look = NDArray[np.int64]
WHITE = 255 * BLOCK * BLOCK  # what a block of white pixels sums up to


def look(genome: AnyGenome) -> Look:
    """Return how a genome looks: see `look_of`."""
    return look_of(express(genome, SIDE))


def look_of(picture: Picture) -> Look:
    """Return how an (N, N, C) picture looks, N even: (blocks, 3) sums of bytes.

    Grey is red, green and blue alike. Whole numbers: whoever compares them gets the same result on
    every machine.
    """
    n = len(picture) // BLOCK
    blocks = picture.reshape(n, BLOCK, n, BLOCK, -1).sum(axis=(1, 3), dtype=np.int64)
    return np.broadcast_to(blocks.reshape(n * n, -1), (n * n, 3))


def spread(seen: Look) -> float:
    """Return how much there is to see, 0 to 0.5: the root of the channels' mean variance."""
    n = len(seen)
    variances = n * (seen * seen).sum(axis=0) - seen.sum(axis=0) ** 2
    return float(np.sqrt(variances.sum() / (3 * n * n))) / WHITE


def distance(seen: Look, others: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the root mean square of the differences to each of (n, blocks, 3), 0 to 1."""
    differences = others - seen
    squares: NDArray[np.int64] = (differences * differences).sum(axis=(1, 2))
    return np.sqrt(squares / seen.size) / WHITE
