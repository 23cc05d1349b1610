"""From the bytes that a genome expresses to grey values or red, green and blue.

Elementary operations in single precision only, so that every renderer gets the same bits; see
`elementary.py`.
"""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evolution.genomes.base import AnyColour, Expression
from evolution.genomes.elementary import Compiler, Function, Number, interpreted

Conversion = Callable[[Any, Any, Any], tuple[Any, Any, Any]]
HUES = 256


def build(
    floor: Function,
    clip: Callable[[Any, Any, Any], Any],
    number: Number = float,
    compiled: Compiler = interpreted,
) -> tuple[Conversion, Conversion]:
    """Return hsv and hls: three channels as whole floats 0..255 -> red, green, blue, likewise.

    number: what a constant is turned into, so that a compiler gives it single precision.
    """
    return _hsv(floor, clip, number, compiled), _hls(floor, clip, number, compiled)


def _hsv(floor: Function, clip: Any, number: Number, compiled: Compiler) -> Any:
    zero, half, one, two, six = map(number, (0, 0.5, 1, 2, 6))
    per_hue, sixth, share = map(number, (6 / HUES, 1 / 6, 1 / 255))
    red, green, blue = map(number, (5, 3, 1))

    def channel(offset: Any, h: Any, chroma: Any, v: Any) -> Any:
        k = h * per_hue + offset
        k = k - six * floor(k * sixth)
        return floor(v - chroma * clip(two - abs(k - two), zero, one) + half)

    channel = compiled(channel)

    def hsv(h: Any, s: Any, v: Any) -> tuple[Any, Any, Any]:
        chroma = v * (s * share)
        return channel(red, h, chroma, v), channel(green, h, chroma, v), channel(blue, h, chroma, v)

    return compiled(hsv)


def _hls(floor: Function, clip: Any, number: Number, compiled: Compiler) -> Any:
    half, one, three, six, twelve, middle = map(number, (0.5, 1, 3, 6, 12, 127.5))
    # One hue byte is two degrees, so bytes from 180 on repeat the first ones: the published
    # pictures are 8-bit OpenCV ones (fooling: phen/phen_color_image.hpp).
    per_hue, twelfth, share = map(number, (1 / 15, 1 / 12, 1 / 255))
    red, green, blue = map(number, (0, 8, 4))

    def channel(offset: Any, h: Any, chroma: Any, lightness: Any) -> Any:
        k = h * per_hue + offset
        k = k - twelve * floor(k * twelfth)
        return floor(lightness - chroma * clip(three - abs(k - six), -one, one) + half)

    channel = compiled(channel)

    def hls(h: Any, lightness: Any, s: Any) -> tuple[Any, Any, Any]:
        chroma = (middle - abs(lightness - middle)) * (s * share)
        return (
            channel(red, h, chroma, lightness),
            channel(green, h, chroma, lightness),
            channel(blue, h, chroma, lightness),
        )

    return compiled(hls)


HSV, HLS = build(np.floor, np.clip)


def displayed(values: NDArray[np.uint8], colour: AnyColour) -> NDArray[np.uint8]:
    """Turn (H, W, C) expressed bytes into what is shown: grey as it is, else red, green, blue."""
    if colour == "grey":
        return values
    convert = HSV if colour == "hsv" else HLS
    first, second, third = np.moveaxis(values.astype(np.float32), -1, 0)
    return np.stack(convert(first, second, third), axis=-1).astype(np.uint8)


def painted(values: NDArray[np.float32], expression: Expression) -> NDArray[np.uint8]:
    """Turn finite (H, W, C) outputs into what Picbreeder shows: grey, or red, green and blue.

    Ink and brightness are mirrored at 0 and end at 1, the hue wraps, the saturation is clamped.
    Source: docs/picbreeder.md. Bytes are rounded on the site and cut off by fer.
    """
    brightness = np.minimum(np.abs(values[:, :, -1]), np.float32(1)) * np.float32(255)
    half = np.float32(0 if expression.coordinates == "fer" else 0.5)
    picture = np.empty(values.shape, np.uint8)
    if expression.colour == "ink" or expression.greyed:
        picture[:] = (brightness + half)[:, :, None]
        return picture
    hue, saturation = values[:, :, 0], np.clip(values[:, :, 1], np.float32(0), np.float32(1))
    sixths = (hue - np.floor(hue)) * np.float32(6)
    chroma = brightness * saturation
    for channel, pale in enumerate(_pale(sixths)):
        picture[:, :, channel] = brightness - chroma * pale + half
    return picture


def _pale(sixths: NDArray[np.float32]) -> Iterator[NDArray[np.float32]]:
    """How far red, green and blue are from their full strength: 0 to 1 for hues of 0 to 6."""
    zero, one, two, three, four = map(np.float32, range(5))
    yield np.clip(two - np.abs(sixths - three), zero, one)
    yield np.clip(np.abs(sixths - two) - one, zero, one)
    yield np.clip(np.abs(sixths - four) - one, zero, one)
