"""Genomes as versioned packed bytes for the database, and as JSON for people.

Version 1, little-endian: "FB", version, encoding, then
    direct: colour u8, side u16, genes f32[side * side * C]
    cppn:   colour u8, coordinates u8, base_size u16, n_nodes u16, n_edges u16,
            activations u8[n_nodes], sources u16[n_edges], targets u16[n_edges], genes f32[n_edges]
    neat:   see `neat_codec.py`
    ascent: see `pixels.py`
and the CRC-32 of all that. A version once written stays readable: tests keep a sample of each.
"""

import reprlib
import struct
import zlib
from collections.abc import Mapping
from typing import Any, get_args

import numpy as np

from evolution.genomes import neat_codec, pixels
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
from evolution.genomes.neat import NeatGenome
from evolution.genomes.packed import Reader, choice
from evolution.genomes.pixels import PixelGenome

AnyGenome = DirectGenome | CppnGenome | NeatGenome | PixelGenome

MAGIC, VERSION = b"FB", 1
_HEAD = struct.Struct("<2sBB")
_DIRECT_HEAD = struct.Struct("<BH")
_CPPN_HEAD = struct.Struct("<BBHHH")
_CRC = struct.Struct("<I")
_ENCODINGS = {
    DirectGenome.encoding: 1,
    CppnGenome.encoding: 2,
    NeatGenome.encoding: 3,
    PixelGenome.encoding: 4,
}
_COLOURS: tuple[Colour, ...] = get_args(Colour)
_COORDINATES: tuple[Coordinates, ...] = get_args(Coordinates)


def encode(genome: Genome | NeatGenome | PixelGenome) -> bytes:
    """Pack a genome; `decode` gives back an equal one."""
    if isinstance(genome, NeatGenome):
        body = neat_codec.pack(genome)
    elif isinstance(genome, CppnGenome):
        body = _pack_cppn(genome)
    elif isinstance(genome, DirectGenome):
        body = _pack_direct(genome)
    elif isinstance(genome, PixelGenome):
        body = pixels.pack(genome)
    else:
        raise TypeError(f"genome must be direct, cppn, neat or ascent, not {type(genome).__name__}")
    head = _HEAD.pack(MAGIC, VERSION, _ENCODINGS[genome.encoding])
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
    reader = Reader(content[_HEAD.size : -_CRC.size])
    if encoding == _ENCODINGS["direct"]:
        genome: AnyGenome = _read_direct(reader)
    elif encoding == _ENCODINGS["cppn"]:
        genome = _read_cppn(reader)
    elif encoding == _ENCODINGS["neat"]:
        genome = neat_codec.unpack(reader)
    elif encoding == _ENCODINGS["ascent"]:
        genome = pixels.unpack(reader)
    else:
        raise BadGenome(f"encoding {encoding} is unknown")
    reader.expect_end()
    return genome


def _pack_direct(genome: DirectGenome) -> bytes:
    head = _DIRECT_HEAD.pack(_COLOURS.index(genome.colour), genome.genes.shape[0])
    return head + genome.genes.astype("<f4").tobytes()


def _read_direct(reader: Reader) -> DirectGenome:
    colour_index, side = reader.header(_DIRECT_HEAD)
    colour = choice(_COLOURS, colour_index, "colour")
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


def _read_cppn(reader: Reader) -> CppnGenome:
    colour, coordinates, base_size, n_nodes, n_edges = reader.header(_CPPN_HEAD)
    if n_nodes > MAX_NODES or n_edges > MAX_EDGES:
        raise BadGenome(
            f"a network has up to {MAX_NODES} nodes and {MAX_EDGES} edges, not {n_nodes} and {n_edges}"
        )
    return CppnGenome(
        Expression(
            choice(_COORDINATES, coordinates, "coordinates"),
            base_size,
            choice(_COLOURS, colour, "colour"),
        ),
        reader.array("u1", n_nodes),
        reader.array("<u2", n_edges),
        reader.array("<u2", n_edges),
        reader.array("<f4", n_edges),
    )


def node_names(genome: CppnGenome | NeatGenome) -> list[str]:
    """Name nodes for people: inputs by what they feed, outputs by channel.

    Hidden ones have a number, or the branch and number of their marking.
    """
    if isinstance(genome, NeatGenome):
        labels = neat_codec.labels(genome)
        return [f"hidden {label}" if ":" in label else label for label in labels]
    outputs = neat_codec.OUTPUTS[genome.expression.colour]
    n_hidden = genome.n_nodes - len(INPUTS) - len(outputs)
    return [*INPUTS, *(f"hidden {n + 1}" for n in range(n_hidden)), *outputs]


def to_json(genome: AnyGenome) -> dict[str, Any]:
    """Spell a genome out; `from_json` gives back an equal one."""
    if isinstance(genome, NeatGenome):
        return {"encoding": "neat", "version": VERSION} | neat_codec.to_json(genome)
    if isinstance(genome, PixelGenome):
        return {"encoding": "ascent", "version": VERSION} | pixels.to_json(genome)
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
            raise BadGenome(f"genome version {reprlib.repr(document['version'])} is unknown")
        if document["encoding"] == "neat":
            return neat_codec.from_json(document)
        if document["encoding"] == "ascent":
            return pixels.from_json(document)
        with np.errstate(over="ignore"):  # too large for float32 is too large for a gene: refused
            if document["encoding"] == "direct":
                return DirectGenome(np.array(document["genes"], np.float32), document["colour"])
            if document["encoding"] == "cppn":
                return _cppn_from_json(document)
    except BadGenome:
        raise
    except RecursionError:
        raise BadGenome("this JSON is no genome: it is nested too deeply") from None
    except (KeyError, TypeError, ValueError, OverflowError, AttributeError) as error:
        message = f"{type(error).__name__} {str(error)[:200]}"
        raise BadGenome(f"this JSON is no genome: {message}") from None
    raise BadGenome(f"encoding {reprlib.repr(document['encoding'])} is unknown")


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
