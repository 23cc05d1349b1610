"""How far pictures are from those of float64 with the library's sine, raw coordinates included.

Every renderer draws the bits of `phenotypes.py`, so its outputs are compared, before they become
bytes.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from evolution import phenotypes
from evolution.benchmarks.baselines import arrays
from evolution.benchmarks.figure import Figure, Goal
from evolution.benchmarks.interleaved import Scope
from evolution.benchmarks.populations import networks
from evolution.genomes.base import Coordinates
from evolution.genomes.cppn import CppnGenome

STEP = 1 / 255
SMALL = Goal(STEP, 1e-4)
SIZE, MOST_GENOMES = 256, 40
COORDINATES: tuple[Coordinates, ...] = ("normalised", "raw")


def accuracy(scope: Scope) -> Iterator[Figure]:
    """Compare whole pictures of networks of 3 to 40 hidden nodes."""
    for coordinates in COORDINATES:
        count = min(scope.genomes, MOST_GENOMES)
        population = networks(count, np.random.default_rng(0), coordinates=coordinates)
        differences = np.stack([_difference(population[i]) for i in range(count)])
        worst = differences.reshape(count, -1).max(axis=1)
        yield Figure(
            f"largest difference to float64, {coordinates} coordinates",
            float(worst.max()),
            "of 1",
            f"{count} networks, {SIZE} px grey; the median network's {np.median(worst):.1g}; "
            f"{100 * (differences > STEP).mean():.2g}% of pixels are off by more than a step of "
            f"1/255, in {int((worst > STEP).sum())} networks",
            goal=SMALL if coordinates == "raw" else None,
            lower_is_better=True,
        )


def _difference(genome: CppnGenome) -> NDArray[np.float64]:
    ours = phenotypes.outputs(genome, SIZE)[:, :, 0].astype(np.float64)
    (exact,) = arrays.outputs(genome, SIZE, np.float64)
    return np.abs(ours - exact)
