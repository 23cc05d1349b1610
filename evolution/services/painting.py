"""A painting: what a visitor paints over parts of a picture.

It is where which fill goes, never a picture: that is drawn from the genome.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.ndimage import label

from evolution.errors import InvalidInput
from evolution.measures.masking import masked

Bytes = npt.NDArray[np.uint8]

GRID = 8  # cells a side, for who has no canvas
LARGEST_SIDE = 512  # pixels of a picture that can be painted over
MOST_FILLS = 8
MOST_RUNS = 20_000
LONGEST = 200_000  # characters
MOST_PARTS = 200  # that are filled each with what is around it; crumbs beyond that are one part
BACKGROUND = "background"
GREY = np.array([0.299, 0.587, 0.114])  # of red, green and blue in the grey of a colour (BT.601)
_FILL = re.compile(r"background|#[0-9a-f]{6}")
_RUN = re.compile(r"([0-9]{1,2})x([0-9]{1,7})")


@dataclass(frozen=True)
class Painting:
    """fills: "background", of what is around, or "#rrggbb". places: (side, side), 0 for unpainted,
    n for the fill before n."""

    fills: Sequence[str]
    places: Bytes

    @property
    def runs(self) -> str:
        flat = self.places.ravel()
        starts = np.flatnonzero(np.diff(flat, prepend=flat[0] + 1))
        lengths = np.diff(starts, append=len(flat))
        return " ".join(f"{flat[n]}x{length}" for n, length in zip(starts, lengths, strict=True))


def read(side: int, fills: str, runs: str) -> Painting:
    """Read a painting: fills with spaces between, and "fill x pixels" row by row from the top left.

    Raises InvalidInput for all but a whole picture with something painted.
    """
    known = fills.split()[: MOST_FILLS + 1]
    if not 0 < len(known) <= MOST_FILLS or not all(map(_FILL.fullmatch, known)):
        raise InvalidInput("fills", f"expected 1 to {MOST_FILLS} of background or #rrggbb")
    if len(runs) > LONGEST:
        raise InvalidInput("runs", f"expected up to {LONGEST:,} characters, got {len(runs):,}")
    found = [_RUN.fullmatch(run) for run in runs.split()]
    if len(found) > MOST_RUNS:
        raise InvalidInput("runs", f"expected up to {MOST_RUNS:,}, got {len(found):,}")
    pairs = [(int(run[1]), int(run[2])) for run in found if run]
    if len(pairs) < len(found) or any(fill > len(known) for fill, _ in pairs):
        raise InvalidInput("runs", f"expected pairs like 0x120 of fills up to {len(known)}")
    if sum(length for _, length in pairs) != side * side:
        raise InvalidInput("runs", f"expected {side} rows of {side} pixels")
    values = np.array([fill for fill, _ in pairs], np.uint8)
    flat = np.repeat(values, [length for _, length in pairs])
    return _plain(known, flat.reshape(side, side))


def of_cells(side: int, fill: str, cells: Sequence[str]) -> Painting:
    """Paint cells of a grid of 8 x 8, numbered row by row. Raises InvalidInput."""
    if not _FILL.fullmatch(fill):
        raise InvalidInput("fill", f"expected background or #rrggbb, got {fill[:20]!r}")
    numbers = [int(cell) for cell in cells if cell.isascii() and cell.isdigit() and len(cell) < 3]
    if len(numbers) < len(cells) or any(number >= GRID**2 for number in numbers):
        raise InvalidInput("cell", f"expected numbers from 0 to {GRID**2 - 1}")
    chosen = np.zeros(GRID**2, np.uint8)
    chosen[numbers] = 1
    at = np.arange(side) * GRID // side
    return _plain([fill], chosen.reshape(GRID, GRID)[at[:, None], at])


def _plain(fills: Sequence[str], places: Bytes) -> Painting:
    """The same painting however it was sent: used fills alone, each once, in a fixed order."""
    used = sorted({fills[n - 1] for n in np.unique(places) if n})
    if not used:
        raise InvalidInput("runs", "expected something painted over, got nothing")
    order = np.array([0, *(used.index(one) + 1 if one in used else 0 for one in fills)], np.uint8)
    return Painting(used, order[places])


def painted(picture: Bytes, painting: Painting) -> Bytes:
    """Paint over a picture, (side, side, 1 or 3). A part filled from around it is one that touches
    no other such part; each takes the colour around itself."""
    found = picture / 255.0
    for number, fill in enumerate(painting.fills, 1):
        if fill != BACKGROUND:
            found[painting.places == number] = _colour(fill, picture.shape[2])
    if BACKGROUND in painting.fills:
        hidden = painting.places == painting.fills.index(BACKGROUND) + 1
        parts, n_parts = label(hidden)
        parts = np.minimum(parts, MOST_PARTS)
        for part in range(1, min(n_parts, MOST_PARTS) + 1):
            found = masked(found, parts == part, keep_out=hidden)
    rounded: Bytes = np.rint(found * 255).astype(np.uint8)
    return rounded


def _colour(fill: str, channels: int) -> npt.NDArray[np.float64]:
    colour = np.array([int(fill[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    return colour if channels == 3 else np.array([colour @ GREY])
