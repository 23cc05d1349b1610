"""How far pictures are from those of float64 with the library's sine, raw coordinates included."""

from collections.abc import Iterator

import numpy as np

from evolution.benchmarks.baselines import arrays
from evolution.benchmarks.figure import Figure, Goal
from evolution.benchmarks.interleaved import Scope
from evolution.benchmarks.populations import networks
from evolution.genomes.base import Coordinates
from evolution.rendering import renderer

STEP = Goal(1, 0.0255)  # steps of 1/255; what is hoped for is 1e-4
SIZE, MOST_GENOMES = 256, 40
COORDINATES: tuple[Coordinates, ...] = ("normalised", "raw")


def accuracy(scope: Scope) -> Iterator[Figure]:
    """Compare whole pictures byte by byte."""
    for coordinates in COORDINATES:
        count = min(scope.genomes, MOST_GENOMES)
        population = networks(count, np.random.default_rng(0), coordinates=coordinates)
        drawn = np.asarray(renderer("cpu").express(population, SIZE)).astype(np.float32)
        wanted = np.stack([arrays.picture(population[i], SIZE, np.float64) for i in range(count)])
        steps = np.abs(drawn - wanted.astype(np.float32))
        yield Figure(
            f"largest difference to float64, {coordinates} coordinates",
            float(steps.max()),
            "steps of 1/255",
            f"{count} networks, {SIZE} px grey; {_shares(steps)}",
            goal=STEP if coordinates == "raw" else None,
            lower_is_better=True,
        )


def _shares(steps: np.ndarray[tuple[int, ...], np.dtype[np.float32]]) -> str:
    pictures = (steps.reshape(len(steps), -1) > 1).any(axis=1).sum()
    return (
        f"{100 * (steps > 0).mean():.2g}% of pixels differ, "
        f"{100 * (steps > 1).mean():.2g}% by more than a step, in {pictures} pictures"
    )
