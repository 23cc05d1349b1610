"""How pictures look at a glance: what keeps a brood from being dull.

A picture is looked at small and a little blurred. The thresholds come from looking at broods, see
docs/breeding.md.
"""

import numpy as np
from numpy.typing import NDArray

from evolution.genomes.direct import DirectGenome
from evolution.genomes.fields import Network
from evolution.phenotypes import Picture, express

SIDE = 24  # pixels at which candidates are drawn
BLOCK = 2  # pixels a side that are averaged
PLAIN = 0.04  # spread below which there is nothing to see
DULL = 0.1  # spread below which there is too little for a first brood
# Distances, for the weakest and the strongest variation. Unrelated pictures are 0.42 apart.
ALIKE = (0.04, 0.1)  # below, two pictures are hard to tell apart
FAR = (0.15, 0.6)  # above, a child is no variation of its parent

Look = NDArray[np.float64]


def look(genome: Network | DirectGenome) -> Look:
    """Return how a genome looks: (pixels, channels), 0 to 1."""
    return look_of(express(genome, SIDE))


def look_of(picture: Picture) -> Look:
    """Return how an (N, N, C) picture looks, N even. Grey is red, green and blue alike."""
    n = len(picture) // BLOCK
    blocks = picture.reshape(n, BLOCK, n, BLOCK, -1).sum(axis=(1, 3), dtype=np.int64)
    seen = blocks.reshape(n * n, -1) / (255.0 * BLOCK * BLOCK)
    return np.broadcast_to(seen, (n * n, 3))


def spread(seen: Look) -> float:
    """Return how much there is to see: the root of the mean variance of the channels."""
    return float(np.sqrt(seen.var(axis=0).mean()))


def distance(seen: Look, others: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the root mean squares of the differences to each of (n, pixels, channels)."""
    differences = others - seen
    squares: NDArray[np.float64] = (differences * differences).mean(axis=(1, 2))
    return np.sqrt(squares)
