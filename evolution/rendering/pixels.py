"""From expressed values to shown colours, compiled; all that directly encoded pictures need."""

from typing import Any, get_args

import numpy as np
from numba import njit
from numpy.typing import NDArray

from evolution.genomes.base import Colour
from evolution.genomes.direct_population import DirectPopulation
from evolution.phenotypes import check_size, resized
from evolution.rendering.functions import hls, hsv, inlined

COLOURS = get_args(Colour)
GREY, HSV = COLOURS.index("grey"), COLOURS.index("hsv")


def express_pixels(population: DirectPopulation, size: int) -> NDArray[np.float32]:
    """Draw (B, size, size, C) float32 pictures, C = 1 or 3; every value is k / 255."""
    check_size(size)
    n, side, _, depth = population.genes.shape
    images = np.empty((n, side, side, depth), np.float32)
    genes, pixels = (array.reshape(n, side * side, depth) for array in (population.genes, images))
    _show(genes, COLOURS.index(population.colour), pixels)
    if side == size:
        return images
    as_bytes = np.rint(images * 255).astype(np.uint8)
    return np.stack([resized(image, size) for image in as_bytes]).astype(np.float32) / np.float32(
        255
    )


@inlined
def _to_byte(value: float) -> Any:
    return abs(np.trunc(value * 255.0))


@inlined
def write(outputs: NDArray[np.float64], colour: int, pixels: NDArray[np.float32]) -> None:
    """Turn (n_outputs, n) values into (n, C) shown values k / 255."""
    if colour == GREY:
        for i in range(len(pixels)):
            pixels[i, 0] = np.float32(_to_byte(outputs[0, i])) / np.float32(255.0)
        return
    for i in range(len(pixels)):
        a, b, c = _to_byte(outputs[0, i]), _to_byte(outputs[1, i]), _to_byte(outputs[2, i])
        red, green, blue = hsv(a, b, c) if colour == HSV else hls(a, b, c)
        pixels[i, 0] = np.float32(red) / np.float32(255.0)
        pixels[i, 1] = np.float32(green) / np.float32(255.0)
        pixels[i, 2] = np.float32(blue) / np.float32(255.0)


@njit(cache=True, nogil=True, error_model="numpy")
def _show(genes: NDArray[np.float32], colour: int, images: NDArray[np.float32]) -> None:
    """Draw (B, n, C) genes as (B, n, C) shown values."""
    for i in range(len(genes)):
        write(genes[i].T, colour, images[i])
