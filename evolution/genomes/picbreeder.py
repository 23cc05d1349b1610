"""Genomes of Picbreeder: its XML files, zips of one, and the files of CPPN-X. See docs/picbreeder.md.

data[version] > genome[age, phenotype] > identifier, parents, and
    nodes > node[type, label, affinity, bias] > marking[branch, id], activation
    links > link > marking, source, target (each [branch, id]), weight
"""

import re
import struct
import zlib
from collections.abc import Sequence
from io import BytesIO
from itertools import chain
from typing import Any, Literal, NamedTuple
from xml.etree.ElementTree import Element, ParseError, TreeBuilder
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from evolution.genomes.acyclic import ordered
from evolution.genomes.affinities import COLOUR, STRUCTURE, affinities_of
from evolution.genomes.base import BadGenome, Expression
from evolution.genomes.cppn import INPUTS
from evolution.genomes.markings import Link, Mark, Node, check_counts, link_ends, named, numbers_of
from evolution.genomes.neat import NEAT_ACTIVATIONS, NeatGenome

BASE_SIZE = 128  # pixels: pictures of Picbreeder have no size of their own
MAX_FILE = 5_000_000  # bytes
MAX_UNPACKED = 2_000_000  # bytes of a zip's member; the largest original has 79 thousand
ACTIVATIONS = {  # names in the files: ours
    "sin": "sine",
    "cos": "cosine",
    "sigmoid": "sigmoid",
    "gaussian": "bipolar gaussian",
    "identity": "identity",
}
PARTS = {"grey": STRUCTURE, "color": COLOUR}
CHANNELS = {"ink": ("ink",), "hsb": ("hue", "saturation", "brightness")}
MAX_ELEMENTS, MAX_DEPTH = 200_000, 50  # twice what the largest network needs

Cycles = Literal["refuse", "cut"]


class Imported(NamedTuple):
    """age: generations of the whole line of descent; None if unknown. notes: what was changed."""

    genome: NeatGenome
    age: int | None
    notes: tuple[str, ...]


def read(content: bytes, cycles: Cycles = "refuse") -> Imported:
    """Read a genome that Picbreeder or CPPN-X wrote, as it is drawn on the site.

    cycles: what becomes of a network that has some: BadGenome names the nodes, or the links that
    close one are left out, and the notes say how many: a node that is met again on its own path
    counts as 0. Raises BadGenome for whatever else is wrong.
    """
    if len(content) > MAX_FILE:
        raise BadGenome(f"a genome file has up to {MAX_FILE:,} bytes, not {len(content):,}")
    found = _parsed(_unzipped(content) if content[:2] == b"PK" else content)
    nodes, inputs, outputs = _read_nodes(found)
    links = [_read_link(entry) for entry in found.iterfind("links/link")]
    numbers = numbers_of(nodes)
    ends = link_ends(links, numbers)
    expression = _expression(found, "ink" if len(outputs) == 1 else "hsb")
    walk = chain((numbers[mark] for mark in outputs), range(len(nodes)))
    closing = set(ordered(len(nodes), ends, walk).closing) if cycles == "cut" else set()
    links = [link for number, link in enumerate(links) if number not in closing]
    rest = [node for node in nodes if node.mark not in inputs]
    nodes = [nodes[numbers[mark]] for mark in inputs] + rest
    genome = NeatGenome.assembled(expression, nodes, links, outputs)
    if found.find("nodes/node[@affinity]") is None:
        genome = _with_affinities(genome)
    cut = f"{len(closing)} of {len(ends)} links closed a cycle and were left out"
    return Imported(genome, _age(found), (cut,) if closing else ())


def _unzipped(content: bytes) -> bytes:
    try:
        with ZipFile(BytesIO(content)) as archive:
            members = archive.infolist()
            if len(members) != 1:
                raise BadGenome(f"a zip must hold one genome, not {len(members)} files")
            if members[0].flag_bits & 1:
                raise BadGenome("the zip is encrypted")
            if members[0].compress_type not in (ZIP_STORED, ZIP_DEFLATED):
                raise BadGenome("the zip is packed in an unusual way")
            with archive.open(members[0]) as member:
                unpacked = member.read(MAX_UNPACKED + 1)
    except BadGenome:
        raise
    except (BadZipFile, zlib.error, struct.error, EOFError, ValueError, OSError) as error:
        raise BadGenome(f"the zip cannot be read: {error}") from None
    except (NotImplementedError, RuntimeError):
        raise BadGenome("the zip is packed in an unusual way") from None
    if len(unpacked) > MAX_UNPACKED:
        raise BadGenome(f"the zip holds more than {MAX_UNPACKED:,} bytes")
    return unpacked


class _Builder(TreeBuilder):
    """Stops before a hostile file fills the memory."""

    def __init__(self) -> None:
        super().__init__()
        self._count = self._depth = 0

    def start(self, *args: Any) -> Element:
        self._count += 1
        self._depth += 1
        if self._count > MAX_ELEMENTS or self._depth > MAX_DEPTH:
            raise BadGenome(
                f"the file has more than {MAX_ELEMENTS:,} elements, or {MAX_DEPTH} inside each other"
            )
        return super().start(*args)

    def end(self, *args: Any) -> Element:
        self._depth -= 1
        return super().end(*args)


