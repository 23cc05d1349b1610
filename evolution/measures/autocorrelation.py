"""How much a picture looks like itself, moved."""

import numpy as np
from numpy.typing import NDArray
from scipy.signal import fftconvolve

from evolution.errors import InvalidInput

NOTHING = 1e-9  # variance that is rounding only


def autocorrelation(picture: NDArray[np.float64]) -> NDArray[np.float64]:
    """Pearson's r of a picture and itself, for each shift, over the part where both overlap.

    All channels count together, each from its own mean there. No shift is in the middle. 0 where
    one of the two parts is plain. Raises InvalidInput.
    """
    if picture.ndim not in (2, 3) or min(picture.shape[:2]) < 2:
        raise InvalidInput("picture", f"expected rows, columns and channels, got {picture.shape}")
    planes = picture[:, :, None] if picture.ndim == 2 else picture
    planes = planes - planes.mean(axis=(0, 1))  # against rounding
    ones = np.ones(planes.shape[:2])
    area = np.maximum(np.rint(fftconvolve(ones, ones)), 1)
    product, here, there = (np.zeros_like(area) for _ in range(3))
    for plane in np.moveaxis(planes, 2, 0):
        one, other = fftconvolve(plane, ones), fftconvolve(ones, plane[::-1, ::-1])
        product += fftconvolve(plane, plane[::-1, ::-1]) - one * other / area
        here += fftconvolve(plane**2, ones) - one**2 / area
        there += fftconvolve(ones, plane[::-1, ::-1] ** 2) - other**2 / area
    varied = (here > NOTHING * area) & (there > NOTHING * area)
    scale = np.sqrt(np.where(varied, here * there, 1.0))
    return np.asarray(np.clip(np.where(varied, product / scale, 0.0), -1, 1))
