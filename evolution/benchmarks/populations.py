"""The genomes on which figures are taken."""

import numpy as np

from evolution.genomes.base import Colour, Coordinates, Expression
from evolution.genomes.cppn import N_INPUTS
from evolution.genomes.cppn_population import CppnPopulation
from evolution.genomes.extents import needed_nodes
from evolution.genomes.rates import CppnRates

FEWEST_HIDDEN, MOST_HIDDEN = 3, 40
GROWING = CppnRates(0.1, 15.0, 0.1, 1.0, 0.0, 1.0, 0.0)


def networks(
    count: int,
    rng: np.random.Generator,
    colour: Colour = "grey",
    hidden: tuple[int, int] = (FEWEST_HIDDEN, MOST_HIDDEN),
    coordinates: Coordinates = "normalised",
) -> CppnPopulation:
    """Networks of so many hidden nodes, grown by the search's own operators.

    Raw coordinates are those of a picture of 256 pixels.
    """
    base_size = 28 if coordinates == "normalised" else 256
    expression = Expression(coordinates, base_size, colour)
    grown, first = [], CppnPopulation.random(1, rng, expression=expression)
    for steps in np.linspace(*hidden, count).astype(int):
        genome = first[0]
        for _ in range(int(steps)):
            genome = genome.mutated(rng, GROWING)
        grown.append(genome)
    return CppnPopulation.of(grown)


def count_needed(population: CppnPopulation) -> int:
    """Count the nodes on which pictures depend: hidden ones and outputs, of all networks."""
    genomes = (population[i] for i in range(len(population)))
    return sum(int(needed_nodes(genome)[N_INPUTS:].sum()) for genome in genomes)
