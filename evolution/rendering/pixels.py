"""From expressed values to the bytes that are shown, compiled."""

from typing import Any, get_args

import numpy as np
from numba import njit
from numpy.typing import NDArray

from evolution.genomes.base import Colour
from evolution.genomes.direct_population import DirectPopulation
from evolution.genomes.kernels.primitives import inlined
from evolution.phenotypes import check_size, resized
from evolution.rendering.functions import hls, hsv

COLOURS = get_args(Colour)
GREY, HSV = COLOURS.index("grey"), COLOURS.index("hsv")
MOST = np.float32(255)

Planes = tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]


def express_pixels(population: DirectPopulation, size: int) -> NDArray[np.uint8]:
    """Draw (B, size, size, C) pictures, C = 1 or 3."""
    check_size(size)
    n, side, _, depth = population.genes.shape
    images = np.empty((n, side, side, depth), np.uint8)
    genes, pixels = (array.reshape(n, side * side, depth) for array in (population.genes, images))
    _show_genes(genes, COLOURS.index(population.colour), pixels)
    return images if side == size else np.stack([resized(image, size) for image in images])


@inlined
def _to_byte(value: Any) -> Any:
    """Turn an output in [-1, 1] into a whole number 0..255; both in single precision."""
    return abs(np.trunc(value * MOST))


def _conversion(convert: Any) -> Any:
    """Compile the conversion of three planes of outputs, in place, to red, green and blue."""

    @inlined
    def conversion(planes: Planes, n: int) -> None:
        first, second, third = planes
        for i in range(n):
            a, b, c = _to_byte(first[i]), _to_byte(second[i]), _to_byte(third[i])
            first[i], second[i], third[i] = convert(a, b, c)

    return conversion


_convert_hsv, _convert_hls = _conversion(hsv), _conversion(hls)


@inlined
def _interleave(planes: Planes, whole: NDArray[np.uint8], pixels: NDArray[np.uint8]) -> None:
    """Turn planes of whole numbers into pixels; by way of planes of bytes, which vectorises."""
    first, second, third = planes
    for i in range(len(pixels)):
        whole[0, i] = np.uint8(np.int32(first[i]))
    for i in range(len(pixels)):
        whole[1, i] = np.uint8(np.int32(second[i]))
    for i in range(len(pixels)):
        whole[2, i] = np.uint8(np.int32(third[i]))
    for i in range(len(pixels)):
        pixels[i, 0], pixels[i, 1], pixels[i, 2] = whole[0, i], whole[1, i], whole[2, i]


@inlined
def show(
    values: NDArray[np.float32],
    output: int,
    colour: int,
    whole: NDArray[np.uint8],
    pixels: NDArray[np.uint8],
) -> None:
    """Turn the values of the outputs into (n, C) pixels. output: the row of the first.

    The values are overwritten. whole: (3, >= n) room to work in.
    """
    if colour == GREY:
        grey = values[output]
        for i in range(len(pixels)):
            pixels[i, 0] = np.uint8(np.int32(_to_byte(grey[i])))
        return
    planes = values[output], values[output + 1], values[output + 2]
    if colour == HSV:
        _convert_hsv(planes, len(pixels))
    else:
        _convert_hls(planes, len(pixels))
    _interleave(planes, whole, pixels)


@inlined
def _byte_of_gene(gene: Any) -> Any:
    return np.float32(np.trunc(np.float64(gene) * 255.0))


@njit(cache=True, nogil=True, error_model="numpy")
def _show_genes(genes: NDArray[np.float32], colour: int, images: NDArray[np.uint8]) -> None:
    """Draw (B, n, C) genes as (B, n, C) pixels."""
    for i in range(len(genes)):
        for pixel in range(genes.shape[1]):
            a = _byte_of_gene(genes[i, pixel, 0])
            if colour == GREY:
                images[i, pixel, 0] = np.uint8(a)
                continue
            b, c = _byte_of_gene(genes[i, pixel, 1]), _byte_of_gene(genes[i, pixel, 2])
            red, green, blue = hsv(a, b, c) if colour == HSV else hls(a, b, c)
            images[i, pixel, 0] = np.uint8(red)
            images[i, pixel, 1] = np.uint8(green)
            images[i, pixel, 2] = np.uint8(blue)
