"""The genome of an individual, for people to look at."""

from dataclasses import dataclass

from evolution.exhibits.network_diagram import Diagram, diagram
from evolution.genomes import codec
from evolution.genomes.base import BadGenome
from evolution.genomes.direct import DirectGenome
from evolution.genomes.pixels import PixelGenome
from evolution.models import Individual


@dataclass(frozen=True, slots=True)
class GenomeExhibit:
    """facts: its size in words. trouble: why there is nothing to show, where that is so.

    is_pixels: whether the picture itself was stored, as of gradient ascent.
    is_picbreeder: whether it has the colours of Picbreeder, whose files can then hold it.
    """

    facts: str = ""
    network: Diagram | None = None
    genes: int = 0
    trouble: str = ""
    is_pixels: bool = False
    is_picbreeder: bool = False


def genome(individual: Individual) -> GenomeExhibit:
    if individual.genome is None:
        return GenomeExhibit(trouble="It was not kept: this individual holds no cell any more.")
    try:
        found = codec.decode(bytes(individual.genome))
    except BadGenome as error:
        return GenomeExhibit(trouble=f"It is damaged: {error}.")
    if isinstance(found, DirectGenome):
        return GenomeExhibit(facts=f"{found.genes.size:,} genes", genes=found.genes.size)
    if isinstance(found, PixelGenome):
        size = len(individual.genome)
        return GenomeExhibit(facts=f"{size:,} bytes, packed without loss", is_pixels=True)
    facts = f"{found.n_nodes} nodes, {len(found.weights)} links"
    network = diagram(found)
    if network is None:
        return GenomeExhibit(facts, trouble="It is too large to be drawn; the JSON file holds it.")
    return GenomeExhibit(facts, network, is_picbreeder=found.expression.colour in ("ink", "hsb"))
