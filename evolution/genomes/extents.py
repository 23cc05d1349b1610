"""Which nodes of a CPPN matter, and which coordinates each depends on."""

import numpy as np
from numpy.typing import NDArray

from evolution.genomes.cppn import N_INPUTS, CppnGenome
from evolution.genomes.neat import NeatGenome

NOTHING, COLUMN, ROW, PIXEL = 0, 1, 2, 3  # what a node depends on; combined by |


def needed_nodes(genome: CppnGenome | NeatGenome) -> NDArray[np.bool_]:
    """Mark the nodes that what is shown depends on, outputs included. Returns (n_nodes,)."""
    needed = [False] * genome.n_nodes
    for output in genome.outputs[-1:] if genome.expression.greyed else genome.outputs:
        needed[output] = True
    links = zip(genome.sources[::-1].tolist(), genome.targets[::-1].tolist(), strict=True)
    for source, target in links:
        if needed[target]:
            needed[source] = True
    return np.array(needed)


def extents(genome: CppnGenome | NeatGenome) -> NDArray[np.uint8]:
    """Return what each node depends on: NOTHING, COLUMN, ROW or PIXEL. (n_nodes,) uint8."""
    extent = [COLUMN, ROW, PIXEL, NOTHING] + [NOTHING] * (genome.n_nodes - N_INPUTS)
    for source, target in zip(genome.sources.tolist(), genome.targets.tolist(), strict=True):
        extent[target] |= extent[source]
    return np.array(extent, np.uint8)
