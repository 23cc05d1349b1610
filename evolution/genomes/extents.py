"""Which nodes of a CPPN matter, and which coordinates each depends on."""

import numpy as np
from numpy.typing import NDArray

from evolution.genomes.cppn import N_INPUTS, CppnGenome

NOTHING, COLUMN, ROW, PIXEL = 0, 1, 2, 3  # what a node depends on; combined by |


def needed_nodes(genome: CppnGenome) -> NDArray[np.bool_]:
    """Mark the nodes that an output depends on, outputs included. Returns (n_nodes,)."""
    needed = np.zeros(genome.n_nodes, dtype=np.bool_)
    needed[genome.first_output :] = True
    for source, target in zip(genome.sources[::-1], genome.targets[::-1], strict=True):
        if needed[target]:
            needed[source] = True
    return needed


def extents(genome: CppnGenome) -> NDArray[np.uint8]:
    """Return what each node depends on: NOTHING, COLUMN, ROW or PIXEL. (n_nodes,) uint8."""
    extent = np.full(genome.n_nodes, NOTHING, np.uint8)
    extent[:N_INPUTS] = COLUMN, ROW, PIXEL, NOTHING
    for source, target in zip(genome.sources, genome.targets, strict=True):
        extent[target] |= extent[source]
    return extent
