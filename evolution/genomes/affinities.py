"""Which part of a network a node belongs to: that of the shapes, or that of the colours."""

from collections.abc import Sequence

from evolution.genomes.base import AnyColour
from evolution.genomes.cppn import N_INPUTS

STRUCTURE, COLOUR = range(2)
AFFINITIES = ("structure", "colour")

# The channel that makes the shapes visible; the others only tint them.
STRUCTURE_CHANNEL: dict[AnyColour, int] = {"grey": 0, "ink": 0, "hsv": 2, "hls": 1, "hsb": 2}


def affinities_of(
    n_nodes: int, links: Sequence[tuple[int, int]], outputs: Sequence[int], colour: AnyColour
) -> list[int]:
    """Find the affinities of a network that states none.

    links: pairs of source and target, ascending by target, source < target. A node is COLOUR if it
    reaches outputs, but only those of hue and saturation; else, and if it is an input, STRUCTURE.
    """
    shapes, tints = [False] * n_nodes, [False] * n_nodes
    for channel, number in enumerate(outputs):
        (shapes if channel == STRUCTURE_CHANNEL[colour] else tints)[number] = True
    for source, target in reversed(links):
        shapes[source] |= shapes[target]
        tints[source] |= tints[target]
    return [
        COLOUR if tints[node] and not shapes[node] and node >= N_INPUTS else STRUCTURE
        for node in range(n_nodes)
    ]
