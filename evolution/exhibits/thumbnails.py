"""Small pictures that travel inside the page: no request a tile, on a page as in a live update."""

import base64
import functools
import logging

from evolution import phenotypes
from evolution.genomes import codec
from evolution.genomes.base import BadGenome

KEPT = 2048  # thumbnails a process remembers: tens of megabytes at most

log = logging.getLogger(__name__)


def thumbnail(genome: bytes | memoryview | None, side: int) -> str:
    """A data: address of a lossless WebP; empty where the genome was pruned or cannot be read."""
    return _drawn(bytes(genome), side) if genome is not None else ""


@functools.lru_cache(maxsize=KEPT)
def _drawn(genome: bytes, side: int) -> str:
    try:
        image = phenotypes.express(codec.decode(genome), side)
    except BadGenome as error:
        log.warning("a genome of %s bytes cannot be drawn: %s", len(genome), error)
        return ""
    return f"data:image/webp;base64,{base64.b64encode(phenotypes.webp(image)).decode()}"