def _parsed(content: bytes) -> Element:
    """Return the element of the genome. The files of CPPN-X have two roots, so all get another."""
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise BadGenome("the file declares a document type or entities, which is refused")
    text = re.sub(rb"^(\xef\xbb\xbf)?\s*<\?xml[^>]{0,200}\?>", b"", content, count=1)
    parser = DefusedXMLParser(target=_Builder(), forbid_dtd=True)
    try:
        parser.feed(b"<files>" + text + b"</files>")
        root = parser.close()
    except DefusedXmlException as error:
        raise BadGenome(f"the file declares what is refused: {error}") from None
    except (ParseError, LookupError) as error:
        raise BadGenome(f"this is no XML: {error}") from None
    genomes = root.findall("data/genome")
    if len(genomes) != 1:
        raise BadGenome(f"the file must hold one data with one genome, not {len(genomes)}")
    counts = (len(genomes[0].findall(path)) for path in ("nodes/node", "links/link"))
    check_counts(*counts)
    return genomes[0]


def _read_nodes(found: Element) -> tuple[list[Node], list[Mark], list[Mark]]:
    """Return the nodes in the order of the file, and the marks of inputs and outputs in ours."""
    nodes: list[Node] = []
    labelled: dict[tuple[str, str], Mark] = {}
    for entry in found.iterfind("nodes/node"):
        node, kind = _read_node(entry), entry.get("type")
        nodes.append(node)
        if kind not in ("in", "out", "hidden"):
            raise BadGenome(f"node {named([node.mark])}: type must be in, out or hidden")
        if kind == "hidden":
            continue
        label = entry.get("label", "").strip()
        if not label:
            raise BadGenome(f"node {named([node.mark])}, of type {kind}, has no label")
        if (kind, label) in labelled:
            raise BadGenome(f"two nodes of type {kind} are labelled {label[:40]}")
        labelled[kind, label] = node.mark
    given = {side: [label for kind, label in labelled if kind == side] for side in ("in", "out")}
    channels = next((c for c in CHANNELS.values() if set(c) == set(given["out"])), None)
    if set(given["in"]) != set(INPUTS):
        raise BadGenome(_missing("inputs", ", ".join(INPUTS), given["in"]))
    if channels is None:
        raise BadGenome(_missing("outputs", "ink, or hue, saturation and brightness", given["out"]))
    inputs = [labelled["in", label] for label in INPUTS]
    return nodes, inputs, [labelled["out", label] for label in channels]


def _missing(what: str, wanted: str, given: Sequence[str]) -> str:
    told = ", ".join(label[:40] for label in given[:8]) or "none"
    return f"the {what} must be labelled {wanted}, not {told}"


def _read_node(entry: Element) -> Node:
    mark = _mark(entry, "marking", "a node")
    where = f"node {named([mark])}"
    name = (entry.findtext("activation") or "").strip().removesuffix("(x)")
    if name not in ACTIVATIONS:
        known = ", ".join(f"{known}(x)" for known in ACTIVATIONS)
        raise BadGenome(f"{where}: activation {name[:40]!r} is unknown; known are {known}")
    part = entry.get("affinity", "grey")
    if part not in PARTS:
        raise BadGenome(f"{where}: affinity must be grey or color, not {part[:40]!r}")
    bias = _number(entry.get("bias", "0"), where, "bias")
    return Node(mark, NEAT_ACTIVATIONS.index(ACTIVATIONS[name]), bias, PARTS[part])


def _read_link(entry: Element) -> Link:
    mark = _mark(entry, "marking", "a link")
    where = f"link {named([mark])}"
    source, target = _mark(entry, "source", where), _mark(entry, "target", where)
    return Link(mark, source, target, _number(entry.findtext("weight") or "", where, "weight"))


def _mark(entry: Element, tag: str, where: str) -> Mark:
    child = entry.find(tag)
    texts = ("", "") if child is None else (child.get("branch", ""), child.get("id", ""))
    if not all(re.fullmatch(r"\s*-?\d{1,19}\s*", text, re.ASCII) for text in texts):
        raise BadGenome(f"{where}: {tag} must have a branch and an id, both whole numbers")
    return int(texts[0]), int(texts[1])


def _number(text: str, where: str, what: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise BadGenome(f"{where}: {what} must be a number, not {text[:40]!r}") from None


def _expression(found: Element, colour: Literal["ink", "hsb"]) -> Expression:
    phenotype = found.get("phenotype", "color" if colour == "hsb" else "grey")
    if phenotype not in PARTS:
        raise BadGenome(f"phenotype must be grey or color, not {phenotype[:40]!r}")
    return Expression("site", BASE_SIZE, colour, colour == "hsb" and phenotype == "grey")


def _age(found: Element) -> int | None:
    text = found.get("age", "").strip()
    return int(text) if re.fullmatch(r"\d{1,9}", text, re.ASCII) else None


def _with_affinities(genome: NeatGenome) -> NeatGenome:
    ends = list(zip(genome.sources.tolist(), genome.targets.tolist(), strict=True))
    parts = affinities_of(genome.n_nodes, ends, genome.outputs, genome.expression.colour)
    nodes = [
        node._replace(affinity=part) for node, part in zip(genome.node_list(), parts, strict=True)
    ]
    return NeatGenome.assembled(genome.expression, nodes, genome.link_list(), genome.output_marks())
