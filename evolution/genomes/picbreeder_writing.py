"""Writing genomes as Picbreeder's XML; `picbreeder.py` reads them."""

from collections.abc import Iterable
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from evolution.genomes.base import BadGenome
from evolution.genomes.cppn import INPUTS, N_INPUTS
from evolution.genomes.markings import Link, Mark, Node, named
from evolution.genomes.neat import NEAT_ACTIVATIONS, NeatGenome
from evolution.genomes.picbreeder import ACTIVATIONS, CHANNELS, PARTS

_NAMES = {NEAT_ACTIVATIONS.index(ours): theirs for theirs, ours in ACTIVATIONS.items()}
_PARTS = {number: name for name, number in PARTS.items()}


def write(genome: NeatGenome, identifier: Mark = (0, 0), age: int | None = None) -> bytes:
    """Return the XML file of a genome; `picbreeder.read` gives back an equal one.

    identifier: branch and id of the picture. age: generations of its whole line of descent. The
    file knows neither the size nor the convention of coordinates: what is read is a genome of the
    site. Raises BadGenome for a network of a run and for activations that Picbreeder lacks.
    """
    expression = genome.expression
    if expression.colour not in CHANNELS:
        raise BadGenome(
            f"only ink and hsb genomes fit into Picbreeder's files, not {expression.colour}"
        )
    nodes = genome.node_list()
    unknown = [node for node in nodes if node.activation not in _NAMES]
    if unknown:
        kinds = ", ".join(sorted({NEAT_ACTIVATIONS[node.activation] for node in unknown}))
        places = named(node.mark for node in unknown)
        raise BadGenome(f"Picbreeder does not know the activation {kinds} (nodes {places})")
    data = Element("data", version="1.0")
    grey = expression.colour == "ink" or expression.greyed
    root = SubElement(data, "genome", age="unknown" if age is None else str(age))
    root.set("phenotype", "grey" if grey else "color")
    _marked(root, "identifier", identifier)
    SubElement(root, "parents", count="0")
    labels = dict(zip(genome.output_marks(), CHANNELS[expression.colour], strict=True))
    _write_nodes(root, nodes, labels)
    _write_links(root, genome.link_list())
    indent(data)
    return bytes(tostring(data, encoding="utf-8", xml_declaration=True)) + b"\n"


def _write_nodes(root: Element, nodes: list[Node], labels: dict[Mark, str]) -> None:
    entries = SubElement(root, "nodes", count=str(len(nodes)))
    for number, node in enumerate(nodes):
        if number < N_INPUTS:
            ends = {"type": "in", "label": INPUTS[number]}
        elif node.mark in labels:
            ends = {"type": "out", "label": labels[node.mark]}
        else:
            ends = {"type": "hidden"}
        entry = SubElement(entries, "node", ends)
        entry.set("affinity", _PARTS[node.affinity])
        entry.set("bias", repr(node.bias))
        _marked(entry, "marking", node.mark)
        SubElement(entry, "activation").text = f"{_NAMES[node.activation]}(x)"


def _write_links(root: Element, links: Iterable[Link]) -> None:
    entries = SubElement(root, "links")
    for link in links:
        entry = SubElement(entries, "link")
        _marked(entry, "marking", link.mark)
        _marked(entry, "source", link.source)
        _marked(entry, "target", link.target)
        SubElement(entry, "weight").text = repr(link.weight)
    entries.set("count", str(len(entries)))


def _marked(parent: Element, tag: str, mark: Mark) -> None:
    SubElement(parent, tag, branch=str(mark[0]), id=str(mark[1]))
