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
PIXELS_AT_ONCE = 4096

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
    """Compile the conversion of planes of whole numbers 0..255 to red, green, blue, in place."""

    @inlined
    def conversion(planes: Planes, n: int) -> None:
        first, second, third = planes
        for i in range(n):
            first[i], second[i], third[i] = convert(first[i], second[i], third[i])

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
def _show_colours(
    planes: Planes, colour: int, whole: NDArray[np.uint8], pixels: NDArray[np.uint8]
) -> None:
    """Turn planes of whole numbers 0..255 into (n, 3) pixels. whole: (3, >= n) room to work in."""
    if colour == HSV:
        _convert_hsv(planes, len(pixels))
    else:
        _convert_hls(planes, len(pixels))
    _interleave(planes, whole, pixels)


@inlined
def _expressed(plane: NDArray[np.float32], n: int) -> None:
    for i in range(n):
        plane[i] = _to_byte(plane[i])


@inlined
def show(
    values: NDArray[np.float32],
    output: int,
    colour: int,
    whole: NDArray[np.uint8],
    pixels: NDArray[np.uint8],
) -> None:
    """Turn the values of the outputs, which are overwritten, into (n, C) pixels.

    output: the row of the first. whole: (3, >= n) room to work in.
    """
    if colour == GREY:
        grey = values[output]
        for i in range(len(pixels)):
            pixels[i, 0] = np.uint8(np.int32(_to_byte(grey[i])))
        return
    planes = values[output], values[output + 1], values[output + 2]
    for plane in planes:
        _expressed(plane, len(pixels))
    _show_colours(planes, colour, whole, pixels)


@inlined
def _gather_genes(genes: NDArray[np.float32], planes: Planes) -> None:
    """Turn (n, 3) genes into planes of whole numbers 0..255."""
    first, second, third = planes
    for i in range(len(genes)):
        first[i] = np.trunc(np.float64(genes[i, 0]) * 255.0)
        second[i] = np.trunc(np.float64(genes[i, 1]) * 255.0)
        third[i] = np.trunc(np.float64(genes[i, 2]) * 255.0)


@njit(cache=True, nogil=True, error_model="numpy")
def _show_genes(genes: NDArray[np.float32], colour: int, images: NDArray[np.uint8]) -> None:
    """Draw (B, n, C) genes as (B, n, C) pixels."""
    n, n_pixels = images.shape[:2]
    values = np.empty((3, PIXELS_AT_ONCE), np.float32)
    whole = np.empty((3, PIXELS_AT_ONCE), np.uint8)
    planes = values[0], values[1], values[2]
    for i in range(n):
        if colour == GREY:
            for pixel in range(n_pixels):
                images[i, pixel, 0] = np.uint8(np.int32(np.float64(genes[i, pixel, 0]) * 255.0))
            continue
        for start in range(0, n_pixels, PIXELS_AT_ONCE):
            some = slice(start, min(start + PIXELS_AT_ONCE, n_pixels))
            _gather_genes(genes[i, some], planes)
            _show_colours(planes, colour, whole, images[i, some])
