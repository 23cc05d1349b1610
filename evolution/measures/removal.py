"""Elements of a picture removed one after another, and the same done elsewhere, as a control."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt

from evolution.measures.masking import masked

Mask = NDArray[np.bool_]
Picture = NDArray[np.float64]
PLACES = 40  # tried for an element's shape, before another shape of its area will do


@dataclass(frozen=True)
class Series:
    """left: how many elements each picture still has, all of them first.

    removed: as many pictures; the first is the whole one. control: those with other places masked.
    """

    left: Sequence[int]
    removed: Sequence[Picture]
    control: Sequence[Picture]


def series(
    picture: Picture, elements: Sequence[Mask], most: int, rng: np.random.Generator
) -> Series:
    """Remove elements in their order, in at most so many steps.

    picture: (rows, columns, channels). Each element is filled with the background of the ring
    around it, other elements left out. The control masks as large a place outside all elements
    with the background of the ring around that.
    """
    everything = np.logical_or.reduce(elements)
    stops = sorted({round(n * len(elements) / most) for n in range(1, most + 1)} - {0})
    removed, control = [picture], [picture]
    gone, ruined = picture, picture
    taken = everything.copy()
    for number, element in enumerate(elements, 1):
        gone = masked(gone, element, keep_out=everything & ~element)
        place = elsewhere(element, taken, rng)
        taken |= place
        ruined = masked(ruined, place)
        if number in stops:
            removed.append(gone)
            control.append(ruined)
    return Series([len(elements), *(len(elements) - stop for stop in stops)], removed, control)


def elsewhere(shape: Mask, taken: Mask, rng: np.random.Generator) -> Mask:
    """The same shape at a random place that is not taken.

    Where it fits nowhere that was tried: the free pixels nearest to a random one, as many as the
    shape has, or as there are.
    """
    rows, columns = np.nonzero(shape)
    rows, columns = rows - rows.min(), columns - columns.min()
    room = taken.shape[0] - rows.max(), taken.shape[1] - columns.max()
    for _ in range(PLACES):
        top, left = rng.integers(room[0]), rng.integers(room[1])
        if not taken[rows + top, columns + left].any():
            moved = np.zeros_like(shape)
            moved[rows + top, columns + left] = True
            return moved
    return _blot(int(shape.sum()), taken, rng)


def _blot(size: int, taken: Mask, rng: np.random.Generator) -> Mask:
    free = np.flatnonzero(~taken)
    blot = np.zeros(taken.size, dtype=bool)
    if len(free):
        seed = np.ones(taken.size, dtype=bool)
        seed[rng.choice(free)] = False
        far = distance_transform_edt(seed.reshape(taken.shape)).ravel()[free]
        blot[free[np.argsort(far, kind="stable")[:size]]] = True
    return blot.reshape(taken.shape)
