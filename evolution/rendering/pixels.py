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


def _conversion(convert: Any, express: Any) -> Any:
    """Compile the conversion of three planes to red, green and blue, in place.

    express: what turns a plane's values into whole numbers 0..255.
    """

    @inlined
    def conversion(planes: Planes, n: int) -> None:
        first, second, third = planes
        for i in range(n):
            a, b, c = express(first[i]), express(second[i]), express(third[i])
            first[i], second[i], third[i] = convert(a, b, c)

    return conversion


@inlined
def _as_it_is(value: Any) -> Any:
    return value


_outputs_as_hsv, _outputs_as_hls = _conversion(hsv, _to_byte), _conversion(hls, _to_byte)
_bytes_as_hsv, _bytes_as_hls = _conversion(hsv, _as_it_is), _conversion(hls, _as_it_is)


@inlined
def _interleave(planes: Planes, pixels: NDArray[np.uint8]) -> None:
    """Turn planes of whole numbers into (n, 3) pixels."""
    first, second, third = planes
    # Flat, with unsigned indices: a stride that is known to be 3 is vectorised.
    n, flat = len(pixels), pixels.reshape(-1)
    for i in range(n):
        start = np.uintp(3 * i)
        flat[start] = np.uint8(np.int32(first[i]))
        flat[start + np.uintp(1)] = np.uint8(np.int32(second[i]))
        flat[start + np.uintp(2)] = np.uint8(np.int32(third[i]))


@inlined
def show(
    values: NDArray[np.float32],
    output: int,
    colour: int,
    pixels: NDArray[np.uint8],
) -> None:
    """Turn the values of the outputs, which are overwritten, into (n, C) pixels.

    output: the row of the first.
    """
    if colour == GREY:
        grey = values[output]
        for i in range(len(pixels)):
            pixels[i, 0] = np.uint8(np.int32(_to_byte(grey[i])))
        return
    planes = values[output], values[output + 1], values[output + 2]
    if colour == HSV:
        _outputs_as_hsv(planes, len(pixels))
    else:
        _outputs_as_hls(planes, len(pixels))
    _interleave(planes, pixels)


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
    n_pixels = images.shape[1]
    values = np.empty((3, PIXELS_AT_ONCE), np.float32)
    planes = values[0], values[1], values[2]
    for i in range(len(images)):
        if colour == GREY:
            for pixel in range(n_pixels):
                images[i, pixel, 0] = np.uint8(np.int32(np.float64(genes[i, pixel, 0]) * 255.0))
            continue
        for start in range(0, n_pixels, PIXELS_AT_ONCE):
            some = slice(start, min(start + PIXELS_AT_ONCE, n_pixels))
            _gather_genes(genes[i, some], planes)
            n = some.stop - start
            if colour == HSV:
                _bytes_as_hsv(planes, n)
            else:
                _bytes_as_hls(planes, n)
            _interleave(planes, images[i, some])
