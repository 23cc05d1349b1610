"""A picture as its own genome: what gradient ascent finds. Nothing is bred from it.

Packed: channels u8, side u16, length u32, and so many bytes of zlib holding u8[side * side * C].
"""

import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from evolution.genomes.base import BadGenome
from evolution.genomes.packed import Reader

MAX_SIDE = 512  # pixels; as of the direct encoding
_HEAD = struct.Struct("<BHI")
_LEVEL = 9
_SLACK = 1024  # bytes by which zlib may lengthen noise, which cannot be compressed


@dataclass(frozen=True, eq=False)
class PixelGenome:
    """pixels: (N, N, C) uint8, read-only; C = 1 grey, or 3 red, green, blue.

    Source of such pictures: Nguyen, Yosinski & Clune 2015, §3.9 and §E.
    """

    encoding: ClassVar[str] = "ascent"

    pixels: NDArray[np.uint8]

    def __post_init__(self) -> None:
        shape = self.pixels.shape
        if len(shape) != 3 or shape[2] not in (1, 3):
            raise BadGenome(f"pixels must be (N, N, 1) or (N, N, 3), not {shape}")
        if shape[0] != shape[1] or not 1 <= shape[0] <= MAX_SIDE:
            raise BadGenome(f"pixels must be a square of 1..{MAX_SIDE}, not {shape}")
        if self.pixels.dtype != np.uint8:
            raise BadGenome(f"pixels must be uint8, not {self.pixels.dtype}")
        own = np.ascontiguousarray(self.pixels).copy()
        own.flags.writeable = False
        object.__setattr__(self, "pixels", own)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, PixelGenome):
            return NotImplemented
        return np.array_equal(self.pixels, other.pixels)

    def __hash__(self) -> int:
        return hash((self.pixels.shape, self.pixels.tobytes()))


def pack(genome: PixelGenome) -> bytes:
    side, _, depth = genome.pixels.shape
    content = zlib.compress(genome.pixels.tobytes(), _LEVEL)
    return _HEAD.pack(depth, side, len(content)) + content


def unpack(reader: Reader) -> PixelGenome:
    """Raises BadGenome; never unpacks more than the picture that the header speaks of."""
    depth, side, length = reader.header(_HEAD)
    if depth not in (1, 3) or not 1 <= side <= MAX_SIDE:
        raise BadGenome(
            f"a picture has 1 or 3 channels and 1..{MAX_SIDE} pixels a side, not {depth} and {side}"
        )
    size = side * side * depth
    if length > size + _SLACK:
        raise BadGenome(f"{size} pixels are packed in {size + _SLACK} bytes at most, not {length}")
    content = _inflated(reader.array("u1", length).tobytes(), size)
    return PixelGenome(np.frombuffer(content, np.uint8).reshape(side, side, depth))


def _inflated(content: bytes, size: int) -> bytes:
    inflating = zlib.decompressobj()
    try:
        found = inflating.decompress(content, size + 1)
    except zlib.error as error:
        raise BadGenome(f"the packed picture is damaged: {error}") from None
    if len(found) != size or not inflating.eof or inflating.unused_data:
        raise BadGenome(f"the packed picture must hold {size} bytes and no more")
    return found


def to_json(genome: PixelGenome) -> dict[str, Any]:
    return {"pixels": genome.pixels.tolist()}


def from_json(document: Mapping[str, Any]) -> PixelGenome:
    """Raises BadGenome, and what NumPy raises for lists that are no array."""
    pixels = np.array(document["pixels"])
    if pixels.dtype.kind != "i" or not ((pixels >= 0) & (pixels <= 255)).all():
        raise BadGenome("pixels must be whole numbers from 0 to 255")
    return PixelGenome(pixels.astype(np.uint8))
