"""A brood as packed bytes, and back.

Version 1, little-endian: "FK", version u8, count u8, and compressed by zlib, for every genome its
length u32 and the bytes of `genomes.codec`. Siblings have most of their genes in common, so they
take little more room than one of them.
"""

import struct
import zlib
from collections.abc import Iterator, Sequence

from evolution.algorithms.breeding.settings import MOST_TILES
from evolution.genomes import codec
from evolution.genomes.base import BadGenome

MAGIC, VERSION = b"FK", 1
LARGEST = 32 * 2**20  # bytes before compression: 30 directly encoded colour pictures of 256 pixels
LEVEL = 9
_HEAD = struct.Struct("<2sBB")
_LENGTH = struct.Struct("<I")


def pack(genomes: Sequence[codec.AnyGenome]) -> bytes:
    """Pack 1 to 30 genomes; `unpack` gives back equal ones. Raises ValueError for too many."""
    if not 1 <= len(genomes) <= MOST_TILES:
        raise ValueError(f"a brood has 1..{MOST_TILES} genomes, not {len(genomes)}")
    contents = [codec.encode(genome) for genome in genomes]
    body = b"".join(_LENGTH.pack(len(one)) + one for one in contents)
    if len(body) > LARGEST:
        raise ValueError(f"a brood has up to {LARGEST} bytes, not {len(body)}")
    return _HEAD.pack(MAGIC, VERSION, len(genomes)) + zlib.compress(body, LEVEL)


def unpack(content: bytes) -> list[codec.AnyGenome]:
    """Unpack a brood. Whatever is wrong with the bytes, the error is BadGenome and says so."""
    return [codec.decode(one) for one in encoded(content)]


def encoded(content: bytes) -> list[bytes]:
    """The genomes of a brood as bytes of `genomes.codec`, for who wants one. Raises BadGenome."""
    if len(content) < _HEAD.size:
        raise BadGenome(f"a brood has at least {_HEAD.size} bytes, not {len(content)}")
    magic, version, count = _HEAD.unpack_from(content)
    if magic != MAGIC:
        raise BadGenome("these bytes are no brood: they do not begin with FK")
    if version != VERSION:
        raise BadGenome(f"brood version {version} is unknown; this program reads {VERSION}")
    if not 1 <= count <= MOST_TILES:
        raise BadGenome(f"a brood has 1..{MOST_TILES} genomes, not {count}")
    return list(_divided(_expanded(content[_HEAD.size :]), count))


def _expanded(compressed: bytes) -> bytes:
    """Decompress, but never to more than a brood may have."""
    expander = zlib.decompressobj()
    try:
        body = expander.decompress(compressed, LARGEST + 1)
    except zlib.error as error:
        raise BadGenome(f"the brood is damaged: {error}") from None
    if len(body) > LARGEST:
        raise BadGenome(f"a brood has up to {LARGEST} bytes")
    if not expander.eof:
        raise BadGenome("the brood is cut off")
    if expander.unused_data:
        raise BadGenome(f"{len(expander.unused_data)} bytes follow the brood's end")
    return body


def _divided(body: bytes, count: int) -> Iterator[bytes]:
    at = 0
    for _ in range(count):
        if at + _LENGTH.size > len(body):
            raise BadGenome("the brood is cut off")
        (length,) = _LENGTH.unpack_from(body, at)
        at += _LENGTH.size
        if at + length > len(body):
            raise BadGenome("the brood is cut off")
        yield body[at : at + length]
        at += length
    if at != len(body):
        raise BadGenome(f"{len(body) - at} bytes follow the brood's last genome")
