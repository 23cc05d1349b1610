"""From a genome to its picture, one at a time, in plain NumPy.

This is the reference that the renderers for whole populations agree with, and it is what the web
process draws with: nothing here needs a compiler or a deep-learning library.
"""

from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from evolution.genomes.base import MAX_SIDE, Expression
from evolution.genomes.colours import displayed, painted
from evolution.genomes.cppn import N_INPUTS
from evolution.genomes.direct import DirectGenome
from evolution.genomes.extents import needed_nodes
from evolution.genomes.fields import Field, Network, distance, evaluated, normalised_axis
from evolution.genomes.pixels import PixelGenome

Picture = NDArray[np.uint8]

LARGEST_LOSSLESS = 64  # pixels a side, of a WebP


def express(genome: Network | DirectGenome | PixelGenome, size: int) -> Picture:
    """Draw a genome. Returns (size, size, C) uint8: C = 1 grey, or 3 red, green, blue.

    A CPPN at any size samples the same field over the same area, more or less finely. A directly
    encoded picture, and one that is its own genome, is enlarged by repeating pixels and reduced by
    averaging them.
    Raises ValueError if size is not 1..4096.
    """
    check_size(size)
    if isinstance(genome, PixelGenome):
        return resized(genome.pixels.copy(), size)  # whoever draws may write
    if isinstance(genome, DirectGenome):
        return resized(displayed(to_bytes(genome.genes.astype(np.float64)), genome.colour), size)
    picture = np.empty((size, size, genome.n_outputs), np.uint8)
    for rows, values in evaluated(genome, size, needed_nodes(genome)):
        picture[rows] = _shown(_channels(genome, values, size), genome.expression)
    return picture


def node_patterns(genome: Network, size: int) -> Picture:
    """Draw what every node computes. Returns (n_nodes, size, size) uint8.

    Nodes are drawn like a grey output; what lies beyond 1 is white. The inputs x, y and d are
    ramps from 0 to 255.
    """
    check_size(size)
    patterns = np.empty((genome.n_nodes, size, size), np.uint8)
    wanted = np.ones(genome.n_nodes, dtype=np.bool_)
    for rows, values in evaluated(genome, size, wanted):
        for node in range(N_INPUTS, genome.n_nodes):
            limited = np.clip(np.nan_to_num(values[node].astype(np.float32)), -1, 1)
            patterns[node, rows] = to_bytes(limited)
    ramp = np.linspace(0, 255, size).astype(np.uint8)
    patterns[0], patterns[1] = ramp[None, :], ramp[:, None]
    patterns[2] = to_bytes(distance(normalised_axis(size), normalised_axis(size)) / np.sqrt(2))
    patterns[3] = 255
    return patterns


def png(image: Picture) -> bytes:
    """Return the PNG file of an (H, W, 1) or (H, W, 3) image."""
    return _encoded(image, "PNG")


def webp(image: Picture) -> bytes:
    """Return the WebP file of an (H, W, 1) or (H, W, 3) image: to look at, not to measure.

    Lossless for small ones; of a large one that would take eighteen times as long and be three
    times as large.
    """
    if len(image) <= LARGEST_LOSSLESS:
        return _encoded(image, "WEBP", lossless=True)
    return _encoded(image, "WEBP", quality=90, method=2)


def check_size(size: int) -> None:
    """Raise ValueError unless pictures of this size, in pixels, can be drawn."""
    if not 1 <= size <= MAX_SIDE:
        raise ValueError(f"size must be 1..{MAX_SIDE} pixels, not {size}")


def to_bytes(values: NDArray[np.floating]) -> Picture:
    """Turn outputs in [-1, 1] into bytes |trunc(255 v)|: negative ones are mirrored.

    Source: fooling, phen/phen_grayscale_image.hpp.
    """
    expressed: Picture = np.abs(np.trunc(values * 255.0)).astype(np.uint8)
    return expressed


def outputs(genome: Network, size: int) -> NDArray[np.float32]:
    """Return what a network's outputs compute: (size, size, n_outputs).

    In [-1, 1], but where an activation has no limits.
    """
    sampled = np.empty((size, size, genome.n_outputs), np.float32)
    for rows, values in evaluated(genome, size, needed_nodes(genome)):
        sampled[rows] = _channels(genome, values, size)
    return sampled


def _channels(genome: Network, values: list[Field], size: int) -> NDArray[np.float32]:
    """Put the outputs of a block of rows side by side: (height, size, n_outputs)."""
    found = [values[number] for number in genome.outputs]
    shape = np.broadcast_shapes((1, size), *(np.shape(field) for field in [*found, values[1]]))
    channels = np.empty((*shape, len(found)), np.float32)
    for number, field in enumerate(found):
        channels[:, :, number] = field
    return channels


def _shown(values: NDArray[np.float32], expression: Expression) -> Picture:
    if expression.coordinates in ("site", "fer"):
        return painted(np.nan_to_num(values), expression)
    return displayed(to_bytes(values), expression.colour)


def resized(image: Picture, size: int) -> Picture:
    if size == len(image):
        return image
    method = Image.Resampling.NEAREST if size > len(image) else Image.Resampling.BOX
    resized = np.asarray(_pillow(image).resize((size, size), method))
    return resized.reshape(size, size, -1)


def _pillow(image: Picture) -> Image.Image:
    return Image.fromarray(image[:, :, 0] if image.shape[2] == 1 else image)


def _encoded(image: Picture, file_format: str, **options: int) -> bytes:
    if image.dtype != np.uint8 or image.ndim != 3 or image.shape[2] not in (1, 3):
        raise ValueError(f"image must be (H, W, 1 or 3) uint8, not {image.shape} {image.dtype}")
    file = BytesIO()
    _pillow(image).save(file, file_format, **options)
    return file.getvalue()
