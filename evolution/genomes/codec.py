"""Genomes as versioned packed bytes for the database, and as JSON for people.

Version 1, little-endian: "FB", version, encoding, then
    direct: colour u8, side u16, genes f32[side * side * C]
    cppn:   colour u8, coordinates u8, base_size u16, n_nodes u16, n_edges u16,
            activations u8[n_nodes], sources u16[n_edges], targets u16[n_edges], genes f32[n_edges]
and the CRC-32 of all that. A version once written stays readable: tests keep a sample of each.
"""

import struct
import zlib
from collections.abc import Mapping
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from evolution.genomes.base import (
    BadGenome,
    Colour,
    Coordinates,
    Expression,
    Genome,
    channels,
)
from evolution.genomes.cppn import ACTIVATIONS, INPUTS, MAX_EDGES, MAX_NODES, CppnGenome
from evolution.genomes.direct import MAX_SIDE, DirectGenome

AnyGenome = DirectGenome | CppnGenome

MAGIC, VERSION = b"FB", 1
_HEAD = struct.Struct("<2sBB")
_DIRECT_HEAD = struct.Struct("<BH")
_CPPN_HEAD = struct.Struct("<BBHHH")
_CRC = struct.Struct("<I")
_ENCODINGS = {DirectGenome.encoding: 1, CppnGenome.encoding: 2}
_COLOURS: tuple[Colour, ...] = get_args(Colour)
_COORDINATES: tuple[Coordinates, ...] = get_args(Coordinates)


def encode(genome: Genome) -> bytes:
    """Pack a genome; `decode` gives back an equal one."""
    if not isinstance(genome, AnyGenome):
        raise TypeError(f"genome must be a direct one or a CPPN, not {type(genome).__name__}")
    head = _HEAD.pack(MAGIC, VERSION, _ENCODINGS[genome.encoding])
    body = _pack_direct(genome) if isinstance(genome, DirectGenome) else _pack_cppn(genome)
    return head + body + _CRC.pack(zlib.crc32(head + body))


def decode(content: bytes) -> AnyGenome:
    """Unpack a genome. Whatever is wrong with the bytes, the error is BadGenome and says so."""
    if len(content) < _HEAD.size + _CRC.size:
        raise BadGenome(f"a genome has at least 8 bytes, not {len(content)}")
    magic, version, encoding = _HEAD.unpack_from(content)
    if magic != MAGIC:
        raise BadGenome("these bytes are no genome: they do not begin with FB")
    if version != VERSION:
        raise BadGenome(f"genome version {version} is unknown; this program reads {VERSION}")
    (crc,) = _CRC.unpack(content[-_CRC.size :])
    if crc != zlib.crc32(content[: -_CRC.size]):
        raise BadGenome("the genome is damaged or cut off: its checksum does not fit")
    reader = _Reader(content[_HEAD.size : -_CRC.size])
    if encoding == _ENCODINGS["direct"]:
        genome: AnyGenome = _read_direct(reader)
    elif encoding == _ENCODINGS["cppn"]:
        genome = _read_cppn(reader)
    else:
        raise BadGenome(f"encoding {encoding} is unknown")
    reader.expect_end()
    return genome


