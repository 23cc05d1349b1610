"""Genomes that people bring as files: our own JSON and bytes, original Picbreeder genomes."""

import json
from dataclasses import dataclass
from typing import Any

from evolution.genomes import codec, picbreeder
from evolution.genomes.base import BadGenome
from evolution.genomes.codec import AnyGenome

LONGEST_NAME = 100


@dataclass(frozen=True)
class Brought:
    """source: what is known of the genome, for its page."""

    genome: AnyGenome
    source: dict[str, Any]


def read(content: bytes, name: str) -> Brought:
    """Read a genome, whichever format it has. Raises BadGenome, whatever is wrong with it."""
    source: dict[str, Any] = {"name": "".join(filter(str.isprintable, name))[:LONGEST_NAME] or "file"}
    head = content.lstrip()[:1]
    if content.startswith(codec.MAGIC):
        return Brought(codec.decode(content), {**source, "format": "genome bytes"})
    if head == b"{":
        return Brought(_from_json(content), {**source, "format": "genome JSON"})
    found = picbreeder.read(content)
    age = {} if found.age is None else {"age": found.age}
    return Brought(found.genome, {**source, "format": "Picbreeder", **age})


def _from_json(content: bytes) -> AnyGenome:
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise BadGenome(f"this is no JSON: {error}") from None
    if not isinstance(document, dict):
        raise BadGenome("a genome in JSON is an object")
    return codec.from_json(document)
