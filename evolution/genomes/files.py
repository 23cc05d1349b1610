"""A genome from a file of any kind: our JSON, packed bytes, or what Picbreeder and CPPN-X wrote."""

import json
from typing import NamedTuple

from evolution.genomes import codec, picbreeder
from evolution.genomes.base import BadGenome
from evolution.genomes.codec import AnyGenome
from evolution.genomes.picbreeder import Cycles

MAX_FILE = 32_000_000  # bytes; the JSON of the largest direct genome has half of that


class Found(NamedTuple):
    """age: generations of the whole line of descent, where the file tells. notes: what was changed."""

    genome: AnyGenome
    age: int | None = None
    notes: tuple[str, ...] = ()


def read(content: bytes, cycles: Cycles = "refuse") -> Found:
    """Read a genome, whatever kind of file it is.

    cycles: see `picbreeder.read`. Raises BadGenome and says what is wrong.
    """
    if len(content) > MAX_FILE:
        raise BadGenome(f"a genome file has up to {MAX_FILE:,} bytes, not {len(content):,}")
    if content.startswith(codec.MAGIC):
        return Found(codec.decode(content))
    if content.lstrip()[:1] in (b"{", b"["):
        return Found(codec.from_json(_document(content)))
    return Found(*picbreeder.read(content, cycles))


def _document(content: bytes) -> dict[str, object]:
    try:
        document = json.loads(content)
    except RecursionError:
        raise BadGenome("this is no genome: the JSON is nested too deeply") from None
    except ValueError as error:
        raise BadGenome(f"this is no JSON: {error}") from None
    if not isinstance(document, dict):
        raise BadGenome("this is no genome: the JSON must be an object")
    return document
