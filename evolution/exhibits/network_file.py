"""The drawing of a network as a file that needs no other one, to take home."""

from django.template.loader import render_to_string

from evolution import phenotypes
from evolution.exhibits.network_diagram import FINAL, data_address, diagram
from evolution.genomes.fields import Network


def network_diagram_file(genome: Network) -> bytes | None:
    """Return the SVG file of a network; None for one with more nodes than are ever drawn.

    Pictures inside are PNG: not every program that opens SVG files knows WebP.
    """
    network = diagram(genome, "png")
    if network is None:
        return None
    picture = data_address(phenotypes.express(genome, 2 * FINAL), "png")
    context = {"network": network, "picture": picture}
    return render_to_string("individuals/diagram.svg", context).encode()
