"""Genomes with historical markings as packed bytes and as JSON; `codec.py` puts head and end.

The bytes of version 1, little-endian, C being the number of channels:
    colour u8, coordinates u8, greyed u8, base_size u16, n_nodes u16, n_links u16, outputs u16[C],
    activations u8[n_nodes], affinities u8[n_nodes], biases f64[n_nodes], marks i64[n_nodes][2],
    sources u16[n_links], targets u16[n_links], weights f64[n_links], marks i64[n_links][2]
"""

import re
import struct
from collections.abc import Iterator, Mapping
from reprlib import repr as short
from typing import Any, get_args

import numpy as np

from evolution.genomes.affinities import AFFINITIES
from evolution.genomes.base import AnyColour, AnyCoordinates, BadGenome, Expression, channels
from evolution.genomes.cppn import INPUTS
from evolution.genomes.markings import Link, Mark, Node, check_counts, named
from evolution.genomes.neat import NEAT_ACTIVATIONS, NeatGenome
from evolution.genomes.packed import Reader, choice

OUTPUTS: dict[AnyColour, tuple[str, ...]] = {
    "grey": ("grey",),
    "hsv": ("hue", "saturation", "value"),
    "hls": ("hue", "lightness", "saturation"),
    "ink": ("ink",),
    "hsb": ("hue", "saturation", "brightness"),
}
_COLOURS: tuple[AnyColour, ...] = get_args(AnyColour)
_COORDINATES: tuple[AnyCoordinates, ...] = get_args(AnyCoordinates)
_HEAD = struct.Struct("<BBBHHH")
_NAME = re.compile(r"(-?\d{1,19}):(-?\d{1,19})", re.ASCII)


def pack(genome: NeatGenome) -> bytes:
    expression = genome.expression
    head = _HEAD.pack(
        _COLOURS.index(expression.colour),
        _COORDINATES.index(expression.coordinates),
        expression.greyed,
        expression.base_size,
        genome.n_nodes,
        genome.n_links,
    )
    arrays = (
        np.array(genome.outputs, "<u2"),
        genome.activations,
        genome.affinities,
        genome.biases.astype("<f8"),
        genome.marks.astype("<i8"),
        genome.sources.astype("<u2"),
        genome.targets.astype("<u2"),
        genome.weights.astype("<f8"),
        genome.link_marks.astype("<i8"),
    )
    return head + b"".join(array.tobytes() for array in arrays)


def unpack(reader: Reader) -> NeatGenome:
    """Read what `pack` wrote. Raises BadGenome."""
    colour, coordinates, greyed, base_size, n_nodes, n_links = reader.header(_HEAD)
    check_counts(n_nodes, n_links)
    expression = Expression(
        choice(_COORDINATES, coordinates, "coordinates"),
        base_size,
        choice(_COLOURS, colour, "colour"),
        choice((False, True), greyed, "greyed"),
    )
    outputs = tuple(reader.array("<u2", channels(expression.colour)).tolist())
    activations, affinities = (reader.array("u1", n_nodes) for _ in range(2))
    return NeatGenome(
        expression,
        activations=activations,
        affinities=affinities,
        biases=reader.array("<f8", n_nodes),
        marks=reader.array("<i8", 2 * n_nodes).reshape(n_nodes, 2),
        outputs=outputs,
        sources=reader.array("<u2", n_links),
        targets=reader.array("<u2", n_links),
        weights=reader.array("<f8", n_links),
        link_marks=reader.array("<i8", 2 * n_links).reshape(n_links, 2),
    )


def labels(genome: NeatGenome) -> list[str]:
    """Name nodes for people: inputs by what they feed, outputs by channel, others by their marking."""
    names = [named([node.mark]) for node in genome.node_list()]
    names[: len(INPUTS)] = INPUTS
    for number, name in zip(genome.outputs, OUTPUTS[genome.expression.colour], strict=True):
        names[number] = name
    return names


def to_json(genome: NeatGenome) -> dict[str, Any]:
    """Spell a genome out. The labels are for people."""
    expression = genome.expression
    return {
        "coordinates": expression.coordinates,
        "base_size": expression.base_size,
        "colour": expression.colour,
        "greyed": expression.greyed,
        "nodes": [
            {
                "name": named([node.mark]),
                "label": label,
                "activation": NEAT_ACTIVATIONS[node.activation],
                "bias": node.bias,
                "affinity": AFFINITIES[node.affinity],
            }
            for node, label in zip(genome.node_list(), labels(genome), strict=True)
        ],
        "links": [
            {
                "name": named([link.mark]),
                "from": named([link.source]),
                "to": named([link.target]),
                "weight": link.weight,
            }
            for link in genome.link_list()
        ],
        "outputs": [named([mark]) for mark in genome.output_marks()],
    }


def from_json(document: Mapping[str, Any]) -> NeatGenome:
    """Read what `to_json` wrote: the inputs first, all else in any order.

    Raises BadGenome, and KeyError, TypeError or AttributeError for what has another form.
    """
    nodes, links, outputs = (document[key] for key in ("nodes", "links", "outputs"))
    if not all(isinstance(found, list) for found in (nodes, links, outputs)):
        raise BadGenome("nodes, links and outputs must be lists")
    check_counts(len(nodes), len(links))
    if len(outputs) > len(OUTPUTS["hsb"]):
        raise BadGenome(f"a network has 1 or 3 outputs, not {len(outputs)}")
    expression = Expression(
        document["coordinates"], document["base_size"], document["colour"], document["greyed"]
    )
    return NeatGenome.assembled(
        expression, list(_nodes(nodes)), list(_links(links)), [_mark(name) for name in outputs]
    )


def _nodes(entries: list[Any]) -> Iterator[Node]:
    for entry in entries:
        activation = _place(NEAT_ACTIVATIONS, entry["activation"], "activation")
        affinity = _place(AFFINITIES, entry["affinity"], "affinity")
        yield Node(_mark(entry["name"]), activation, _number(entry["bias"], "bias"), affinity)


def _links(entries: list[Any]) -> Iterator[Link]:
    for entry in entries:
        name, source, target = (_mark(entry[key]) for key in ("name", "from", "to"))
        yield Link(name, source, target, _number(entry["weight"], "weight"))


def _mark(name: Any) -> Mark:
    found = _NAME.fullmatch(name) if isinstance(name, str) else None
    if found is None:
        raise BadGenome(f'a name must be a branch and a number like "3:17", not {short(name)}')
    return int(found[1]), int(found[2])


def _place(names: tuple[str, ...], value: Any, what: str) -> int:
    if not isinstance(value, str) or value not in names:
        raise BadGenome(f"{what} must be one of {', '.join(names)}, not {short(value)}")
    return names.index(value)


def _number(value: Any, what: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadGenome(f"{what} must be a number, not {short(value)}")
    return float(value)
