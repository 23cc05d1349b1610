"""From a genome to its picture, one at a time, in plain NumPy.

This is the reference that the renderers for whole populations agree with, and it is what the web
process draws with: nothing here needs a compiler or a deep-learning library.
"""

from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from evolution.genomes import activations, elementary
from evolution.genomes.base import MAX_SIDE, Expression
from evolution.genomes.colours import displayed
from evolution.genomes.cppn import N_INPUTS, SINE, CppnGenome
from evolution.genomes.direct import DirectGenome
from evolution.genomes.extents import COLUMN, NOTHING, PIXEL, ROW, extents, needed_nodes

Field = NDArray[np.floating]
Picture = NDArray[np.uint8]

LARGEST_LOSSLESS = 64  # pixels a side, of a WebP
NOTHING_YET = np.zeros((1, 1))  # the sum of no edges
WRAPPED = elementary.wrapping()
VALUES_AT_ONCE = 2**20  # float64 numbers of one block of rows: 8 MB, whatever the picture's size


class Incoming(NamedTuple):
    """What an edge brings: the extent, the weight and the values of its source."""

    extent: int
    weight: np.float64
    values: Field


def express(genome: CppnGenome | DirectGenome, size: int) -> Picture:
    """Draw a genome. Returns (size, size, C) uint8: C = 1 grey, or 3 red, green, blue.

    A CPPN at any size samples the same field over the same area, more or less finely. A directly
    encoded picture is enlarged by repeating pixels and reduced by averaging them.
    Raises ValueError if size is not 1..2048.
    """
    check_size(size)
    if isinstance(genome, CppnGenome):
        return displayed(to_bytes(outputs(genome, size)), genome.expression.colour)
    return resized(displayed(to_bytes(genome.genes.astype(np.float64)), genome.colour), size)


def node_patterns(genome: CppnGenome, size: int) -> Picture:
    """Draw what every node computes. Returns (n_nodes, size, size) uint8.

    Nodes are drawn like a grey output. The inputs x, y and d are ramps from 0 to 255.
    """
    check_size(size)
    patterns = np.empty((genome.n_nodes, size, size), np.uint8)
    wanted = np.ones(genome.n_nodes, dtype=np.bool_)
    for rows, values in _evaluated(genome, size, wanted):
        for node in range(N_INPUTS, genome.n_nodes):
            patterns[node, rows] = to_bytes(values[node].astype(np.float32))
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


def normalised_axis(size: int) -> Field:
    """Return the (size,) positions of pixels from -1 to 1; a single pixel sits in the middle."""
    if size == 1:
        return np.zeros(1)
    doubled = np.arange(0.0, 2.0 * size, 2.0)
    return doubled / (size - 1) - 1.0


def axis(expression: Expression, size: int) -> Field:
    """Return the (size,) values of the inputs x and y.

    Raw coordinates are the pixel indices of a picture of base_size; other sizes sample between.
    """
    if expression.coordinates == "normalised":
        return normalised_axis(size)
    if size == 1:
        return np.full(1, (expression.base_size - 1) / 2)
    return np.arange(0.0, size) * ((expression.base_size - 1) / (size - 1))


def distance(columns: Field, rows: Field) -> Field:
    """Return (len(rows), len(columns)) distances from the middle, for normalised positions."""
    d: Field = np.sqrt(columns[None, :] * columns[None, :] + rows[:, None] * rows[:, None])
    return d


def outputs(genome: CppnGenome, size: int) -> NDArray[np.float32]:
    """Return what a CPPN's outputs compute: (size, size, n_outputs) in [-1, 1]."""
    sampled = np.empty((size, size, genome.n_outputs), np.float32)
    for rows, values in _evaluated(genome, size, needed_nodes(genome)):
        for channel in range(genome.n_outputs):
            sampled[rows, :, channel] = values[genome.first_output + channel]
    return sampled


def _evaluated(
    genome: CppnGenome, size: int, wanted: NDArray[np.bool_]
) -> Iterator[tuple[slice, list[Field]]]:
    """Yield blocks of rows with the values of the wanted nodes, each broadcastable to the block."""
    x, u = axis(genome.expression, size), normalised_axis(size)
    height = max(1, VALUES_AT_ONCE // (size * int(wanted.sum())))
    for top in range(0, size, height):
        rows = slice(top, min(top + height, size))
        d = distance(u, u[rows]).astype(np.float32)
        inputs: list[Field] = [x[None, :], x[rows, None], d, np.ones((1, 1))]
        yield rows, _node_values(genome, inputs, wanted)


def _node_values(genome: CppnGenome, inputs: list[Field], wanted: NDArray[np.bool_]) -> list[Field]:
    """Evaluate the wanted nodes in topological order.

    What depends on x alone stays one row, what depends on nothing one number: NumPy's
    broadcasting spares the rest.
    """
    values = inputs + [NOTHING_YET] * (genome.n_nodes - N_INPUTS)
    extent, weights = extents(genome), genome.weights
    starts = np.searchsorted(genome.targets, np.arange(genome.n_nodes + 1))
    for node in np.flatnonzero(wanted[N_INPUTS:]) + N_INPUTS:
        incoming = [
            Incoming(int(extent[source]), weight, values[source])
            for source, weight in zip(
                genome.sources[starts[node] : starts[node + 1]],
                weights[starts[node] : starts[node + 1]],
                strict=True,
            )
        ]
        activation = genome.activations[node]
        if extent[node] == PIXEL:
            total = _sum_at_pixels(incoming, activation, genome.expression)
            values[node] = activations.NUMPY_32[activation](total)
        else:
            values[node] = activations.NUMPY_64[activation](_sum(incoming))
    return values


def _sum(incoming: Iterable[Incoming]) -> Field:
    total = NOTHING_YET
    for _, weight, value in incoming:
        total = total + weight * value
    return total


def _sum_at_pixels(incoming: Sequence[Incoming], activation: int, expression: Expression) -> Field:
    """Sum what comes along columns, what comes down rows, then the two, then what is left.

    Raw coordinates make sums of thousands, which single precision would blur. A sine loses nothing
    if whole turns are left out.
    """
    along = _sum(edge for edge in incoming if edge.extent in (NOTHING, COLUMN))
    down = _sum(edge for edge in incoming if edge.extent == ROW)
    if activation == SINE:
        along, down = WRAPPED(along), WRAPPED(down)
    if expression.coordinates == "raw":
        total = (along + down).astype(np.float32)
    else:
        total = along.astype(np.float32) + down.astype(np.float32)
    for extent, weight, value in incoming:
        if extent == PIXEL:
            total = total + np.float32(weight) * value
    return total


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
