"""Small pictures that travel inside the page: no request a tile, on a page as in a live update."""

import base64
import functools
import logging

from evolution import phenotypes
from evolution.genomes import codec
from evolution.genomes.base import BadGenome

KEPT = 2048  # thumbnails a process remembers: tens of megabytes at most

log = logging.getLogger(__name__)


def thumbnail(
    stored: bytes | memoryview | None, genome: bytes | memoryview | None, side: int
) -> str:
    """A data: address of the WebP that was stored, else of one drawn here from the genome.

    Empty where neither is there, or the genome cannot be read.
    """
    found = webp(stored, genome, side)
    return f"data:image/webp;base64,{base64.b64encode(found).decode()}" if found else ""


def webp(
    stored: bytes | memoryview | None, genome: bytes | memoryview | None, side: int
) -> bytes | None:
    """The same as a file; None where there is no picture."""
    if stored is not None:
        return bytes(stored)
    return _drawn(bytes(genome), side) if genome is not None else None


@functools.lru_cache(maxsize=KEPT)
def _drawn(genome: bytes, side: int) -> bytes | None:
    try:
        image = phenotypes.express(codec.decode(genome), side)
    except BadGenome as error:
        log.warning("a genome of %s bytes cannot be drawn: %s", len(genome), error)
        return None
    return phenotypes.webp(image)
