"""Elements that a picture repeats: found by its period, cut out, and matched with each other.

§3.4, Fig. 10 of the paper removes repeated elements by hand and names no method; this one is ours.
docs/measures.md tells how it was tried, and what it misses.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter, maximum_filter

from evolution.errors import InvalidInput
from evolution.measures.autocorrelation import autocorrelation
from evolution.measures.elements import cut_out, grown, matching, otsu

Mask = NDArray[np.bool_]
Field = NDArray[np.float64]
Shift = tuple[int, int]

ANALYSED = 128  # pixels a side; larger pictures are reduced, and what is found is enlarged
FEWEST = 3  # elements; two alike may be chance, or symmetry
LIKE_ITSELF = 0.3  # autocorrelation of a period at least
DIP = 0.3  # and it falls by so much on the way there: else the picture is only smooth
ROUNDING = 1e-9  # of an autocorrelation: along bars it is the same everywhere
SMALLEST_SIDE = 12  # pixels
NEARLY = 0.85  # of the best autocorrelation: the shortest such shift is the period
LONGEST = 1 / 3  # of the side: what is there three times
SHORTEST = 3  # pixels of a period, as analysed
CONTRAST = 0.04  # standard deviation from the local background, of 1: less is no pattern


@dataclass(frozen=True)
class Repetition:
    """period: rows and columns, in pixels of the picture. likeness: autocorrelation there, 0-1.

    elements: a mask each, of the picture's rows and columns, the most conspicuous first.
    """

    period: Shift
    likeness: float
    elements: Sequence[Mask]


def repetition(picture: Field) -> Repetition | None:
    """Find what a picture repeats; None if it repeats nothing at least three times.

    picture: (rows, columns) or (rows, columns, channels), values 0-1. Raises InvalidInput.
    """
    if picture.ndim not in (2, 3) or min(picture.shape[:2]) < SMALLEST_SIDE:
        raise InvalidInput(
            "picture", f"expected {SMALLEST_SIDE} pixels a side or more, got {picture.shape}"
        )
    planes = picture[:, :, None] if picture.ndim == 2 else picture
    factor = -(-max(planes.shape[:2]) // ANALYSED)
    small = _reduced(planes, factor)
    found = period(small)
    if found is None:
        return None
    shift, likeness = found
    pattern = _pattern(small, shift)
    if pattern.std() < CONTRAST:
        return None
    elements = next((few for few in _figures(pattern, shift) if len(few) >= FEWEST), None)
    if elements is None:
        return None
    rows, columns = planes.shape[:2]
    large = [_enlarged(mask, factor)[:rows, :columns] for mask in grown(elements, shift)]
    return Repetition((shift[0] * factor, shift[1] * factor), likeness, large)


def period(picture: Field) -> tuple[Shift, float] | None:
    """The shortest shift that brings a picture (rows, columns, channels) nearly back onto itself.

    On the way there it must have been less like itself. Returns the shift, its columns positive or
    0, and the autocorrelation there.
    """
    rows, columns = picture.shape[:2]
    likeness = autocorrelation(picture)
    top = (likeness >= maximum_filter(likeness, size=5) - ROUNDING) & (likeness >= LIKE_ITSELF)
    middle = np.array([rows - 1, columns - 1])
    shifts = np.argwhere(top) - middle
    near = (np.abs(shifts) <= (rows * LONGEST, columns * LONGEST)).all(axis=1)
    ahead = (shifts[:, 1] > 0) | ((shifts[:, 1] == 0) & (shifts[:, 0] > 0))
    shifts = shifts[near & ahead & (np.hypot(*shifts.T) >= SHORTEST)]
    values = np.array([likeness[tuple(middle + shift)] for shift in shifts])
    both = zip(shifts, values, strict=True)
    fell = np.array([value - _lowest(likeness, shift) >= DIP for shift, value in both], dtype=bool)
    shifts, values = shifts[fell], values[fell]
    if not len(shifts):
        return None
    good = values >= NEARLY * values.max()
    best = min(zip(shifts[good], values[good], strict=True), key=lambda one: np.hypot(*one[0]))
    return (int(best[0][0]), int(best[0][1])), float(best[1])


def _figures(pattern: Field, shift: Shift) -> Iterator[list[Mask]]:
    """Elements that match, of what covers less of the picture first: the rest is their ground."""
    threshold = otsu(pattern)
    bright_is_less = (pattern > threshold).mean() <= 0.5
    for signed in (pattern, -pattern) if bright_is_less else (-pattern, pattern):
        yield matching(signed, cut_out(signed, shift), shift)


def _lowest(likeness: Field, shift: NDArray[np.int64]) -> float:
    """The lowest autocorrelation on the straight way from no shift to this one."""
    middle = (np.array(likeness.shape) - 1) // 2
    steps = np.linspace(0, 1, int(np.abs(shift).max()) + 1)[:, None]
    way = np.rint(middle + steps * shift).astype(int)
    return float(likeness[way[:, 0], way[:, 1]].min())


def _pattern(picture: Field, shift: Shift) -> Field:
    """What differs from the local background, along the colour in which most does: (rows, columns)."""
    spread = max(np.hypot(*shift) / 2, 1.0)
    rest = picture - gaussian_filter(picture, (spread, spread, 0), mode="reflect")
    colours = rest.reshape(-1, rest.shape[2])
    _, axes = np.linalg.eigh(colours.T @ colours)
    return np.asarray(rest @ axes[:, -1])


def _reduced(picture: Field, factor: int) -> Field:
    """Means of squares of so many pixels a side; a rest at the edge is left to the last square."""
    if factor == 1:
        return picture
    rows, columns, channels = picture.shape
    more = ((0, -rows % factor), (0, -columns % factor), (0, 0))
    whole = np.pad(picture, more, mode="edge")
    tall, wide = whole.shape[0] // factor, whole.shape[1] // factor
    return np.asarray(whole.reshape(tall, factor, wide, factor, channels).mean(axis=(1, 3)))


def _enlarged(mask: Mask, factor: int) -> Mask:
    return np.asarray(mask.repeat(factor, axis=0).repeat(factor, axis=1))
