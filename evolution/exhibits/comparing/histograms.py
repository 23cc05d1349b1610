"""The histogram of champions as the server draws it: bars for a stretched SVG."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evolution.exhibits.comparing import distributions
from evolution.exhibits.plots import SIDE, Mark
from evolution.measures import medians

TOPS = (0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0)  # where the axis of shares may end
GAP = 4  # between two bins, of SIDE
LAST = 0.95  # where the last bin begins


@dataclass(frozen=True)
class Bars:
    """One group's bars: a path, and how many champions they count."""

    name: str
    path: str
    n: int


@dataclass(frozen=True)
class Histogram:
    bars: Sequence[Bars]
    shares: Sequence[Mark]
    sentence: str


def histogram(groups: Sequence[tuple[str, medians.Field]]) -> Histogram | None:
    """Draw the groups side by side, each by name and confidences; None without champions."""
    counted = [(name, distributions.counts(confidences)) for name, confidences in groups]
    counted = [(name, counts) for name, counts in counted if counts.sum()]
    if not counted:
        return None
    highest = max(float(counts.max() / counts.sum()) for _, counts in counted)
    top = next(top for top in TOPS if highest <= top)
    bars = [
        Bars(
            name,
            _path((counts / counts.sum() / top).tolist(), place, len(counted)),
            int(counts.sum()),
        )
        for place, (name, counts) in enumerate(counted)
    ]
    shares = [
        Mark(f"{top * part:.0%}" if top > 0.1 else f"{top * part:.1%}", part)
        for part in (1, 0.5, 0)
    ]
    return Histogram(bars, shares, _sentence(counted))


def _path(heights: Sequence[float], place: int, of: int) -> str:
    """Bars of these heights (0 to 1); the groups stand beside each other in every bin."""
    step = SIDE / len(heights)
    width = (step - GAP) / of
    parts = []
    for number, height in enumerate(heights):
        left = number * step + GAP / 2 + place * width
        if height:
            parts.append(f"M{left:.1f} {SIDE}V{(1 - height) * SIDE:.1f}h{width:.1f}V{SIDE}Z")
    return "".join(parts)


def _sentence(counted: Sequence[tuple[str, NDArray[np.int64]]]) -> str:
    shares = [f"{counts[-1] / counts.sum():.0%} of {name}’s champions" for name, counts in counted]
    return f"{' and '.join(shares)} are at {LAST:.0%} confidence or more."
