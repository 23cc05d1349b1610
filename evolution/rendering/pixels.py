"""Draw populations of directly encoded genomes: only NumPy, there is nothing to interpret."""

import numpy as np
from numpy.typing import NDArray

from evolution.genomes.colours import displayed
from evolution.genomes.direct_population import DirectPopulation
from evolution.phenotypes import check_size, resized, to_bytes


def express_pixels(population: DirectPopulation, size: int) -> NDArray[np.float32]:
    """Draw (B, size, size, C) float32 pictures, C = 1 or 3; every value is k / 255."""
    check_size(size)
    images = displayed(to_bytes(population.genes), population.colour)
    if images.shape[1] != size:
        images = np.stack([resized(image, size) for image in images])
    return images.astype(np.float32) / np.float32(255)
