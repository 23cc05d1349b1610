"""How sure the champions are: a histogram, and how many classes reach which confidence."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evolution.exhibits.comparing.champions import Champions
from evolution.exhibits.comparing.groups import Group
from evolution.measures import medians

BINS = 20
EDGES = np.arange(BINS + 1) / BINS
LEAST = (0.5, 0.9, 0.99, 0.9999)


@dataclass(frozen=True)
class Spread:
    """The champions of one run, or of a group, summed up.

    reached: how many of `n` are at each confidence of LEAST; fractions for a median of runs.
    """

    name: str
    run_id: int | None
    n: float
    reached: Sequence[float]
    median: float
    mean: float
    minimum: float
    maximum: float

    @property
    def shares(self) -> list[float]:
        return [count / self.n for count in self.reached]

    @property
    def counted(self) -> list[tuple[str, str]]:
        """Number and share at each confidence, as pages write them; the share is cut."""
        return [
            (f"{count:,g}", f"{math.floor(1000 * share) / 10:g}%")
            for count, share in zip(self.reached, self.shares, strict=True)
        ]


def counts(confidences: medians.Field) -> NDArray[np.int64]:
    """Champions by confidence. Returns (BINS,); the last bin holds 1 as well, holes are left out."""
    found: NDArray[np.int64] = np.histogram(medians.without_holes(confidences), EDGES)[0]
    return found


def spread(confidences: medians.Field, name: str, run_id: int | None = None) -> Spread | None:
    """Sum confidences up; None if there are only holes."""
    known = medians.without_holes(confidences)
    if not len(known):
        return None
    return Spread(
        name,
        run_id,
        len(known),
        [int(np.sum(known >= least)) for least in LEAST],
        float(np.median(known)),
        float(known.mean()),
        float(known.min()),
        float(known.max()),
    )


def spreads(group: Group, champions: Champions) -> list[Spread]:
    """One a run, and for several runs two more: their median, and that of every class."""
    found = [
        spread(champions.confidences[place], f"Run {run.pk}", run.pk)
        for place, run in enumerate(group.runs)
    ]
    runs = [row for row in found if row is not None]
    if len(group.runs) == 1 or not runs:
        return runs
    classes = spread(champions.class_medians, "Class by class")
    return [*runs, _middle(runs), *([classes] if classes else [])]


def _middle(rows: Sequence[Spread]) -> Spread:
    """The median of every column."""
    columns = [
        [row.n, *row.reached, row.median, row.mean, row.minimum, row.maximum] for row in rows
    ]
    n, *reached, median, mean, minimum, maximum = np.median(columns, axis=0).tolist()
    return Spread("Median of the runs", None, n, reached, median, mean, minimum, maximum)
