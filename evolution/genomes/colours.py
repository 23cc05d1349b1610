"""From the bytes that a genome expresses to grey values or red, green and blue.

Elementary operations only, so that every renderer gets the same bits; see `activations.py`.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evolution.genomes.base import Colour

Conversion = Callable[[Any, Any, Any], tuple[Any, Any, Any]]
HUES = 256.0


def build(
    floor: Callable[[Any], Any],
    clip: Callable[[Any, float, float], Any],
    compiled: Callable[[Any], Any] = lambda f: f,
) -> tuple[Conversion, Conversion]:
    """Return hsv and hls: three channels as whole floats 0..255 -> red, green, blue, likewise."""

    def hsv_channel(offset: float, h: Any, s: Any, v: Any) -> Any:
        k = h * (6.0 / HUES) + offset
        k = k - 6.0 * floor(k * (1.0 / 6.0))
        chroma = v * (s * (1.0 / 255.0))
        return floor(v - chroma * clip(2.0 - abs(k - 2.0), 0.0, 1.0) + 0.5)

    def hls_channel(offset: float, h: Any, lightness: Any, s: Any) -> Any:
        # One hue byte is two degrees, so bytes from 180 on repeat the first ones: the published
        # pictures are 8-bit OpenCV ones (fooling: phen/phen_color_image.hpp).
        k = h * (1.0 / 15.0) + offset
        k = k - 12.0 * floor(k * (1.0 / 12.0))
        chroma = (127.5 - abs(lightness - 127.5)) * (s * (1.0 / 255.0))
        return floor(lightness - chroma * clip(3.0 - abs(k - 6.0), -1.0, 1.0) + 0.5)

    hsv_channel, hls_channel = compiled(hsv_channel), compiled(hls_channel)

    def hsv(h: Any, s: Any, v: Any) -> tuple[Any, Any, Any]:
        return (
            hsv_channel(5.0, h, s, v),
            hsv_channel(3.0, h, s, v),
            hsv_channel(1.0, h, s, v),
        )

    def hls(h: Any, lightness: Any, s: Any) -> tuple[Any, Any, Any]:
        return (
            hls_channel(0.0, h, lightness, s),
            hls_channel(8.0, h, lightness, s),
            hls_channel(4.0, h, lightness, s),
        )

    return compiled(hsv), compiled(hls)


HSV, HLS = build(np.floor, np.clip)


def displayed(values: NDArray[np.uint8], colour: Colour) -> NDArray[np.uint8]:
    """Turn (H, W, C) expressed bytes into what is shown: grey as it is, else red, green, blue."""
    if colour == "grey":
        return values
    convert = HSV if colour == "hsv" else HLS
    first, second, third = np.moveaxis(values.astype(np.float64), -1, 0)
    return np.stack(convert(first, second, third), axis=-1).astype(np.uint8)