class _Reader:
    """Takes arrays off bytes, never past their end."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._at = 0

    def header(self, layout: struct.Struct) -> tuple[int, ...]:
        return layout.unpack(self._take(layout.size))

    def array(self, dtype: str, count: int) -> NDArray[Any]:
        size = np.dtype(dtype).itemsize * count
        return np.frombuffer(self._take(size), dtype).astype(np.dtype(dtype).newbyteorder("="))

    def expect_end(self) -> None:
        if self._at != len(self._content):
            raise BadGenome(f"{len(self._content) - self._at} bytes follow the genome's end")

    def _take(self, size: int) -> bytes:
        if self._at + size > len(self._content):
            raise BadGenome("the genome is cut off")
        self._at += size
        return self._content[self._at - size : self._at]


def _pack_direct(genome: DirectGenome) -> bytes:
    head = _DIRECT_HEAD.pack(_COLOURS.index(genome.colour), genome.genes.shape[0])
    return head + genome.genes.astype("<f4").tobytes()


def _read_direct(reader: _Reader) -> DirectGenome:
    colour_index, side = reader.header(_DIRECT_HEAD)
    colour = _named(_COLOURS, colour_index, "colour")
    if not 1 <= side <= MAX_SIDE:
        raise BadGenome(f"a direct genome has 1..{MAX_SIDE} pixels a side, not {side}")
    depth = channels(colour)
    genes = reader.array("<f4", side * side * depth).reshape(side, side, depth)
    return DirectGenome(genes, colour)


def _pack_cppn(genome: CppnGenome) -> bytes:
    expression = genome.expression
    head = _CPPN_HEAD.pack(
        _COLOURS.index(expression.colour),
        _COORDINATES.index(expression.coordinates),
        expression.base_size,
        genome.n_nodes,
        genome.n_edges,
    )
    return (
        head
        + genome.activations.tobytes()
        + genome.sources.astype("<u2").tobytes()
        + genome.targets.astype("<u2").tobytes()
        + genome.genes.astype("<f4").tobytes()
    )


def _read_cppn(reader: _Reader) -> CppnGenome:
    colour, coordinates, base_size, n_nodes, n_edges = reader.header(_CPPN_HEAD)
    if n_nodes > MAX_NODES or n_edges > MAX_EDGES:
        raise BadGenome(
            f"a network has up to {MAX_NODES} nodes and {MAX_EDGES} edges, not {n_nodes} and {n_edges}"
        )
    return CppnGenome(
        Expression(
            _named(_COORDINATES, coordinates, "coordinates"),
            base_size,
            _named(_COLOURS, colour, "colour"),
        ),
        reader.array("u1", n_nodes),
        reader.array("<u2", n_edges),
        reader.array("<u2", n_edges),
        reader.array("<f4", n_edges),
    )


def _named(names: tuple[Any, ...], index: int, what: str) -> Any:
    if index >= len(names):
        raise BadGenome(f"{what} {index} is unknown")
    return names[index]


def node_names(genome: CppnGenome) -> list[str]:
    """Name nodes for people: inputs by what they feed, hidden ones by number, outputs by channel."""
    outputs = {"grey": ("grey",), "hsv": ("hue", "saturation", "value")}.get(
        genome.expression.colour, ("hue", "lightness", "saturation")
    )
    n_hidden = genome.n_nodes - len(INPUTS) - len(outputs)
    return [*INPUTS, *(f"hidden {n + 1}" for n in range(n_hidden)), *outputs]


def to_json(genome: AnyGenome) -> dict[str, Any]:
    """Spell a genome out; `from_json` gives back an equal one."""
    if isinstance(genome, DirectGenome):
        return {
            "encoding": "direct",
            "version": VERSION,
            "colour": genome.colour,
            "genes": genome.genes.astype(float).tolist(),
        }
    names = node_names(genome)
    expression = genome.expression
    return {
        "encoding": "cppn",
        "version": VERSION,
        "coordinates": expression.coordinates,
        "base_size": expression.base_size,
        "colour": expression.colour,
        "nodes": [
            {"name": name, "activation": ACTIVATIONS[activation]}
            for name, activation in zip(names, genome.activations.tolist(), strict=True)
        ],
        "edges": [
            {"from": names[source], "to": names[target], "weight": weight, "gene": gene}
            for source, target, weight, gene in zip(
                genome.sources.tolist(),
                genome.targets.tolist(),
                genome.weights.tolist(),
                genome.genes.astype(float).tolist(),
                strict=True,
            )
        ],
    }


def from_json(document: Mapping[str, Any]) -> AnyGenome:
    """Read what `to_json` wrote. The gene counts; the weight beside it is for people."""
    try:
        if document["version"] != VERSION:
            raise BadGenome(f"genome version {document['version']!r} is unknown")
        with np.errstate(over="ignore"):  # too large for float32 is too large for a gene: refused
            if document["encoding"] == "direct":
                return DirectGenome(np.array(document["genes"], np.float32), document["colour"])
            if document["encoding"] == "cppn":
                return _cppn_from_json(document)
    except BadGenome:
        raise
    except (KeyError, TypeError, ValueError, OverflowError, AttributeError) as error:
        raise BadGenome(f"this JSON is no genome: {type(error).__name__} {error}") from None
    raise BadGenome(f"encoding {document['encoding']!r} is unknown")


def _cppn_from_json(document: Mapping[str, Any]) -> CppnGenome:
    nodes, edges = document["nodes"], document["edges"]
    if len(nodes) > MAX_NODES or len(edges) > MAX_EDGES:
        raise BadGenome(f"a network has up to {MAX_NODES} nodes and {MAX_EDGES} edges")
    numbers = {node["name"]: number for number, node in enumerate(nodes)}
    if len(numbers) != len(nodes):
        raise BadGenome("two nodes have the same name")
    return CppnGenome(
        Expression(document["coordinates"], document["base_size"], document["colour"]),
        np.array([ACTIVATIONS.index(node["activation"]) for node in nodes], np.uint8),
        np.array([numbers[edge["from"]] for edge in edges], np.uint16),
        np.array([numbers[edge["to"]] for edge in edges], np.uint16),
        np.array([edge["gene"] for edge in edges], np.float32),
    )
