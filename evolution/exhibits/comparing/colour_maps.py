"""The colours of heat maps: from dark blue over the networks' teal to pale yellow.

Lightness grows evenly to the eye (in OKLab), so that more is brighter in print and for the
colour-blind too. Source of the matrices: Björn Ottosson, A perceptual color space for image
processing, 2020.
"""

import functools

import numpy as np
from numpy.typing import NDArray

STEPS = 255  # leaves one of 256 palette entries for holes
LIGHTNESS = (0.17, 0.97)
STOPS = (0.0, 0.35, 0.7, 1.0)
HUES = (275.0, 235.0, 190.0, 110.0)  # degrees
CHROMAS = (0.06, 0.105, 0.115, 0.095)

LMS = np.array(
    [
        [1.0, 0.3963377774, 0.2158037573],
        [1.0, -0.1055613458, -0.0638541728],
        [1.0, -0.0894841775, -1.2914855480],
    ]
)
LINEAR_RGB = np.array(
    [
        [4.0767416621, -3.3077115913, 0.2309699292],
        [-1.2684380046, 2.6097574011, -0.3413193965],
        [-0.0041960863, -0.7034186147, 1.7076147010],
    ]
)


@functools.cache
def palette() -> NDArray[np.uint8]:
    """Returns (STEPS, 3) bytes red, green, blue, darkest first."""
    at = np.linspace(0, 1, STEPS)
    hue = np.radians(np.interp(at, STOPS, HUES))
    chroma = np.interp(at, STOPS, CHROMAS)
    lightness = LIGHTNESS[0] + at * (LIGHTNESS[1] - LIGHTNESS[0])
    lab = np.stack([lightness, chroma * np.cos(hue), chroma * np.sin(hue)], axis=1)
    linear = np.clip((lab @ LMS.T) ** 3 @ LINEAR_RGB.T, 0, 1)
    curved = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    found: NDArray[np.uint8] = np.rint(curved * 255).astype(np.uint8)
    return found


def stops(count: int = 9) -> str:
    """The same colours for a CSS gradient."""
    chosen = palette()[np.linspace(0, STEPS - 1, count).round().astype(int)]
    return ",".join(f"#{red:02x}{green:02x}{blue:02x}" for red, green, blue in chosen)
